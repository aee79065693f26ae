# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of Kubernetes that lead to programs of this machine, as the APIServer's own does in a real cluster.

The API server proxies to addresses of pods only, so there is a pod: nobody schedules it, and this file is its kubelet.
"""

from __future__ import annotations

from typing import Any

from tests.lab.api import Api
from tests.lab.nodes import HERE

NAMESPACE = "kuberay"
# As KubeRay's chart names and opens it.
APISERVER, PORT = "kuberay-apiserver-service", 8888


def make_namespace(api: Api) -> None:
    """The namespace of the lab's own APIServer."""
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    api.apply(f"/api/v1/namespaces/{NAMESPACE}", space)


def lead_to_apiserver(api: Api, port: int) -> None:
    """The Service of the lab's own APIServer."""
    lead(api, NAMESPACE, APISERVER, PORT, port)


def usable(api: Api, namespace: str) -> bool:
    """Whether pods can be made there: their service account is."""
    return bool(api.get(f"/api/v1/namespaces/{namespace}/serviceaccounts/default"))


def lead(api: Api, namespace: str, name: str, service_port: int, port: int) -> None:
    """Have the port of a Service lead to one of the loopback."""
    stand_for(api, namespace, name, port)
    ports = [{"name": "http", "port": service_port, "targetPort": port}]
    _apply(api, namespace, "Service", f"services/{name}", name, spec={"ports": ports})


def stand_for(api: Api, namespace: str, name: str, port: int) -> None:
    """A pod and the endpoints of a Service without a selector, which may come later."""
    spec = {"schedulerName": "nobody", "containers": [{"name": "own", "image": "own"}]}
    _apply(api, namespace, "Pod", f"pods/{name}", name, spec=spec)
    status = {"phase": "Running", "podIP": HERE, "podIPs": [{"ip": HERE}]}
    _apply(api, namespace, "Pod", f"pods/{name}/status", name, status=status)
    address = {"ip": HERE, "targetRef": {"kind": "Pod", "namespace": namespace, "name": name}}
    subset = {"addresses": [address], "ports": [{"name": "http", "port": port}]}
    _apply(api, namespace, "Endpoints", f"endpoints/{name}", name, subsets=[subset])


def _apply(api: Api, namespace: str, kind: str, path: str, name: str, **rest: Any) -> None:
    thing = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, **rest}
    api.apply(f"/api/v1/namespaces/{namespace}/{path}", thing)
