# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait sees at one moment, and the counts that every level is decided by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.event import event_time

Json = dict[str, Any]
HEAD_GROUP = "headgroup"
# Pods that have looked right for this long are believed without the status, which may be stale for 300 s.
SETTLED_SECONDS = 1.5
# Where no pods can be seen, pods that were on their way out when the wait began are gone after this long.
_REPLACED_SECONDS = 45.0
# The operator's word for a new head; before KubeRay 1.3 it says so in the note only.
_NEW_HEAD = re.compile(r"CreatedHeadPod\b|Created Created head pod ", re.IGNORECASE)


class Rollout(NamedTuple):
    """What our write has a RayService do.

    ``version`` is the object's resourceVersion after it ('': unknown), ``submits`` tells that the applications of the
    running cluster get another config, and ``leaves`` are the clusters that another one is to take the place of.
    ``since`` is when it was written, by the server's clock, where that tells more than the version ('': unknown).
    """

    version: str = ""
    submits: bool = False
    leaves: frozenset[str] = frozenset()
    since: str = ""


NO_ROLLOUT = Rollout()


@dataclass(frozen=True)
class Observation:
    """The object (None: gone), its pods and events (None: this transport or account cannot see them).

    ``log`` is the end of a job's log, ``jobs`` those that a cron job has made.
    ``external`` is what leads to its head from outside (``service``, ``ingress``, ``route``), ``dashboard`` whether its
    dashboard answers; None where nobody looked.
    ``written`` is the generation that our write made where the operator must show an effect of it, else 0, and
    ``replaces_pods`` whether that effect is that every pod is made anew; ``before`` are the uids of the pods that were
    there when the wait began;
    ``settled`` the seconds for which the pods alone have looked right, ``shown`` those for which the status has shown
    our write, ``submitted`` those since the operator told that it gave our config to Ray (0: it has not), and
    ``waited`` those since the wait began; ``rollout`` is what our write has a RayService do, and ``serve`` what Ray
    says about the applications itself, by name;
    ``since`` when, in those seconds, each sign of trouble that shows was first seen.
    """

    resource: Json | None
    pods: list[Json] | None = None
    events: list[Json] | None = None
    log: str | None = None
    jobs: list[Json] | None = None
    external: Json | None = None
    dashboard: bool | None = None
    written: int = 0
    replaces_pods: bool = False
    before: frozenset[str] = frozenset()
    rollout: Rollout = NO_ROLLOUT
    serve: Json | None = None
    settled: float = 0.0
    shown: float = 0.0
    submitted: float = 0.0
    waited: float = 0.0
    since: dict[str, float] = field(default_factory=dict)

    @property
    def is_caught_up(self) -> bool:
        """Whether the status has seen our write, where it must."""
        return not self.written or (self.status.get("observedGeneration") or 0) >= self.written

    @property
    def has_our_pods(self) -> bool:
        """Whether the pods are those that our write asked for, where it has all of them made anew.

        The status may show our write before the old pods show that they are on their way out: each comes over a watch
        of its own. So none may be left of those before, or time has to pass where the wait came too late to see any.
        V1 shows no pods, and a new object takes a namesake's for its own while they last: it must be told of a head.
        """
        if is_brief(self.resource) and self.replaces_pods:
            return self.shown >= _REPLACED_SECONDS or any(map(self._is_new_head, self.events or []))
        if not self.replaces_pods or self.shown >= SETTLED_SECONDS:
            return True
        return not any(pod["metadata"].get("uid") in self.before for pod in self.pods or [] if not is_leaving(pod))

    @property
    def is_settled(self) -> bool:
        """Whether the pods have looked right for long enough to be believed without the status."""
        return self.settled >= SETTLED_SECONDS and self.has_our_pods

    def is_about_us(self, event: Json) -> bool:
        """Whether an event is about the object as we wrote it, or as it still is.

        The operator touches no status where it refuses a spec, so the resourceVersion stays the same. What V1 tells of
        has neither uid nor version: there the name and the time have to do.
        """
        metadata, about = (self.resource or {}).get("metadata") or {}, event.get("regarding") or {}
        if is_brief(self.resource):
            since = self.rollout.since or metadata.get("creationTimestamp") or ""
            return about.get("name") == metadata.get("name") and event_time(event) >= since
        if about.get("uid") != metadata.get("uid"):
            return False
        seen = str(about.get("resourceVersion") or "")
        return seen == metadata.get("resourceVersion") or is_since(seen, self.rollout.version)

    def _is_new_head(self, event: Json) -> bool:
        return self.is_about_us(event) and bool(_NEW_HEAD.match(f"{event.get('reason')} {event.get('note')}"))

    def leaves_behind(self, pod: Json) -> bool:
        """Whether a pod is of a cluster that another one is to take the place of: what it suffers from is no matter."""
        return (pod["metadata"].get("labels") or {}).get("ray.io/cluster") in self.rollout.leaves

    @property
    def status(self) -> Json:
        """The object's status, maybe empty."""
        return dict((self.resource or {}).get("status") or {})

    def condition(self, sort: str) -> Json:
        """One of the object's conditions, maybe empty."""
        return _condition(self.status, sort)

    def cluster_condition(self, sort: str) -> Json:
        """One of the conditions that a job's status copies from its cluster, maybe empty."""
        return _condition(self.status.get("rayClusterStatus") or {}, sort)


def _condition(status: Json, sort: str) -> Json:
    return next((one for one in status.get("conditions") or [] if one.get("type") == sort), {})


def is_since(version: str, written: str) -> bool:
    """Whether a resourceVersion is that of our write, or of a later one."""
    return version.isdigit() and written.isdigit() and int(version) >= int(written)


def ready_workers(status: Json) -> int:
    """Ready workers by a status. readyWorkerReplicas came with KubeRay 1.2; a count of zero is absent."""
    ready = status.get("readyWorkerReplicas")
    return int((status.get("availableWorkerReplicas") if ready is None else ready) or 0)


def wanted_workers(spec: Json) -> dict[str, int]:
    """Pods that each worker group is to have: replicas within min..max, times hosts; none in a suspended group."""
    return {group.get("groupName", ""): _wanted(group) for group in spec.get("workerGroupSpecs") or []}


def _wanted(group: Json) -> int:
    if group.get("suspend"):
        return 0
    replicas = max(group.get("replicas") or 0, group.get("minReplicas") or 0)
    most = group.get("maxReplicas")
    if most is not None:
        replicas = min(replicas, most)
    return int(replicas * (group.get("numOfHosts") or 1))


def ready_pods(pods: list[Json]) -> Counter[str]:
    """Ready pods that are to stay, by group (the head's is HEAD_GROUP)."""
    return Counter(pod_group(pod) for pod in pods if is_ready(pod))


def standing_pods(pods: list[Json]) -> Counter[str]:
    """Pods that are to stay, ready or not, by group."""
    return Counter(pod_group(pod) for pod in pods if not is_leaving(pod))


def is_drained(cluster: Json, groups: Collection[str], pods: list[Json] | None) -> bool:
    """Whether none of these worker groups has a pod left; by the cluster's status where no pods can be seen (None)."""
    if pods is not None:
        return not any(pod_group(pod) in groups for pod in pods)
    wanted = wanted_workers(cluster.get("spec") or {})
    is_asked = not any(wanted.get(group) for group in groups)
    return is_asked and ready_workers(cluster.get("status") or {}) <= sum(wanted.values())


def pod_group(pod: Json) -> str:
    """The Ray group of a pod."""
    labels = pod["metadata"].get("labels") or {}
    return HEAD_GROUP if labels.get("ray.io/node-type") == "head" else str(labels.get("ray.io/group", ""))


def is_leaving(pod: Json) -> bool:
    """Whether a pod is on its way out."""
    return bool(pod["metadata"].get("deletionTimestamp"))


def is_ready(pod: Json) -> bool:
    """Whether a pod serves and is to stay."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    ready = any(one.get("type") == "Ready" and one.get("status") == "True" for one in conditions)
    return ready and not is_leaving(pod)
