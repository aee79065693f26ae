# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the operator makes of a change of a RayService: in place, by a new cluster beside the old one, or nothing.

It compares a hash of the cluster's spec with that of the running cluster. What the hash leaves out, it stores and
ignores. Source: contract 5.6; KubeRay 1.7, rayservice_controller.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    active_cluster,
    clusters,
    has_timed_out,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import Change
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster_effects import is_hashed
from ansible_collections.kuberay.core.plugins.module_utils._plan.immutable import fixed
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan

Json = dict[str, Any]

NONE, IN_PLACE, NEW_CLUSTER, SUSPEND, RESUME = "none", "in_place", "new_cluster", "suspend", "resume"
CONFIG, SUSPENDED = "spec.serveConfigV2", "spec.suspend"
_CLUSTER = "spec.rayClusterConfig"
_GROUPS = "spec.workerGroupSpecs"
_IN_PLACE = frozenset({CONFIG, "spec.excludeHeadPodFromServeSvc"})
# A cluster is suspended, if at all, when it is made; later that is Kueue's.
_BORN_WITH = "spec.suspend"
_SERVICE = re.compile(r"spec\.serveService\b")
# Of the Service that leads to the applications the operator carries over the spec, and that with a new cluster only.
_SERVICE_METADATA = re.compile(r"spec\.serveService\.metadata\.(labels|annotations)\b")
_APPENDED = "/-"


def with_rollout(plan: Plan, live: Json) -> Plan:
    """The plan with what will come of it."""
    changes = _Changes(plan, live)
    return replace(plan, rollout=changes.rollout(), refused=list(changes.refused()), deferred=list(changes.deferred()))


class _Changes:
    """The changes of a plan, sorted by what the operator does about them."""

    def __init__(self, plan: Plan, live: Json) -> None:
        self._live = live
        self._spec = (plan.target or live).get("spec") or {}
        self._changes = plan.changes
        self._paths = [change.path for change in plan.changes]
        # Where there is no cluster, the next one is made from whatever the spec says then.
        self._has_clusters = bool(clusters(live))
        own = [_in_cluster(change) for change in plan.changes if change.path.startswith(_CLUSTER)]
        self._appended = [change for change in own if _is_appended(change)]
        self._hashed = [one for one in own if one not in self._appended and _is_hashed(one)]
        self._muted = [one for one in own if one not in self._appended and not _is_hashed(one)]

    def rollout(self) -> str:
        """The way that the change as a whole takes."""
        if SUSPENDED in self._paths and bool(self._spec.get("suspend")) != _is_asleep(self._live):
            return SUSPEND if self._spec.get("suspend") else RESUME
        if not self._has_clusters:
            return NONE
        if self._hashed:
            return NEW_CLUSTER
        return IN_PLACE if self._appended or not _IN_PLACE.isdisjoint(self._paths) else NONE

    def refused(self) -> Iterator[str]:
        """What the live object does not take, or what the operator would store and ignore."""
        yield from fixed(self._changes)
        if has_timed_out(self._live) and any(path.startswith("spec") for path in self._paths):
            yield "the operator has given the service up, which was not ready in time, and looks at no change of it"
        elif self._has_clusters and not self._sleeps():
            yield from self._ignored()

    def deferred(self) -> Iterator[str]:
        """What the operator stores and does not carry out now."""
        if not active_cluster(self._live) or self._sleeps():
            return
        metadata = [path for path in self._paths if _SERVICE_METADATA.match(path)]
        later = [path for path in self._paths if _SERVICE.match(path) and path not in metadata]
        if metadata:
            yield f"the labels and annotations of the serve service stay as they were made ({', '.join(metadata)})"
        if later and not self._hashed:
            yield f"the serve service stays as it was made until there is a new cluster ({', '.join(later)})"

    def _ignored(self) -> Iterator[str]:
        """What comes to nothing in a service that has a cluster."""
        strategy = (self._spec.get("upgradeStrategy") or {}).get("type")
        if self._hashed and strategy == "None":
            yield f"{_told(self._hashed)}: the cluster stays as it was made, because upgradeStrategy.type is None"
        # A new cluster takes all of it, and so does the spec of the running one when groups are appended.
        taken = self._hashed and strategy != "None"
        muted = [one for one in self._muted if not (taken or (self._appended and one.path != _BORN_WITH))]
        if muted:
            yield (
                f"{_told(muted)}: the operator gives this to new clusters only, and makes none for it. A change that "
                f"does make one takes it along, and RayCluster {_names(self._live)} can be changed by kuberay_cluster"
            )

    def _sleeps(self) -> bool:
        """Whether its clusters go, so that new ones are made when it wakes."""
        return bool(self._spec.get("suspend"))


def _in_cluster(change: Change) -> Change:
    """A change below the cluster's spec as one of a RayCluster."""
    return change._replace(path="spec" + change.path.removeprefix(_CLUSTER))


def _is_hashed(change: Change) -> bool:
    return is_hashed(change.path) and change.path != _BORN_WITH


def _is_appended(change: Change) -> bool:
    """A worker group behind those that are there; the first ones come all together."""
    if change.op != "add" or not change.path.startswith(_GROUPS):
        return False
    return change.path == _GROUPS or (change.pointer.endswith(_APPENDED) and change.path.count(".") == 1)


def _told(changes: list[Change]) -> str:
    return ", ".join(_CLUSTER + change.path.removeprefix("spec") for change in changes)


def _names(live: Json) -> str:
    return " and ".join(sorted(clusters(live)))


def _is_asleep(live: Json) -> bool:
    return bool((live.get("spec") or {}).get("suspend"))
