# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Services of a RayService, which lead to whichever of its clusters serves, and who is behind them."""

from __future__ import annotations

import copy

from .api import ENDPOINT_SLICES, SERVICES, Api, selector
from .controller import ReconcileError
from .events import Recorder
from .objects import Json, dig, is_deleting, owned_by
from .offspring import Offspring
from .services import owned_head_service, serve_ports
from .store import Store
from .words import CLUSTER, ORIGIN_KIND, ORIGIN_NAME, SERVE

SLICES_OF = "kubernetes.io/service-name"
NO_PORT = (
    "Please specify a port named 'serve' (or with the prefix 'serve-', e.g. 'serve-grpc') in the Ray head container; "
    "otherwise, the Kubernetes service for Ray Serve will not be created."
)


class ServiceServices:
    """Makes them, points them to another cluster, and deletes them."""

    def __init__(self, api: Api, recorder: Recorder, services: Store) -> None:
        self._api = api
        self._services = services
        self._offspring = Offspring(api, recorder)

    def reconcile(self, service: Json, cluster: Json) -> None:
        """Let both lead to a cluster that is ready."""
        self._offspring.point(service, owned_head_service(service, cluster))
        self._offspring.point(service, _serve_service(service, cluster))

    def delete_all(self, service: Json) -> bool:
        """One step towards the end of both; True once they are gone."""
        name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
        found = self._services.select(namespace, {ORIGIN_NAME: name, ORIGIN_KIND: "RayService"})
        for one in found:
            if not is_deleting(one):
                self._offspring.delete(service, SERVICES, one, "Service", "the Service {} during suspend")
        return not found

    def endpoints(self, service: Json) -> int:
        """The pods that are ready behind the Service for Serve."""
        chosen = {"labelSelector": selector({SLICES_OF: _serve_name(service)})}
        slices = self._api.list(ENDPOINT_SLICES, chosen, service["metadata"]["namespace"])["items"]
        listed = [endpoint for one in slices for endpoint in one.get("endpoints") or []]
        return len({dig(one, "targetRef.uid") for one in listed if dig(one, "conditions.ready", False)} - {None})


def _serve_name(service: Json) -> str:
    own = str(dig(service, "spec.serveService.metadata.name", ""))
    return own or f"{service['metadata']['name']}-serve-svc"


def _serve_service(service: Json, cluster: Json) -> Json:
    """The Service for Serve: the user's own with the operator's selector and ports, or the usual one."""
    name = service["metadata"]["name"]
    found, own = serve_ports(cluster), dig(service, "spec.serveService")
    if not found and own is None:
        raise ReconcileError(NO_PORT)
    wish: Json = copy.deepcopy(own or {})
    metadata, spec = wish.get("metadata") or {}, wish.get("spec") or {}
    users = {port.get("name"): port for port in spec.get("ports") or []}
    labels = {ORIGIN_NAME: name, ORIGIN_KIND: "RayService", SERVE: f"{name}-serve"}
    spec.update(
        selector={CLUSTER: cluster["metadata"]["name"], SERVE: "true"},
        # A port that both name is the user's; others of the user's are dropped, unless there are no others.
        ports=[users.get(port["name"], port) for port in found] or spec.get("ports") or [],
    )
    kind = spec.get("type") or dig(service, "spec.rayClusterConfig.headGroupSpec.serviceType")
    if kind:
        spec["type"] = kind
    metadata.update(name=_serve_name(service), labels={**(metadata.get("labels") or {}), **labels})
    return owned_by(service, {"metadata": metadata, "spec": spec})
