# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a RayCluster says about its head's service: its name, its ports, and whether an Ingress leads to it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
DASHBOARD_PORT = 8265


def head_service(cluster: Json) -> str:
    """The name of a RayCluster's head service."""
    named = ((cluster.get("status") or {}).get("head") or {}).get("serviceName")
    own = ((_head(cluster).get("headService") or {}).get("metadata") or {}).get("name")
    return str(named or own or f"{cluster['metadata']['name']}-head-svc")


def head_ports(cluster: Json) -> dict[str, int]:
    """The named ports of the Ray container; none where the operator adds its usual ones."""
    containers = ((_head(cluster).get("template") or {}).get("spec") or {}).get("containers") or [{}]
    return {
        str(port["name"]): int(port["containerPort"]) for port in containers[0].get("ports") or [] if port.get("name")
    }


def dashboard_path(cluster: Json) -> str | None:
    """The dashboard's path on the Kubernetes API, through the service proxy; None where the head has no such port."""
    port = (head_ports(cluster) or {"dashboard": DASHBOARD_PORT}).get("dashboard")
    if port is None:
        return None
    namespace = cluster["metadata"].get("namespace", "default")
    return f"/api/v1/namespaces/{namespace}/services/{head_service(cluster)}:{port}/proxy/"


def service_type(cluster: Json) -> str | None:
    """The type of the head service as the spec says."""
    kind = _head(cluster).get("serviceType")
    return None if kind is None else str(kind)


def has_ingress(cluster: Json) -> bool:
    """Whether the operator makes an Ingress (a Route on OpenShift) for the head service."""
    return bool(_head(cluster).get("enableIngress"))


def _head(cluster: Json) -> Json:
    return (cluster.get("spec") or {}).get("headGroupSpec") or {}
