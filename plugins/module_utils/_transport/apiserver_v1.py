# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KubeRay's APIServer V1 as a door: its requests, and what its answers mean. Source: contract 1.4, 2.1, 2.2 and 2.7.

It takes messages and gives messages; what they mean stands in _v1. It has neither patches nor dry runs, watches,
selectors or pods, and nothing but the name to tell one object from a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    KubeRayError,
    NotFound,
    OptionError,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import (
    Page,
    Ref,
    Resource,
    Selection,
    Snapshot,
    checked_name,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.events import to_events
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import ensure_expressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import form_of, to_message, to_resource

Json = dict[str, Any]
BASE_PATH = "/apis/v1"
PAGE = 500
POLL_SECONDS = 2.0
# A gateway's word against the server behind it: unlike the server's own 500 it may be another one the next time.
_PASSING = frozenset({502, 503, 504})
_NO_TEMPLATE = re.compile(r"[Cc]ompute template (\S+) not found")
_NO_NAMESPACE = re.compile(r'namespaces "[^"]*" not found')


class _Collection(NamedTuple):
    """Objects of a kind: their place, and how a list of them is asked for and told, page by page."""

    plural: str
    items: str
    limit: str = ""
    rest: str = ""
    next_rest: str = ""


_COLLECTIONS = {
    CLUSTER.name: _Collection("clusters", "clusters", "limit", "continue", "continue"),
    JOB.name: _Collection("jobs", "jobs", "limit", "continue", "continue"),
    SERVICE.name: _Collection("services", "services", "pageSize", "pageToken", "nextPageToken"),
    TEMPLATE.name: _Collection("compute_templates", "computeTemplates"),
}


class ApiServerV1:
    """V1 of a KubeRay APIServer. See base.Transport for what each method promises that has the name of one there."""

    name = "apiserver_v1"

    def __init__(self, credentials: Credentials, context: Context, base_path: str = BASE_PATH) -> None:
        self.session = Session(credentials, context)
        self.default_namespace = credentials.namespace
        self._base = base_path

    def read(self, ref: Ref) -> Resource | None:
        """One GET."""
        told = self.message(ref)
        return None if told is None else to_resource(ref.kind, told)

    def message(self, ref: Ref) -> Json | None:
        """What V1 tells of an object, in its own words; None where there is none. One GET."""
        try:
            return self._get(self._item(ref), ref)
        except NotFound:
            return None

    def events(self, ref: Ref) -> list[Resource]:
        """One GET: they come with the object."""
        return to_events(self.message(ref) or {})

    def follow(self, ref: Ref, deadline: Deadline) -> Iterator[Snapshot | None]:
        """A GET every other second: V1 has no watch. It shows no pods, and of a job no events either."""
        seen: Json | None = {}
        while not deadline.passed():
            told = self.message(ref)
            changed, seen = told != seen, told
            yield self._snapshot(ref, told) if changed else None
            deadline.rest(POLL_SECONDS)

    def _snapshot(self, ref: Ref, told: Json | None) -> Snapshot:
        there = [] if told is None else [to_resource(ref.kind, told)]
        return {"object": there, "pods": None, "events": None if ref.kind is JOB else to_events(told or {})}

    def pages(self, selection: Selection) -> Iterator[list[Resource]]:
        """Paged GETs; memory grows with a page only."""
        rest = ""
        while True:
            page = self.page(selection, PAGE, rest)
            yield page.items
            rest = page.rest
            if not rest:
                return

    def page(self, selection: Selection, limit: int, rest: str = "") -> Page:
        """One GET. Before KubeRay 1.4 the server gives everything at once, as it always does with templates."""
        for option in ("label_selector", "field_selector"):
            if getattr(selection, option):
                raise OptionError(f"{option}s: KubeRay's APIServer V1 has none; kubernetes and apiserver_v2 have them")
        form_of(selection.kind)
        collection = _COLLECTIONS[selection.kind.name]
        query = {collection.limit: limit, collection.rest: rest or None} if collection.limit else {}
        body = self._get(self._place(selection.kind, selection.namespace), None, query)
        items = [to_resource(selection.kind, one) for one in body.get(collection.items) or []]
        return Page(items, str(body.get(collection.next_rest) or ""))

    def create(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One POST, never blindly repeated: after a lost answer the object is read back."""
        said = self._said(ref, resource)
        if dry_run:
            return self._predicted(ref, said)
        try:
            told = self._ask("POST", self._place(ref.kind, ref.namespace), ref, said)
        except (ConnectionFailed, ApiError) as error:
            if isinstance(error, ApiError) and (isinstance(error, AlreadyExists) or (error.status or 0) < 500):
                raise
            made = self.message(ref)
            if made is None or same(ref.kind, made, said):
                raise
            told = made
        self._warn_of_dropped(ref, told, said)
        return to_resource(ref.kind, told)

    def replace(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One PUT, of a service only. The server looks at the name in the body, and drops what V1 has no field for.

        Sending what is there already may start an upgrade: nobody may do that who has not compared.
        """
        if ref.kind is not SERVICE:
            raise OptionError(f"api: KubeRay's APIServer V1 changes no {ref.kind.name}; it can be made again only")
        said = self._said(ref, resource)
        if dry_run:
            return self._predicted(ref, said)
        told = self._ask("PUT", self._item(ref), ref, said)
        self._warn_of_dropped(ref, told, said)
        return to_resource(ref.kind, told)

    def delete(self, ref: Ref, options: Resource, *, dry_run: bool) -> bool:
        """One DELETE. V1 takes no DeleteOptions: whatever has the name goes, its pods in the background."""
        del options
        if dry_run:
            return self.message(ref) is not None
        try:
            self._ask("DELETE", self._item(ref), ref)
        except NotFound:
            return False
        return True

    def compute_template(self, namespace: str, name: str) -> dict[str, str]:
        """One GET. V1 takes any ConfigMap for a template: one without an amount of CPU is none."""
        told = self.message(Ref(TEMPLATE, namespace, checked_name("compute_template", name)))
        if told is None:
            raise _no_template(name, namespace)
        if not told.get("cpu"):
            raise OptionError(f"ConfigMap {namespace}/{name} is not a compute template: it names no cpu")
        data: dict[str, str] = to_resource(TEMPLATE, told)["data"]
        return data

    def _said(self, ref: Ref, resource: Resource) -> Json:
        """The message for a resource, if V1 can do all of it."""
        for warning in ensure_expressible(ref.kind, resource):
            self.session.context.warn_once(warning)
        return to_message(ref.kind, resource)

    def _predicted(self, ref: Ref, said: Json) -> Resource:
        """What V1 would tell: it has no dry run."""
        return to_resource(ref.kind, returned(ref.kind.name, said))

    def _warn_of_dropped(self, ref: Ref, told: Json, said: Json) -> None:
        """What a server did not take, because it is older than the field."""
        for change in same(ref.kind, told, said):
            self.session.context.warn_once(f"{ref}: this server has not taken {change.path}; is its KubeRay too old?")

    def _get(self, path: str, ref: Ref | None, query: Json | None = None) -> Json:
        """A read. The server's own 500 is what it thinks of the object, and stays so however often it is asked."""
        try:
            return self._ask("GET", path, ref, query=query, repeat=False)
        except ConnectionFailed as error:
            if not error.may_heal:
                raise
        except ApiError as error:
            if error.status not in _PASSING:
                raise
        return self._ask("GET", path, ref, query=query)

    def _ask(
        self,
        method: str,
        path: str,
        ref: Ref | None,
        body: Json | None = None,
        query: Json | None = None,
        repeat: bool | None = None,
    ) -> Json:
        try:
            told = self.session.request(method, path, query=query, body=body, repeat=repeat).body
        except ApiError as error:
            raise self._meant(error, ref) from error
        if not isinstance(told, dict) or "apiVersion" in told:
            raise ConnectionFailed("the answer is no message of V1: is this host a KubeRay APIServer?")
        return told

    def _meant(self, error: ApiError, ref: Ref | None) -> KubeRayError:
        """What V1 means by a refusal: its status says little, so the words count."""
        message, status = error.message, error.status
        named = _NO_TEMPLATE.search(message)
        if status == 404 and message == "Not Found":
            return ApiError(
                f"this server has no {self._base}: is it a KubeRay APIServer of 1.0 or later, with V1?", status=404
            )
        if ref is not None and named and status == 500:
            return _no_template(named.group(1), ref.namespace)
        if ref is not None and _NO_NAMESPACE.search(message):
            about = {"kind": "namespaces", "name": ref.namespace}
            return NotFound(message, status=status, details=about)
        if status in (409, 500) and "already exists" in message:
            return AlreadyExists(message, status=status, reason="AlreadyExists")
        if "not managed by" in message:
            return ApiError(
                f"{ref} is there, and V1 has nothing to do with it: it was made another way. Use api: kubernetes or "
                "apiserver_v2 for it, or another name",
                status=status,
                reason="NotManaged",
            )
        return error

    def _place(self, kind: Kind, namespace: str | None) -> str:
        where = f"/namespaces/{namespace}" if namespace else ""
        return f"{self._base}{where}/{_COLLECTIONS[kind.name].plural}"

    def _item(self, ref: Ref) -> str:
        form_of(ref.kind)
        return f"{self._place(ref.kind, ref.namespace)}/{ref.name}"


def _no_template(name: str, namespace: str) -> OptionError:
    return OptionError(f"there is no compute template {name!r} in namespace {namespace!r}: create it first")
