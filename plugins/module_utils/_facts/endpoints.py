# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a Ray cluster answers: URLs that work inside Kubernetes, and the ways in from outside.

They come from the spec's ports, because ``status.endpoints`` holds node ports for NodePort and LoadBalancer services.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.head import (
    DASHBOARD_PORT,
    dashboard_path,
    head_ports,
    head_service,
    service_type,
)

Json = dict[str, Any]
_OUTSIDE = ("NodePort", "LoadBalancer")

# endpoint -> (scheme, the names that its port has had, the default port)
_PORTS: dict[str, tuple[str, tuple[str, ...], int]] = {
    "dashboard": ("http", ("dashboard",), DASHBOARD_PORT),
    "client": ("ray", ("client", "head"), 10001),
    "gcs": ("", ("gcs-server", "gcs", "redis"), 6379),
    "metrics": ("http", ("metrics",), 8080),
    "serve": ("http", ("serve",), 8000),
}


def endpoints(cluster: Json) -> Json:
    """``{dashboard, client, gcs, metrics, serve}``: a URL each, or None where the head has no such port."""
    host = f"{head_service(cluster)}.{cluster['metadata'].get('namespace', 'default')}.svc"
    ports = head_ports(cluster)
    found: Json = {}
    for name, (scheme, names, default) in _PORTS.items():
        port = next((ports[one] for one in names if one in ports), None if ports else default)
        if name == "metrics":
            port = port or default
        found[name] = None if port is None else url(scheme, host, port)
    return found


def external_endpoints(cluster: Json, ways_in: Json | None) -> Json:
    """``service_proxy``: the dashboard's path on the Kubernetes API; ``node_ports`` by port name, if there are any.

    ``load_balancer``, ``ingress`` and ``route`` come with ``ways_in``, what leads to the head from outside; where that
    was not read, node ports are those of the status.
    """
    ports = (cluster.get("status") or {}).get("endpoints") if service_type(cluster) in _OUTSIDE else None
    return {
        "service_proxy": dashboard_path(cluster),
        "node_ports": ports if ways_in is None else _node_ports(ways_in.get("service") or {}),
        "load_balancer": None if ways_in is None else _load_balancer(ways_in.get("service") or {}),
        "ingress": None if ways_in is None else _ingress(ways_in.get("ingress") or {}),
        "route": None if ways_in is None else _route(ways_in.get("route") or {}),
    }


def _node_ports(service: Json) -> Json | None:
    ports = (service.get("spec") or {}).get("ports") or []
    return {port["name"]: str(port["nodePort"]) for port in ports if port.get("nodePort") and port.get("name")} or None


def _load_balancer(service: Json) -> Json | None:
    """A URL by port name, at the first address that the load balancer got."""
    points = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    host = next((point.get("hostname") or point.get("ip") for point in points), None)
    if not host:
        return None
    ports = {port.get("name"): port["port"] for port in (service.get("spec") or {}).get("ports") or []}
    found = {}
    for name, (scheme, names, _default) in _PORTS.items():
        port = next((ports[one] for one in names if one in ports), None)
        if port is not None:
            found[name] = url(scheme, host, port)
    return found


def _ingress(ingress: Json) -> str | None:
    """The dashboard's URL: the host of the first rule, else the address that the Ingress got."""
    spec = ingress.get("spec") or {}
    rule: Json = next(iter(spec.get("rules") or []), {})
    points = ((ingress.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    host = rule.get("host") or next((point.get("hostname") or point.get("ip") for point in points), None)
    paths = ((rule.get("http") or {}).get("paths")) or [{}]
    # The operator's own path ends with a pattern: /demo/(.*)
    path = str(paths[0].get("path") or "/").partition("(")[0]
    return f"{'https' if spec.get('tls') else 'http'}://{host}{path}" if host else None


def _route(route: Json) -> str | None:
    spec = route.get("spec") or {}
    return f"{'https' if spec.get('tls') else 'http'}://{spec['host']}" if spec.get("host") else None


def url(scheme: str, host: str, port: int) -> str:
    """A URL, or ``host:port`` where there is no scheme for it."""
    return f"{scheme}://{host}:{port}" if scheme else f"{host}:{port}"
