# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs of trouble in an observation, as data: what waits give up on, and what facts give as the reason of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    Observation,
    is_leaving,
    pod_group,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign

Json = dict[str, Any]


REFUSED, CRASHED = "refused", "CrashLoopBackOff"
_REFUSALS = ("InvalidRayCluster", "InvalidRayJob", "InvalidRayService", "InvalidRayCronJob")
_ONLY_WARNS = "RayCluster spec warning"
NO_CLUSTER = "RayClusterNotFound"
# Where a job stands as long as it has no cluster.
_BEGINS = (None, "", "Initializing")


def signs(seen: Observation) -> list[Sign]:
    """Every sign that shows, the most telling first."""
    return [sign for look in _LOOKS for sign in look(seen)]


def _refused(seen: Observation) -> Iterator[Sign]:
    """The operator's only word about a spec that it refuses: a Warning event, one for each write."""
    for event in seen.events or []:
        note = str(event.get("note", ""))
        # The same reason comes with a mere warning, and then the cluster is looked after all the same.
        if seen.is_about_us(event) and str(event.get("reason", "")).startswith(_REFUSALS) and _ONLY_WARNS not in note:
            yield Sign(event["metadata"]["name"], REFUSED, f"the operator refused it: {note}")


def _of_a_service(seen: Observation) -> Iterator[Sign]:
    """What only services have: applications, a config that Ray is given, and an operator that gives up."""
    if (seen.resource or {}).get("kind") == SERVICE.name:
        from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import service_signs

        yield from service_signs(seen)


def _no_cluster(seen: Observation) -> Iterator[Sign]:
    """A job whose selected cluster is not there: the operator says so again and again, and goes on looking."""
    resource = seen.resource or {}
    if not (resource.get("spec") or {}).get("clusterSelector") or seen.status.get("jobDeploymentStatus") not in _BEGINS:
        return
    for event in seen.events or []:
        about = event.get("regarding") or {}
        if event.get("reason") == NO_CLUSTER and about.get("uid") == resource["metadata"].get("uid"):
            yield Sign(NO_CLUSTER, NO_CLUSTER, f"the selected cluster is not there: {event.get('note', '')}")
            return


def _pods(seen: Observation) -> Iterator[Sign]:
    for pod in seen.pods or []:
        if not is_leaving(pod) and not seen.leaves_behind(pod):
            yield from _containers(pod)
            yield from _scheduling(pod)


def _containers(pod: Json) -> Iterator[Sign]:
    status, name = pod.get("status") or {}, pod["metadata"]["name"]
    for container in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        waiting = (container.get("state") or {}).get("waiting") or {}
        reason = waiting.get("reason", "")
        if reason and reason not in ("ContainerCreating", "PodInitializing"):
            # ErrImagePull and ImagePullBackOff take turns: they are one trouble.
            sort = "ImagePullBackOff" if reason == "ErrImagePull" else reason
            text = f"pod {name}, container {container.get('name')}: {reason}: {waiting.get('message', '')}".rstrip(": ")
            crashed = (name, str(container.get("name"))) if sort == CRASHED else None
            yield Sign(f"{name}/{container.get('name')}/{sort}", sort, text, pod_group(pod), crashed)


def _scheduling(pod: Json) -> Iterator[Sign]:
    for condition in (pod.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            name, reason = pod["metadata"]["name"], condition.get("reason", "")
            text = f"pod {name}: {reason}: {condition.get('message', '')}"
            yield Sign(f"{name}/{reason}", reason, text, pod_group(pod))


def _conditions(seen: Observation) -> Iterator[Sign]:
    """A cluster's own, or those of the cluster that a job has."""
    failure = seen.condition("ReplicaFailure") or seen.cluster_condition("ReplicaFailure")
    if failure.get("status") == "True":
        # The operator's message begins with the reason, in a line of its own.
        reason, message = str(failure.get("reason")), " ".join(str(failure.get("message", "")).split())
        cause = message.removeprefix(reason).strip()
        yield Sign("ReplicaFailure", "ReplicaFailure", f"{reason}: {cause}".rstrip(": "))


_LOOKS: tuple[Callable[[Observation], Iterator[Sign]], ...] = (
    _refused,
    _of_a_service,
    _no_cluster,
    _conditions,
    _pods,
)
