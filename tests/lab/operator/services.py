# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Services and the Ingress of a cluster."""

from __future__ import annotations

import copy

from .api import SERVICES, Api
from .controller import ReconcileError
from .objects import Json, annotations_of, dig, owned_by
from .spec import head_container
from .words import (
    APP_NAME,
    APPLICATION,
    CLUSTER,
    COMPONENT,
    CREATED_BY,
    DASHBOARD_PORT,
    DEFAULT_PORTS,
    HEAD,
    HEADLESS_WORKER_SERVICE,
    IDENTIFIER,
    INGRESS_CLASS,
    METRICS_PORT,
    NODE_TYPE,
    ORIGIN_KIND,
    ORIGIN_NAME,
    SERVE,
    WORKER,
    clipped,
    common_labels,
    head_selector,
    head_service_name,
    identifier,
)


def head_service(cluster: Json) -> Json:
    """The head Service; headless unless a type other than ClusterIP or a Service of one's own is asked for."""
    name = cluster["metadata"]["name"]
    head = cluster["spec"]["headGroupSpec"]
    selector = {**head_selector(name), APP_NAME: APPLICATION, CREATED_BY: COMPONENT}
    own_app_name = dig(head, "template.metadata.labels", {}).get(APP_NAME)
    if own_app_name:
        selector[APP_NAME] = own_app_name
    ports = [{"name": port, "port": number, "appProtocol": "tcp"} for port, number in sorted(_ports(cluster).items())]
    annotations = dict(dig(cluster, "spec.headServiceAnnotations", {}))
    if head.get("headService") is not None:
        return owned_by(cluster, _custom(cluster, selector, ports, annotations))
    spec: Json = {"selector": selector, "ports": ports}
    kind = head.get("serviceType") or ""
    if kind:
        spec["type"] = kind
    if kind in ("", "ClusterIP"):
        spec.update(clusterIP="None", publishNotReadyAddresses=True)
    metadata = {"name": head_service_name(cluster), "labels": dict(selector), "annotations": annotations}
    return owned_by(cluster, {"metadata": metadata, "spec": spec})


def owned_head_service(owner: Json, cluster: Json) -> Json:
    """The same under the name of a RayJob or a RayService, which leads it to whichever cluster is theirs."""
    name = owner["metadata"]["name"]
    service = head_service({**cluster, "spec": {**cluster["spec"], "headServiceAnnotations": {}}})
    labels = {ORIGIN_NAME: name, ORIGIN_KIND: owner["kind"], NODE_TYPE: HEAD, IDENTIFIER: identifier(name, HEAD)}
    service["metadata"].update(name=f"{name}-head-svc", labels=labels)
    return owned_by(owner, service)


def dashboard_address(api: Api, cluster: Json) -> str:
    """Where the dashboard is, by the head Service that is there."""
    namespace, name = cluster["metadata"]["namespace"], head_service_name(cluster)
    ports = {port.get("name"): port["port"] for port in dig(api.get(SERVICES, namespace, name), "spec.ports", [])}
    if "dashboard" not in ports:
        raise ReconcileError("dashboard port is not found")
    return f"{name}.{namespace}.svc.cluster.local:{ports['dashboard']}"


def headless_service(cluster: Json) -> Json:
    """The Service through which the hosts of one replica find each other."""
    name = cluster["metadata"]["name"]
    spec = {
        "clusterIP": "None",
        "type": "ClusterIP",
        "publishNotReadyAddresses": True,
        "selector": {CLUSTER: name, NODE_TYPE: WORKER},
    }
    metadata = {"name": f"{name}-headless", "labels": {HEADLESS_WORKER_SERVICE: name}}
    return owned_by(cluster, {"metadata": metadata, "spec": spec})


def serve_service(cluster: Json) -> Json | None:
    """The Service for Ray Serve; None where no port is named for it."""
    name = cluster["metadata"]["name"]
    ports = serve_ports(cluster)
    if not ports:
        return None
    spec: Json = {"selector": {CLUSTER: name}, "ports": ports}
    kind = cluster["spec"]["headGroupSpec"].get("serviceType")
    if kind:
        spec["type"] = kind
    labels = {ORIGIN_NAME: name, ORIGIN_KIND: "RayCluster", SERVE: f"{name}-serve"}
    return owned_by(cluster, {"metadata": {"name": serve_service_name(cluster), "labels": labels}, "spec": spec})


def serve_ports(cluster: Json) -> list[Json]:
    """The ports of the head container that are named for Ray Serve."""
    return [
        {"name": port, "port": number}
        for port, number in sorted(_ports(cluster).items())
        if port == "serve" or port.startswith("serve-")
    ]


def serve_service_name(cluster: Json) -> str:
    """The name of the Service for Ray Serve."""
    return f"{cluster['metadata']['name']}-serve-svc"


def head_ingress(cluster: Json) -> Json:
    """The Ingress to the dashboard. It takes over the cluster's annotations, the wish of the collection included."""
    name = cluster["metadata"]["name"]
    options = dig(cluster, "spec.headGroupSpec.ingressOptions", {})
    port = _ports(cluster).get("dashboard", DASHBOARD_PORT)
    path = {
        "path": options.get("path") or "/",
        "pathType": options.get("pathType") or "Prefix",
        "backend": {"service": {"name": head_service_name(cluster), "port": {"number": port}}},
    }
    rule: Json = {"http": {"paths": [path]}}
    if options.get("host"):
        rule["host"] = options["host"]
    spec: Json = {"rules": [rule]}
    if options.get("tls"):
        spec["tls"] = copy.deepcopy(options["tls"])
    annotations = dict(annotations_of(cluster))
    ingress_class = annotations.pop(INGRESS_CLASS, None)
    if ingress_class is not None:
        spec["ingressClassName"] = ingress_class
    labels = {**common_labels(name), IDENTIFIER: head_selector(name)[IDENTIFIER]}
    metadata = {"name": clipped(f"{name}-head-ingress"), "labels": labels, "annotations": annotations}
    return owned_by(cluster, {"metadata": metadata, "spec": spec})


def _custom(cluster: Json, selector: dict[str, str], ports: list[Json], annotations: dict[str, str]) -> Json:
    """The user's own head Service, with the operator's selector and its ports after the user's."""
    head = cluster["spec"]["headGroupSpec"]
    service = copy.deepcopy(head["headService"])
    own = service.get("metadata") or {}
    spec = service.get("spec") or {}
    metadata = {
        **own,
        "name": head_service_name(cluster),
        "labels": {**(own.get("labels") or {}), **selector},
        "annotations": {**(own.get("annotations") or {}), **annotations},
    }
    spec.update(selector=selector, ports=[*(spec.get("ports") or []), *ports])
    if not spec.get("type") and head.get("serviceType"):
        spec["type"] = head["serviceType"]
    return {"metadata": metadata, "spec": spec}


def _ports(cluster: Json) -> dict[str, int]:
    """The ports of the head container, or the usual ones; metrics in either case."""
    own = head_container(cluster).get("ports") or []
    named = {port.get("name") or f"{port['containerPort']}-port": port["containerPort"] for port in own}
    return {"metrics": METRICS_PORT, **(named or DEFAULT_PORTS)}
