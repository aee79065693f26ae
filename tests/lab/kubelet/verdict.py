# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's status becomes when its submitting container ends, as a kubelet would write it."""

from __future__ import annotations

from tests.lab.operator.objects import Json, controller_of, timestamp


def verdict(pod: Json, container: str, started: str, code: int) -> Json:
    """The patch of the status. A Job's pod ends with its submitter; a head pod goes on without it."""
    of_job = (controller_of(pod) or {}).get("kind") == "Job"
    ended = {item["name"] for item in pod["spec"]["containers"]} if of_job else {container}
    patch: Json = {
        "conditions": _conditions("PodFailed" if code else "PodCompleted") if of_job else _unready(container),
        "containerStatuses": [_terminated(name, started, code) for name in sorted(ended)],
    }
    if of_job:
        patch["phase"] = "Failed" if code else "Succeeded"
    return patch


def _terminated(name: str, started: str, code: int) -> Json:
    state = {
        "exitCode": code if code >= 0 else 128 - code,
        "reason": "Error" if code else "Completed",
        "startedAt": started,
        "finishedAt": timestamp(),
    }
    return {"name": name, "ready": False, "started": False, "state": {"running": None, "terminated": state}}


def _unready(container: str) -> list[Json]:
    return _conditions("ContainersNotReady", f"containers with unready status: [{container}]")


def _conditions(reason: str, message: str | None = None) -> list[Json]:
    return [
        {"type": kind, "status": "False", "reason": reason, "message": message, "lastTransitionTime": timestamp()}
        for kind in ("Ready", "ContainersReady")
    ]
