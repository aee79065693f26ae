# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a RayJob stands, by its status. Source: contract 5.3 and 6.2; KubeRay 1.7, rayjob_types.go."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# What ends a job. Ray's own status is no proof: on deadlines and failed submissions it stays as it was.
FINISHED = frozenset({"Complete", "Failed", "ValidationFailed"})
# Before these, or where it is asleep, a job has not begun, and takes any change of its spec.
_NOT_BEGUN = frozenset({"", "Suspended"})
# Ray's status when a job has come as far as running, or further.
_RUNNING_OR_BEYOND = frozenset({"RUNNING", "STOPPED", "SUCCEEDED", "FAILED"})


def deployment_status(job: Json) -> str:
    """The operator's word: Initializing, Running, Complete, ...; empty for a job that it has not looked at."""
    return str((job.get("status") or {}).get("jobDeploymentStatus") or "")


def ray_status(job: Json) -> str:
    """Ray's own word: PENDING, RUNNING, STOPPED, SUCCEEDED, FAILED; empty before Ray knows the job."""
    return str((job.get("status") or {}).get("jobStatus") or "")


def is_finished(job: Json) -> bool:
    """Whether nothing more will come of it."""
    return deployment_status(job) in FINISHED


def has_succeeded(job: Json) -> bool:
    """Whether it came to its good end. A stopped job is complete, and did not."""
    return deployment_status(job) == "Complete" and ray_status(job) == "SUCCEEDED"


def has_failed(job: Json) -> bool:
    """Whether it came to another end."""
    return is_finished(job) and not has_succeeded(job)


def has_begun(job: Json) -> bool:
    """Whether an attempt is under way or over."""
    return deployment_status(job) not in _NOT_BEGUN


def runs_or_ran(job: Json) -> bool:
    """Whether Ray has run it, or nothing will."""
    return ray_status(job) in _RUNNING_OR_BEYOND or is_finished(job)


def is_interactive(job: Json) -> bool:
    """Whether somebody else submits it."""
    return (job.get("spec") or {}).get("submissionMode") == "InteractiveMode"


def submission_id(job: Json) -> str | None:
    """What Ray calls it."""
    found = (job.get("status") or {}).get("jobId") or (job.get("spec") or {}).get("jobId")
    return str(found) if found else None
