# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that are submitted to a cluster by its Ray dashboard. All that goes wrong there is a plain error.

KubeRay's own server dials the head Service by its name in the cluster; outside of it the way leads through the API
server's proxy of the same Service.
"""

from __future__ import annotations

from http.client import responses
from typing import Any

import yaml

from ..operator.objects import Json
from .failures import Panic, plain
from .kinds import CLUSTER
from .kubernetes import SERVICES, Kubernetes, Refusal
from .store import Store

ENDS = ("STOPPED", "SUCCEEDED", "FAILED")
# V1's field and Ray's.
SENT = {
    "submissionId": "submission_id",
    "metadata": "metadata",
    "entrypointNumCpus": "entrypoint_num_cpus",
    "entrypointNumGpus": "entrypoint_num_gpus",
}
TOLD = {
    "entrypoint": "entrypoint",
    "jobId": "job_id",
    "submissionId": "submission_id",
    "status": "status",
    "message": "message",
    "errorType": "error_type",
    "startTime": "start_time",
    "endTime": "end_time",
    "metadata": "metadata",
}
# How long KubeRay waits for a dashboard behind that proxy.
SECONDS = 10.0
TAKEN = "Please use a different submission_id"


class Submissions:
    """The dashboards of V1's clusters."""

    def __init__(self, kubernetes: Kubernetes, store: Store) -> None:
        self._kubernetes = kubernetes.patient(SECONDS)
        self._store = store

    def submit(self, namespace: str, cluster: str, submission: Json) -> Json:
        """Hand an entrypoint to Ray."""
        jobs = self._jobs(namespace, cluster)
        body = {"entrypoint": submission.get("entrypoint", "")}
        body.update({there: submission[here] for here, there in SENT.items() if submission.get(here)})
        if submission.get("runtimeEnv"):
            body["runtime_env"] = _document(submission["runtimeEnv"])
        if submission.get("entrypointResources"):
            raise Panic("assignment to entry in nil map: entrypointResources")
        try:
            answer = self._kubernetes.request("POST", jobs, body)
        except Refusal as refusal:
            if refusal.status == 500 and TAKEN in str(refusal):
                raise plain(f"submission ID '{body.get('submission_id', '')}' already used, {TAKEN}") from refusal
            raise plain(f"SubmitJob fail: {_status(refusal)} {refusal}") from refusal
        return {"submissionId": answer.get("job_id", "")}

    def info(self, namespace: str, cluster: str, submission: str) -> Json:
        """What Ray says about a job."""
        return _told(self._info(self._jobs(namespace, cluster), submission))

    def listed(self, namespace: str, cluster: str) -> list[Json]:
        """All jobs that Ray knows, also those that nobody submitted."""
        jobs = self._jobs(namespace, cluster)
        try:
            listed: Any = self._kubernetes.fetch("GET", jobs)
        except Refusal as refusal:
            if refusal.status == 404:
                raise Panic("nil pointer: the dashboard lists no jobs") from refusal
            raise plain(f"GetJobInfo fail: {refusal}") from refusal
        return [_told(one) for one in listed]

    def log(self, namespace: str, cluster: str, submission: str) -> str:
        """What a job has written so far."""
        jobs = self._jobs(namespace, cluster)
        try:
            return str(self._kubernetes.request("GET", f"{jobs}{submission}/logs").get("logs") or "")
        except Refusal as refusal:
            if refusal.status == 404:
                raise plain(f'JobSubmission.RayJob "{submission}" not found') from refusal
            raise plain(f"GetJobLog fail: {refusal}") from refusal

    def stop(self, namespace: str, cluster: str, submission: str) -> None:
        """Ask for the end of a job; one that has ended is fine."""
        jobs = self._jobs(namespace, cluster)
        try:
            answer = self._kubernetes.request("POST", f"{jobs}{submission}/stop")
        except Refusal as refusal:
            first = str(refusal)[:1]
            raise plain(f"invalid character '{first}' looking for beginning of value") from refusal
        if not answer.get("stopped"):
            info = self._info(jobs, submission)
            if info.get("status") not in ENDS:
                raise plain(f"failed to stop job: {info}")

    def delete(self, namespace: str, cluster: str, submission: str) -> None:
        """Let Ray forget a job; what it says to that is not looked at."""
        jobs = self._jobs(namespace, cluster)
        try:
            self._kubernetes.request("DELETE", f"{jobs}{submission}")
        except Refusal as refusal:
            if not refusal.status:
                raise plain(str(refusal)) from refusal

    def _jobs(self, namespace: str, cluster: str) -> str:
        """The path of Ray's job API. Only V1's own clusters will do, and only while they say that they are ready."""
        found = self._store.get(CLUSTER, namespace, cluster)
        if found["clusterState"].lower() != "ready":
            raise plain("cluster is not ready")
        return SERVICES.path(namespace, f"{cluster}-head-svc:8265", "proxy") + "/api/jobs/"

    def _info(self, jobs: str, submission: str) -> Json:
        try:
            return self._kubernetes.request("GET", f"{jobs}{submission}")
        except Refusal as refusal:
            if refusal.status == 404:
                raise plain(f"Job {submission} does not exist on the cluster") from refusal
            raise plain(f"GetJobInfo fail: {refusal}") from refusal


def as_go(value: Any) -> str:
    """A value as Go prints it with ``%v``."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{as_go(one)}' for key, one in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(as_go, value))}]"
    return str(value)


def _told(info: Json) -> Json:
    environment = {key: as_go(value) for key, value in (info.get("runtime_env") or {}).items()}
    return {**{here: info.get(there) for here, there in TOLD.items()}, "runtimeEnv": environment}


def _document(text: str) -> Json:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise plain(f"yaml: {problem}") from problem
    if not isinstance(found, dict):
        raise plain("json: cannot unmarshal into Go value of type map[string]interface {}")
    return found


def _status(refusal: Refusal) -> str:
    return f"{refusal.status} {responses.get(refusal.status, '')}"
