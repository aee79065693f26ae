# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a live RayCluster to the facts that a task returns: pure, and the same on every transport.

What the one read cannot tell (pods, events) is None unless it was read anyway. Keys: see RETURN of kuberay_cluster.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._facts.common import gathered_facts, object_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.endpoints import endpoints, external_endpoints
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.head import head_service
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    Observation,
    ready_pods,
    ready_workers,
    wanted_workers,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs

Json = dict[str, Any]


def cluster_facts(seen: Observation) -> Json | None:
    """The facts about one RayCluster; None where there is none."""
    if seen.resource is None:
        return None
    cluster, status = seen.resource, seen.status
    metadata, spec = cluster["metadata"], cluster.get("spec") or {}
    state, reason = _state(seen)
    return {
        **object_facts(cluster),
        "state": state,
        "reason": reason,
        "ray_version": spec.get("rayVersion"),
        "suspended": state == "suspended",
        "autoscaling": bool(spec.get("enableInTreeAutoscaling")),
        "head": _head(seen),
        "workers": _workers(seen),
        "worker_groups": _groups(seen),
        "resources": {name.lower(): status.get(f"desired{name}") for name in ("CPU", "Memory", "GPU", "TPU")},
        "endpoints": endpoints(cluster),
        "external_endpoints": external_endpoints(cluster, seen.external),
        "conditions": status.get("conditions") or [],
        **gathered_facts(seen),
        "times": {
            "created": metadata.get("creationTimestamp"),
            "deleted": metadata.get("deletionTimestamp"),
            "ready": (status.get("stateTransitionTimes") or {}).get("ready"),
            "suspended": (status.get("stateTransitionTimes") or {}).get("suspended"),
            "updated": status.get("lastUpdateTime"),
        },
    }


def _state(seen: Observation) -> tuple[str, str | None]:
    """One word for where the cluster stands, and why where that is known.

    The status' own ``ready`` is never cleared when pods die later, so conditions and counts decide about ``degraded``.
    """
    status, spec = seen.status, (seen.resource or {}).get("spec") or {}
    showing = signs(seen)
    why = showing[0].message if showing else status.get("reason") or None
    if (seen.resource or {})["metadata"].get("deletionTimestamp"):
        return "deleting", why
    if any(sign.sort == REFUSED for sign in showing):
        return "refused", why
    if seen.is_settled and not spec.get("suspend"):
        # A wait ended on its pods: the status lags behind them, or is stale.
        return "ready", why
    if status.get("state") == "suspended" and (spec.get("suspend") or not _resuming(seen)):
        return "suspended", why
    if spec.get("suspend") or seen.condition("RayClusterSuspending").get("status") == "True":
        return "suspending", why
    if status.get("state") == "failed":
        return "failed", why
    if status.get("state") != "ready":
        return "provisioning", why
    head = seen.condition("HeadPodReady")
    if head.get("status", "True") != "True":
        return "degraded", why or head.get("message") or head.get("reason")
    wanted, ready = sum(wanted_workers(spec).values()), ready_workers(status)
    if ready >= wanted or is_brief(seen.resource):
        return "ready", why
    return "provisioning" if _behind(seen) else "degraded", why or f"{ready} of {wanted} workers are ready"


def _behind(seen: Observation) -> bool:
    """Whether the operator has not looked at the latest spec: what is missing was asked for just now."""
    generation = (seen.resource or {})["metadata"].get("generation", 0)
    return bool((seen.status.get("observedGeneration") or generation) < generation)


def _resuming(seen: Observation) -> bool:
    return seen.condition("RayClusterSuspended").get("status") == "False"


def _head(seen: Observation) -> Json:
    head = seen.status.get("head") or {}
    condition = seen.condition("HeadPodReady")
    return {
        "pod": head.get("podName"),
        "ip": head.get("podIP"),
        "service": head_service(seen.resource or {}),
        "service_ip": head.get("serviceIP"),
        "ready": condition.get("status") == "True" if condition else None,
        "reason": condition.get("reason") if condition else None,
    }


def _workers(seen: Observation) -> Json:
    status = seen.status
    wanted = sum(wanted_workers((seen.resource or {}).get("spec") or {}).values())
    if is_brief(seen.resource):
        return {"wanted": wanted, **dict.fromkeys(("desired", "available", "ready", "min", "max"))}
    return {
        "wanted": wanted,
        "desired": status.get("desiredWorkerReplicas") or 0,
        "available": status.get("availableWorkerReplicas") or 0,
        "ready": ready_workers(status),
        "min": status.get("minWorkerReplicas") or 0,
        "max": status.get("maxWorkerReplicas") or 0,
    }


def _groups(seen: Observation) -> list[Json]:
    spec = (seen.resource or {}).get("spec") or {}
    wanted = wanted_workers(spec)
    ready = None if seen.pods is None else ready_pods(seen.pods)
    return [
        {
            "group_name": group.get("groupName"),
            "replicas": group.get("replicas"),
            "min_replicas": group.get("minReplicas"),
            "max_replicas": group.get("maxReplicas"),
            "num_of_hosts": group.get("numOfHosts", 1),
            "suspended": bool(group.get("suspend")),
            "wanted": wanted[group.get("groupName", "")],
            "ready": None if ready is None else ready[group.get("groupName", "")],
            "compute_template": _template(group),
        }
        for group in spec.get("workerGroupSpecs") or []
    ]


def _template(group: Json) -> str | None:
    metadata = (group.get("template") or {}).get("metadata") or {}
    return (metadata.get("annotations") or {}).get(TEMPLATE_ANNOTATION)
