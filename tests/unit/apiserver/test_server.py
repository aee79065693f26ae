# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer as a process: it dies as a whole, comes back, and loses answers where it is told to."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator

import pytest

from tests.lab.apiserver import server
from tests.lab.apiserver.failures import Panic
from tests.lab.apiserver.front import cleaned
from tests.lab.apiserver.web import Dropped, Reply, Request, text

entered = threading.Event()


def answer(request: Request) -> Reply:
    """By the path."""
    if request.path == "/panic":
        raise Panic("nil pointer")
    if request.path == "/drop":
        raise Dropped
    if request.path == "/wait":
        entered.set()
        time.sleep(1.0)
    if request.path == "/stream":
        return Reply(200, iter([b"one", b"two"]))
    return text(200, f"{request.method} {request.target} {request.body.decode()}")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(server, "AWAY_SECONDS", 0.2)
    with server.serving(answer) as url:
        yield url.removeprefix("http://")


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> str:
    connection.request(method, path, body)
    return connection.getresponse().read().decode()


def test_connections_stay(host: str) -> None:
    connection = http.client.HTTPConnection(host, timeout=5)
    assert ask(connection, "GET", "/a?b=c") == "GET /a?b=c \n"
    kept = connection.sock
    assert ask(connection, "POST", "/a", "body") == "POST /a body\n"
    assert ask(connection, "GET", "/stream") == "onetwo"
    assert ask(connection, "HEAD", "/a") == ""
    assert connection.sock is kept


def test_a_dropped_answer_ends_one_connection(host: str) -> None:
    one, other = (http.client.HTTPConnection(host, timeout=5) for _ in range(2))
    assert ask(other, "GET", "/a")
    with pytest.raises(http.client.RemoteDisconnected):
        ask(one, "GET", "/drop")
    kept = other.sock
    assert ask(other, "GET", "/a")
    assert other.sock is kept


def test_a_panic_ends_all_that_go_on_and_the_server_comes_back(host: str) -> None:
    waiting, panicking = (http.client.HTTPConnection(host, timeout=5) for _ in range(2))
    entered.clear()
    waiting.request("GET", "/wait")
    assert entered.wait(5)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(panicking, "GET", "/panic")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        waiting.getresponse()
    deadline = time.monotonic() + 5
    while True:
        try:
            assert ask(http.client.HTTPConnection(host, timeout=5), "GET", "/a")
            return
        except OSError:
            assert time.monotonic() < deadline, "it did not come back"
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("/apis/v1/clusters", "/apis/v1/clusters"),
        ("/apis/v1/clusters/", "/apis/v1/clusters/"),
        ("/apis/v1/namespaces//clusters", "/apis/v1/namespaces/clusters"),
        ("/apis/ray.io/v1/../../v1", "/apis/v1"),
        ("/", "/"),
    ],
)
def test_cleaned(path: str, clean: str) -> None:
    assert cleaned(path) == clean
