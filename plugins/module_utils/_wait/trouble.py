# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot heal, as data: signs in an observation, and how long each may stand before a wait ends on it.

The graces are for what does heal now and then: a busy registry, a node that is being added, a quota that frees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._wait.observation import Observation, is_leaving

Json = dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """A sign of failure: what it is about (its key), the sort (see GRACE_SECONDS) and a sentence with the cause."""

    about: str
    sort: str
    message: str


GRACE_SECONDS: dict[str, float] = {
    "refused": 0.0,
    "InvalidImageName": 0.0,
    "ErrImageNeverPull": 0.0,
    "ImagePullBackOff": 10.0,
    "CreateContainerConfigError": 20.0,
    "CrashLoopBackOff": 20.0,
    "ReplicaFailure": 30.0,
    "Unschedulable": 180.0,
}

_ONLY_WARNS = "RayCluster spec warning"


def troubles(seen: Observation) -> list[Trouble]:
    """Every sign that shows, the most telling first."""
    return [trouble for sign in _SIGNS for trouble in sign(seen)]


def fatal(seen: Observation) -> Trouble | None:
    """The first sign that has stood for longer than its grace. ``seen.since`` says since when each has stood."""
    for trouble in troubles(seen):
        since = seen.since.get(trouble.about, seen.waited)
        if trouble.sort in GRACE_SECONDS and seen.waited - since >= GRACE_SECONDS[trouble.sort]:
            return trouble
    return None


def _refused(seen: Observation) -> Iterator[Trouble]:
    """The operator's only word about a spec that it refuses: a Warning event, one for each write."""
    metadata = (seen.resource or {}).get("metadata") or {}
    for event in seen.events or []:
        about = event.get("regarding") or {}
        # The status is not touched, so the event is about what we see as long as the resourceVersion is the same.
        current = about.get("uid") == metadata.get("uid") and about.get("resourceVersion") == metadata.get(
            "resourceVersion"
        )
        note = str(event.get("note", ""))
        # The same reason comes with a mere warning, and then the cluster is looked after all the same.
        if current and str(event.get("reason", "")).startswith("InvalidRayCluster") and _ONLY_WARNS not in note:
            yield Trouble(event["metadata"]["name"], "refused", f"the operator refused it: {note}")


def _pods(seen: Observation) -> Iterator[Trouble]:
    for pod in seen.pods or []:
        if not is_leaving(pod):
            yield from _containers(pod)
            yield from _scheduling(pod)


def _containers(pod: Json) -> Iterator[Trouble]:
    status, name = pod.get("status") or {}, pod["metadata"]["name"]
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        waiting = (container.get("state") or {}).get("waiting") or {}
        reason = waiting.get("reason", "")
        if reason and reason not in ("ContainerCreating", "PodInitializing"):
            # ErrImagePull and ImagePullBackOff take turns: they are one trouble.
            sort = "ImagePullBackOff" if reason == "ErrImagePull" else reason
            text = f"pod {name}, container {container.get('name')}: {reason}: {waiting.get('message', '')}".rstrip(": ")
            yield Trouble(f"{name}/{container.get('name')}/{sort}", sort, text)


def _scheduling(pod: Json) -> Iterator[Trouble]:
    for condition in (pod.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            name, reason = pod["metadata"]["name"], condition.get("reason", "")
            yield Trouble(f"{name}/{reason}", reason, f"pod {name}: {reason}: {condition.get('message', '')}")


def _conditions(seen: Observation) -> Iterator[Trouble]:
    failure = seen.condition("ReplicaFailure")
    if failure.get("status") == "True":
        yield Trouble("ReplicaFailure", "ReplicaFailure", f"{failure.get('reason')}: {failure.get('message')}")


_SIGNS: tuple[Callable[[Observation], Iterator[Trouble]], ...] = (_refused, _conditions, _pods)
