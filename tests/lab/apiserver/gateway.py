# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V1's paths: which method of which path does what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from ..operator.objects import Json
from . import messages, releases, validation
from .failures import STATUS, Code, Failure, invalid
from .kinds import KINDS, SERVICE, Kind
from .kubernetes import Kubernetes
from .releases import Release, base
from .store import Store
from .submissions import Submissions
from .web import Reply, Request, document
from .wire import Malformed, Message, camel, document_of

FORM = "application/x-www-form-urlencoded"
TEMPLATES = "compute_templates"


@dataclass(frozen=True)
class Call:
    """One request for a route: what its path, its query and its body say."""

    path: dict[str, str]
    query: Json
    body: Json

    @property
    def namespace(self) -> str:
        return self.path.get("namespace", "")

    @property
    def name(self) -> str:
        return self.path.get("name", "")


@dataclass(frozen=True)
class Route:
    """A method and a path, ``{x}`` in it stands for anything; what it takes and what it gives."""

    method: str
    pattern: str
    run: Callable[[Call], Json]
    gives: Message = messages.EMPTY
    takes: Message | None = None
    asked: Message = messages.NO_PAGE

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """What stands in the path for the pattern's words; the last may be empty."""
        pattern = self.pattern.split("/")
        if len(parts) != len(pattern):
            return None
        found = {}
        for word, part in zip(pattern, parts, strict=True):
            if word.startswith("{"):
                found[word[1:-1]] = part
            elif word != part:
                return None
        return found


class Gateway:
    """Answers V1's requests."""

    def __init__(self, kubernetes: Kubernetes, release: Release) -> None:
        self._release = release
        self._store = Store(kubernetes, release)
        self._submissions = Submissions(kubernetes, self._store)
        self._base = f"{base(release)}/"
        self._routes = [*self._template_routes(), *(route for kind in KINDS for route in self._kind_routes(kind))]
        if release >= releases.SUBMISSIONS:
            self._routes += self._submission_routes()

    @property
    def store(self) -> Store:
        return self._store

    def answer(self, request: Request) -> Reply:
        """The message that answers, or why there is none."""
        try:
            route, path = self._find(request)
            call = Call(path, self._query(route, request.query), self._body(route, request.body))
            return document(route.gives.write(route.run(call), self._release))
        except Failure as failure:
            return document({"code": int(failure.code), "message": failure.message}, STATUS[failure.code])

    def _find(self, request: Request) -> tuple[Route, dict[str, str]]:
        path = unquote(request.path)
        parts = path.removeprefix(self._base).split("/") if path.startswith(self._base) else []
        matching = [(route, found) for route in self._routes if (found := route.match(parts)) is not None]
        if not matching:
            raise Failure(Code.NOT_FOUND, "Not Found")
        by_method = {route.method: (route, found) for route, found in matching}
        method = request.method
        if method == "POST" and method not in by_method and request.header("Content-Type").startswith(FORM):
            method = "GET"
        if method not in by_method:
            raise Failure(Code.UNIMPLEMENTED, "Method Not Allowed")
        return by_method[method]

    def _query(self, route: Route, query: str) -> Json:
        """The text of a number is a number; what the route does not know is ignored."""
        asked: Json = {}
        for key, values in parse_qs(query).items():
            name = route.asked.proto_names.get(camel(key), "")
            if len(values) > 1 and name:
                raise Failure(Code.INVALID_ARGUMENT, f'too many values for field "{name}": {", ".join(values)}')
            try:
                asked.update(route.asked.read({key: values[0]}, self._release))
            except Malformed as problem:
                words = f'parsing field "{name}": strconv.ParseInt: parsing "{values[0]}": invalid syntax'
                raise Failure(Code.INVALID_ARGUMENT, words) from problem
        return asked

    def _body(self, route: Route, body: bytes) -> Json:
        """An empty body is an empty message."""
        if route.takes is None or not body.strip():
            return {}
        try:
            return route.takes.read(document_of(body), self._release)
        except Malformed as problem:
            raise Failure(Code.INVALID_ARGUMENT, str(problem)) from problem

    # -- routes ------------------------------------------------------------------------------------------------------

    def _template_routes(self) -> list[Route]:
        store, message, listed = self._store, messages.COMPUTE_TEMPLATE, messages.TEMPLATES
        one, some = f"namespaces/{{namespace}}/{TEMPLATES}/{{name}}", f"namespaces/{{namespace}}/{TEMPLATES}"
        name = f"Compute template name is empty. {validation.VALID}"

        def create(call: Call) -> Json:
            validation.check_template(call.namespace, call.body, self._release)
            return store.create_template(call.body)

        def delete(call: Call) -> Json:
            _need(call, name, validation.NAMESPACE)
            store.delete_template(call.namespace, call.name)
            return {}

        def get(call: Call) -> Json:
            _need(call, name, validation.NAMESPACE)
            return store.get_template(call.namespace, call.name)

        return [
            Route("POST", some, create, message, message),
            Route("GET", some, lambda call: {"computeTemplates": store.list_templates(call.namespace)}, listed),
            Route("GET", TEMPLATES, lambda call: {"computeTemplates": store.list_all_templates()}, listed),
            Route("GET", one, get, message),
            Route("DELETE", one, delete),
        ]

    def _kind_routes(self, kind: Kind) -> list[Route]:
        one, some = f"namespaces/{{namespace}}/{kind.plural}/{{name}}", f"namespaces/{{namespace}}/{kind.plural}"

        def create(call: Call) -> Json:
            namespace = call.namespace or call.query.get("namespace", "")
            kind.check(namespace, call.body, self._release)
            return self._store.create(kind, call.body)

        def update(call: Call) -> Json:
            validation.check_update(call.namespace, call.name, call.body, self._release)
            return self._store.replace(call.body)

        def get(call: Call) -> Json:
            _need(call, kind.words.empty_name, kind.words.empty_namespace)
            return self._store.get(kind, call.namespace, call.name)

        def delete(call: Call) -> Json:
            _need(call, kind.words.empty_name, kind.words.empty_namespace)
            self._store.delete(kind, call.namespace, call.name)
            return {}

        def listing(call: Call) -> Json:
            limit, token, following = kind.page
            found = self._store.listed(kind, call.namespace, call.query.get(limit, 0), call.query.get(token, ""))
            return {kind.plural: found[0], following: found[1]}

        routes = [
            Route("GET", some, listing, kind.listed, asked=kind.asked),
            Route("GET", kind.plural, listing, kind.listed, asked=kind.asked),
            Route("GET", one, get, kind.message),
            Route("DELETE", one, delete),
        ]
        if kind is SERVICE:
            routes.append(Route("PUT", one, update, kind.message, kind.message))
        in_query = kind.plural == "jobs" and self._release < releases.NAMESPACED_JOBS
        asked = messages.NAMESPACE if in_query else messages.NO_PAGE
        return [*routes, Route("POST", kind.plural if in_query else some, create, kind.message, kind.message, asked)]

    def _submission_routes(self) -> list[Route]:
        some = "namespaces/{namespace}/jobsubmissions/{cluster}"
        one, log = f"{some}/{{name}}", f"{some}/log/{{name}}"
        jobs = self._submissions

        def place(call: Call) -> tuple[str, str]:
            return call.namespace, call.path["cluster"]

        def nothing(act: Callable[[str, str, str], None]) -> Callable[[Call], Json]:
            def run(call: Call) -> Json:
                act(*place(call), call.name)
                return {}

            return run

        def submit(call: Call) -> Json:
            return jobs.submit(*place(call), call.body)

        def info(call: Call) -> Json:
            return jobs.info(*place(call), call.name)

        def listing(call: Call) -> Json:
            return {"submissions": jobs.listed(*place(call))}

        def read(call: Call) -> Json:
            return {"log": jobs.log(*place(call), call.name)}

        return [
            Route("POST", some, submit, messages.SUBMITTED, messages.SUBMISSION),
            Route("GET", some, listing, messages.SUBMISSIONS),
            Route("GET", one, info, messages.SUBMISSION_INFO),
            Route("GET", log, read, messages.LOG),
            Route("POST", one, nothing(jobs.stop)),
            Route("DELETE", one, nothing(jobs.delete)),
        ]


def _need(call: Call, name: str, namespace: str) -> None:
    """A path that ends early names nothing."""
    for there, words in ((call.name, name), (call.namespace, namespace)):
        if not there:
            raise invalid(words)
