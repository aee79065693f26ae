# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A RayJob that runs: what its submitter and Ray say of it."""

from __future__ import annotations

import logging
from typing import NamedTuple

import urllib3

from .api import Api, ApiError
from .controller import ReconcileError, Result
from .dashboard import Dashboard, is_end, told
from .objects import Json, dig, timestamp
from .rayjob_children import JobChildren
from .rayjob_deadlines import failed, submitter_overdue
from .rayjob_words import (
    APP_FAILED,
    COMPLETE,
    FAILED,
    HTTP,
    RAY_FAILED,
    RUNNING,
    SIDECAR,
    SUBMISSION_FAILED,
    SUBMITTER_CONTAINER,
    WITH_SUBMITTER,
    mode,
    ray_status,
)
from .store import Store
from .words import head_selector

LATER = Result(3.0)
FAILURE_SINCE = "jobStatusCheckFailureStartTime"
log = logging.getLogger(__name__)


class Submitter(NamedTuple):
    """When the submitter finished, and the changes of the status where it failed."""

    finished: str | None = None
    changes: Json | None = None


class JobRun:
    """Follows jobs that run."""

    def __init__(self, api: Api, children: JobChildren, pods: Store) -> None:
        self._api = api
        self._children = children
        self._pods = pods

    def reconcile(self, job: Json) -> Json | Result:
        """Look after the Service, at the submitter and at Ray, in this order."""
        cluster = self._children.cluster(job)
        self._children.service(job, cluster)
        submitter = self._submitter(job, cluster) if mode(job) in WITH_SUBMITTER else Submitter()
        changes = submitter_overdue(submitter.finished) or submitter.changes
        if changes is not None:
            return changes
        try:
            info = Dashboard(self._api, cluster).job(job["status"]["jobId"])
            if info is None:
                return self._unknown(job, cluster, submitter)
        except (ApiError, urllib3.exceptions.HTTPError) as error:
            return _unreachable(job, error)
        return _told(job, cluster, info, submitter)

    def _unknown(self, job: Json, cluster: Json, submitter: Submitter) -> Json | Result:
        """Ray knows no such job."""
        if mode(job) == HTTP:
            Dashboard(self._api, cluster).submit(job)
            return {FAILURE_SINCE: None} if dig(job, f"status.{FAILURE_SINCE}") else LATER
        if submitter.finished:
            return failed(APP_FAILED, "Submitter completed but Ray job not found in RayCluster.")
        return LATER

    def _submitter(self, job: Json, cluster: Json) -> Submitter:
        return self._sidecar(job, cluster) if mode(job) == SIDECAR else self._job(job)

    def _job(self, job: Json) -> Submitter:
        submitter = self._children.submitter(job)
        if submitter is None:
            raise ReconcileError(f"the submitter Job of {job['metadata']['name']} is gone")
        conditions = {c["type"]: c for c in dig(submitter, "status.conditions", []) if c["status"] == "True"}
        end = conditions.get("Failed") or conditions.get("Complete") or {}
        broken = conditions.get("Failed")
        if broken is None:
            return Submitter(end.get("lastTransitionTime"))
        cause = f"Reason: {broken.get('reason', '')}. Message: {broken.get('message', '')}"
        return Submitter(end["lastTransitionTime"], _broken(job, f"Job submission has failed. {cause}"))

    def _sidecar(self, job: Json, cluster: Json) -> Submitter:
        metadata = cluster["metadata"]
        heads = self._pods.select(metadata["namespace"], head_selector(metadata["name"]))
        if not heads:
            return Submitter(None, failed(APP_FAILED, "Ray head pod not found."))
        statuses = dig(heads[0], "status.containerStatuses", [])
        state = next((s["state"].get("terminated") for s in statuses if s["name"] == SUBMITTER_CONTAINER), None) or {}
        if not state.get("exitCode"):
            return Submitter(state.get("finishedAt"))
        text = f"Ray head pod container {SUBMITTER_CONTAINER} terminated with exit code {state['exitCode']}: "
        return Submitter(state["finishedAt"], _broken(job, text + state.get("reason", "")))


def _broken(job: Json, message: str) -> Json:
    """The submitter failed: because of the entrypoint, if Ray has said so before."""
    return failed(APP_FAILED) if ray_status(job) == RAY_FAILED else failed(SUBMISSION_FAILED, message)


def _unreachable(job: Json, error: Exception) -> Json | Result:
    log.info("the dashboard of %s: %s", job["metadata"]["name"], error)
    return LATER if dig(job, f"status.{FAILURE_SINCE}") else {FAILURE_SINCE: timestamp()}


def _told(job: Json, cluster: Json, info: Json, submitter: Submitter) -> Json:
    changes = told(info)
    end = is_end(info) and (submitter.finished is not None or mode(job) not in WITH_SUBMITTER)
    lost = end and info["status"] == RAY_FAILED
    return {
        "jobStatus": changes["jobStatus"],
        "message": changes["message"],
        "reason": APP_FAILED if lost else None,
        "jobDeploymentStatus": RUNNING if not end else FAILED if lost else COMPLETE,
        "rayJobInfo": {**dig(job, "status.rayJobInfo", {}), **changes["times"]},
        "rayClusterStatus": cluster.get("status") or {},
        FAILURE_SINCE: None,
    }
