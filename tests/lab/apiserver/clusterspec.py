# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spec of a cluster, which clusters, jobs and services have in common."""

from __future__ import annotations

from ..operator.objects import Json
from . import autoscaling, groups
from .failures import Panic
from .groups import HEAD, WORKER, Making
from .releases import REPLICAS_TOLD_RIGHT, Release

REPLICAS = ("replicas", "minReplicas", "maxReplicas")


def to_spec(message: Json, making: Making) -> Json:
    """A RayCluster's spec of V1's."""
    head = message["headGroupSpec"]
    spec = {
        "rayVersion": making.version,
        "headGroupSpec": groups.without_empty(
            {
                "serviceType": head.get("serviceType"),
                "enableIngress": True if head.get("enableIngress") else None,
                "rayStartParams": head.get("rayStartParams", {}),
                "template": groups.to_pod_template(HEAD, head, making),
            }
        ),
        "workerGroupSpecs": [_worker(group, making) for group in message.get("workerGroupSpec", [])],
        "headServiceAnnotations": message.get("headServiceAnnotations"),
    }
    if message.get("enableInTreeAutoscaling"):
        spec["enableInTreeAutoscaling"] = True
        if message.get("autoscalerOptions") is not None:
            options = autoscaling.to_options(message["autoscalerOptions"], making.release)
            return {**groups.without_empty(spec), "autoscalerOptions": options}
    return groups.without_empty(spec)


def to_message(spec: Json, release: Release) -> Json:
    """What V1 tells of it."""
    head = spec["headGroupSpec"]
    told: Json = {
        "headGroupSpec": {
            **groups.to_message(HEAD, head["template"]),
            "rayStartParams": head.get("rayStartParams"),
            "serviceType": head.get("serviceType"),
            "enableIngress": head.get("enableIngress"),
        },
        "workerGroupSpec": [_told_worker(group, release) for group in spec.get("workerGroupSpecs") or []],
        "headServiceAnnotations": spec.get("headServiceAnnotations"),
    }
    if spec.get("enableInTreeAutoscaling"):
        told["enableInTreeAutoscaling"] = True
        if spec.get("autoscalerOptions") is not None:
            told["autoscalerOptions"] = autoscaling.to_message(spec["autoscalerOptions"])
    return told


def _worker(group: Json, making: Making) -> Json:
    """A zero limit is none: it becomes the replicas."""
    replicas = group.get("replicas", 0)
    start = group.get("rayStartParams")
    return {
        "groupName": group.get("groupName", ""),
        "replicas": replicas,
        "minReplicas": group.get("minReplicas") or replicas,
        "maxReplicas": group.get("maxReplicas") or replicas,
        **({"rayStartParams": start} if start else {}),
        "scaleStrategy": {},
        "template": groups.to_pod_template(WORKER, group, making),
    }


def _told_worker(group: Json, release: Release) -> Json:
    if any(group.get(key) is None for key in REPLICAS):
        raise Panic("nil pointer: a worker group without replicas or a limit")
    counts = {key: group[key] for key in REPLICAS}
    if release < REPLICAS_TOLD_RIGHT:
        counts.update(minReplicas=group["maxReplicas"], maxReplicas=group["minReplicas"])
    return {
        **groups.to_message(WORKER, group["template"]),
        "groupName": group["groupName"],
        "rayStartParams": group.get("rayStartParams"),
        **counts,
    }
