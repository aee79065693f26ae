# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the state of a pod as the operator reads it."""

from __future__ import annotations

from .objects import Json, dig

ENDED = ("Failed", "Succeeded")


def phase(pod: Json) -> str:
    """The phase of a pod."""
    return str(dig(pod, "status.phase", ""))


def ready_condition(pod: Json) -> Json | None:
    """The pod's own Ready condition."""
    return next((c for c in dig(pod, "status.conditions", []) if c["type"] == "Ready"), None)


def running_and_ready(pod: Json) -> bool:
    """Whether a worker counts as ready."""
    return phase(pod) == "Running" and (ready_condition(pod) or {}).get("status") == "True"


def all_running(pods: list[Json]) -> bool:
    """Whether all pods that exist run and none says that it is not ready. It does not ask how many there should be."""
    return bool(pods) and all(
        phase(pod) == "Running" and (ready_condition(pod) or {"status": "True"})["status"] == "True" for pod in pods
    )


def ray_terminated(pod: Json) -> Json | None:
    """How the Ray container ended, if it did."""
    name = pod["spec"]["containers"][0]["name"]
    for status in dig(pod, "status.containerStatuses", []):
        if status["name"] == name:
            ended = dig(status, "state.terminated")
            return None if ended is None else dict(ended)
    return None


def hopeless(pod: Json, node_type: str) -> str | None:
    """Why the operator deletes this pod; None where it leaves it alone."""
    name = pod["metadata"]["name"]
    if phase(pod) in ENDED:
        return (
            f"The {node_type} Pod {name} status is {phase(pod)} which is a terminal state. KubeRay will delete the Pod "
            "and create new Pods in the next reconciliation if necessary."
        )
    policy = pod["spec"].get("restartPolicy")
    if phase(pod) == "Running" and ray_terminated(pod) is not None and policy == "Never":
        return (
            f"The Pod status of the {node_type} Pod {name} is {phase(pod)}, and the Ray container terminated status is "
            f"{ray_terminated(pod)}. The container is unable to restart due to its restart policy {policy}, so KubeRay "
            "will delete it."
        )
    return None


def describe(pod: Json) -> str:
    """The pod's state in the words of the events about its deletion."""
    return (
        f"Pod status: {phase(pod)}; Pod restart policy: {pod['spec'].get('restartPolicy')}; "
        f"Ray container terminated status: {ray_terminated(pod) or 'nil'}"
    )


def head_ready(pod: Json) -> tuple[str, str, str]:
    """Status, reason and message of HeadPodReady for a head pod."""
    condition = ready_condition(pod)
    if condition is None:
        return "False", "Unknown", ""
    status, message = condition["status"], condition.get("message", "")
    reason = condition.get("reason") or ("HeadPodRunningAndReady" if status == "True" else "Unknown")
    culprit = _first_not_ready(pod) if reason == "ContainersNotReady" else None
    if culprit:
        reason = culprit[0]
        message = f"{message}; {culprit[1]}" if message else culprit[1]
    return status, reason, message


def _first_not_ready(pod: Json) -> tuple[str, str] | None:
    for status in dig(pod, "status.containerStatuses", []):
        for kind in ("waiting", "terminated"):
            state = dig(status, f"state.{kind}")
            if state is not None:
                return state.get("reason", ""), f"{status['name']}: {state.get('message', '')}"
    return None
