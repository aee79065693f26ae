# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a live RayService to the facts that a task returns: pure, and the same on every transport.

What the one read cannot tell (pods, events) is None unless it was read anyway. Keys: see RETURN of kuberay_service.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._facts.common import gathered_facts, object_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.service_endpoints import (
    service_endpoints,
    service_external_endpoints,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    DEPLOY_FAILED,
    NOT_VALID,
    TIMED_OUT,
    UNHEALTHY,
    active_status,
    applications,
    clusters,
    condition,
    is_serving,
    is_suspended,
    pending_cluster,
    pending_status,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs

Json = dict[str, Any]
_ZERO_ENDPOINTS = "ZeroServeEndpoints"


def service_facts(seen: Observation) -> Json | None:
    """The facts about one RayService; None where there is none."""
    if seen.resource is None:
        return None
    service, status = seen.resource, seen.status
    metadata, spec = service["metadata"], service.get("spec") or {}
    active, pending = _cluster(active_status(service)), _cluster(pending_status(service))
    shown = active or pending
    # What V1 does not tell.
    brief = is_brief(service)
    return {
        **object_facts(service),
        "state": _state(seen),
        "reason": _reason(seen),
        "ray_version": (spec.get("rayClusterConfig") or {}).get("rayVersion"),
        "serving": is_serving(service),
        "upgrading": None if brief else bool(active and pending),
        "suspended": None if brief else is_suspended(service),
        "applications": shown["applications"] if shown else [],
        "active_cluster": active,
        "pending_cluster": pending,
        "num_serve_endpoints": None if brief else status.get("numServeEndpoints") or 0,
        "endpoints": service_endpoints(service),
        "external_endpoints": service_external_endpoints(service, seen.external),
        "conditions": status.get("conditions") or [],
        **gathered_facts(seen),
        "times": {
            "created": metadata.get("creationTimestamp"),
            "deleted": metadata.get("deletionTimestamp"),
            "ready": condition(service, "Ready").get("lastTransitionTime") if is_serving(service) else None,
            "updated": status.get("lastUpdateTime"),
        },
    }


def _state(seen: Observation) -> str:
    """One word for where the service stands."""
    service = seen.resource or {}
    ready = condition(service, "Ready").get("reason")
    if service["metadata"].get("deletionTimestamp"):
        return "deleting"
    if ready == NOT_VALID or any(sign.sort == REFUSED for sign in signs(seen)):
        return "refused"
    if ready == TIMED_OUT:
        return "failed"
    asleep = _asleep(service)
    if asleep:
        return asleep
    if is_serving(service):
        return _serving(service)
    if ready == _ZERO_ENDPOINTS:
        return "degraded"
    return "failed" if _has(pending_status(service), DEPLOY_FAILED) else "provisioning"


def _asleep(service: Json) -> str | None:
    """Whether it sleeps, or is on its way there."""
    wanted = bool((service.get("spec") or {}).get("suspend"))
    if is_suspended(service):
        return "suspended" if wanted else "provisioning"
    suspending = condition(service, "Suspending").get("status") == "True"
    return "suspending" if wanted or suspending else None


def _serving(service: Json) -> str:
    if pending_cluster(service):
        return "upgrading"
    broken = any(_has(active_status(service), status) for status in (DEPLOY_FAILED, UNHEALTHY))
    return "degraded" if broken else "ready"


def _has(status: Json, wanted: str) -> bool:
    return any(one.get("status") == wanted for one in applications(status).values())


def _reason(seen: Observation) -> str | None:
    """Why it is not ready, where that is known."""
    showing = signs(seen)
    if showing:
        return showing[0].message
    ready = condition(seen.resource or {}, "Ready")
    if ready.get("status") == "True" or not clusters(seen.resource or {}):
        return None
    return ready.get("message") or None


def _cluster(status: Json) -> Json | None:
    """What the status says about one of the clusters."""
    name = status.get("rayClusterName")
    if not name:
        return None
    return {
        "name": name,
        "applications": [_application(*one) for one in sorted(applications(status).items())],
        "target_capacity": status.get("targetCapacity"),
        "traffic_percent": status.get("trafficRoutedPercent"),
    }


def _application(name: str, status: Json) -> Json:
    deployments = sorted((status.get("serveDeploymentStatuses") or {}).items())
    return {
        "name": name,
        "status": status.get("status"),
        "message": status.get("message") or None,
        "deployments": [
            {"name": one, "status": told.get("status"), "message": told.get("message") or None}
            for one, told in deployments
        ],
    }
