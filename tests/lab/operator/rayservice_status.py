# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Working a RayService's status out, and what of it is worth a write."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from . import conditions
from .durations import parsed, text
from .objects import Json, age, annotations_of, dig, timestamp
from .rayjob_status import EMPTY_CLUSTER
from .rayservice_words import (
    INITIALIZING,
    READY,
    TIMED_OUT,
    TIMEOUT,
    UPGRADING,
    active_name,
    pending_name,
)

RUNNING = "Running"
# The copies of the clusters' own statuses are not among these: alone they are never written.
WORTH_A_WRITE: dict[str, Any] = {"serviceStatus": "", "numServeEndpoints": 0, "conditions": []}
SIDES = ("activeServiceStatus", "pendingServiceStatus")
WORTH_A_WRITE_OF_A_SIDE: dict[str, Any] = {"rayClusterName": "", "applicationStatuses": {}}
BEGUN = "RayService is initializing"
NO_CLUSTER = (
    "No active Ray cluster exists, and the RayService is not initializing. Please open a GitHub issue in the KubeRay "
    "repository."
)

# How an upgrade stands: {(is there an active cluster, is there a pending one): status, reason, message}.
UPGRADES: dict[tuple[bool, bool], tuple[str, str, str]] = {
    (True, True): ("True", "BothActivePendingClustersExist", "Both active and pending Ray clusters exist"),
    (True, False): ("False", "NoPendingCluster", "Active Ray cluster exists and no pending Ray cluster"),
}


class Side(NamedTuple):
    """One of the two clusters: the cluster, what Serve tells of its applications, and whether all of them run."""

    cluster: Json | None = None
    applications: Json | None = None
    ready: bool = False


class Condition(NamedTuple):
    """A condition to set."""

    kind: str
    status: str
    reason: str
    message: str


def differs(old: Json, new: Json) -> bool:
    """Whether the new service's status is worth a write."""
    before, after = old.get("status") or {}, new.get("status") or {}
    return _differ(before, after, WORTH_A_WRITE) or any(
        _differ(before.get(side) or {}, after.get(side) or {}, WORTH_A_WRITE_OF_A_SIDE) for side in SIDES
    )


def with_conditions(service: Json, *wanted: Condition) -> Json:
    """The service with these conditions."""
    status = copy.deepcopy(service.get("status") or {})
    listed = status.setdefault("conditions", [])
    for condition in wanted:
        conditions.put(listed, *condition, generation=status.get("observedGeneration", 0))
    return {**service, "status": status}


def without_conditions(service: Json, *kinds: str) -> Json:
    """The service without these, so that their next transition is a fresh one."""
    status = copy.deepcopy(service.get("status") or {})
    for kind in kinds:
        conditions.drop(status.get("conditions", []), kind)
    return {**service, "status": status}


def changed(service: Json, **changes: Any) -> Json:
    """The service with a changed status; what Go leaves out when it is empty is left out."""
    status = {**(service.get("status") or {}), **copy.deepcopy(changes)}
    for side in SIDES:
        status[side] = {"rayClusterStatus": EMPTY_CLUSTER, **(status.get(side) or {})}
        status[side] = {key: value for key, value in status[side].items() if value}
    return {**service, "status": {key: value for key, value in status.items() if value or key in SIDES}}


def observed(service: Json) -> Json:
    """The service, seen as it is."""
    return changed(service, observedGeneration=service["metadata"]["generation"])


def looked_at(service: Json, active: Side, pending: Side) -> Json:
    """The service with what was seen of its clusters."""
    sides = (("activeServiceStatus", active), ("pendingServiceStatus", pending))
    return changed(observed(service), **{name: {**_side(service, name), **_told(side)} for name, side in sides})


def promoted(service: Json) -> Json:
    """The service whose pending cluster has become the active one."""
    return changed(service, activeServiceStatus=_side(service, "pendingServiceStatus"), pendingServiceStatus={})


def counted(service: Json, endpoints: int) -> Json:
    """The service with its endpoints, and with what follows from them."""
    service = changed(service, numServeEndpoints=endpoints)
    if not dig(service, "status.conditions"):
        beginnings = (Condition(kind, "False", INITIALIZING, BEGUN) for kind in (READY, UPGRADING))
        service = with_conditions(service, *beginnings)
    listed = service["status"]["conditions"]
    if endpoints:
        text = "Number of serve endpoints is greater than 0"
        service = with_conditions(service, Condition(READY, "True", "NonZeroServeEndpoints", text))
    elif conditions.is_true(listed, READY):
        text = "Number of serve endpoints dropped to 0"
        service = with_conditions(service, Condition(READY, "False", "ZeroServeEndpoints", text))
    return service


def concluded(service: Json) -> Json:
    """The service with how its upgrade stands, and in one word."""
    listed = dig(service, "status.conditions", [])
    names = (bool(active_name(service)), bool(pending_name(service)))
    reason = (conditions.find(listed, UPGRADING) or {}).get("reason")
    if names in UPGRADES:
        service = with_conditions(service, Condition(UPGRADING, *UPGRADES[names]))
    elif reason not in (INITIALIZING, TIMED_OUT):
        service = with_conditions(service, Condition(UPGRADING, "Unknown", "NoActiveCluster", NO_CLUSTER))
    return changed(service, serviceStatus=RUNNING if conditions.is_true(listed, READY) else "")


def overdue(service: Json) -> tuple[str, str] | None:
    """The timeout that is over and the time that was spent, where it has not become ready in time."""
    ready = conditions.find(dig(service, "status.conditions", []), READY) or {}
    seconds = parsed(annotations_of(service).get(TIMEOUT, ""))
    if seconds is None or (ready.get("status"), ready.get("reason")) != ("False", INITIALIZING):
        return None
    spent = age(ready["lastTransitionTime"])
    return None if spent < seconds else (text(seconds), text(spent))


def given_up(service: Json, timeout: str, spent: str) -> Json:
    """The service after its timeout: it lets its clusters go."""
    nameless = {side: {**_side(service, side), "rayClusterName": ""} for side in SIDES}
    message = f"RayService failed to become ready within the configured timeout of {timeout}. "
    late = Condition(READY, "False", TIMED_OUT, f"{message}Time spent initializing: {spent}")
    return with_conditions(changed(service, **nameless), late)


def stamped(service: Json) -> Json:
    """The service with the time of its write."""
    return changed(service, lastUpdateTime=timestamp())


def _differ(before: Json, after: Json, fields: Json) -> bool:
    return any((before.get(key) or empty) != (after.get(key) or empty) for key, empty in fields.items())


def _side(service: Json, name: str) -> Json:
    return dict(dig(service, f"status.{name}", {}))


def _told(side: Side) -> Json:
    seen = dig(side.cluster, "status", {})
    return {"rayClusterStatus": {**EMPTY_CLUSTER, **seen}, "applicationStatuses": side.applications}
