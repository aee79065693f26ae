# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's three nodes. Nothing runs on them: kwok reports for them, and this file is their kubelets' registration."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.lab.api import Api
from tests.lab.ports import LOOPBACK


@dataclass(frozen=True)
class Node:
    name: str
    pod_cidr: str
    resources: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


# What kwok gives its pods; all of it is answered on this machine.
POD_RANGE = "10.244.0.0/16"
# An address of that range which no pod gets: its ports are those of this machine's loopback.
HERE = "10.244.255.254"
COMMON = {"cpu": "256", "memory": "1Ti", "ephemeral-storage": "10Ti", "pods": "2000"}
NODES = (
    Node("lab-cpu-1", "10.244.0.0/20"),
    Node("lab-cpu-2", "10.244.16.0/20"),
    Node("lab-gpu-1", "10.244.32.0/20", {"nvidia.com/gpu": "4"}, {"nvidia.com/gpu.product": "NVIDIA-L4"}),
)
# {condition: (status, reason)}
CONDITIONS = {
    "Ready": ("True", "KubeletReady"),
    "MemoryPressure": ("False", "KubeletHasSufficientMemory"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID"),
    "NetworkUnavailable": ("False", "RouteCreated"),
}


def register(api: Api, kubelet_port: int, version: str) -> None:
    """Create or refresh the nodes; a repaired lab may have another port."""
    for node in NODES:
        path = f"/api/v1/nodes/{node.name}"
        api.apply(path, _manifest(node))
        api.apply(f"{path}/status", {**_identity(node), "status": _status(node, kubelet_port, version)})


def usable(api: Api) -> bool:
    """Whether pods can be placed: the controllers have taken the not-ready taints away."""
    listed = api.get("/api/v1/nodes")["items"]
    return len(listed) >= len(NODES) and not any(node["spec"].get("taints") for node in listed)


def _identity(node: Node) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": node.name}}


def _manifest(node: Node) -> dict[str, Any]:
    labels = {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        **node.labels,
    }
    metadata = {"name": node.name, "labels": labels}
    return {**_identity(node), "metadata": metadata, "spec": {"podCIDR": node.pod_cidr, "podCIDRs": [node.pod_cidr]}}


def _status(node: Node, kubelet_port: int, version: str) -> dict[str, Any]:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    resources = {**COMMON, **node.resources}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [
            {"type": "InternalIP", "address": LOOPBACK},
            {"type": "Hostname", "address": node.name},
        ],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet_port}},
        "conditions": [
            {"type": kind, "status": status, "reason": reason, "lastHeartbeatTime": now, "lastTransitionTime": now}
            for kind, (status, reason) in CONDITIONS.items()
        ],
        "nodeInfo": {
            "architecture": "amd64",
            "operatingSystem": "linux",
            "kubeletVersion": f"v{version}",
            **dict.fromkeys(
                ("bootID", "machineID", "systemUUID", "kernelVersion", "osImage", "containerRuntimeVersion"), "lab"
            ),
            "kubeProxyVersion": "",
        },
    }
