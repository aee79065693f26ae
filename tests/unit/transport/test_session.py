# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to a real server that does what servers and the proxies before them do."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import time
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    Abandoned,
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    CredentialsError,
    NotFound,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport import session as room
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

from tests.unit.web import cut, drop, say, web

Json = dict[str, Any]
GOOD = say(200, {"metadata": {}})


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.random, "uniform", lambda _low, _high: 0.05)


def _session(url: str, seconds: float = 10, warnings: list[str] | None = None, **credentials: Any) -> Session:
    context = Context(warn=(warnings if warnings is not None else []).append)
    session = Session(Credentials(url, None, lambda: "Bearer t", **credentials), context)
    session.limit = Deadline.after(seconds)
    return session


def _closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_read_brings_the_body() -> None:
    with web(say(200, {"kind": "Pod"})) as server:
        answer = _session(server.url).request("GET", "/x", query={"a": "b c", "none": None})
    assert (answer.status, answer.body) == (200, {"kind": "Pod"})
    (request,) = server.requests
    assert (request.path, request.query, request.body) == ("/x", {"a": "b c"}, b"")
    assert request.headers["Authorization"] == "Bearer t"
    assert request.headers["User-Agent"].startswith("kuberay.core/")


def test_a_write_sends_json_and_says_so() -> None:
    with web(say(201, {})) as server:
        _session(server.url).request("PATCH", "/x", body=[{"op": "add"}], content_type="application/json-patch+json")
    (request,) = server.requests
    assert (request.body, request.headers["Content-Type"]) == (b'[{"op":"add"}]', "application/json-patch+json")


def test_each_impersonated_group_is_a_header_of_its_own() -> None:
    headers = [("Impersonate-User", "u"), ("Impersonate-Group", "a"), ("Impersonate-Group", "b")]
    with web(GOOD) as server:
        _session(server.url, headers=headers).request("GET", "/x")
    assert server.requests[0].headers.get_all("Impersonate-Group") == ["a", "b"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_repeated_when_the_server_is_busy(status: int) -> None:
    with web(say(status), say(status, b"<html>busy</html>"), GOOD) as server:
        assert _session(server.url).request("GET", "/x").status == 200
    assert len(server.requests) == 3


@pytest.mark.parametrize("broken", [cut, drop])
def test_a_read_whose_answer_breaks_off_is_repeated(broken: Any) -> None:
    with web(broken, GOOD) as server:
        assert _session(server.url).request("GET", "/x").status == 200
    assert len(server.requests) == 2


def test_a_server_that_asks_for_a_rest_gets_it() -> None:
    with web(say(429, Retry_After="1"), GOOD) as server:
        began = time.monotonic()
        _session(server.url).request("GET", "/x")
        assert 0.9 < time.monotonic() - began < 5


def test_a_rest_ends_with_the_deadline() -> None:
    with web(say(503, Retry_After="3600")) as server:
        began = time.monotonic()
        with pytest.raises(ApiError):
            _session(server.url, seconds=0.5).request("GET", "/x")
        assert time.monotonic() - began < 5


def test_repeating_ends() -> None:
    with web(say(503, {"message": "still busy"})) as server, pytest.raises(ApiError, match="still busy"):
        _session(server.url).request("GET", "/x")
    assert 1 < len(server.requests) < 10


@pytest.mark.parametrize("trouble", [say(500), say(503), cut, drop])
def test_a_create_is_never_repeated(trouble: Any) -> None:
    with web(trouble, GOOD) as server, pytest.raises((ApiError, ConnectionFailed)):
        _session(server.url).request("POST", "/x", body={})
    assert len(server.requests) == 1


@pytest.mark.parametrize("trouble", [say(429, Retry_After="0"), say(503), cut, drop])
def test_nothing_is_repeated_when_the_run_has_ended(trouble: Any) -> None:
    with web(trouble, GOOD) as server:
        session = _session(server.url)
        session.use(Context(wanted=lambda: False))
        with pytest.raises(Abandoned):
            session.request("DELETE", "/x", repeat=True)
    assert len(server.requests) == 1


def test_a_create_that_was_turned_away_is_repeated() -> None:
    with web(say(429, Retry_After="0"), GOOD) as server:
        _session(server.url).request("POST", "/x", body={})
    assert len(server.requests) == 2


@pytest.mark.parametrize("lost", [drop, cut])
def test_a_refusal_after_a_lost_answer_says_that_there_was_one(lost: Any) -> None:
    with web(lost, say(422, {"message": "stale"})) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("PATCH", "/x", body=[], repeat=True)
    assert refused.value.unanswered


def test_a_token_never_stands_in_a_message() -> None:
    credentials = Credentials("http://127.0.0.1:1", None, lambda: "Bearer SECRET\r\nX: y")
    with pytest.raises(CredentialsError) as refused:
        Session(credentials, Context()).request("GET", "/x")
    assert "SECRET" not in str(refused.value)


def test_a_write_that_says_it_is_safe_is_repeated() -> None:
    with web(drop, say(503), GOOD) as server:
        _session(server.url).request("DELETE", "/x", repeat=True)
    assert [request.method for request in server.requests] == ["DELETE"] * 3


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"reason": "NotFound"}, NotFound),
        (409, {"reason": "AlreadyExists"}, AlreadyExists),
        (409, {"reason": "Conflict"}, Stale),
        (422, {"reason": "Invalid"}, ApiError),
        (400, {"reason": "BadRequest"}, ApiError),
        (403, {"reason": "Forbidden"}, ApiError),
    ],
)
def test_a_refusal_is_an_error_of_its_own_and_is_not_repeated(status: int, body: Json, error: type[ApiError]) -> None:
    said = {**body, "message": "no", "details": {"name": "demo"}}
    with web(say(status, said)) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert type(refused.value) is error
    assert refused.value.message.startswith("no")
    assert refused.value.as_result() == {
        "kind": error.kind,
        "status": status,
        "reason": body["reason"],
        "details": {"name": "demo"},
    }
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "message", "advice"),
    [
        (401, "Unauthorized", "do not|does not accept"),
        (403, 'User "x" cannot get resource "rayclusters"', "kubectl auth can-i"),
        (403, "exceeded quota: few, requested: pods=1", "ResourceQuota"),
        (400, "Client sent an HTTP request to an HTTPS server.", "https://"),
    ],
)
def test_who_is_refused_is_told_what_to_do(status: int, message: str, advice: str) -> None:
    with web(say(status, {"message": message})) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert re.fullmatch(rf"{re.escape(message)} \(.*({advice}).*\)", refused.value.message)


def test_what_no_right_would_change_is_not_told_as_a_matter_of_rights() -> None:
    with web(say(403, {"message": "denied by a webhook"})) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert refused.value.message == "denied by a webhook"


@pytest.mark.parametrize(
    ("body", "told"), [(b"404 page\n not found\n", "404 page not found"), (b"", "HTTP 400"), (b'"no"', "no")]
)
def test_a_refusal_need_not_be_json(body: bytes, told: str) -> None:
    with web(say(400, body)) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert refused.value.message == told


def test_an_object_that_the_server_repeats_is_not_told() -> None:
    objection = 'strict decoding error: unknown field "spec.typo"'
    repeated = json.dumps(json.dumps({"env": [{"name": "DB_PASSWORD", "value": 'hun"ter2'}]}))
    said = f"patch: Invalid value: {repeated}: {objection}"
    details = {"causes": [{"field": "patch", "message": said}]}
    with web(say(422, {"message": said, "details": details})) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert refused.value.message == f"patch: {objection}"
    assert refused.value.details == {"causes": [{"field": "patch", "message": f"patch: {objection}"}]}


@pytest.mark.parametrize("status", [400, 401, 403, 404])
@pytest.mark.parametrize(
    ("page", "title"),
    [
        (b"\n<!DOCTYPE html>\n<html><head><title>\nPlease  log in</title>" + b"." * 9999, "'Please log in'"),
        (b"<html>No\nentry</html>", "'<html>No entry</html>'"),
    ],
)
def test_a_web_page_is_told_by_its_title_and_is_nothing_that_kubernetes_says(
    status: int, page: bytes, title: str
) -> None:
    with web(say(status, page)) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert type(refused.value) is ApiError
    assert refused.value.message.startswith(f"HTTP {status} with a web page, {title}; does host, ")


def test_a_page_instead_of_json_is_shown_by_its_beginning() -> None:
    page = b"<html>Please log in" + b"." * 1000
    with (
        web(say(200, page)) as server,
        pytest.raises(ConnectionFailed, match="not JSON: '<html>Please log in") as error,
    ):
        _session(server.url).request("GET", "/x")
    assert len(error.value.message) < 300


@pytest.mark.parametrize(
    ("location", "told"),
    [("/elsewhere", "/elsewhere"), ("https://me:SECRET@login.invalid/sso?ticket=SECRET#x", "@login.invalid/sso")],
)
def test_a_redirection_is_told_and_not_followed(location: str, told: str) -> None:
    with web(say(302, Location=location)) as server, pytest.raises(ApiError) as refused:
        _session(server.url).request("GET", "/x")
    assert refused.value.status == 302
    assert f"{told}, and is not followed" in refused.value.message
    assert "SECRET" not in refused.value.message
    assert len(server.requests) == 1


def test_a_silent_server_is_left_at_the_deadline() -> None:
    with web(say(200)) as server:
        server.answers = [server.hang]
        began = time.monotonic()
        with pytest.raises(ConnectionFailed, match="no usable answer from http://127"):
            _session(server.url, seconds=0.2).request("GET", "/x")
        assert time.monotonic() - began < 6


def test_a_server_that_is_not_there_is_named() -> None:
    url = _closed_port()
    with pytest.raises(ConnectionFailed, match=rf"no usable answer from {url}: .*refused"):
        _session(url, seconds=0.3).request("GET", "/x")


def test_a_warning_of_the_server_is_told_once() -> None:
    told: list[str] = []
    header = '299 - "unknown field \\"spec.x\\"", 299 - "deprecated"'
    with web(say(200, {}, Warning=header)) as server:
        session = _session(server.url, warnings=told)
        session.request("GET", "/x")
        session.request("GET", "/y")
    assert told == ['unknown field "spec.x"', "deprecated"]


def test_a_connection_is_used_again() -> None:
    ports: list[int] = []

    def answer(handler: Any) -> None:
        ports.append(handler.client_address[1])
        GOOD(handler)

    with web(answer) as server:
        session = _session(server.url)
        for _ in range(3):
            session.request("GET", "/x")
    assert len(ports) == 3
    assert len(set(ports)) == 1


def test_a_proxy_is_asked_for_the_server() -> None:
    with web(say(200, {"through": "proxy"})) as proxy:
        session = _session("http://kubernetes.invalid", proxy=proxy.url)
        assert session.request("GET", "/x").body == {"through": "proxy"}


@pytest.mark.parametrize(
    ("who", "sent"), [("", None), ("me:p%40ss@", "me:p@ss"), ("me@", "me:"), ("m%C3%A9:%3A@", "m\u00e9::")]
)
def test_a_proxy_is_told_the_name_and_the_password_of_its_url(who: str, sent: str | None) -> None:
    with web(GOOD) as proxy:
        _session("http://kubernetes.invalid", proxy=proxy.url.replace("//", f"//{who}")).request("GET", "/x")
    header = proxy.requests[0].headers["Proxy-Authorization"]
    assert header == (None if sent is None else "Basic " + base64.b64encode(sent.encode()).decode())


def test_a_proxy_that_is_not_there_is_named_without_its_password() -> None:
    proxy = _closed_port().replace("//", "//me:SECRET@")
    with pytest.raises(
        ConnectionFailed, match=r"from http://k\.invalid through the proxy http://\*+@127.*refused"
    ) as no:
        _session("http://k.invalid", seconds=0.1, proxy=proxy).request("GET", "/x")
    assert "SECRET" not in no.value.message


def test_a_server_that_does_not_speak_tls_is_asked_once() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname = False
    rests: list[float] = []
    with web(GOOD) as server:
        session = Session(Credentials(server.url.replace("http", "https"), tls, lambda: None), Context())
        session._rest = lambda *_: rests.append(1)  # type: ignore[method-assign]
        with pytest.raises(ConnectionFailed, match="does not speak TLS"):
            session.request("GET", "/x")
    assert rests == []


def test_a_watch_brings_a_mapping_a_line_however_it_is_cut() -> None:
    with web(GOOD) as server:
        server.answers = [server.watch(b'{"n": 1}\n{"n"', b": 2}\n\n", b'{"n": 3}\n', hold=False)]
        lines = list(_session(server.url).stream("/x", {"watch": "true"}, lambda _response: None))
    assert lines == [{"n": 1}, {"n": 2}, {"n": 3}]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(say(403, {"message": "no"}), ApiError), (drop, ConnectionFailed), (say(200, b"<p>\n"), ConnectionFailed)],
)
def test_a_watch_that_cannot_be_had_is_an_error(answer: Any, error: type[Exception]) -> None:
    with web(answer) as server, pytest.raises(error):
        list(_session(server.url).stream("/x", {}, lambda _response: None))
