# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer V2: what it tries again, and whose credentials it shows."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest

from tests.lab.apiserver import proxy
from tests.lab.apiserver.proxy import Proxy
from tests.lab.apiserver.releases import LATEST, Release
from tests.lab.apiserver.server import serving
from tests.lab.apiserver.web import Reply, Request, text

PATH = "/apis/ray.io/v1/namespaces/ns/rayclusters/c"


class Upstream:
    """A Kubernetes that answers with these statuses, the last one again and again."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.requests: list[Request] = []
        self.trusted: list[bool] = []
        self.host = ""

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return text(self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0], "told")

    def dial(self, own_credentials: bool, seconds: float) -> http.client.HTTPConnection:
        self.trusted.append(own_credentials)
        return http.client.HTTPConnection(self.host, timeout=seconds)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "PAUSES", (0.0, 0.0, 0.0))


def asked(upstream: Upstream, method: str = "GET", release: Release = LATEST, **headers: str) -> Reply:
    """What the proxy says while this is its Kubernetes."""
    fields = Message()
    for name, value in headers.items():
        fields[name.replace("_", "-")] = value
    kubernetes: Any = upstream
    with serving(upstream.answer) as url:
        upstream.host = url.removeprefix("http://")
        store: Any = None
        reply = Proxy(kubernetes, store, release, 0.0).answer(Request(method, f"{PATH}?a=b", fields, b"body"))
        assert reply is not None
        body = reply.body if isinstance(reply.body, bytes) else b"".join(pieces(reply.body))
    return Reply(reply.status, body, reply.headers)


def pieces(body: Iterator[bytes]) -> list[bytes]:
    return list(body)


@pytest.mark.parametrize(
    ("statuses", "status", "tries"),
    [((200,), 200, 1), ((503, 429, 200), 200, 3), ((500,), 500, 4), ((404,), 404, 1), ((409,), 409, 1)],
)
def test_tries(statuses: tuple[int, ...], status: int, tries: int) -> None:
    upstream = Upstream(*statuses)
    reply = asked(upstream, "PATCH")
    assert (reply.status, reply.body) == (status, b"told\n")
    assert [(one.method, one.target, one.body) for one in upstream.requests] == [
        ("PATCH", f"{PATH}?a=b", b"body")
    ] * tries


def test_1_4_tries_once() -> None:
    upstream = Upstream(503, 200)
    assert asked(upstream, release=Release.of("1.4")).status == 503


def test_nobody_answers() -> None:
    upstream = Upstream(200)
    with serving(upstream.answer) as url:
        upstream.host = url.removeprefix("http://")
    kubernetes: Any = upstream
    store: Any = None
    reply = Proxy(kubernetes, store, LATEST, 0.0).answer(Request("GET", PATH, Message(), b""))
    assert reply == Reply(502)


def test_headers_and_credentials() -> None:
    upstream = Upstream(200)
    asked(upstream, Accept="application/json", Connection="keep-alive", Host="elsewhere", User_Agent="me/1")
    asked(upstream, Authorization="Bearer mine")
    first, second = upstream.requests
    assert (first.header("Accept"), first.header("User-Agent")) == ("application/json", "me/1")
    assert first.header("Host") != "elsewhere"
    assert first.header("Connection") == ""
    assert second.header("Authorization") == "Bearer mine"
    assert upstream.trusted == [True, False]
