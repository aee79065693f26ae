# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes API as a controller needs it: raw JSON in, raw JSON out, one error type.

The kubernetes package reads the kubeconfig and makes the connection pool; the requests go through that pool
directly, because the package's own call signatures differ between its versions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import kubernetes

from .objects import Json, Resource

CONNECTIONS = 32


PODS = Resource("v1", "pods", "Pod")
SERVICES = Resource("v1", "services", "Service")
SECRETS = Resource("v1", "secrets", "Secret")
SERVICE_ACCOUNTS = Resource("v1", "serviceaccounts", "ServiceAccount")
ROLES = Resource("rbac.authorization.k8s.io/v1", "roles", "Role")
ROLE_BINDINGS = Resource("rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding")
INGRESSES = Resource("networking.k8s.io/v1", "ingresses", "Ingress")
JOBS = Resource("batch/v1", "jobs", "Job")
ENDPOINT_SLICES = Resource("discovery.k8s.io/v1", "endpointslices", "EndpointSlice")
EVENTS = Resource("events.k8s.io/v1", "events", "Event")
RAY_CLUSTERS = Resource("ray.io/v1", "rayclusters", "RayCluster")
RAY_JOBS = Resource("ray.io/v1", "rayjobs", "RayJob")
RAY_SERVICES = Resource("ray.io/v1", "rayservices", "RayService")
RAY_CRON_JOBS = Resource("ray.io/v1", "raycronjobs", "RayCronJob")


class ApiError(Exception):
    """A refusal by the API server."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Api:
    """A client for one cluster."""

    def __init__(self, kubeconfig: str) -> None:
        # Some versions of the package have types and some have not.
        package: Any = kubernetes
        settings = package.client.Configuration()
        settings.connection_pool_maxsize = CONNECTIONS
        package.config.load_kube_config(kubeconfig, client_configuration=settings)
        client = package.client.ApiClient(settings)
        self._host = str(settings.host).rstrip("/")
        self._pool: Any = client.rest_client.pool_manager
        self._headers = {"Accept": "application/json", "User-Agent": "kuberay-operator"}
        for auth in settings.auth_settings().values():
            self._headers[auth["key"]] = auth["value"]

    def request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        query: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Json:
        """One request and its answer."""
        response = self._pool.request(
            method,
            self._url(path, query),
            body=None if body is None else json.dumps(body).encode(),
            headers={**self._headers, "Content-Type": content_type},
            timeout=10.0,
            retries=False,
        )
        return _answer(response.status, response.data)

    def get(self, resource: Resource, namespace: str, name: str) -> Json | None:
        """An object, or None where there is none."""
        try:
            return self.request("GET", resource.path(namespace, name))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, resource: Resource, query: dict[str, str] | None = None, namespace: str = "") -> Json:
        """A list object."""
        return self.request("GET", resource.path(namespace), query=query)

    def create(self, resource: Resource, obj: Json) -> Json:
        """Create an object in the namespace that it names."""
        body = {"apiVersion": resource.api_version, "kind": resource.kind, **obj}
        return self.request("POST", resource.path(obj["metadata"]["namespace"]), body)

    def update(self, resource: Resource, obj: Json, subresource: str = "") -> Json:
        """Replace an object; its resourceVersion makes the server refuse what is stale."""
        metadata = obj["metadata"]
        return self.request("PUT", resource.path(metadata["namespace"], metadata["name"], subresource), obj)

    def merge(self, resource: Resource, namespace: str, name: str, patch: Json) -> Json:
        """A merge patch."""
        path = resource.path(namespace, name)
        return self.request("PATCH", path, patch, content_type="application/merge-patch+json")

    def delete(self, resource: Resource, namespace: str, name: str) -> bool:
        """Delete an object and, behind it, what it owns; False where it was already gone."""
        try:
            self.request("DELETE", resource.path(namespace, name), query={"propagationPolicy": "Background"})
        except ApiError as error:
            if error.status == 404:
                return False
            raise
        return True

    def delete_selected(self, resource: Resource, namespace: str, labels: dict[str, str]) -> None:
        """Delete all objects of a namespace that carry these labels."""
        self.request("DELETE", resource.path(namespace), query={"labelSelector": selector(labels)})

    def watch(self, resource: Resource, query: dict[str, str]) -> Iterator[Json]:
        """The events of a watch until the server ends it."""
        response = self._pool.request(
            "GET",
            self._url(resource.path(), {**query, "watch": "1", "allowWatchBookmarks": "true"}),
            headers=self._headers,
            timeout=int(query["timeoutSeconds"]) + 10.0,
            retries=False,
            preload_content=False,
        )
        try:
            if response.status != 200:
                _answer(response.status, response.read())
            rest = b""
            for chunk in response.stream(65536):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from (json.loads(line) for line in lines if line)
        finally:
            response.release_conn()
            response.close()

    def _url(self, path: str, query: dict[str, str] | None) -> str:
        return f"{self._host}{path}" + (f"?{urlencode(query)}" if query else "")


def selector(labels: dict[str, str]) -> str:
    """A label selector in text."""
    return ",".join(f"{key}={value}" for key, value in labels.items())


def _answer(status: int, data: bytes) -> Json:
    try:
        body = json.loads(data) if data else {}
    except ValueError:
        body = {"message": data.decode(errors="replace")}
    if status >= 300:
        raise ApiError(status, str(body.get("message", status)))
    return dict(body)
