# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of a RayCluster, worked out from what the cache shows. Pure but for the clock."""

from __future__ import annotations

import copy

from . import conditions
from .controller import ReconcileError
from .objects import Json, dig, labels_of, timestamp
from .podstate import all_running, head_ready, phase, running_and_ready
from .podwriter import ReplicaFailure
from .quantity import Quantity, parse, total
from .spec import MAX_INT32, groups, hosts, limits, suspended, wanted
from .startcommand import GPU
from .words import HEAD, NODE_TYPE, WORKER

# The fields whose change is worth a write. The generation and the time are not among them, so they can lag behind.
WORTH_A_WRITE = {
    "state": "",
    "reason": "",
    "readyWorkerReplicas": 0,
    "availableWorkerReplicas": 0,
    "desiredWorkerReplicas": 0,
    "minWorkerReplicas": 0,
    "maxWorkerReplicas": 0,
    "endpoints": {},
    "head": {},
    "conditions": [],
}
NOT_WRITTEN_WHEN_EMPTY = ("state", "reason", "endpoints")


def differs(old: Json, new: Json) -> bool:
    """Whether the new status is worth a write."""
    return any((old.get(key) or empty) != (new.get(key) or empty) for key, empty in WORTH_A_WRITE.items())


def new_status(cluster: Json, pods: list[Json], services: list[Json], failure: Exception | None) -> Json:
    """The status after a reconcile; a ReconcileError where the cache cannot say it yet."""
    status = copy.deepcopy(cluster.get("status") or {})
    listed = status.setdefault("conditions", [])
    if failure is None:
        conditions.drop(listed, "ReplicaFailure")
    elif isinstance(failure, ReplicaFailure):
        conditions.put(listed, "ReplicaFailure", True, failure.reason, str(failure))
    status["observedGeneration"] = cluster["metadata"]["generation"]
    status.update(_counts(cluster, pods), **_resources(cluster))
    old_state = status.get("state", "")
    if failure is None and len(pods) == status["desiredWorkerReplicas"] + 1 and all_running(pods):
        status.update(state="ready", reason="")
    heads = [pod for pod in pods if labels_of(pod).get(NODE_TYPE) == HEAD]
    if len(heads) > 1:
        raise ReconcileError("found multiple heads")
    _put_conditions(cluster, listed, pods, heads)
    if dig(cluster, "spec.suspend", False) and not pods:
        status["state"] = "suspended"
    status["endpoints"] = {**status.get("endpoints", {}), **_endpoints(services)}
    status["head"] = _head(heads, services)
    status["lastUpdateTime"] = timestamp()
    if status.get("state", "") != old_state:
        times = status.setdefault("stateTransitionTimes", {})
        times[status["state"]] = status["lastUpdateTime"]
    return _without_zeros(status)


def _counts(cluster: Json, pods: list[Json]) -> Json:
    workers = [pod for pod in pods if labels_of(pod).get(NODE_TYPE) == WORKER]
    active = [group for group in groups(cluster) if not suspended(group)]
    return {
        "readyWorkerReplicas": sum(running_and_ready(pod) for pod in workers),
        "availableWorkerReplicas": sum(phase(pod) == "Running" for pod in workers),
        "desiredWorkerReplicas": sum(wanted(group) for group in active),
        "minWorkerReplicas": sum(limits(group)[0] * hosts(group) for group in active),
        "maxWorkerReplicas": min(sum(limits(group)[1] * hosts(group) for group in active), MAX_INT32),
    }


def _resources(cluster: Json) -> Json:
    """What the spec asks for. The replicas are taken as they stand, not clamped to their limits."""
    head = cluster["spec"]["headGroupSpec"]
    lists = [_pod_resources(head, 1)]
    for group in groups(cluster):
        if not suspended(group):
            lists.append(_pod_resources(group, hosts(group) * (group.get("replicas") or 0)))
    summed = total(lists)
    gpus = [{"gpu": quantity} for name, quantity in summed.items() if GPU.search(name) and quantity.amount]
    named = {
        "desiredCPU": summed.get("cpu"),
        "desiredMemory": summed.get("memory"),
        "desiredGPU": total(gpus).get("gpu"),
        "desiredTPU": summed.get("google.com/tpu"),
    }
    return {key: str(quantity or Quantity()) for key, quantity in named.items()}


def _pod_resources(group: Json, count: int) -> dict[str, Quantity]:
    containers = dig(group, "template.spec.containers", [])
    per_container = [{**dig(c, "resources.limits", {}), **dig(c, "resources.requests", {})} for c in containers]
    lists = [{name: parse(text) for name, text in resources.items()} for resources in per_container]
    return {name: quantity * count for name, quantity in total(lists).items()}


def _put_conditions(cluster: Json, listed: list[Json], pods: list[Json], heads: list[Json]) -> None:
    if heads:
        conditions.put(listed, "HeadPodReady", *head_ready(heads[0]))
    else:
        conditions.put(listed, "HeadPodReady", False, "HeadPodNotFound", "Head Pod not found")
    suspending = conditions.is_true(listed, "RayClusterSuspending")
    is_suspended = conditions.is_true(listed, "RayClusterSuspended")
    if not is_suspended and not conditions.is_true(listed, "RayClusterProvisioned"):
        _put_provisioned(listed, all_running(pods))
    if suspending:
        if not pods:
            _end_suspending(listed)
    elif is_suspended:
        # Only an explicit false resumes: a key that is gone leaves the cluster suspended.
        if dig(cluster, "spec.suspend") is False:
            _put_suspension(listed, "RayClusterSuspended", False)
    else:
        _put_suspension(listed, "RayClusterSuspended", False)
        _put_suspension(listed, "RayClusterSuspending", bool(dig(cluster, "spec.suspend", False)))


def _put_provisioned(listed: list[Json], done: bool) -> None:
    if done:
        reason, message = "AllPodRunningAndReadyFirstTime", "All Ray Pods are ready for the first time"
    else:
        reason, message = "RayClusterPodsProvisioning", "RayCluster Pods are being provisioned for first time"
    conditions.put(listed, "RayClusterProvisioned", done, reason, message)


def _end_suspending(listed: list[Json]) -> None:
    message = "RayCluster has been suspended"
    conditions.put(listed, "RayClusterProvisioned", False, "RayClusterPodsProvisioning", message)
    _put_suspension(listed, "RayClusterSuspending", False)
    _put_suspension(listed, "RayClusterSuspended", True)


def _put_suspension(listed: list[Json], kind: str, status: bool) -> None:
    conditions.put(listed, kind, status, kind)


def _endpoints(services: list[Json]) -> dict[str, str]:
    """Port by name; the node port where there is one, whatever a client inside the cluster would need."""
    endpoints = {}
    for port in dig(services[0], "spec.ports", []) if services else []:
        value = port.get("nodePort") or port.get("targetPort")
        if port.get("name") and value:
            endpoints[port["name"]] = str(value)
    return endpoints


def _head(heads: list[Json], services: list[Json]) -> Json:
    if len(services) != 1:
        found = "unable to find head service" if not services else "found multiple head services"
        raise ReconcileError(found)
    service_ip = dig(services[0], "spec.clusterIP", "")
    if not service_ip:
        raise ReconcileError("head service IP is empty")
    pod_ip = dig(heads[0], "status.podIP", "") if heads else ""
    head = {
        "podIP": pod_ip,
        "podName": heads[0]["metadata"]["name"] if heads else "",
        "serviceIP": pod_ip if service_ip == "None" else service_ip,
        "serviceName": services[0]["metadata"]["name"],
    }
    return {key: value for key, value in head.items() if value}


def _without_zeros(status: Json) -> Json:
    return {
        key: value
        for key, value in status.items()
        if value or not (key.endswith("Replicas") or key in NOT_WRITTEN_WHEN_EMPTY)
    }
