# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's Kubernetes API, asked as its admin: V1's own requests, and V2's that are passed on."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
from typing import Any
from urllib.parse import quote, urlencode

from ..operator.objects import Json, Resource
from ..pki import Pki
from ..ports import LOOPBACK

AGENT = "kuberay-apiserver"
SECONDS = 30.0
# How a connection says that it has long been closed.
STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)

CONFIG_MAPS = Resource("v1", "configmaps", "ConfigMap")
NAMESPACES = Resource("v1", "namespaces", "Namespace")
SERVICES = Resource("v1", "services", "Service")
CORE_EVENTS = Resource("v1", "events", "Event")
EVENTS = Resource("events.k8s.io/v1", "events", "Event")
RAY_CLUSTERS = Resource("ray.io/v1", "rayclusters", "RayCluster")
RAY_JOBS = Resource("ray.io/v1", "rayjobs", "RayJob")
RAY_SERVICES = Resource("ray.io/v1", "rayservices", "RayService")


class Refusal(Exception):
    """What Kubernetes says no to, or that it cannot be reached (status 0)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Kubernetes:
    """A client that keeps one connection for each thread."""

    def __init__(self, pki: Pki, port: int, seconds: float = SECONDS) -> None:
        self._pki = pki
        self._port = port
        self._seconds = seconds
        self._nobody = ssl.create_default_context(cafile=str(pki.crt("ca")))
        self._admin = ssl.create_default_context(cafile=str(pki.crt("ca")))
        self._admin.load_cert_chain(pki.crt("admin"), pki.key("admin"))
        self._kept = threading.local()

    def patient(self, seconds: float) -> Kubernetes:
        """The same, with another patience for an answer."""
        return Kubernetes(self._pki, self._port, seconds)

    def dial(self, own_credentials: bool = True, seconds: float = SECONDS) -> http.client.HTTPSConnection:
        """A connection of the caller's own, as admin or as nobody."""
        context = self._admin if own_credentials else self._nobody
        return http.client.HTTPSConnection(LOOPBACK, self._port, timeout=seconds, context=context)

    def get(self, resource: Resource, namespace: str, name: str) -> Json:
        """One object."""
        if not name:
            raise Refusal(0, "resource name may not be empty")  # the Go client's own word
        return self.request("GET", resource.path(namespace, name))

    def list(self, resource: Resource, namespace: str = "", **query: str) -> Json:
        """A list object."""
        return self.request("GET", resource.path(namespace), **query)

    def create(self, resource: Resource, obj: Json) -> Json:
        """Create an object in the namespace that it names."""
        return self.request("POST", resource.path(obj["metadata"]["namespace"]), _typed(resource, obj))

    def update(self, resource: Resource, obj: Json) -> Json:
        """Replace an object."""
        metadata = obj["metadata"]
        return self.request("PUT", resource.path(metadata["namespace"], metadata["name"]), _typed(resource, obj))

    def delete(self, resource: Resource, namespace: str, name: str) -> None:
        """Ask for the end of an object."""
        self.request("DELETE", resource.path(namespace, name))

    def request(self, method: str, path: str, body: Any = None, **query: str) -> Json:
        """One request and the object that answers it."""
        answer = self.fetch(method, path, body, **query)
        return answer if isinstance(answer, dict) else {}

    def fetch(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """One request and its JSON, whatever that is."""
        target = quote(path, safe="/:")
        status, data = self._exchange(method, f"{target}?{urlencode(query)}" if query else target, body)
        if status >= 300:
            raise Refusal(status, _message(data))
        return json.loads(data) if data else None

    def _exchange(self, method: str, target: str, body: Any) -> tuple[int, bytes]:
        text = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": AGENT}
        kept: http.client.HTTPSConnection | None = getattr(self._kept, "connection", None)
        try:
            if kept:
                # Where it was closed while nobody looked, a new one shows.
                with contextlib.suppress(*STALE):
                    return self._sent(kept, method, target, text, headers)
            return self._sent(self.dial(seconds=self._seconds), method, target, text, headers)
        except (OSError, http.client.HTTPException) as problem:
            raise Refusal(0, f"{method} {target}: {type(problem).__name__}: {problem}") from problem

    def _sent(
        self, connection: http.client.HTTPSConnection, method: str, target: str, text: Any, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        self._kept.connection = None
        try:
            connection.request(method, target, text, headers)
            answer = connection.getresponse()
            data = answer.read()
        except BaseException:
            connection.close()
            raise
        self._kept.connection = connection
        return answer.status, data


def _typed(resource: Resource, obj: Json) -> Json:
    return {"apiVersion": resource.api_version, "kind": resource.kind, **obj}


def _message(data: bytes) -> str:
    try:
        return str(json.loads(data)["message"])
    except (ValueError, KeyError, TypeError):
        return data.decode(errors="replace")
