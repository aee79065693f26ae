# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V2: what is passed on to Kubernetes, and how its answers come back."""

from __future__ import annotations

import http.client
import random
import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlencode

from . import computetemplates, releases
from .kubernetes import SERVICES, Kubernetes, Refusal
from .releases import Release
from .store import Store
from .web import Dropped, Reply, Request, redirect, text

ROOT = "/apis/ray.io/v1/"
SERVICE = re.compile(r"/api/v1/namespaces/(?P<namespace>[^/]+)/services/(?P<service>[^/]+)/proxy(/.*)?")
NEW_EVENTS = (re.compile(r"/apis/events\.k8s\.io/v1/namespaces/[^/]+/events"), "regarding.apiVersion=ray.io/v1")
OLD_EVENTS = (re.compile(r"/api/v1/namespaces/[^/]+/events"), "involvedObject.apiVersion=ray.io/v1")
# A Service of Kubernetes in its proxy's path: name, name:port or scheme:name:port.
PARTS = {1: 0, 2: 0, 3: 1}
SCHEMES = ("", "http", "https")
KUBERAY = "app.kubernetes.io/name=kuberay"

Headers = list[tuple[str, str]]
RETRIED = (408, 429, 500, 502, 503, 504)
PAUSES = (0.5, 1.0, 2.0)
# For all tries and the whole of the answer.
SECONDS = 30.0
# Never passed on: they are about one connection, or told anew.
OWN_HEADERS = {
    "connection", "content-length", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip


class Proxy:
    """Passes requests on. ``dropped`` is the share of answers that are no success and get lost on the way."""

    def __init__(self, kubernetes: Kubernetes, store: Store, release: Release, dropped: float) -> None:
        self._kubernetes = kubernetes
        self._store = store
        self._release = release
        self._dropped = dropped if release >= releases.V2_RETRIES else 0.0
        self._events, self._selector = NEW_EVENTS if release >= releases.NEW_EVENTS else OLD_EVENTS

    def answer(self, request: Request) -> Reply | None:
        """What Kubernetes says, what the proxy itself says, or None for a path that is not V2's."""
        if self._release < releases.V2:
            return None
        if request.path.startswith(ROOT):
            return self._custom_resources(request)
        if request.path == ROOT.rstrip("/"):
            return redirect(request, request.target.replace(request.path, ROOT, 1))
        if self._events.fullmatch(request.path) and request.method in ("GET", "HEAD"):
            return self._pass_on(self._about_ray(request))
        match = SERVICE.fullmatch(request.path)
        return self._service(request, unquote(match["namespace"]), unquote(match["service"])) if match else None

    def _custom_resources(self, request: Request) -> Reply:
        namespace = computetemplates.namespace_of(request) if self._release >= releases.V2_TEMPLATES else ""
        changed = computetemplates.applied(request, namespace, self._store) if namespace else request
        return changed if isinstance(changed, Reply) else self._pass_on(changed)

    def _about_ray(self, request: Request) -> Request:
        """Whatever is asked for, only events about Ray's kinds."""
        query = parse_qs(request.query, keep_blank_values=True)
        query["fieldSelector"] = [",".join([*query.get("fieldSelector", []), self._selector])]
        target = f"{request.path}?{urlencode(query, doseq=True)}"
        return Request(request.method, target, request.headers, request.body)

    def _service(self, request: Request, namespace: str, service: str) -> Reply:
        """Only Services that KubeRay has made."""
        parts = service.split(":")
        name = parts[PARTS[len(parts)]] if len(parts) in PARTS else ""
        if not name or (len(parts) == 3 and parts[0] not in SCHEMES):
            return text(400, f"invalid service format: {service}")
        try:
            found = self._kubernetes.list(
                SERVICES, namespace, fieldSelector=f"metadata.name={name}", labelSelector=KUBERAY
            )
        except Refusal:
            return text(500, "failed to list kuberay services")
        return self._pass_on(request) if found["items"] else text(404, "kuberay service not found")

    def _pass_on(self, request: Request) -> Reply:
        """Where nothing answers, or not in time, there is no word about it either."""
        if self._release < releases.V2_RETRIES:
            return self._streamed(request)
        deadline = time.monotonic() + SECONDS
        try:
            status, headers, body = self._tried(request, deadline)
        except (OSError, http.client.HTTPException):
            return Reply(502)
        if not 200 <= status < 300 and random.random() < self._dropped:
            raise Dropped
        return Reply(status, body, headers)

    def _tried(self, request: Request, deadline: float) -> tuple[int, Headers, bytes]:
        """The last of up to four answers. Even what has taken effect is tried again."""
        for pause in (*PAUSES, None):
            connection, answer = self._ask(request, deadline)
            try:
                body = _whole(connection, answer, deadline)
            finally:
                connection.close()
            if answer.status not in RETRIED or pause is None:
                break
            if time.monotonic() + pause > deadline:
                raise TimeoutError("the tries have taken too long")
            time.sleep(pause)
        return answer.status, _kept(answer), body

    def _streamed(self, request: Request) -> Reply:
        """As it comes, for as long as it comes."""
        try:
            connection, answer = self._ask(request, time.monotonic() + SECONDS)
        except (OSError, http.client.HTTPException):
            return Reply(502)
        if connection.sock:
            connection.sock.settimeout(None)

        def pieces() -> Iterator[bytes]:
            try:
                while piece := answer.read1(65536):
                    yield piece
            finally:
                connection.close()

        return Reply(answer.status, pieces(), _kept(answer))

    def _ask(self, request: Request, deadline: float) -> tuple[http.client.HTTPSConnection, http.client.HTTPResponse]:
        """A client's own credentials take the place of the server's, as they do where the server has a token itself."""
        trusted = not request.header("Authorization")
        connection = self._kubernetes.dial(trusted, _left(deadline))
        try:
            connection.putrequest(request.method, request.target, skip_host=False, skip_accept_encoding=True)
            for name, value in request.headers.items():
                if name.lower() not in OWN_HEADERS:
                    connection.putheader(name, value)
            if request.body or request.method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body or None)
            return connection, connection.getresponse()
        except BaseException:
            connection.close()
            raise


def _whole(connection: http.client.HTTPSConnection, answer: http.client.HTTPResponse, deadline: float) -> bytes:
    """All of an answer, if it ends in time: a watch does not."""
    body = bytearray()
    while True:
        if connection.sock:
            connection.sock.settimeout(_left(deadline))
        piece = answer.read1(65536)
        if not piece:
            return bytes(body)
        body += piece


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer has taken too long")
    return left


def _kept(answer: http.client.HTTPResponse) -> Headers:
    return [(name, value) for name, value in answer.getheaders() if name.lower() not in OWN_HEADERS]
