# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that every kind has: the object's own, its events and its pods."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import ORIGIN_KIND
from ansible_collections.kuberay.core.plugins.module_utils._objects.event import event_time
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    HEAD_GROUP,
    Observation,
    is_leaving,
    is_ready,
    pod_group,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION

Json = dict[str, Any]


def object_facts(resource: Json) -> Json:
    """What an object is called and carries."""
    metadata = resource["metadata"]
    return {
        "name": metadata["name"],
        "namespace": metadata.get("namespace"),
        "uid": metadata.get("uid"),
        "api_version": resource.get("apiVersion"),
        "generation": metadata.get("generation"),
        "labels": metadata.get("labels") or {},
        "annotations": {key: value for key, value in (metadata.get("annotations") or {}).items() if key != ANNOTATION},
    }


def gathered_facts(seen: Observation) -> Json:
    """``events`` and ``pods``; None where they were not read."""
    return {
        "events": None if seen.events is None else [_event(event) for event in seen.events],
        "pods": None if seen.pods is None else [_pod(pod) for pod in seen.pods],
    }


def _event(event: Json) -> Json:
    series = event.get("series") or {}
    return {
        "type": event.get("type"),
        "reason": event.get("reason"),
        "message": event.get("note"),
        "time": event_time(event) or None,
        "count": series.get("count") or event.get("deprecatedCount") or 1,
    }


def _pod(pod: Json) -> Json:
    status = pod.get("status") or {}
    return {
        "name": pod["metadata"]["name"],
        "group": _group(pod),
        "phase": status.get("phase"),
        "ready": is_ready(pod),
        "leaving": is_leaving(pod),
        "ip": status.get("podIP"),
        "node": (pod.get("spec") or {}).get("nodeName"),
    }


def _group(pod: Json) -> str:
    if (pod["metadata"].get("labels") or {}).get(ORIGIN_KIND) == "RayJob":
        return "submitter"
    group = pod_group(pod)
    return "head" if group == HEAD_GROUP else group
