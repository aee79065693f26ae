# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a live RayJob to the facts that a task returns: pure, and the same on every transport.

What the one read cannot tell (pods, events, the log) is None unless it was read anyway. Keys: kuberay_job's RETURN.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._facts.common import gathered_facts, object_facts
from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import (
    deployment_status,
    has_succeeded,
    is_finished,
    ray_status,
    submission_id,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs

Json = dict[str, Any]

# The operator's word -> ours.
_STATES = {
    "": "provisioning",
    "Initializing": "provisioning",
    "Waiting": "waiting",
    "Running": "running",
    "Retrying": "retrying",
    "Suspending": "suspending",
    "Suspended": "suspended",
    "Complete": "succeeded",
    "Failed": "failed",
    "ValidationFailed": "refused",
}
_STOPPED = "STOPPED"


def job_facts(seen: Observation) -> Json | None:
    """The facts about one RayJob; None where there is none."""
    if seen.resource is None:
        return None
    job, status = seen.resource, seen.status
    metadata, spec = job["metadata"], job.get("spec") or {}
    info = status.get("rayJobInfo") or {}
    selected = (spec.get("clusterSelector") or {}).get("ray.io/cluster")
    return {
        **object_facts(job),
        "state": _state(seen),
        "status": ray_status(job),
        "deployment_status": deployment_status(job),
        "finished": is_finished(job),
        "succeeded": has_succeeded(job),
        "suspended": deployment_status(job) == "Suspended",
        "reason": status.get("reason") or next((sign.message for sign in signs(seen)), None),
        "message": status.get("message") or None,
        "submission_id": submission_id(job),
        "submission_mode": spec.get("submissionMode"),
        "entrypoint": spec.get("entrypoint"),
        "cluster_name": status.get("rayClusterName") or selected,
        "owns_cluster": not spec.get("clusterSelector"),
        "dashboard": _dashboard(status),
        "attempts": {
            "succeeded": None if is_brief(job) else status.get("succeeded") or 0,
            "failed": None if is_brief(job) else status.get("failed") or 0,
            "limit": (spec.get("backoffLimit") or 0) + 1,
        },
        "log": seen.log,
        **gathered_facts(seen),
        "times": {
            "created": metadata.get("creationTimestamp"),
            "deleted": metadata.get("deletionTimestamp"),
            "started": status.get("startTime"),
            "ended": status.get("endTime"),
            "ray_started": info.get("startTime"),
            "ray_ended": info.get("endTime"),
        },
    }


def _state(seen: Observation) -> str:
    """One word for where the job stands."""
    job = seen.resource or {}
    if job["metadata"].get("deletionTimestamp"):
        return "deleting"
    if not is_finished(job) and any(sign.sort == REFUSED for sign in signs(seen)):
        return "refused"
    if deployment_status(job) == "Complete" and ray_status(job) == _STOPPED:
        return "stopped"
    return _STATES.get(deployment_status(job), deployment_status(job).lower())


def _dashboard(status: Json) -> str | None:
    """The dashboard's URL inside Kubernetes; the status has it without a scheme."""
    url = status.get("dashboardURL")
    return f"http://{url}" if url and "://" not in url else url or None
