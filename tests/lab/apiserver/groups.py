# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of a cluster: V1's message, and the pod template that is made of it and a compute template."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ..operator.objects import Json, dig
from . import environment, templates, volumes
from .releases import Release

IMAGE = "ray.io/compute-image"
REPOSITORY = "rayproject/ray"
SERVE_PORTS = {"dashboard-agent": 52365, "serve": 8000}

# Not told of a group, whoever put them there.
HIDDEN_ANNOTATIONS = {
    IMAGE, templates.NAME, "ray.io/health-state", "ray.io/ft-enabled", "openshift.io/scc",
    "cni.projectcalico.org/podIP", "cni.projectcalico.org/podIPs", "cni.projectcalico.org/containerID",
    "k8s.v1.cni.cncf.io/network-status", "k8s.v1.cni.cncf.io/networks-status",
}  # fmt: skip
HIDDEN_LABELS = {
    "app.kubernetes.io/created-by", "app.kubernetes.io/name", "ray.io/cluster", "ray.io/cluster-dashboard",
    "ray.io/group", "ray.io/identifier", "ray.io/is-ray-node", "ray.io/node-type",
}  # fmt: skip


@dataclass(frozen=True)
class Role:
    """What a group's container has of itself; ``hidden`` are variables that are not told."""

    container: str
    env: tuple[Json, ...]
    ports: tuple[Json, ...]
    hidden: Collection[str]
    more: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Making:
    """What all groups of a cluster are made with."""

    version: str
    templates: dict[str, Json]
    release: Release
    envs: Json | None = None
    serve: bool = False


def _pod(name: str, path: str) -> Json:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _amount(name: str, resource: str) -> Json:
    amount = {"containerName": "ray-worker", "resource": resource, **environment.DIVISOR}
    return {"name": name, "valueFrom": {"resourceFieldRef": amount}}


def _ports(ports: dict[str, int]) -> tuple[Json, ...]:
    return tuple({"name": name, "containerPort": port} for name, port in ports.items())


MY_POD_IP = _pod("MY_POD_IP", "status.podIP")
COMMON = {"MY_POD_IP", "RAY_CLUSTER_NAME", "RAY_PORT", "RAY_ADDRESS", "RAY_USAGE_STATS_KUBERAY_IN_USE"}
HEAD = Role(
    container="ray-head",
    env=(MY_POD_IP,),
    ports=_ports({"redis": 6379, "head": 10001, "dashboard": 8265, "metrics": 8080}),
    hidden=COMMON,
)
WORKER = Role(
    container="ray-worker",
    env=(
        {"name": "RAY_DISABLE_DOCKER_CPU_WARNING", "value": "1"},
        {"name": "TYPE", "value": "worker"},
        _amount("CPU_REQUEST", "requests.cpu"),
        _amount("CPU_LIMITS", "limits.cpu"),
        _amount("MEMORY_REQUESTS", "requests.memory"),
        _amount("MEMORY_LIMITS", "limits.memory"),
        _pod("MY_POD_NAME", "metadata.name"),
        MY_POD_IP,
    ),
    ports=({"containerPort": 80},),
    hidden={
        *COMMON, "RAY_DISABLE_DOCKER_CPU_WARNING", "TYPE", "CPU_REQUEST", "CPU_LIMITS", "MEMORY_REQUESTS",
        "MEMORY_LIMITS", "MY_POD_NAME", "FQ_RAY_IP", "RAY_IP", "REDIS_PASSWORD",
    },
    more={"lifecycle": {"preStop": {"exec": {"command": ["/bin/sh", "-c", "ray stop"]}}}},
)  # fmt: skip


def to_pod_template(role: Role, group: Json, making: Making) -> Json:
    """The pod template of a group; a ValueError where a volume cannot be made."""
    template = making.templates[group.get("computeTemplate", "")]
    annotations = {templates.NAME: template["name"], IMAGE: group.get("image", "")}
    spec = {
        "containers": [_container(role, group, making, template)],
        "volumes": volumes.sources(group.get("volumes", [])),
        "tolerations": templates.tolerations(template),
        "serviceAccountName": _long(group.get("serviceAccount", "")),
        "imagePullSecrets": [{"name": name} for name in [_long(group.get("imagePullSecret", ""))] if name],
    }
    metadata = {"annotations": {**annotations, **group.get("annotations", {})}, "labels": group.get("labels", {})}
    return {"metadata": without_empty(metadata), "spec": without_empty(spec)}


def to_message(role: Role, template: Json) -> Json:
    """What V1 tells of a group's pods."""
    annotations = dig(template, "metadata.annotations", {})
    labels = dig(template, "metadata.labels", {})
    pod = template["spec"]
    told: Json = {
        "image": annotations.get(IMAGE, ""),
        "computeTemplate": annotations.get(templates.NAME, ""),
        "volumes": volumes.to_messages(pod),
        "annotations": {key: value for key, value in annotations.items() if key not in HIDDEN_ANNOTATIONS},
        "labels": {key: value for key, value in labels.items() if key not in HIDDEN_LABELS},
        "serviceAccount": _long(pod.get("serviceAccountName") or ""),
        "imagePullSecret": dig((pod.get("imagePullSecrets") or [{}])[0], "name", ""),
        "imagePullPolicy": "Always" if pod["containers"][0].get("imagePullPolicy") == "Always" else "",
    }
    own: Json = next((container for container in pod["containers"] if container["name"] == role.container), {})
    if own.get("env"):
        told["environment"] = environment.to_message(own["env"], role.hidden)
    if own.get("securityContext") is not None:
        told["securityContext"] = _security(own["securityContext"])
    return told


def without_empty(fields: Json) -> Json:
    """Without what Go leaves out: empty texts, lists and maps, and what is not there."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def _container(role: Role, group: Json, making: Making, template: Json) -> Json:
    always = group.get("imagePullPolicy", "").lower() == "always"
    env = [*role.env, *environment.to_list(making.envs), *environment.to_list(group.get("environment"))]
    serve = _ports(SERVE_PORTS) if making.serve and role is HEAD else ()
    security = group.get("securityContext")
    made: dict[str, Any] = {
        "name": role.container,
        "image": group.get("image") or f"{REPOSITORY}:{making.version}",
        "imagePullPolicy": "Always" if always else "IfNotPresent",
        "env": env,
        "ports": [*role.ports, *serve],
        "resources": templates.resources(template, making.release),
        "volumeMounts": volumes.mounts(group.get("volumes", [])),
        "securityContext": None if security is None else _security(security),
        **role.more,
    }
    return without_empty(made)


def _security(context: Json) -> Json:
    """The same on both sides: of capabilities there is always something."""
    capabilities = context.get("capabilities") or {}
    kept = without_empty({key: capabilities.get(key) for key in ("add", "drop")})
    privileged = context.get("privileged")
    return {**({} if privileged is None else {"privileged": privileged}), "capabilities": kept}


def _long(name: str) -> str:
    """Names of one letter are dropped, on the way in and on the way out."""
    return name if len(name) > 1 else ""
