# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The times at which a RayJob's life turns without anybody's doing: its checks, by where it is in its life.

The first check that has something to say decides; what it says are changes of the status.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from .objects import Json, age, dig
from .rayjob_words import (
    COMPLETE,
    DEADLINE,
    FAILED,
    GRACE_PERIOD,
    INITIALIZING,
    PRE_RUNNING_DEADLINE,
    RAY_ENDS,
    RAY_FAILED,
    RUNNING,
    STATUS_CHECK_TIMEOUT,
    SUSPENDING,
    WAITING,
    deployment,
    ray_status,
)

# KubeRay's own names for these two, and its defaults.
GRACE_ENV, GRACE_SECONDS = "RAYJOB_DEPLOYMENT_STATUS_TRANSITION_GRACE_PERIOD_SECONDS", 300
CHECK_ENV, CHECK_SECONDS = "RAYJOB_STATUS_CHECK_TIMEOUT_SECONDS", 300
SUBMITTER_SECONDS = 30
GRACE_MESSAGE = (
    "JobDeploymentStatus does not transition to Complete or Failed within the grace period after JobStatus reaches a "
    "terminal state."
)


def due(job: Json) -> Json | None:
    """The changes that are due; None for none."""
    return next((change for check in CHECKS.get(deployment(job), ()) if (change := check(job)) is not None), None)


def submitter_overdue(finished: str | None) -> Json | None:
    """The submitter has finished long ago, and Ray's job has not."""
    if finished is None or age(finished) < SUBMITTER_SECONDS:
        return None
    message = (
        f"The RayJob submitter finished at {_plain(finished)} but the ray job did not reach terminal state within "
    )
    return {"jobStatus": RAY_FAILED, **failed(GRACE_PERIOD, f"{message}{SUBMITTER_SECONDS}s")}


def failed(reason: str, message: str | None = None) -> Json:
    """The changes of a failure; without a message the old one stands."""
    return {"jobDeploymentStatus": FAILED, "reason": reason, **({} if message is None else {"message": message})}


def _suspending(job: Json) -> Json | None:
    return {"jobDeploymentStatus": SUSPENDING} if dig(job, "spec.suspend", False) else None


def _deadline(field: str, reason: str) -> Callable[[Json], Json | None]:
    def check(job: Json) -> Json | None:
        seconds, started = dig(job, f"spec.{field}"), dig(job, "status.startTime")
        if seconds is None or age(started) < seconds:
            return None
        name = f"{field[0].upper()}{field[1:]}"
        times = f"StartTime: {_plain(started)} +0000 UTC. {name}: {seconds}"
        return failed(reason, f"The RayJob has passed the {field}. {times}")

    return check


def _grace_period(job: Json) -> Json | None:
    ended = dig(job, "status.rayJobInfo.endTime")
    if ray_status(job) not in RAY_ENDS or ended is None or age(ended) < _seconds(GRACE_ENV, GRACE_SECONDS):
        return None
    end = FAILED if ray_status(job) == RAY_FAILED else COMPLETE
    return {"jobDeploymentStatus": end, "reason": GRACE_PERIOD, "message": GRACE_MESSAGE}


def _status_check(job: Json) -> Json | None:
    since, seconds = dig(job, "status.jobStatusCheckFailureStartTime"), _seconds(CHECK_ENV, CHECK_SECONDS)
    if since is None or age(since) < seconds:
        return None
    text = f"Job status checks have been failing since {_plain(since)}; exceeded timeout of {seconds}s"
    return failed(STATUS_CHECK_TIMEOUT, text)


def _seconds(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name, default))
    except ValueError:
        return default


def _plain(stamp: str) -> str:
    """A time as Go prints it in messages."""
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").strftime("%Y-%m-%d %H:%M:%S")


_active = _deadline("activeDeadlineSeconds", DEADLINE)
_pre_running = _deadline("preRunningDeadlineSeconds", PRE_RUNNING_DEADLINE)
CHECKS: dict[str, tuple[Callable[[Json], Json | None], ...]] = {
    INITIALIZING: (_suspending, _active, _pre_running),
    WAITING: (_pre_running,),
    RUNNING: (_suspending, _active, _grace_period, _status_check),
}
