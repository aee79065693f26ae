# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a RayCluster: its levels, and where it stands.

A RayCluster's status lags: right after a write the old ``ready`` still stands, and counts can stay stale for minutes.
So ``ready`` asks for the count computed from the spec, and where pods can be seen it asks the pods.
"""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    HEAD_GROUP,
    Observation,
    is_drained,
    ready_pods,
    ready_workers,
    standing_pods,
    wanted_workers,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules


def _created(seen: Observation) -> bool:
    return seen.resource is not None


def _gone(seen: Observation) -> bool:
    return seen.resource is None and not seen.pods


def _head_ready(seen: Observation) -> bool:
    if seen.resource is None:
        return False
    if seen.pods is not None:
        return seen.has_our_pods and ready_pods(seen.pods)[HEAD_GROUP] == 1
    if is_brief(seen.resource):
        return _briefly_ready(seen)
    return seen.is_caught_up and seen.condition("HeadPodReady").get("status") == "True"


def _dashboard(seen: Observation) -> bool:
    return _head_ready(seen) and seen.dashboard is True


def _ready(seen: Observation) -> bool:
    if seen.resource is None:
        return False
    if seen.pods is None:
        return _briefly_ready(seen) if is_brief(seen.resource) else _status_ready(seen)
    return _pods_right(seen) and seen.has_our_pods and (_status_ready(seen) or seen.is_settled)


def _pods_right(seen: Observation) -> bool:
    """Whether the pods are what the spec asks for: one head and each group's count, all ready, and no others."""
    spec = (seen.resource or {}).get("spec") or {}
    wanted = {HEAD_GROUP: 1, **{group: count for group, count in wanted_workers(spec).items() if count}}
    pods = seen.pods or []
    return dict(ready_pods(pods)) == wanted == dict(standing_pods(pods))


def _status_ready(seen: Observation) -> bool:
    status = seen.status
    wanted = sum(wanted_workers((seen.resource or {}).get("spec") or {}).values())
    return (
        seen.is_caught_up
        and status.get("state") == "ready"
        # The condition came with KubeRay 1.3.
        and seen.condition("HeadPodReady").get("status", "True") == "True"
        and (status.get("desiredWorkerReplicas") or 0) == wanted == ready_workers(status)
    )


def _briefly_ready(seen: Observation) -> bool:
    """V1 has one word for the head and the workers together, and does not take it back."""
    return seen.status.get("state") == "ready" and seen.has_our_pods


def _suspended(seen: Observation) -> bool:
    return seen.resource is not None and seen.is_caught_up and seen.status.get("state") == "suspended" and not seen.pods


def _of_the_head(sign: Sign) -> bool:
    return sign.group in (None, HEAD_GROUP)


def _nothing(_sign: Sign) -> bool:
    return False


def _describe(seen: Observation) -> str:
    """Where a cluster stands, in a few words: ``head ready, workers 3/5``."""
    if seen.resource is None:
        left = len(seen.pods or [])
        return f"deleted, {left} pods left" if left else "gone"
    if seen.resource["metadata"].get("deletionTimestamp"):
        return f"being deleted, {len(seen.pods or [])} pods left"
    if is_brief(seen.resource):
        return str(seen.status.get("state") or "not ready")
    wanted = wanted_workers(seen.resource.get("spec") or {})
    if seen.pods is None:
        head = seen.condition("HeadPodReady").get("status") == "True"
        ready = ready_workers(seen.status)
    else:
        counts = ready_pods(seen.pods)
        head, ready = counts[HEAD_GROUP] > 0, sum(counts[group] for group in wanted)
    line = f"head {'ready' if head else 'not ready'}, workers {ready}/{sum(wanted.values())}"
    surplus = sum(standing_pods(seen.pods or []).values()) - sum(wanted.values()) - 1
    return f"{line}, {surplus} pods too many" if surplus > 0 else line


def drained(groups: set[str]) -> Level:
    """No pod of these worker groups is left."""

    def reached(seen: Observation) -> bool:
        return (seen.pods is not None or seen.is_caught_up) and is_drained(seen.resource or {}, groups, seen.pods)

    return Level(reached, concerns=_nothing)


CLUSTER = WaitRules(
    levels={
        "created": Level(_created),
        "head_ready": Level(_head_ready, concerns=_of_the_head),
        "ready": Level(_ready),
        "dashboard": Level(_dashboard, concerns=_of_the_head, asks_dashboard=_head_ready),
        "suspended": Level(_suspended, concerns=_nothing),
        "gone": Level(_gone, concerns=_nothing, needs_object=False),
        "deleted": Level(lambda seen: seen.resource is None, concerns=_nothing, needs_object=False),
    },
    looks_right=_pods_right,
    describe=_describe,
)
