# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RayJob controller: where a job is in its life decides what is done next.

A step answers with changes of the status, or with a result where there is nothing to write. Changes are written only
with a new status of Ray's or of the job itself, so a message alone never shows. Whatever is written, the job is looked
at again after three seconds.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable

import urllib3

from .api import RAY_JOBS, Api, ApiError
from .controller import DONE, Controller, Result
from .dashboard import Dashboard
from .objects import Json, Key, dig, is_deleting, timestamp
from .raycluster import OURS
from .rayjob_children import JobChildren
from .rayjob_deadlines import due
from .rayjob_end import JobEnd
from .rayjob_rules import refusal
from .rayjob_run import JobRun
from .rayjob_status import RELEASED, changed, counted, differs, ended
from .rayjob_words import (
    COMPLETE,
    FAILED,
    FINALIZER,
    INITIALIZING,
    INTERACTIVE,
    K8S_JOB,
    NEW,
    RAY_ENDS,
    RETRYING,
    RUNNING,
    SELECTOR_KEY,
    SUSPENDED,
    SUSPENDING,
    VALIDATION_FAILED,
    WAITING,
    deployment,
    mode,
    ray_status,
)
from .rewrite import rewrite_job
from .services import dashboard_address
from .store import Store
from .words import with_suffix

LATER = Result(3.0)
log = logging.getLogger(__name__)


class RayJobController(Controller):
    """Looks after RayJobs."""

    name = "rayjob-controller"

    def __init__(self, api: Api, jobs: Store, clusters: Store, services: Store, submitters: Store, pods: Store) -> None:
        super().__init__(api, jobs, [clusters, services, submitters])
        self._children = JobChildren(api, self.recorder, clusters)
        self._run = JobRun(api, self._children, pods)
        self._end = JobEnd(api, self._children)
        self._steps: dict[str, Callable[[Json], Json | Result]] = {
            NEW: self._begin,
            INITIALIZING: self._initialize,
            WAITING: self._wait,
            RUNNING: self._run.reconcile,
            SUSPENDING: self._release,
            RETRYING: self._release,
            SUSPENDED: self._resume,
            COMPLETE: self._end.reconcile,
            FAILED: self._end.reconcile,
        }

    def reconcile(self, key: Key) -> Result:
        """One step of the job's life."""
        seen = self.main.get(key)
        if seen is None or dig(seen, "spec.managedBy", OURS) != OURS:
            return DONE
        job = copy.deepcopy(seen)
        if is_deleting(job):
            return self._let_go(job)
        refused = refusal(job)
        if refused:
            note = f"{key}: {refused.message}"
            self.recorder.warning(job, refused.reason, "Validate", note)
            changes = {"jobDeploymentStatus": VALIDATION_FAILED, "reason": VALIDATION_FAILED}
            self._write(job, changed(job, {**changes, "message": refused.message}))
            return DONE
        step = self._steps.get(deployment(job))
        if step is None:  # a job that was refused once stays so
            return LATER
        outcome = due(job) or step(job)
        if isinstance(outcome, Result):
            return outcome
        self._write(seen, counted(changed(job, outcome)))
        return LATER

    def _main_changed(self, old: Json | None, new: Json | None) -> None:
        # Every change wakes this controller, its own writes included.
        obj = new or old or {}
        self.queue.add(Key(obj["metadata"]["namespace"], obj["metadata"]["name"]))

    def _write(self, old: Json, new: Json) -> None:
        if differs(old, new):
            self.api.update(RAY_JOBS, ended(new), "status")

    def _begin(self, job: Json) -> Json:
        if FINALIZER not in job["metadata"].get("finalizers", []):
            self._finalizers(job, [*job["metadata"].get("finalizers", []), FINALIZER])
        name = job["metadata"]["name"]
        changes: Json = {"jobDeploymentStatus": INITIALIZING, "startTime": timestamp()}
        if mode(job) != INTERACTIVE and not dig(job, "status.jobId"):
            changes["jobId"] = dig(job, "spec.jobId", "") or with_suffix(name)
        if not dig(job, "status.rayClusterName"):
            selected = dig(job, "spec.clusterSelector", {}).get(SELECTOR_KEY)
            changes["rayClusterName"] = selected or with_suffix(name)
        return changes

    def _initialize(self, job: Json) -> Json:
        cluster = self._children.cluster(job)
        changes: Json = {}
        if not dig(job, "status.dashboardURL"):
            if dig(cluster, "status.state") != "ready":
                return {"rayClusterStatus": cluster.get("status") or {}}
            changes["dashboardURL"] = dashboard_address(self.api, cluster)
        if mode(job) == INTERACTIVE:
            return {**changes, "jobDeploymentStatus": WAITING}
        if mode(job) == K8S_JOB:
            self._children.make_submitter(changed(job, changes), cluster)
        return {**changes, "jobDeploymentStatus": RUNNING}

    def _wait(self, job: Json) -> Json | Result:
        submission = dig(job, "spec.jobId", "")
        return {"jobId": submission, "jobDeploymentStatus": RUNNING} if submission else LATER

    def _release(self, job: Json) -> Json | Result:
        """Delete what the job has; both parts are asked for before either is waited for."""
        gone = [self._children.delete_cluster(job), self._children.delete_submitter(job)]
        if not all(gone):
            return LATER
        return {**RELEASED, "jobDeploymentStatus": SUSPENDED if deployment(job) == SUSPENDING else NEW}

    def _resume(self, job: Json) -> Json | Result:
        return DONE if dig(job, "spec.suspend", False) else {"jobStatus": "", "jobDeploymentStatus": NEW}

    def _let_go(self, job: Json) -> Result:
        """Stop what may run, once, and let the job go whatever came of it."""
        if FINALIZER not in job["metadata"].get("finalizers", []):
            return DONE
        if ray_status(job) not in RAY_ENDS:
            try:
                self._stop(job)
            except (ApiError, urllib3.exceptions.HTTPError) as error:
                log.info("stopping the job of %s: %s", job["metadata"]["name"], error)
        self._finalizers(job, [name for name in job["metadata"]["finalizers"] if name != FINALIZER])
        return LATER

    def _stop(self, job: Json) -> None:
        cluster, submission = self._children.find_cluster(job), dig(job, "status.jobId")
        if cluster is not None and submission:
            Dashboard(self.api, cluster).stop(submission)

    def _finalizers(self, job: Json, names: list[str]) -> None:
        """A full Update, which rewrites the whole object."""
        metadata = {**job["metadata"], "finalizers": names}
        job.update(self.api.update(RAY_JOBS, rewrite_job({**job, "metadata": metadata})))
