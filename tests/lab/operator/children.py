# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the objects that a cluster owns: created once, told in an event, never looked at again.

Only the Ingress is kept up to date.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable

from . import autoscaler, services
from .api import INGRESSES, ROLE_BINDINGS, ROLES, SECRETS, SERVICE_ACCOUNTS, SERVICES, Api, ApiError
from .controller import ReconcileError
from .events import Recorder
from .objects import Json, Resource, annotations_of, controller_of, dig, labels_of, owned_by
from .spec import autoscaling, groups, hosts
from .store import Store
from .words import CLUSTER, ENABLE_SERVE_SERVICE, HEADLESS_WORKER_SERVICE, clipped, head_selector

# What autoscaling needs: the object, its builder, and its words in reasons and messages.
AUTOSCALER_OBJECTS: tuple[tuple[Resource, Callable[[Json], Json], str, str], ...] = (
    (SERVICE_ACCOUNTS, autoscaler.service_account, "ServiceAccount", "service account"),
    (ROLES, autoscaler.role, "Role", "role"),
    (ROLE_BINDINGS, autoscaler.role_binding, "RoleBinding", "role binding"),
)


class Children:
    """The objects of a cluster other than its pods."""

    def __init__(self, api: Api, recorder: Recorder, service_store: Store) -> None:
        self._api = api
        self._recorder = recorder
        self._services = service_store

    def reconcile(self, cluster: Json) -> None:
        """Make what is missing, in the operator's order."""
        if autoscaling(cluster):
            self._autoscaler_objects(cluster)
        if dig(cluster, "spec.headGroupSpec.enableIngress", False):
            self._ingress(cluster)
        self._auth_secret(cluster)
        self._head_service(cluster)
        if any(hosts(group) > 1 for group in groups(cluster)):
            self._headless_service(cluster)
        if annotations_of(cluster).get(ENABLE_SERVE_SERVICE) == "true":
            self._serve_service(cluster)

    def _autoscaler_objects(self, cluster: Json) -> None:
        for resource, build, kind, words in AUTOSCALER_OBJECTS:
            child = build(cluster)
            namespace, name = child["metadata"]["namespace"], child["metadata"]["name"]
            if self._api.get(resource, namespace, name) is not None:
                continue
            account = dig(cluster, "spec.headGroupSpec.template.spec.serviceAccountName")
            if resource is SERVICE_ACCOUNTS and name == account:
                self._missing_account(cluster, name)
            self._create(cluster, resource, child, kind, words, tolerate_existing=True)

    def _missing_account(self, cluster: Json, name: str) -> None:
        where = f"{cluster['metadata']['namespace']}/{cluster['metadata']['name']}"
        note = (
            f"Failed to reconcile RayCluster {where}. If users specify ServiceAccountName for the head Pod, "
            f"they need to create a ServiceAccount themselves. However, ServiceAccount {name} is not found. "
            "Please create one. See the PR description of "
            "https://github.com/ray-project/kuberay/pull/1128 for more details."
        )
        self._recorder.warning(cluster, "AutoscalerServiceAccountNotFound", "Validate", note)
        raise ReconcileError(f'ServiceAccount "{name}" not found')

    def _ingress(self, cluster: Json) -> None:
        wish = services.head_ingress(cluster)
        namespace, name = wish["metadata"]["namespace"], wish["metadata"]["name"]
        live = self._api.get(INGRESSES, namespace, name)
        if live is None:
            self._create(cluster, INGRESSES, wish, "Ingress", "ingress", tolerate_existing=True)
        elif (controller_of(live) or {}).get("uid") != cluster["metadata"]["uid"]:
            note = f"Ingress {namespace}/{name} already exists and is not owned by this RayCluster; not modifying it"
            self._recorder.warning(cluster, "FailedToCreateIngress", "Create", note)
        else:
            self._update_ingress(cluster, live, wish)

    def _update_ingress(self, cluster: Json, live: Json, wish: Json) -> None:
        if "ingressClassName" in live["spec"]:
            wish["spec"].setdefault("ingressClassName", live["spec"]["ingressClassName"])
        same = labels_of(live) == labels_of(wish) and annotations_of(live) == annotations_of(wish)
        if same and live["spec"] == wish["spec"]:
            return
        metadata = {**live["metadata"], "labels": labels_of(wish), "annotations": annotations_of(wish)}
        self._api.update(INGRESSES, {**live, "metadata": metadata, "spec": wish["spec"]})
        note = f"Updated ingress {metadata['namespace']}/{metadata['name']}"
        self._recorder.normal(cluster, "UpdatedIngress", "Update", note)

    def _auth_secret(self, cluster: Json) -> None:
        # A block without a mode counts as token here, though not where the pods are built.
        options = dig(cluster, "spec", {}).get("authOptions")
        if options is None or options.get("mode") == "disabled":
            return
        if options.get("enableK8sTokenAuth") or options.get("secretName"):
            return
        name, namespace = cluster["metadata"]["name"], cluster["metadata"]["namespace"]
        if self._api.get(SECRETS, namespace, clipped(name)) is None:
            token = base64.b64encode(os.urandom(32)).decode()
            metadata = {"name": clipped(name), "labels": {CLUSTER: name}}
            self._api.create(SECRETS, owned_by(cluster, {"metadata": metadata, "stringData": {"auth_token": token}}))

    def _head_service(self, cluster: Json) -> None:
        metadata = cluster["metadata"]
        found = self._services.select(metadata["namespace"], head_selector(metadata["name"]))
        if len(found) > 1:
            raise ReconcileError(f"{len(found)} head service found")
        if not found:
            self._create(cluster, SERVICES, services.head_service(cluster), "Service", "service")

    def _headless_service(self, cluster: Json) -> None:
        metadata = cluster["metadata"]
        if not self._services.select(metadata["namespace"], {HEADLESS_WORKER_SERVICE: metadata["name"]}):
            self._create(cluster, SERVICES, services.headless_service(cluster), "Service", "service")

    def _serve_service(self, cluster: Json) -> None:
        # The only child without an event.
        namespace = cluster["metadata"]["namespace"]
        if self._api.get(SERVICES, namespace, services.serve_service_name(cluster)) is not None:
            return
        service = services.serve_service(cluster)
        if service is None:
            raise ReconcileError("Please specify a port named 'serve' in the Ray head container")
        self._api.create(SERVICES, service)

    def _create(
        self, cluster: Json, resource: Resource, child: Json, kind: str, words: str, tolerate_existing: bool = False
    ) -> None:
        where = f"{child['metadata']['namespace']}/{child['metadata']['name']}"
        try:
            self._api.create(resource, child)
        except ApiError as error:
            if error.status == 409 and tolerate_existing:
                return
            self._recorder.warning(
                cluster, f"FailedToCreate{kind}", "Create", f"Failed creating {words} {where}, {error}"
            )
            raise
        self._recorder.normal(cluster, f"Created{kind}", "Create", f"Created {words} {where}")
