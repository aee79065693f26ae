# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ray's APIs for jobs and for Serve, by way of the API server's proxy of a cluster's head Service."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import yaml

from .api import SERVICES, Api, ApiError
from .objects import Json, dig
from .rayjob_words import RAY_ENDS
from .words import head_service_name

REQUEST_FIELDS = {
    "metadata": "spec.metadata",
    "entrypoint_num_cpus": "spec.entrypointNumCpus",
    "entrypoint_num_gpus": "spec.entrypointNumGpus",
}
DEFAULT_APPLICATION = "default"


class Dashboard:
    """The dashboard of one cluster."""

    def __init__(self, api: Api, cluster: Json) -> None:
        self._api = api
        name = str(dig(cluster, "status.head.serviceName", "") or head_service_name(cluster))
        service = SERVICES.path(cluster["metadata"]["namespace"], f"{name}:dashboard", "proxy")
        self._jobs = f"{service}/api/jobs/"
        self._serve = f"{service}/api/serve/applications/"

    def job(self, submission: str) -> Json | None:
        """What Ray says about a job; None where it knows none."""
        try:
            return self._api.request("GET", f"{self._jobs}{submission}")
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def submit(self, job: Json) -> None:
        """Submit a RayJob's entrypoint under its submission id."""
        body: Json = {"entrypoint": dig(job, "spec.entrypoint", ""), "submission_id": job["status"]["jobId"]}
        for field, path in REQUEST_FIELDS.items():
            if dig(job, path):
                body[field] = dig(job, path)
        for field, path in (
            ("runtime_env", "spec.runtimeEnvYAML"),
            ("entrypoint_resources", "spec.entrypointResources"),
        ):
            if dig(job, path):
                body[field] = yaml.safe_load(dig(job, path))
        self._api.request("POST", self._jobs, body)

    def stop(self, submission: str) -> None:
        """Ask for the end of a job."""
        self._api.request("POST", f"{self._jobs}{submission}/stop")

    def applications(self) -> Json:
        """What Serve says about the applications of a config, as the operator's status has it."""
        details = self._api.request("GET", self._serve, query={"api_type": "declarative"})
        listed = (details.get("applications") or {}).items()
        return {name or DEFAULT_APPLICATION: _application(one) for name, one in listed}

    def deploy(self, config: Json) -> None:
        """Let Serve run what a config names, and nothing else."""
        self._api.request("PUT", self._serve, config)


def told(info: Json) -> Json:
    """The changes of a status by what Ray says."""
    times = {"startTime": info.get("start_time"), "endTime": info.get("end_time")}
    return {
        "jobStatus": info["status"],
        "message": info.get("message"),
        "times": {key: _stamp(value) for key, value in times.items() if value},
    }


def is_end(info: Json) -> bool:
    """Whether the job has ended."""
    return info["status"] in RAY_ENDS


def _stamp(milliseconds: Any) -> str:
    return datetime.fromtimestamp(int(milliseconds) // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _application(told: Json) -> Json:
    deployments = {name: _status(one) for name, one in (told.get("deployments") or {}).items()}
    return {**_status(told), **({"serveDeploymentStatuses": deployments} if deployments else {})}


def _status(told: Json) -> Json:
    return {key: told[key] for key in ("status", "message") if told.get(key)}
