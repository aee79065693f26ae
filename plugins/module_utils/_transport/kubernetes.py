# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kubernetes API as a door to KubeRay: constant paths, no discovery, one request an operation.

What few tasks ask for is imported where it is asked for, since a module that is shipped compiles what it imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    ApiError,
    ConnectionFailed,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    API_VERSION,
    CORE_VERSION,
    OLD_API_VERSION,
    SERVICE,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import (
    Page,
    Ref,
    Resource,
    Selection,
    Snapshot,
    Watch,
    checked_name,
    paged,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import View

PAGE = 500
JSON_PATCH = "application/json-patch+json"


class KubernetesTransport:
    """ray.io on a Kubernetes API server. See base.Transport for what each method promises.

    ``api_version`` v1alpha1 allows the one that KubeRay 0.6 has: it is used only where v1 is not served, because a
    write through it deletes every field that it does not know.
    """

    name = "kubernetes"
    patches = True
    dry_runs = True
    # What it shows around an object, and how.
    view = View()

    def __init__(self, credentials: Credentials, context: Context, api_version: str = API_VERSION) -> None:
        self.session = Session(credentials, context)
        self.default_namespace = credentials.namespace
        self.api_version = API_VERSION
        self._older = OLD_API_VERSION if api_version == OLD_API_VERSION else None

    def read(self, ref: Ref) -> Resource | None:
        """One GET. A 404 that is not about the object (no such kind) is told apart by the answer's details."""
        try:
            return self._object(self.session.request("GET", self._item(ref)).body)
        except NotFound as error:
            if isinstance(error.details, dict) and error.details.get("name") == ref.name:
                return None
            self._step_back(ref.kind, error)
        return self.read(ref)

    def pages(self, selection: Selection) -> Iterator[list[Resource]]:
        """Paged GETs; memory grows with a page only."""
        return paged(self.page, selection, PAGE)

    def page(self, selection: Selection, limit: int, rest: str = "") -> Page:
        """One GET."""
        query: dict[str, Any] = {
            "limit": limit,
            "continue": rest or None,
            "labelSelector": selection.label_selector,
            "fieldSelector": selection.field_selector,
        }
        body = self._list(selection, query)
        if not isinstance(body, dict) or "items" not in body:
            # Whoever took it for an empty list would make everything anew.
            raise self._somebody_else("list")
        header = {"apiVersion": body.get("apiVersion"), "kind": selection.kind.name}
        about = body.get("metadata") or {}
        items = [{**header, **item} for item in body.get("items") or []]
        return Page(items, about.get("continue") or "", about.get("remainingItemCount") or 0)

    def create(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One POST, never blindly repeated: after a lost answer the object is read back."""
        resource = {**resource, "apiVersion": self._version(ref.kind)}
        try:
            return self._posted(ref, resource, dry_run)
        except (ConnectionFailed, ApiError) as error:
            if dry_run or (isinstance(error, ApiError) and (error.status or 0) < 500):
                raise
            made = self.read(ref)
            if made is None or not carries(made, resource):
                raise
            return made

    def _posted(self, ref: Ref, resource: Resource, dry_run: bool) -> Resource:
        query = {"fieldValidation": "Strict", "dryRun": "All" if dry_run else None}
        path = self._collection(ref.kind, ref.namespace)
        return self._object(self.session.request("POST", path, query=query, body=resource, repeat=dry_run).body)

    def patch(self, ref: Ref, operations: list[Resource], *, dry_run: bool) -> Resource:
        """One PATCH. Its tests make it safe to repeat: a second run of one that took effect is stale."""
        query = {"fieldValidation": "Strict", "dryRun": "All" if dry_run else None}
        try:
            return self._object(
                self.session.request(
                    "PATCH", self._item(ref), query=query, body=operations, content_type=JSON_PATCH, repeat=True
                ).body
            )
        except ApiError as error:
            if error.status == 422 and not error.details:
                stale = Stale("the object changed meanwhile", status=422, reason=error.reason)
                stale.unanswered = error.unanswered
                raise stale from error
            raise

    def delete(self, ref: Ref, options: Resource, *, dry_run: bool) -> bool:
        """One DELETE, repeated where no answer came; the uid in the options' preconditions makes that safe."""
        # A dry run has to be asked for in the body: where there is one, the server does not look at the query.
        only_tried = {"dryRun": ["All"]} if dry_run else {}
        body = {"kind": "DeleteOptions", "apiVersion": "v1", **options, **only_tried}
        try:
            self.session.request("DELETE", self._item(ref), body=body, repeat=True)
        except NotFound:
            return False
        return True

    def compute_template(self, namespace: str, name: str) -> dict[str, str]:
        """One GET of the ConfigMap."""
        from ansible_collections.kuberay.core.plugins.module_utils._objects.template import CONFIG_TYPE, is_template

        try:
            path = f"/api/v1/namespaces/{namespace}/configmaps/{checked_name('compute_template', name)}"
            found = self.session.request("GET", path).body
        except NotFound as error:
            raise OptionError(
                f"there is no compute template {name!r} in namespace {namespace!r}: create it first, or give resources"
            ) from error
        except ApiError as error:
            error.while_doing(f"Reading the compute template {namespace}/{name} through {self.name}")
            raise
        if not is_template(found):
            raise OptionError(f"ConfigMap {namespace}/{name} is not a compute template (label {CONFIG_TYPE})")
        return dict(found.get("data") or {})

    def pods(self, ref: Ref, resource: Resource) -> list[Resource] | None:
        """A GET for each sort of pods."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import around

        return around.pods(self.session, ref, resource)

    def events(self, ref: Ref) -> list[Resource]:
        """One GET."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import around

        return around.events(self.session, ref, self.view.events)

    def follow(self, ref: Ref, deadline: Deadline) -> Iterator[Snapshot | None]:
        """A list and a watch each for the object, its events, and each sort of its pods, as they become known."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import around

        return around.snapshots(self.session, ref, self._collection(ref.kind, ref.namespace), deadline, self.view)

    def watch(self, changed: Callable[[], None]) -> Watch:
        """A list and a watch each for the objects, their events and their pods, of a kind in a namespace."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport.together import Together

        return Together(self.session, self._collection, changed, self.view)

    def ways_in(self, ref: Ref, resource: Resource) -> dict[str, Any] | None:
        """A GET of the head service or the serve service, and one or two more where the spec asks for an Ingress."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import head, serve

        return (serve.service_ways_in if ref.kind is SERVICE else head.ways_in)(self.session, ref, resource)

    def dashboard_answers(self, ref: Ref, resource: Resource) -> bool:
        """One GET through the service proxy."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import head

        return head.dashboard_answers(self.session, ref, resource)

    def serve_applications(self, ref: Ref, resource: Resource) -> dict[str, Any] | None:
        """One GET through the service proxy."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import serve

        return serve.serve_applications(self.session, resource)

    def pod_log(self, namespace: str, pod: str, container: str) -> str | None:
        """One GET."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import logs

        return logs.crash_log(self.session, namespace, pod, container)

    def job_log(self, ref: Ref, resource: Resource) -> str | None:
        """One GET from the dashboard, and two more where that does not have it."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import logs

        return logs.job_log(self.session, ref, resource)

    def _list(self, selection: Selection, query: dict[str, Any]) -> Any:
        try:
            path = self._collection(selection.kind, selection.namespace)
            return self.session.request("GET", path, query=query).body
        except NotFound as error:
            self._step_back(selection.kind, error)
        return self._list(selection, query)

    def _step_back(self, kind: Kind, error: NotFound) -> None:
        """Go on with the older version where that is allowed and was not tried yet."""
        if self._older is None or not kind.group or kind.since:
            operator = f"KubeRay operator, {kind.since} or later," if kind.since else "KubeRay operator"
            hint = f"install the {operator} with its CRDs first" if kind.group else "is it one at all?"
            raise ApiError(
                f"this Kubernetes API does not serve {self._version(kind)} {kind.plural}: {hint}",
                status=404,
                reason="NoSuchKind",
            ) from error
        self.api_version, self._older = self._older, None

    def _collection(self, kind: Kind, namespace: str | None) -> str:
        where = f"/namespaces/{namespace}" if namespace else ""
        return f"/{'apis' if kind.group else 'api'}/{self._version(kind)}{where}/{kind.plural}"

    def _version(self, kind: Kind) -> str:
        if kind.since:
            return API_VERSION
        return self.api_version if kind.group else CORE_VERSION

    def _item(self, ref: Ref) -> str:
        return f"{self._collection(ref.kind, ref.namespace)}/{ref.name}"

    def _object(self, body: Any) -> Resource:
        if not isinstance(body, dict) or "metadata" not in body:
            raise self._somebody_else("object")
        return body

    def _somebody_else(self, wanted: str) -> ConnectionFailed:
        doubt = self.session.credentials.server.doubt
        return ConnectionFailed(f"the answer is not a Kubernetes {wanted}: {doubt}")


def carries(made: Resource, wished: Resource) -> bool:
    """Whether an object that is there is the one that we asked for: it carries the record of our wish."""
    ours = wished["metadata"].get("annotations") or {}
    theirs = made["metadata"].get("annotations") or {}
    return all(theirs.get(key) == value for key, value in ours.items())
