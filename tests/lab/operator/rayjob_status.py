# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a RayJob's status: the counters, what is worth a write, and the retry that hides a failure."""

from __future__ import annotations

import copy

from .objects import Json, dig, timestamp
from .raycluster_status import differs as cluster_differs
from .rayjob_words import (
    COMPLETE,
    DEADLINE,
    FAILED,
    RAY_SUCCEEDED,
    RETRYING,
    STATUS_CHECK_TIMEOUT,
    deployment,
    ray_status,
)

# Structures that are no pointers in Go: an empty one is written out.
EMPTY_CLUSTER: Json = {"desiredCPU": "0", "desiredGPU": "0", "desiredMemory": "0", "desiredTPU": "0", "head": {}}
FINAL = (COMPLETE, FAILED)
NO_RETRY = (DEADLINE, STATUS_CHECK_TIMEOUT)
# A change of any other field alone is not written: a new message waits for a new status.
WORTH_A_WRITE = ("jobStatus", "jobDeploymentStatus", "jobStatusCheckFailureStartTime")
RELEASED: Json = {
    "rayClusterStatus": EMPTY_CLUSTER,
    "rayClusterName": None,
    "dashboardURL": None,
    "jobId": None,
    "message": None,
    "reason": None,
    "rayJobInfo": {},
    "jobStatusCheckFailureStartTime": None,
    "jobStatus": None,
}


def changed(job: Json, changes: Json) -> Json:
    """The job with a changed status; None takes a field away."""
    blank = {"rayClusterStatus": copy.deepcopy(EMPTY_CLUSTER), "rayJobInfo": {}}
    status = {**blank, **(job.get("status") or {}), **copy.deepcopy(changes)}
    status["rayClusterStatus"] = {**EMPTY_CLUSTER, **status["rayClusterStatus"]}
    return {**job, "status": {key: value for key, value in status.items() if value not in (None, "")}}


def counted(job: Json) -> Json:
    """The job after its counters have counted, retrying where a failure is not its last."""
    failures = dig(job, "status.failed", 0) + (deployment(job) == FAILED)
    successes = dig(job, "status.succeeded", 0) + (deployment(job) == COMPLETE and ray_status(job) == RAY_SUCCEEDED)
    changes: Json = {"failed": failures, "succeeded": successes}
    limit = dig(job, "spec.backoffLimit")
    more = limit is not None and failures < limit + 1
    if deployment(job) == FAILED and more and dig(job, "status.reason") not in NO_RETRY:
        changes["jobDeploymentStatus"] = RETRYING
    return changed(job, changes)


def differs(old: Json, new: Json) -> bool:
    """Whether the new job's status is worth a write."""
    before, after = old.get("status") or {}, new["status"]
    if any((before.get(key) or "") != (after.get(key) or "") for key in WORTH_A_WRITE):
        return True
    return cluster_differs(before.get("rayClusterStatus") or {}, after["rayClusterStatus"])


def ended(job: Json) -> Json:
    """The job with its end time, if this is its end."""
    return changed(job, {"endTime": timestamp()}) if deployment(job) in FINAL else job
