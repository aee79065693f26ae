# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an APIServer, or somebody in its place, may say that is no answer: each task fails by what is wrong, says what
to do, and has written nothing."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.integration.apiserver_harness import front_of
from tests.integration.modules.door import recorded
from tests.integration.modules.room import Stage
from tests.integration.modules.words import (
    MAY_FAIL,
    SIZED_CLUSTER,
    info,
    manage,
    manage_template,
)
from tests.integration.playbook import Outcome, Play, Run, side_by_side
from tests.lab.lab import Lab
from tests.unit.web import Answer, Web, cut, drop, say, web

Json = dict[str, Any]
KUBERNETES, V1, V2 = "kubernetes", "apiserver_v1", "apiserver_v2"
DOORS = (V1, V2)
NAME = "wanted"
TOKEN = "planted-token-7e02"
TICKET = "planted-ticket-11c9"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Welcome to somebody</title></head></html>"
LEADS = "does apiserver_url lead to a KubeRay APIServer"
GONE: Json = {"state": "absent"}
# A read is repeated at once.
NOW = {"Retry_After": "0"}
TRIES = 5


@dataclass(frozen=True)
class Bad:
    """What a server says to whatever it is asked; the kind of the error, words of its message, how many GETs come.

    ``speaks`` and ``spoken_to`` are what the server speaks, and what it is asked in.
    """

    answer: Answer
    kind: str
    words: list[str]
    asked: int = 1
    task: Callable[..., Json] = manage
    options: Json = field(default_factory=dict)
    speaks: str = "http"
    spoken_to: str = "http"


def a_list(label: str, _name: str, *rest: Any, **_options: Any) -> Json:
    """A task that lists clusters."""
    return info(label, *rest)


def a_template(label: str, name: str, *rest: Any, **_options: Any) -> Json:
    """A task that makes a compute template: through V2, too, that is V1's."""
    return manage_template(label, name, *rest, cpu=1, memory=2)


def away(handler: BaseHTTPRequestHandler) -> None:
    """To another host, which is this server again: it counts who comes."""
    port = handler.server.server_address[1]  # type: ignore[index]
    say(307, Location=f"http://localhost:{port}/sso?t={TICKET}")(handler)


def code(status: int, number: int, text: str) -> Answer:
    """A refusal in gRPC's words."""
    return say(status, {"code": number, "message": text}, **NOW)


def refused(status: int, reason: str, text: str) -> Answer:
    """A refusal in Kubernetes' words."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status, "reason": reason}
    return say(status, {**body, "message": text}, **NOW)


def gateway(status: int, title: str) -> Answer:
    """The page of an ingress."""
    return say(status, f"<html><head><title>{title}</title></head></html>".encode(), **NOW)


WRONG_TOKEN = ["Unauthorized", "apiserver_token", "security proxy", "'Bearer '"]
NO_ROUTE = code(404, 5, "Not Found")
OTHER_JSON = say(200, {"hello": "world"})
GATEWAYS = {502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable", 504: "504 Gateway Time-out"}
EVERYWHERE: dict[str, Bad] = {
    "page": Bad(say(200, PAGE), "connection", ["not JSON", "'Welcome to somebody'", LEADS]),
    "page that is not there": Bad(say(404, PAGE), "api", ["HTTP 404", "'Welcome to somebody'", LEADS]),
    "page that forbids": Bad(say(403, PAGE), "api", ["HTTP 403", "web page", LEADS]),
    "page of a login": Bad(say(401, PAGE), "api", ["HTTP 401", "web page", LEADS]),
    "other JSON": Bad(OTHER_JSON, "connection", [LEADS]),
    "other list": Bad(OTHER_JSON, "connection", [LEADS], task=a_list),
    "JSON list": Bad(say(200, [1]), "connection", [LEADS]),
    "nothing": Bad(say(200), "connection", [LEADS]),
    "no such file": Bad(say(404, b"404 page not found\n"), "api", [LEADS]),
    "another API": Bad(refused(404, "NotFound", "could not find the requested resource"), "api", [LEADS]),
    "wrong token": Bad(say(401, b"Unauthorized\n"), "api", WRONG_TOKEN),
    "no token": Bad(say(401, b"Unauthorized\n"), "api", WRONG_TOKEN, options={"apiserver_token": None}),
    "plain for TLS": Bad(
        say(400, b"Client sent an HTTP request to an HTTPS server.\n"), "api", ["the address begins with https://"]
    ),
    "cut": Bad(cut, "connection", ["it broke off", "KubeRay APIServer and us"], TRIES),
    "no answer": Bad(drop, "connection", ["apiserver_url is right", "reached from here"], TRIES),
    "redirection": Bad(say(302, Location=f"/login?t={TICKET}"), "api", ["HTTP 302 leads to /login", LEADS]),
    **{
        f"ingress {status}": Bad(gateway(status, title), "api", [f"HTTP {status}", repr(title), LEADS], TRIES)
        for status, title in GATEWAYS.items()
    },
    "empty 502": Bad(say(502, **NOW), "api", ["HTTP 502", "a gateway says so", "away or too slow"], TRIES),
    "no base path of a template": Bad(
        NO_ROUTE,
        "api",
        ["no /apis/v1alpha2", "apiserver_base_path", LEADS],
        task=a_template,
        options={"apiserver_base_path": "/apis/v1alpha2"},
    ),
    "redirection elsewhere": Bad(away, "api", ["HTTP 307 leads to http://localhost", "/sso, and is not", LEADS]),
    "nobody": Bad(
        drop, "connection", ["refused", "apiserver_url is right"], 0, options={"apiserver_url": "http://127.0.0.1:9"}
    ),
    "not trusted": Bad(
        drop, "connection", ["CERTIFICATE_VERIFY_FAILED", "apiserver_ca_cert"], 0, speaks="https", spoken_to="https"
    ),
    "TLS for plain": Bad(drop, "connection", ["does not speak TLS", "http://"], 0, spoken_to="https"),
}
# Contract 2.1: the statuses of gRPC's codes, and whether they may be others the next time.
CODES = {
    (400, 3): 1,
    (401, 16): 1,
    (403, 7): 1,
    (409, 6): 1,
    (409, 10): 1,
    (499, 1): 1,
    (500, 2): 1,
    (500, 13): 1,
    (501, 12): 1,
    (503, 14): TRIES,
    (504, 4): TRIES,
}
OWN: dict[str, dict[str, Bad]] = {
    V1: {
        **{
            f"code {number}": Bad(
                code(status, number, f"what {number} is"),
                "stale" if status == 409 else "api",
                [f"what {number} is"],
                asked,
            )
            for (status, number), asked in CODES.items()
        },
        "no base path": Bad(NO_ROUTE, "api", ["no /apis/v1 nor /apis/v1alpha2", LEADS, "ends before /apis"], 2),
        "another base path": Bad(
            NO_ROUTE,
            "api",
            ["no /apis/v1alpha2", "apiserver_base_path", LEADS],
            options={"apiserver_base_path": "/apis/v1alpha2"},
        ),
    },
    V2: {
        "no V2": Bad(NO_ROUTE, "api", ["from 1.4 on", "enable-api-server-v2", LEADS]),
        "token of a proxy": Bad(refused(401, "Unauthorized", "Unauthorized"), "api", WRONG_TOKEN),
        "token taken for nobody": Bad(
            refused(403, "Forbidden", 'User "system:anonymous" cannot list resource "rayclusters"'),
            "api",
            ["hands the Authorization header on", "apiserver_token", "'Bearer '"],
        ),
        "no right": Bad(
            refused(403, "Forbidden", 'User "system:serviceaccount:a:b" cannot list resource "rayclusters"'),
            "api",
            ["system:serviceaccount:a:b", "the APIServer's own account", "its role has to allow it"],
        ),
        "broken": Bad(refused(500, "InternalError", "etcdserver: no leader"), "api", ["etcdserver: no leader"], TRIES),
    },
}
READS = [(door, label) for door in DOORS for label in {**EVERYWHERE, **OWN[door]}]
# What a server says where there is no object of that name.
NONE_THERE = {
    V1: code(404, 5, f"Cluster {NAME} not found"),
    V2: say(200, {"apiVersion": "ray.io/v1", "metadata": {}, "items": []}),
}


@dataclass
class Heard:
    """What the tasks through each door told, and what the server of each was asked."""

    runs: dict[str, Run]
    servers: dict[tuple[str, str], Web]


def to(task: Json, door: str, url: str, **more: Any) -> Json:
    """The task through a door at this address."""
    (module,) = (key for key in task if key.startswith("kuberay.core."))
    way = {"api": door, "apiserver_url": url, "apiserver_token": TOKEN, "namespace": "ray", **more}
    return {**task, module: {**task[module], **way}}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory, lab: Lab) -> Iterator[Heard]:
    """A playbook through each door, with a task and a server for each bad answer; and one for a good one."""
    folder, pki = tmp_path_factory.mktemp("bad"), lab.layout.pki
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pki.crt("server"), pki.key("server"))
    contexts, plays, servers = {"http": None, "https": tls}, {}, {}
    with ExitStack() as stack:
        for door in DOORS:
            trusts = {"apiserver_ca_cert": str(pki.crt("ca"))}
            good = Bad(NONE_THERE[door], "", [], options=trusts, speaks="https", spoken_to="https")
            tasks = []
            for label, bad in {**EVERYWHERE, **OWN[door], "trusted": good}.items():
                server = servers[door, label] = stack.enter_context(web(bad.answer, tls=contexts[bad.speaks]))
                url = server.url.replace(bad.speaks, bad.spoken_to)
                wanted = GONE if bad is good else SIZED_CLUSTER
                tasks.append(to(bad.task(label, NAME, MAY_FAIL, wait=False, **wanted), door, url, **bad.options))
            plays[door] = Play(folder / door, tasks)
        yield Heard(side_by_side(plays), servers)


@pytest.mark.parametrize(("door", "label"), READS)
def test_what_is_no_answer_says_so_and_nothing_is_written(heard: Heard, door: str, label: str) -> None:
    bad, outcome = {**EVERYWHERE, **OWN[door]}[label], heard.runs[door][label]
    assert (outcome.status, outcome["error"]["kind"]) == ("failed", bad.kind), outcome
    assert not outcome.result.get("changed")
    for word in bad.words:
        assert word in outcome.message
    assert [one.method for one in heard.servers[door, label].requests] == ["GET"] * bad.asked


@pytest.mark.parametrize("door", DOORS)
def test_a_server_is_trusted_by_its_authority(heard: Heard, door: str) -> None:
    assert heard.runs[door]["trusted"].status == "ok", heard.runs[door]
    assert [one.headers["Authorization"] for one in heard.servers[door, "trusted"].requests] == [TOKEN]


@pytest.mark.parametrize("door", DOORS)
def test_no_answer_makes_a_traceback_or_shows_what_is_secret(heard: Heard, door: str) -> None:
    told = str(heard.runs[door])
    assert heard.runs[door].code == 0, told
    for unwanted in ("Traceback", TOKEN, TICKET):
        assert unwanted not in told + str(heard.runs[door].outcomes)


@pytest.fixture(scope="module")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Outcome, int]]]:
    """What became of a task that asked a server that takes connections and says nothing; and how often it asked."""
    folder = tmp_path_factory.mktemp("silence")
    with web(say(200)) as kubernetes, web(say(200)) as first, web(say(200)) as second:
        servers = {KUBERNETES: kubernetes, V1: first, V2: second}
        plays = {}
        for door, server in servers.items():
            server.answers = [server.hang]
            ask = to(manage("ask", NAME, MAY_FAIL, **GONE), door, server.url, host=server.url, api_key=TOKEN)
            plays[door] = Play(folder / door, [ask])
        runs = side_by_side(plays)
        yield {door: (runs[door]["ask"], len(server.requests)) for door, server in servers.items()}


@pytest.mark.parametrize("door", [KUBERNETES, *DOORS])
def test_a_server_that_says_nothing_is_left_when_the_time_of_a_request_is_over(
    silence: dict[str, tuple[Outcome, int]], door: str
) -> None:
    outcome, asked = silence[door]
    assert outcome["error"]["kind"] == "connection"
    assert "timed out" in outcome.message
    assert "can be reached" in outcome.message
    assert 1 < asked < 6
    assert outcome.ended - outcome.began < 150


# The Authorization header that a server's security proxy wants, and the one that a task sends: which of the two it is.
OF_PROXY, OF_KUBERNETES = "planted-proxy-token-35d1", "Bearer of Kubernetes"
TOKENS: dict[str, tuple[str, str, str, bool]] = {
    # V1 acts with the server's own account, and looks at no token.
    "V1 with that of the proxy": (V1, OF_PROXY, OF_PROXY, True),
    "V1 with none": (V1, OF_PROXY, "", False),
    "V1 with that of Kubernetes": (V1, OF_PROXY, OF_KUBERNETES, False),
    "V1 without a proxy": (V1, "", OF_KUBERNETES, True),
    "V2 with that of the proxy": (V2, OF_PROXY, OF_PROXY, False),
    "V2 with that of Kubernetes": (V2, OF_PROXY, OF_KUBERNETES, False),
    "V2 with that of a proxy that is not there": (V2, "", OF_PROXY, False),
    "V2 without a proxy": (V2, "", OF_KUBERNETES, True),
    "V2 where both want the same": (V2, OF_KUBERNETES, OF_KUBERNETES, True),
}


@pytest.fixture(scope="module")
def tokens(stage: Stage, lab: Lab) -> tuple[Run, str]:
    """What came of them, and what is the token of Kubernetes."""
    token = stage.room.account("able", {"rayclusters.ray.io": ["get", "list"]})
    real = {OF_KUBERNETES: f"Bearer {token}"}
    with ExitStack() as stack:
        servers = {
            wanted: stack.enter_context(recorded(front_of(lab, token=real.get(wanted, wanted), dropped=0).answer))
            for wanted in ("", OF_PROXY, OF_KUBERNETES)
        }
        run = stage.succeed(
            *(
                to(
                    manage(label, NAME, MAY_FAIL, **GONE),
                    door,
                    servers[wanted].url,
                    apiserver_token=real.get(sent, sent) or None,
                    namespace=stage.room.name,
                )
                for label, (door, wanted, sent, _works) in TOKENS.items()
            ),
            connection={},
        )
    return run, token


@pytest.mark.parametrize("label", TOKENS)
def test_a_token_of_somebody_else_is_told_with_who_wants_which(tokens: tuple[Run, str], label: str) -> None:
    *_, works = TOKENS[label]
    outcome = tokens[0][label]
    assert outcome.failed is not works, outcome
    if not works:
        assert outcome["error"]["status"] in (401, 403)
        for words in ("look at apiserver_token", "a security proxy wants its own alone", "after 'Bearer '", "take V1"):
            assert words in outcome.message
    assert outcome["changed"] is False


def test_no_token_is_shown(tokens: tuple[Run, str]) -> None:
    run, token = tokens
    for secret in (OF_PROXY, token):
        assert secret not in str(run) + str(run.outcomes)
