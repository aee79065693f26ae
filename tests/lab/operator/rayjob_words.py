# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's words about RayJobs, and the questions to a RayJob that several rooms ask."""

from __future__ import annotations

from .objects import Json, Key, dig

FINALIZER = "ray.io/rayjob-finalizer"
SUBMISSION_MODE = "ray.io/job-submission-mode"
SUBMITTER_CONTAINER = "ray-job-submitter"
SELECTOR_KEY = "ray.io/cluster"

# spec.submissionMode
K8S_JOB, HTTP, INTERACTIVE, SIDECAR = "K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"
WITH_SUBMITTER = (K8S_JOB, SIDECAR)

# status.jobDeploymentStatus
NEW = ""
INITIALIZING = "Initializing"
WAITING = "Waiting"
RUNNING = "Running"
COMPLETE = "Complete"
FAILED = "Failed"
SUSPENDING = "Suspending"
SUSPENDED = "Suspended"
RETRYING = "Retrying"
VALIDATION_FAILED = "ValidationFailed"

# status.jobStatus, in Ray's own words
RAY_SUCCEEDED, RAY_FAILED, RAY_STOPPED = "SUCCEEDED", "FAILED", "STOPPED"
RAY_ENDS = (RAY_SUCCEEDED, RAY_FAILED, RAY_STOPPED)

# status.reason
APP_FAILED = "AppFailed"
SUBMISSION_FAILED = "SubmissionFailed"
DEADLINE = "DeadlineExceeded"
PRE_RUNNING_DEADLINE = "PreRunningDeadlineExceeded"
GRACE_PERIOD = "JobDeploymentStatusTransitionGracePeriodExceeded"
STATUS_CHECK_TIMEOUT = "JobStatusCheckTimeoutExceeded"


def mode(job: Json) -> str:
    """How the job is submitted."""
    return str(dig(job, "spec.submissionMode", K8S_JOB))


def deployment(job: Json) -> str:
    """Where the job is in its life."""
    return str(dig(job, "status.jobDeploymentStatus", NEW))


def ray_status(job: Json) -> str:
    """What Ray said last."""
    return str(dig(job, "status.jobStatus", ""))


def selects(job: Json) -> bool:
    """Whether the job runs on a cluster that is not its own."""
    return bool(dig(job, "spec.clusterSelector"))


def cluster_key(job: Json) -> Key:
    """The job's cluster."""
    return Key(job["metadata"]["namespace"], str(dig(job, "status.rayClusterName", "")))
