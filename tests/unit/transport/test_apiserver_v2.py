# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V2 of an APIServer as a door: lists in place of what may be lost, and refusals that are asked for again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, CRON_JOB
from ansible_collections.kuberay.core.plugins.module_utils._transport import follow, pace, session
from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver import load_apiserver_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v2 import ApiServerV2
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref

from tests.unit.builders import cluster, desired, stored
from tests.unit.web import Web, drop, say, web

Json = dict[str, Any]
REF = Ref(CLUSTER, "ray", "demo")
PLACE = "/apis/ray.io/v1/namespaces/ray/rayclusters"
EVENTS = "/apis/events.k8s.io/v1/namespaces/{}/events"
OLD_EVENTS = "/api/v1/namespaces/{}/events"
WISH = stored(desired())
OF_V1 = say(404, {"code": 5, "message": "Not Found"})
REFUSED = say(422, {"reason": "Invalid", "message": "spec.x: wrong", "details": {"causes": []}})


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.random, "uniform", lambda _low, _high: 0.02)
    monkeypatch.setattr(pace, "SOON_SECONDS", 0.02)
    monkeypatch.setattr(follow, "_RETRY_SECONDS", 0.02)


def _door(server: Web, **options: Any) -> ApiServerV2:
    given = {"api": "apiserver_v2", "apiserver_url": server.url, **options}
    return ApiServerV2(load_apiserver_credentials(given), Context())


def _list(*items: Json) -> Any:
    return say(200, {"apiVersion": "ray.io/v1", "metadata": {}, "items": list(items)})


def _sent(server: Web) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in server.requests]


def test_reading_is_a_list_of_one_whose_answer_is_never_lost() -> None:
    bare = {part: value for part, value in cluster().items() if part not in ("apiVersion", "kind")}
    with web(_list(bare), _list()) as server:
        door = _door(server)
        assert door.read(REF) == cluster()
        assert door.read(REF) is None
    assert _sent(server) == [("GET", PLACE)] * 2
    assert server.requests[0].query == {"limit": "1", "fieldSelector": "metadata.name=demo"}


def test_a_create_that_was_sent_on_twice_is_ours() -> None:
    with web(say(409, {"reason": "AlreadyExists"}), _list(WISH)) as server:
        assert _door(server).create(REF, WISH, dry_run=False)["metadata"] == WISH["metadata"]
    assert [one.method for one in server.requests] == ["POST", "GET"]


@pytest.mark.parametrize("there", [_list(), _list(stored(desired(ray_version="2.52.0")))])
def test_what_somebody_else_made_meanwhile_is_theirs(there: Any) -> None:
    with web(say(409, {"reason": "AlreadyExists"}), there) as server, pytest.raises(AlreadyExists):
        _door(server).create(REF, {**WISH, "metadata": {**WISH["metadata"], "annotations": {"a": "b"}}}, dry_run=False)


BETWEEN = say(503, {"kind": "Status", "message": "error trying to reach service: EOF"})


@pytest.mark.parametrize("lost", [drop, BETWEEN])
def test_a_refusal_that_was_lost_is_asked_for_again_where_nothing_was_made(lost: Any) -> None:
    with web(lost, _list(), lost, _list(), REFUSED) as server, pytest.raises(ApiError, match=r"spec\.x: wrong"):
        _door(server).create(REF, WISH, dry_run=False)
    assert [one.method for one in server.requests] == ["POST", "GET", "POST", "GET", "POST"]


def test_a_server_that_never_answers_is_not_asked_for_ever() -> None:
    with web(*[drop, _list()] * 5, drop) as server, pytest.raises(ConnectionFailed):
        _door(server).create(REF, WISH, dry_run=False)
    assert [one.method for one in server.requests] == ["POST", "GET"] * 5


def test_dry_runs_get_through_by_the_url_only() -> None:
    """The Kubernetes API refuses them: ``dryRun is not supported`` for what it hands on to a Service."""
    with web(say(200)) as server:
        assert _door(server).dry_runs
        service = {"namespace": "a", "name": "b", "port": 1, "scheme": "http"}
        behind = load_apiserver_credentials({"host": server.url, "api_key": "t", "apiserver_service": service})
    assert not ApiServerV2(behind, Context()).dry_runs


def test_a_create_whose_answer_was_lost_is_read_back() -> None:
    with web(drop, _list(WISH)) as server:
        assert _door(server).create(REF, WISH, dry_run=False)["metadata"] == WISH["metadata"]


def test_a_dry_run_is_asked_for_again() -> None:
    with web(drop, REFUSED) as server, pytest.raises(ApiError, match=r"spec\.x: wrong"):
        _door(server).create(REF, WISH, dry_run=True)
    assert [one.query["dryRun"] for one in server.requests] == ["All"] * 2


def test_a_patch_whose_refusal_was_lost_is_told_stale_with_that() -> None:
    stale = say(422, {"reason": "Invalid", "message": "the server rejected our request"})
    with web(drop, stale) as server, pytest.raises(Stale) as refused:
        _door(server).patch(REF, [], dry_run=False)
    assert refused.value.unanswered


def test_pods_and_what_is_around_them_cannot_be_seen() -> None:
    with web(OF_V1) as server:
        door = _door(server)
        assert (door.pods(REF, WISH), door.ways_in(REF, WISH), door.pod_log("ray", "a", "b")) == (None, None, None)
    assert server.requests == []


def test_events_are_where_the_server_has_them() -> None:
    event = {"metadata": {"uid": "1"}, "note": "hello", "regarding": {"name": "demo"}}
    with web(_list(), _list(event)) as server:
        assert _door(server).events(REF) == [event]
    assert _sent(server) == [("GET", EVENTS.format("default")), ("GET", EVENTS.format("ray"))]
    assert server.requests[1].query == {"fieldSelector": "regarding.kind=RayCluster,regarding.name=demo"}


def test_events_of_an_older_server_are_told_in_the_same_words() -> None:
    old = {
        "metadata": {"uid": "1"},
        "message": "hello",
        "involvedObject": {"name": "demo"},
        "count": 2,
        "reason": "Some",
    }
    with web(OF_V1, _list(old)) as server:
        (event,) = _door(server).events(REF) or []
    assert event == {
        "metadata": {"uid": "1"},
        "note": "hello",
        "regarding": {"name": "demo"},
        "deprecatedCount": 2,
        "reason": "Some",
    }
    assert _sent(server)[1] == ("GET", OLD_EVENTS.format("ray"))
    assert server.requests[1].query == {"fieldSelector": "involvedObject.kind=RayCluster,involvedObject.name=demo"}


def test_an_object_is_looked_at_again_and_again() -> None:
    """The events' place, then the object and its events side by side; without pods, and without watches."""
    calls = {"objects": 0}

    def answer(handler: Any) -> None:
        if "/events" in handler.path:
            return say(200, {"metadata": {}, "items": []})(handler)
        calls["objects"] += 1
        version = "1" if calls["objects"] < 3 else "2"
        return _list({"metadata": {"uid": "u", "name": "demo", "resourceVersion": version}})(handler)

    with web(answer) as server:
        seen = []
        for snapshot in _door(server).follow(REF, Deadline.after(20)):
            if snapshot is not None:
                assert snapshot["pods"] is None
                seen.append(snapshot["object"][0]["metadata"]["resourceVersion"])
            if "2" in seen:
                break
    assert list(dict.fromkeys(seen)) == ["1", "2"]
    assert all("watch" not in one.query for one in server.requests)
    assert not any("/pods" in one.path for one in server.requests)


def test_a_compute_template_is_v1s() -> None:
    with web(say(200, {"name": "big", "namespace": "ray", "cpu": 2, "memory": 4})) as server:
        found = _door(server, apiserver_base_path="/apis/v1").compute_template("ray", "big")
    assert (found["cpu"], found["memory"]) == ("2", "4")
    assert _sent(server) == [("GET", "/apis/v1/namespaces/ray/compute_templates/big")]


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        (CLUSTER, OF_V1, "has V2 from 1.4 on"),
        (CLUSTER, say(404, {"kind": "Status", "message": "gone", "details": {}}), "install the KubeRay operator with"),
        (CRON_JOB, say(404, {"kind": "Status", "message": "gone", "details": {}}), "operator 1.6 or later"),
        (CLUSTER, say(404, b"404 page not found"), "has V2 from 1.4 on"),
    ],
)
def test_what_is_not_served_says_why(kind: Any, answer: Any, told: str) -> None:
    with web(answer) as server, pytest.raises(ApiError, match=told):
        _door(server).read(Ref(kind, "ray", "demo"))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (say(401, b"Unauthorized\n"), "look at apiserver_token: a security proxy wants its own alone"),
        (say(403, {"message": 'User "system:anonymous" cannot list'}), "V2 hands the Authorization header on"),
        (say(403, {"message": 'User "system:serviceaccount:a:b" cannot list'}), "the APIServer's own account"),
        (say(200, b"<html><title>Login</title>"), "'Login'; does apiserver_url lead to a KubeRay APIServer"),
        (say(200, {"hello": "world"}), "not a Kubernetes list: does apiserver_url lead to a KubeRay APIServer"),
        (say(200, []), "not a Kubernetes list"),
        (say(307, b"", Location="https://elsewhere/login?ticket=1"), "leads to https://elsewhere/login, and is not"),
        (
            say(502, b"<html><title>Bad Gateway</title>"),
            "a web page, 'Bad Gateway'; does apiserver_url lead to a KubeRay APIServer",
        ),
    ],
)
def test_an_answer_of_somebody_else_is_told_apart(answer: Any, told: str) -> None:
    with web(answer) as server, pytest.raises((ApiError, ConnectionFailed), match=told):
        _door(server).read(REF)


def test_a_token_is_sent_as_it_stands() -> None:
    with web(_list()) as server:
        _door(server, apiserver_token="secret").read(REF)
        _door(server, apiserver_token="Bearer of news").read(REF)
        _door(server).read(REF)
    assert [one.headers["Authorization"] for one in server.requests] == ["secret", "Bearer of news", None]


def test_a_post_is_json() -> None:
    """V2 looks for compute templates in what it is sent, and refuses what it cannot read."""
    with web(say(201, WISH)) as server:
        _door(server).create(REF, WISH, dry_run=False)
    assert server.requests[0].headers["Content-Type"] == "application/json"
    assert json.loads(server.requests[0].body)["kind"] == "RayCluster"
