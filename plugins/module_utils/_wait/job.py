# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a RayJob: its levels, and where it stands."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import (
    deployment_status,
    is_finished,
    ray_status,
    runs_or_ran,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation, ready_workers
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules

Json = dict[str, Any]


def _nothing(_sign: Sign) -> bool:
    return False


def _is_gone(seen: Observation) -> bool:
    """An object that is deleted in the foreground stays until its cluster, its submitter and all pods are gone."""
    return seen.resource is None


def _describe(seen: Observation) -> str:
    """Where a job stands, in a few words: ``running, RUNNING``."""
    if seen.resource is None:
        return "gone"
    if seen.resource["metadata"].get("deletionTimestamp"):
        return f"being deleted, {len(seen.pods or [])} pods left"
    words = [deployment_status(seen.resource).lower() or "not looked at yet"]
    if deployment_status(seen.resource) == "Initializing":
        words += _cluster_words(seen)
    elif ray_status(seen.resource):
        words.append(ray_status(seen.resource))
    failed = seen.status.get("failed") or 0
    if failed and not is_finished(seen.resource):
        words.append(f"attempt {failed + 1}")
    return ", ".join(words)


def _cluster_words(seen: Observation) -> list[str]:
    cluster = seen.status.get("rayClusterStatus") or {}
    if not cluster.get("conditions"):
        return ["cluster not there yet"]
    head = seen.cluster_condition("HeadPodReady").get("status") == "True"
    wanted = cluster.get("desiredWorkerReplicas") or 0
    return [f"head {'ready' if head else 'not ready'}", f"workers {ready_workers(cluster)}/{wanted}"]


JOB = WaitRules(
    levels={
        "created": Level(lambda seen: seen.resource is not None),
        "waiting": Level(lambda seen: deployment_status(seen.resource or {}) == "Waiting" or _is_over(seen)),
        "running": Level(lambda seen: runs_or_ran(seen.resource or {})),
        "finished": Level(lambda seen: is_finished(seen.resource or {})),
        "suspended": Level(lambda seen: deployment_status(seen.resource or {}) == "Suspended", concerns=_nothing),
        "gone": Level(_is_gone, concerns=_nothing, needs_object=False),
        "deleted": Level(_is_gone, concerns=_nothing, needs_object=False),
    },
    looks_right=lambda _seen: False,
    describe=_describe,
)


def _is_over(seen: Observation) -> bool:
    return is_finished(seen.resource or {})
