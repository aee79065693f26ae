# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's status becomes when its submitting container ends, as a kubelet would write it."""

from __future__ import annotations

from tests.lab.operator.objects import Json, controller_of, timestamp


def verdict(pod: Json, container: str, started: str, code: int) -> Json:
    """The patch of the status. A Job's pod ends with its submitter; a head pod goes on without it.

    No container is started again, as KubeRay's own submitters ask for: their restartPolicy is Never.
    """
    of_job = (controller_of(pod) or {}).get("kind") == "Job"
    patch: Json = {
        "conditions": _conditions("PodFailed" if code else "PodCompleted") if of_job else _unready(container),
        "containerStatuses": [
            _terminated(status, started, code) if of_job or status["name"] == container else status
            for status in pod["status"]["containerStatuses"]
        ],
    }
    if of_job:
        patch["phase"] = "Failed" if code else "Succeeded"
    return patch


def _terminated(status: Json, started: str, code: int) -> Json:
    end = {
        "exitCode": code if code >= 0 else 128 - code,
        "reason": "Error" if code else "Completed",
        "containerID": status.get("containerID", ""),
        "startedAt": started,
        "finishedAt": timestamp(),
    }
    return {**status, "ready": False, "started": False, "state": {"terminated": end}}


def _unready(container: str) -> list[Json]:
    return _conditions("ContainersNotReady", f"containers with unready status: [{container}]")


def _conditions(reason: str, message: str | None = None) -> list[Json]:
    return [
        {"type": kind, "status": "False", "reason": reason, "message": message, "lastTransitionTime": timestamp()}
        for kind in ("Ready", "ContainersReady")
    ]
