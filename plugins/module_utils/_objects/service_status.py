# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a RayService stands, by its status. Source: contract 5.4 and 6.5; KubeRay 1.7, rayservice_controller.go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.head import head_ports
from ansible_collections.kuberay.core.plugins.module_utils._objects.serve_config import wished_applications

Json = dict[str, Any]

# Ray's words for an application.
RUNNING, DEPLOY_FAILED, UNHEALTHY = "RUNNING", "DEPLOY_FAILED", "UNHEALTHY"
# The operator's reasons why a service is not ready that only somebody else can mend.
TIMED_OUT, NOT_VALID = "InitializingTimeout", "ValidationFailed"
SERVE_PORT = 8000
_ACTIVE, _PENDING = "activeServiceStatus", "pendingServiceStatus"


def condition(service: Json, sort: str) -> Json:
    """One of its conditions, maybe empty; they came with KubeRay 1.3."""
    found = (service.get("status") or {}).get("conditions") or []
    return next((one for one in found if one.get("type") == sort), {})


def active_status(service: Json) -> Json:
    """What the status says about the cluster that serves, maybe nothing."""
    return (service.get("status") or {}).get(_ACTIVE) or {}


def pending_status(service: Json) -> Json:
    """What the status says about the cluster that is being prepared, maybe nothing."""
    return (service.get("status") or {}).get(_PENDING) or {}


def active_cluster(service: Json) -> str | None:
    """The RayCluster that serves."""
    return active_status(service).get("rayClusterName") or None


def pending_cluster(service: Json) -> str | None:
    """The RayCluster that is being prepared."""
    return pending_status(service).get("rayClusterName") or None


def clusters(service: Json) -> frozenset[str]:
    """The RayClusters that the service has now."""
    return frozenset(name for name in (active_cluster(service), pending_cluster(service)) if name)


def coming_status(service: Json) -> Json:
    """What the status says about the cluster that is to serve in the end: the one that is being prepared, if any is."""
    return pending_status(service) if pending_cluster(service) else active_status(service)


def applications(status: Json) -> dict[str, Json]:
    """The applications on one of its clusters, by name."""
    return dict(status.get("applicationStatuses") or {})


def is_serving(service: Json) -> bool:
    """Whether requests are answered. V1 names a cluster as soon as one serves, and has no more words for it."""
    if is_brief(service):
        return active_cluster(service) is not None
    ready = condition(service, "Ready")
    return bool((ready or {"status": str(_has_old_word(service))}).get("status") == "True")


def is_suspended(service: Json) -> bool:
    """Whether it is asleep."""
    return condition(service, "Suspended").get("status") == "True"


def has_timed_out(service: Json) -> bool:
    """Whether the operator has given it up: it looks at no change any more."""
    return condition(service, "Ready").get("reason") == TIMED_OUT


def has_seen_all(service: Json) -> bool:
    """Whether the status is about the latest spec. Before KubeRay 1.3 nothing tells."""
    seen = (service.get("status") or {}).get("observedGeneration") or 0
    return not condition(service, "Ready") or seen >= service["metadata"].get("generation", 0)


def wished(service: Json) -> dict[str, Json]:
    """The applications that its spec asks for, by name."""
    return wished_applications(str((service.get("spec") or {}).get("serveConfigV2") or ""))


def all_running(service: Json, status: Json) -> bool:
    """Whether every application that is asked for runs on a cluster; without a wish, whether all that are there do."""
    there = applications(status)
    names = wished(service) or there
    return bool(names) and all((there.get(name) or {}).get("status") == RUNNING for name in names)


def as_cluster(service: Json) -> Json:
    """The service as a RayCluster of its name: its head service leads to whichever cluster serves."""
    metadata = {field: service["metadata"].get(field) for field in ("name", "namespace")}
    return {"metadata": metadata, "spec": (service.get("spec") or {}).get("rayClusterConfig") or {}}


def serve_service(service: Json) -> str:
    """The name of the Kubernetes Service that leads to the applications."""
    own = (((service.get("spec") or {}).get("serveService") or {}).get("metadata") or {}).get("name")
    return str(own or f"{service['metadata']['name']}-serve-svc")


def serve_port(service: Json) -> int | None:
    """The port of that Service; None where the head has ports, and none of them is Serve's."""
    own = (((service.get("spec") or {}).get("serveService") or {}).get("spec") or {}).get("ports") or []
    ports = {str(port.get("name", "serve")): int(port["port"]) for port in own if port.get("port")}
    ports = ports or head_ports(as_cluster(service)) or {"serve": SERVE_PORT}
    return ports.get("serve") or next((ports[name] for name in ports if name.startswith("serve")), None)


def spec_written(service: Json) -> str:
    """When the spec was written last, by the server's clock; '' where the object does not tell."""
    times = [
        str(one["time"])
        for one in service["metadata"].get("managedFields") or []
        if one.get("time") and not one.get("subresource") and "f:spec" in (one.get("fieldsV1") or {})
    ]
    return max(times, default="")


def seconds_of(time: str) -> float:
    """A server's time as seconds; 0 where it does not tell."""
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() if time else 0.0


def _has_old_word(service: Json) -> bool:
    return (service.get("status") or {}).get("serviceStatus") == "Running"
