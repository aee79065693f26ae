# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a Ray cluster answers: URLs that work inside Kubernetes, and the ways in from outside.

They come from the spec's ports, because ``status.endpoints`` holds node ports for NodePort and LoadBalancer services.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# endpoint -> (scheme, the names that its port has had, the default port)
_PORTS: dict[str, tuple[str, tuple[str, ...], int]] = {
    "dashboard": ("http", ("dashboard",), 8265),
    "client": ("ray", ("client", "head"), 10001),
    "gcs": ("", ("gcs-server", "gcs", "redis"), 6379),
    "metrics": ("http", ("metrics",), 8080),
    "serve": ("http", ("serve",), 8000),
}


def head_service(cluster: Json) -> str:
    """The name of a RayCluster's head service."""
    named = ((cluster.get("status") or {}).get("head") or {}).get("serviceName")
    head = (cluster.get("spec") or {}).get("headGroupSpec") or {}
    own = ((head.get("headService") or {}).get("metadata") or {}).get("name")
    return str(named or own or f"{cluster['metadata']['name']}-head-svc")


def endpoints(cluster: Json) -> Json:
    """``{dashboard, client, gcs, metrics, serve}``: a URL each, or None where the head has no such port."""
    host = f"{head_service(cluster)}.{cluster['metadata'].get('namespace', 'default')}.svc"
    ports = _head_ports(cluster)
    found: Json = {}
    for name, (scheme, names, default) in _PORTS.items():
        port = next((ports[one] for one in names if one in ports), None if ports else default)
        if name == "metrics":
            port = port or default
        found[name] = None if port is None else f"{scheme}://{host}:{port}" if scheme else f"{host}:{port}"
    return found


def external_endpoints(cluster: Json) -> Json:
    """``service_proxy``: the dashboard's path on the Kubernetes API; ``node_ports`` by port name, if there are any."""
    namespace = cluster["metadata"].get("namespace", "default")
    port = (_head_ports(cluster) or {"dashboard": 8265}).get("dashboard")
    path = f"/api/v1/namespaces/{namespace}/services/{head_service(cluster)}:{port}/proxy/"
    service_type = ((cluster.get("spec") or {}).get("headGroupSpec") or {}).get("serviceType")
    ports = (cluster.get("status") or {}).get("endpoints") if service_type in ("NodePort", "LoadBalancer") else None
    return {"service_proxy": path if port else None, "node_ports": ports}


def _head_ports(cluster: Json) -> dict[str, int]:
    template = ((cluster.get("spec") or {}).get("headGroupSpec") or {}).get("template") or {}
    containers = (template.get("spec") or {}).get("containers") or [{}]
    return {
        str(port["name"]): int(port["containerPort"]) for port in containers[0].get("ports") or [] if port.get("name")
    }
