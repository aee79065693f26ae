# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KubeRay's APIServer V1 as a door: its requests. Source: contract 1.4, 2.1, 2.2 and 2.7.

It takes messages and gives messages; what they mean stands in _v1. It has neither patches nor dry runs, watches,
selectors or pods, and nothing but the name to tell one object from a later one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, NoReturn

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    KubeRayError,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import submission_id
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import TEMPLATE_SELECTOR
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
from ansible_collections.kuberay.core.plugins.module_utils._transport.pace import Pace, is_final
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Answer, Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.v1_answers import (
    is_unknown_route,
    meant,
    no_template,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.events import to_events
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import ensure_expressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.since import is_usual
from ansible_collections.kuberay.core.plugins.module_utils._v1.template import is_none
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import form_of, to_message, to_resource

Json = dict[str, Any]
# No release serves both; the older one is that of KubeRay 0.5, 0.6 and the first candidates of 1.0.
AUTO, BASE_PATHS = "auto", ("/apis/v1", "/apis/v1alpha2")
PAGE = 500
# A gateway's word against the server behind it may be another one the next time. The server's own 500 is what it thinks
# of the object, and stays so however often it is asked.
_PASSING = frozenset({502, 503, 504})
_BROKEN, _NO_SUCH_METHOD = 500, 501


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
    """V1 of a KubeRay APIServer. See base.Transport for what each method promises that has the name of one there.

    ``base_path`` is one of BASE_PATHS, or AUTO: then it is the first one that the server has.
    """

    name = "apiserver_v1"
    patches = False
    # It foretells them itself.
    dry_runs = True

    def __init__(self, credentials: Credentials, context: Context, base_path: str = AUTO) -> None:
        self.session = Session(credentials, context)
        self.default_namespace = credentials.namespace
        # What it may be, the likeliest first. One is left as soon as the server has answered.
        self._bases: tuple[str, ...] = BASE_PATHS if base_path == AUTO else (base_path,)
        self._sought = self._bases
        # When each object was written last by us.
        self._written: dict[str, float] = {}

    def read(self, ref: Ref) -> Resource | None:
        """One GET."""
        told = self.message(ref)
        return None if told is None else to_resource(ref.kind, told)

    def message(self, ref: Ref) -> Json | None:
        """What V1 tells of an object, in its own words; None where there is none. One GET."""
        try:
            return self._about(ref, self._get(self._item(ref), ref))
        except NotFound:
            return None

    def pages(self, selection: Selection) -> Iterator[list[Resource]]:
        """Paged GETs; memory grows with a page only."""
        return paged(self.page, selection, PAGE)

    def page(self, selection: Selection, limit: int, rest: str = "") -> Page:
        """One GET. Before KubeRay 1.4 the server gives everything at once, as it always does with templates."""
        page = self._messages(selection, limit, rest)
        return page._replace(items=[to_resource(selection.kind, told) for told in page.items])

    def _messages(self, selection: Selection, limit: int, rest: str = "") -> Page:
        _ensure_unselected(selection)
        form_of(selection.kind)
        collection = _COLLECTIONS[selection.kind.name]
        query = {collection.limit: limit, collection.rest: rest or None} if collection.limit else {}
        body = self._get(self._place(selection.kind, selection.namespace), None, query)
        if body and not {collection.items, collection.next_rest} & body.keys():
            # Whoever took it for an empty list, which is all empty, would make everything anew.
            raise ConnectionFailed(f"the answer is no list of V1: {self._doubt}")
        return Page(body.get(collection.items) or [], str(body.get(collection.next_rest) or ""))

    def create(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One POST, never blindly repeated: after a lost answer the object is read back."""
        ensure_expressible(ref.kind, resource)
        said = to_message(ref.kind, resource)
        if dry_run:
            return _predicted(ref, said)
        return to_resource(ref.kind, self._write(ref, said, lambda: self._posted(ref, said)).body)

    def _posted(self, ref: Ref, said: Json) -> Answer:
        try:
            return self._ask("POST", self._place(ref.kind, ref.namespace), ref, said)
        except ApiError as error:
            if ref.kind is not JOB or error.status != _NO_SUCH_METHOD:
                raise
        # Up to the first candidate of 1.0 jobs are made at another place.
        return self._ask("POST", self._place(JOB, None), ref, said, {"namespace": ref.namespace})

    def replace(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One PUT, of a service only. The server looks at the name in the body, and drops what V1 has no field for.

        Sending what is there already may start an upgrade: nobody may do that who has not compared.
        """
        if ref.kind is not SERVICE:
            raise OptionError(f"api: KubeRay's APIServer V1 changes no {ref.kind.name}; it can be made again only")
        ensure_expressible(ref.kind, resource)
        said = to_message(ref.kind, resource)
        if dry_run:
            predicted = _predicted(ref, said)
            metadata = {**resource["metadata"], **predicted["metadata"]}
            return {**predicted, "metadata": metadata, "status": resource.get("status") or {}}
        answer = self._write(ref, said, lambda: self._ask("PUT", self._item(ref), ref, said))
        made = to_resource(ref.kind, answer.body)
        return {**made, "metadata": {**made["metadata"], "managedFields": [_wrote(answer.date)]}}

    def patch(self, ref: Ref, operations: list[Resource], *, dry_run: bool) -> NoReturn:
        """V1 has no patches."""
        del operations, dry_run
        raise OptionError(f"api: KubeRay's APIServer V1 has no patches, for a {ref.kind.name} as for anything else")

    def _write(self, ref: Ref, said: Json, ask: Callable[[], Answer]) -> Answer:
        """The answer to a write, with the object as it is then; read back where the answer was lost."""
        try:
            answer = ask()
            self._about(ref, answer.body)
        except (ConnectionFailed, ApiError) as error:
            answer = self._in_spite_of(error, ref, said)
        self._written[str(ref)] = time.monotonic()
        for change in same(ref.kind, answer.body, said):
            # An older server does not know the field.
            if is_usual(change.path, change.after):
                continue
            self.session.context.warn_once(f"{ref}: this server has not taken {change.path}; is its KubeRay too old?")
        return answer

    def _in_spite_of(self, error: ConnectionFailed | ApiError, ref: Ref, said: Json) -> Answer:
        """The object as we have written it; the error where that is not what is there."""
        made = None if _is_refused(error) else self.message(ref)
        if made is None or same(ref.kind, made, said):
            raise error
        return Answer(200, made)

    def delete(self, ref: Ref, options: Resource, *, dry_run: bool) -> bool:
        """One DELETE. V1 takes no DeleteOptions: whatever has the name goes, its pods in the background."""
        del options
        if dry_run:
            return self.message(ref) is not None
        try:
            self._ask("DELETE", self._item(ref), ref)
        except NotFound:
            return False
        except (ConnectionFailed, ApiError) as error:
            if _is_refused(error) or not self._is_going(ref):
                raise
        return True

    def _is_going(self, ref: Ref) -> bool:
        """Whether an object is gone, or will be when its finalizers are done."""
        live = self.read(ref)
        return live is None or "deletionTimestamp" in live["metadata"]

    def compute_template(self, namespace: str, name: str) -> dict[str, str]:
        """One GET. V1 takes any ConfigMap for a template."""
        told = self.message(Ref(TEMPLATE, namespace, checked_name("compute_template", name)))
        if told is None:
            raise no_template(name, namespace)
        if is_none(told):
            raise OptionError(f"ConfigMap {namespace}/{name} is not a compute template: it names no cpu or no memory")
        data: dict[str, str] = to_resource(TEMPLATE, told)["data"]
        return data

    def pods(self, ref: Ref, resource: Resource) -> None:
        """V1 shows no pods."""

    def events(self, ref: Ref) -> list[Resource] | None:
        """One GET: they come with the object. Of a job V1 tells none."""
        return None if ref.kind is JOB else to_events(self.message(ref) or {})

    def ways_in(self, ref: Ref, resource: Resource) -> None:
        """V1 shows nothing of what leads to a head from outside."""

    def dashboard_answers(self, ref: Ref, resource: Resource) -> bool:
        """Nobody can tell: see plan_whole, which refuses to wait for it."""
        del ref, resource
        return False

    def serve_applications(self, ref: Ref, resource: Resource) -> None:
        """V1 gives the operator's word only, with the object."""

    def pod_log(self, namespace: str, pod: str, container: str) -> None:
        """V1 shows no pods."""

    def job_log(self, ref: Ref, resource: Resource) -> str | None:
        """One GET of what the dashboard of the job's cluster has, as long as that is there. Since KubeRay 1.1."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport import logs

        cluster, submission = (resource.get("status") or {}).get("rayClusterName"), submission_id(resource)
        if not cluster or submission is None:
            return None
        place = f"{self._bases[0]}/namespaces/{ref.namespace}/jobsubmissions/{cluster}/log/{submission}"
        text = logs.told_log(self.session, place, "log")
        return None if text is None else logs.tail(text)

    def follow(self, ref: Ref, deadline: Deadline) -> Iterator[Snapshot | None]:
        """A GET again and again: V1 has no watch. It shows no pods, and of a job no events either."""
        pace = Pace()
        seen: Json | None = {}
        self.session.limit = deadline
        try:
            while not deadline.passed():
                told = self._seen(ref, seen)
                changed, seen = told != seen, told
                yield _snapshot(ref.kind, told) if changed else None
                deadline.rest(pace.after(changed))
        finally:
            self.session.limit = None

    def _seen(self, ref: Ref, before: Json | None) -> Json | None:
        """What V1 tells now; while the server is away, what it told before. It may be restarted in a long wait."""
        try:
            return self.message(ref)
        except KubeRayError as error:
            if is_final(error):
                raise
            return before

    def watch(self, changed: Callable[[], None]) -> Watch:
        """A list again and again of the objects of a kind in a namespace."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport.polled import Polled

        return Polled(self._snapshots, _snapshot, lambda ref: self._written.get(str(ref), 0.0), changed)

    def _snapshots(self, kind: Kind, namespace: str) -> dict[str, Snapshot]:
        pages = paged(self._messages, Selection(kind, namespace), PAGE)
        return {told["name"]: _snapshot(kind, told) for page in pages for told in page}

    def _get(self, place: str, ref: Ref | None, query: Json | None = None) -> Json:
        return dict(self._ask("GET", place, ref, query=query).body)

    def _ask(
        self,
        method: str,
        place: str,
        ref: Ref | None,
        body: Json | None = None,
        query: Json | None = None,
    ) -> Answer:
        """One request, and a second one where the server turns out to have the other base."""
        base, *others = self._bases
        try:
            answer = self.session.request(method, base + place, query=query, body=body, retried=_PASSING)
        except ApiError as error:
            if is_unknown_route(error):
                if others:
                    self._bases = tuple(others)
                    return self._ask(method, place, ref, body, query)
                raise ApiError(f"this server has no {' nor '.join(self._sought)}: {self._where}", status=404) from error
            self._bases = (base,)
            raise meant(error, ref, self._doubt) from error
        if not isinstance(answer.body, dict) or "apiVersion" in answer.body:
            raise ConnectionFailed(f"the answer is no message of V1: {self._doubt}")
        self._bases = (base,)
        return answer

    def _about(self, ref: Ref, told: Json) -> Json:
        """A message, if it is about this object."""
        if told.get("name") != ref.name:
            raise ConnectionFailed(f"the answer is no message of V1 about {ref}: {self._doubt}")
        return told

    @property
    def _doubt(self) -> str:
        return self.session.credentials.server.doubt

    @property
    def _where(self) -> str:
        """What to look at where V1 is not where it was sought."""
        server = self.session.credentials.server
        named = "is apiserver_base_path right? " if len(self._sought) == 1 else ""
        return named + server.doubt + ("" if server.is_proxied else f" {server.address} ends before /apis")

    def _place(self, kind: Kind, namespace: str | None) -> str:
        where = f"/namespaces/{namespace}" if namespace else ""
        return f"{where}/{_COLLECTIONS[kind.name].plural}"

    def _item(self, ref: Ref) -> str:
        form_of(ref.kind)
        return f"{self._place(ref.kind, ref.namespace)}/{ref.name}"


def _is_refused(error: ConnectionFailed | ApiError) -> bool:
    """Whether the server says that it has not written."""
    return isinstance(error, (AlreadyExists, Stale)) or (error.status is not None and error.status < _BROKEN)


def _ensure_unselected(selection: Selection) -> None:
    """V1 lists all that it manages, of templates all."""
    is_all = selection.kind is TEMPLATE and selection.label_selector == TEMPLATE_SELECTOR
    labels = None if is_all else selection.label_selector
    for option, said in (("label_selectors", labels), ("field_selectors", selection.field_selector)):
        if said:
            raise OptionError(f"{option}: KubeRay's APIServer V1 has none; kubernetes and apiserver_v2 have them")


def _snapshot(kind: Kind, told: Json | None = None) -> Snapshot:
    there = [] if told is None else [to_resource(kind, told)]
    return {"object": there, "pods": None, "events": None if kind is JOB else to_events(told or {})}


def _predicted(ref: Ref, said: Json) -> Resource:
    """What V1 would tell: it has no dry run."""
    return to_resource(ref.kind, returned(ref.kind.name, said))


def _wrote(date: str) -> Json:
    """What Kubernetes notes of a write, as far as V1's answer tells: when it was, by the clock of the server."""
    try:
        moment = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        moment = datetime.now(timezone.utc)
    written = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"manager": "kuberay-apiserver", "operation": "Update", "time": written, "fieldsV1": {"f:spec": {}}}
