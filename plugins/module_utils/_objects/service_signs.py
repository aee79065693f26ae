# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs of trouble in a RayService: its applications', what Ray says to its config, and what the operator gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.event import event_time
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    DEPLOY_FAILED,
    NOT_VALID,
    TIMED_OUT,
    UNHEALTHY,
    applications,
    clusters,
    coming_status,
    condition,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign

Json = dict[str, Any]

# The operator's words in events: it gave the config to Ray, Ray did not take it, something else did not work.
SUBMITTED, NOT_SUBMITTED, FAILED = "UpdatedServeApplications", "FailedToUpdateServeApplications", "FailedTo"
_MADE_CLUSTER = "CreatedRayCluster"
# What the config itself does not stand, to its reader or to Ray; else the dashboard could not be asked, or not yet.
_AGAINST_IT = re.compile(r"unmarshal|converting YAML|UpdateDeployments fail: 4\d\d\b")
NOT_REACHED = "ServeNotReached"
_HEALTHY = "HEALTHY"
_TOLD = {
    TIMED_OUT: "it was not ready in time, and the operator has given it up: {}. recreate=when_needed makes it again",
    NOT_VALID: "the operator refused it: {}",
}


def is_submitted(seen: Observation) -> bool:
    """Whether the operator has told, since our write, that it gave the config to Ray."""
    return any(event.get("reason") == SUBMITTED and seen.is_about_us(event) for event in seen.events or [])


def latest_cluster(seen: Observation) -> str | None:
    """The cluster that the operator told of last, since our write, as made for this service."""
    told = [event for event in seen.events or [] if event.get("reason") == _MADE_CLUSTER and seen.is_about_us(event)]
    notes = [str(event.get("note", "")) for event in sorted(told, key=event_time)]
    return notes[-1].rpartition("/")[2] if notes else None


def service_signs(seen: Observation) -> Iterator[Sign]:
    """Every sign that only a service shows, the most telling first."""
    yield from _operator_gave_up(seen)
    yield from _broken_applications(seen)
    yield from _operator_failed(seen)


def _broken_applications(seen: Observation) -> Iterator[Sign]:
    """Applications that do not run, on the cluster that is to serve in the end.

    As long as the status may still be about those that we have just changed, the sign is another one.
    """
    service = seen.resource or {}
    old = (seen.rollout.submits and not seen.submitted) or not _is_ours(seen)
    for name, application in applications(coming_status(service)).items():
        status = application.get("status")
        if status in (DEPLOY_FAILED, UNHEALTHY):
            sort = f"before {status}" if old else str(status)
            yield Sign(f"{name}/{sort}", sort, f"application {name}: {status}: {_why(application)}".rstrip(": "))


def _operator_gave_up(seen: Observation) -> Iterator[Sign]:
    """A spec that is refused, or a service that was not ready in time; both are told as the reason of a condition."""
    ready = condition(seen.resource or {}, "Ready")
    reason = str(ready.get("reason"))
    if ready.get("status") == "False" and reason in _TOLD:
        yield Sign(reason, reason, _TOLD[reason].format(str(ready.get("message", "")).rstrip(".")))


def _operator_failed(seen: Observation) -> Iterator[Sign]:
    """What the operator tried in vain, as its latest word: what it did after that went well."""
    last = max((event_time(event) for event in seen.events or [] if event.get("reason") == SUBMITTED), default="")
    for event in seen.events or []:
        reason = str(event.get("reason", ""))
        if reason.startswith(FAILED) and seen.is_about_us(event) and event_time(event) > last:
            note = str(event.get("note", ""))
            yield Sign(reason, _sort_of_failure(reason, note), _in_short(note))


def _sort_of_failure(reason: str, note: str) -> str:
    if reason != NOT_SUBMITTED:
        return FAILED
    return NOT_SUBMITTED if _AGAINST_IT.search(note) else NOT_REACHED


def _is_ours(seen: Observation) -> bool:
    """Whether the cluster that is to serve in the end is another one than before our write, where it has to be."""
    leaves = seen.rollout.leaves
    name = coming_status(seen.resource or {}).get("rayClusterName")
    return not leaves or (bool(clusters(seen.resource or {})) and name not in leaves)


def _why(application: Json) -> str:
    """The application's own words, and those of the first of its deployments that has any."""
    deployments = (application.get("serveDeploymentStatuses") or {}).items()
    told = [
        f"{name}: {_in_short(str(one['message']))}"
        for name, one in deployments
        if one.get("message") and one.get("status") != _HEALTHY
    ]
    own = _in_short(str(application.get("message") or ""))
    return "; ".join(part for part in (own, *told[:1]) if part)


def _in_short(text: str) -> str:
    """The first and the last line of what may be a whole traceback."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " … ".join(dict.fromkeys((*lines[:1], *lines[-1:])))
