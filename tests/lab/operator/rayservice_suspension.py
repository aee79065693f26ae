# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Suspending a RayService and resuming it. Once begun it runs to its end, whatever the spec says meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from .objects import Json, dig
from .rayservice_status import Condition, changed, observed, with_conditions, without_conditions
from .rayservice_words import INITIALIZING, READY, ROLLING_BACK, SUSPENDED, SUSPENDING, UPGRADING, has

REQUESTED, IN_PROGRESS, COMPLETE = "SuspendRequested", "SuspendInProgress", "SuspendComplete"
DELETED = "All owned resources have been deleted."
RESUMING = "RayService is initializing after resuming from suspend."

BEGIN = (
    Condition(
        SUSPENDING,
        "True",
        REQUESTED,
        "Spec.Suspend is true; will delete all Kubernetes resources owned by this RayService.",
    ),
    Condition(READY, "False", IN_PROGRESS, "RayService is suspending."),
    Condition(UPGRADING, "False", IN_PROGRESS, "No upgrade in progress."),
    Condition(ROLLING_BACK, "False", IN_PROGRESS, "No rollback in progress."),
)
GO_ON = (
    Condition(
        SUSPENDING,
        "True",
        IN_PROGRESS,
        "Waiting for all Kubernetes resources owned by this RayService to be deleted.",
    ),
)
END = (
    Condition(SUSPENDING, "False", COMPLETE, DELETED),
    Condition(SUSPENDED, "True", COMPLETE, DELETED),
    Condition(READY, "False", COMPLETE, "RayService is suspended."),
    Condition(UPGRADING, "False", COMPLETE, "No upgrade in progress."),
    Condition(ROLLING_BACK, "False", COMPLETE, "No rollback in progress."),
)
RESUME = (
    Condition(SUSPENDED, "False", "RayServiceResumed", "Spec.Suspend is false; RayService has resumed."),
    Condition(READY, "False", INITIALIZING, RESUMING),
    Condition(UPGRADING, "False", INITIALIZING, RESUMING),
)
NOTHING: Json = {"activeServiceStatus": {}, "pendingServiceStatus": {}, "numServeEndpoints": 0, "serviceStatus": ""}


def step(service: Json, delete_all: Callable[[Json], bool]) -> Json:
    """The service one step further; the same where there is none to take."""
    wished = bool(dig(service, "spec.suspend", False))
    if has(service, SUSPENDED):
        if wished:
            return service
        return with_conditions(without_conditions(observed(service), READY, UPGRADING), *RESUME)
    if has(service, SUSPENDING):
        return with_conditions(service, *(END if delete_all(service) else GO_ON))
    return with_conditions(changed(observed(service), **NOTHING), *BEGIN) if wished else service


def decides(service: Json) -> bool:
    """Whether nothing else may be done to the service."""
    return has(service, SUSPENDING) or has(service, SUSPENDED)


def rests(service: Json) -> bool:
    """Whether there is nothing left to do until somebody wants it to resume."""
    return has(service, SUSPENDED) and bool(dig(service, "spec.suspend", False))
