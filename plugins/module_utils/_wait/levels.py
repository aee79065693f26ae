# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Readiness levels as data: per kind, a name and the question whether an observation has reached it.

A RayCluster's status lags: right after a write the old ``ready`` still stands, and counts can stay stale for minutes.
So ``ready`` asks for the count computed from the spec, and where pods can be seen it asks the pods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ansible_collections.kuberay.core.plugins.module_utils._wait.observation import (
    HEAD_GROUP,
    Observation,
    pod_group,
    ready_pods,
    standing_pods,
    wanted_workers,
)

Level = Callable[[Observation], bool]

# Pods that have looked right for this long are believed without the status, which may be stale for 300 s.
SETTLED_SECONDS = 1.5


def _created(seen: Observation) -> bool:
    return seen.resource is not None


def _gone(seen: Observation) -> bool:
    return seen.resource is None and not seen.pods


def _head_ready(seen: Observation) -> bool:
    if seen.resource is None:
        return False
    if seen.pods is not None:
        return ready_pods(seen.pods)[HEAD_GROUP] == 1
    return _caught_up(seen) and seen.condition("HeadPodReady").get("status") == "True"


def _ready(seen: Observation) -> bool:
    if seen.resource is None:
        return False
    if seen.pods is None:
        return _status_ready(seen)
    return pods_right(seen) and (_status_ready(seen) or seen.settled >= SETTLED_SECONDS)


def pods_right(seen: Observation) -> bool:
    """Whether the pods are what the spec asks for: one head and each group's count, all ready, and no others."""
    spec = (seen.resource or {}).get("spec") or {}
    wanted = {HEAD_GROUP: 1, **{group: count for group, count in wanted_workers(spec).items() if count}}
    pods = seen.pods or []
    return dict(ready_pods(pods)) == wanted == dict(standing_pods(pods))


def _status_ready(seen: Observation) -> bool:
    status = seen.status
    wanted = sum(wanted_workers((seen.resource or {}).get("spec") or {}).values())
    # readyWorkerReplicas came with KubeRay 1.2, HeadPodReady with 1.3; a count of zero is absent.
    ready = status.get("readyWorkerReplicas", status.get("availableWorkerReplicas", 0))
    return (
        _caught_up(seen)
        and status.get("state") == "ready"
        and seen.condition("HeadPodReady").get("status", "True") == "True"
        and status.get("desiredWorkerReplicas", 0) == wanted == ready
    )


def _suspended(seen: Observation) -> bool:
    return seen.resource is not None and _caught_up(seen) and seen.status.get("state") == "suspended" and not seen.pods


def _caught_up(seen: Observation) -> bool:
    return not seen.written or seen.status.get("observedGeneration", 0) >= seen.written


def drained(groups: set[str]) -> Level:
    """No pod of these worker groups is left."""
    return lambda seen: not any(pod_group(pod) in groups for pod in seen.pods or [])


CLUSTER_LEVELS: Mapping[str, Level] = {
    "created": _created,
    "head_ready": _head_ready,
    "ready": _ready,
    "suspended": _suspended,
    "gone": _gone,
}
