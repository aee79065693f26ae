# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes API as a door: one request an operation, and answers that are not what they seem."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._transport import session
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubernetes import KubernetesTransport

from tests.unit.builders import cluster, desired, stored
from tests.unit.web import Web, cut, drop, say, web

Json = dict[str, Any]
REF = Ref(CLUSTER, "ray", "demo")
ITEM = "/apis/ray.io/v1/namespaces/ray/rayclusters/demo"
LIVE = cluster()
GONE = say(404, {"reason": "NotFound", "message": "no demo", "details": {"name": "demo"}})


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.random, "uniform", lambda _low, _high: 0.02)


def _door(server: Web) -> KubernetesTransport:
    return KubernetesTransport(Credentials(server.url, None, lambda: None), Context())


def _sent(server: Web) -> list[tuple[str, str, Json]]:
    return [(one.method, one.path, one.query) for one in server.requests]


def test_reading_is_one_request() -> None:
    with web(say(200, LIVE)) as server:
        assert _door(server).read(REF) == LIVE
    assert _sent(server) == [("GET", ITEM, {})]


def test_an_object_that_is_not_there_is_none() -> None:
    with web(GONE) as server:
        assert _door(server).read(REF) is None


@pytest.mark.parametrize("body", [b"404 page not found", {"reason": "NotFound", "details": {}}])
def test_a_server_without_the_kind_says_to_install_the_operator(body: Any) -> None:
    with web(say(404, body)) as server, pytest.raises(ApiError, match="install the KubeRay operator"):
        _door(server).read(REF)


@pytest.mark.parametrize("body", [{"hello": "world"}, [], 3])
def test_a_server_that_is_not_kubernetes_is_told_apart(body: Any) -> None:
    with web(say(200, body)) as server, pytest.raises(ConnectionFailed, match="lead to a Kubernetes API server"):
        _door(server).read(REF)


def test_a_list_comes_page_by_page_with_the_kind_of_its_items() -> None:
    first = {"apiVersion": "ray.io/v1", "metadata": {"continue": "more"}, "items": [{"metadata": {"name": "a"}}]}
    second = {"apiVersion": "ray.io/v1", "metadata": {}, "items": [{"metadata": {"name": "b"}}]}
    with web(say(200, first), say(200, second)) as server:
        pages = list(_door(server).pages(Selection(CLUSTER, None, "a=b", "c=d")))
    assert [[(item["kind"], item["metadata"]["name"]) for item in page] for page in pages] == [
        [("RayCluster", "a")],
        [("RayCluster", "b")],
    ]
    path, query = "/apis/ray.io/v1/rayclusters", {"limit": "500", "labelSelector": "a=b", "fieldSelector": "c=d"}
    assert _sent(server) == [("GET", path, query), ("GET", path, {**query, "continue": "more"})]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_write_is_strict_and_a_dry_run_only_in_check_mode(dry_run: bool) -> None:
    with web(say(200, LIVE)) as server:
        door = _door(server)
        door.create(REF, LIVE, dry_run=dry_run)
        door.patch(REF, [], dry_run=dry_run)
        door.delete(REF, {"propagationPolicy": "Foreground"}, dry_run=dry_run)
    dry = {"dryRun": "All"} if dry_run else {}
    assert _sent(server) == [
        ("POST", ITEM.rsplit("/", 1)[0], {"fieldValidation": "Strict", **dry}),
        ("PATCH", ITEM, {"fieldValidation": "Strict", **dry}),
        ("DELETE", ITEM, {}),
    ]
    # A server that gets options in the body does not look at the query.
    deletion = json.loads(server.requests[2].body)
    assert deletion["propagationPolicy"] == "Foreground"
    assert deletion.get("dryRun") == (["All"] if dry_run else None)


@pytest.mark.parametrize("lost", [drop, cut, say(500), say(504)])
def test_a_create_whose_answer_was_lost_is_read_back(lost: Any) -> None:
    made = stored(desired())
    with web(lost, say(200, made)) as server:
        assert _door(server).create(REF, made, dry_run=False) == made
    assert [request.method for request in server.requests] == ["POST", "GET"]


@pytest.mark.parametrize("found", [GONE, say(200, LIVE)])
def test_a_lost_create_that_took_no_effect_is_an_error(found: Any) -> None:
    with web(drop, found) as server, pytest.raises(ConnectionFailed):
        _door(server).create(REF, stored(desired()), dry_run=False)
    assert [request.method for request in server.requests] == ["POST", "GET"]


def test_a_create_that_somebody_was_faster_with_says_so() -> None:
    with web(say(409, {"reason": "AlreadyExists"})) as server, pytest.raises(AlreadyExists):
        _door(server).create(REF, LIVE, dry_run=False)


def test_a_patch_whose_test_failed_is_stale() -> None:
    with (
        web(say(422, {"reason": "Invalid", "message": "the server rejected our request"})) as server,
        pytest.raises(Stale),
    ):
        _door(server).patch(REF, [], dry_run=False)


def test_a_patch_with_a_wrong_value_is_not_stale() -> None:
    body = {"reason": "Invalid", "message": "spec.x: wrong", "details": {"causes": []}}
    with web(say(422, body)) as server, pytest.raises(ApiError, match="wrong") as refused:
        _door(server).patch(REF, [], dry_run=False)
    assert not isinstance(refused.value, Stale)


def test_deleting_what_is_gone_is_no_error() -> None:
    with web(say(200, {})) as server:
        assert _door(server).delete(REF, {}, dry_run=False) is True
        server.answers = [GONE]
        assert _door(server).delete(REF, {}, dry_run=False) is False


def test_a_compute_template_is_the_data_of_its_config_map() -> None:
    labels = {"ray.io/config-type": "compute-template"}
    with web(say(200, {"metadata": {"labels": labels}, "data": {"cpu": "1"}})) as server:
        assert _door(server).compute_template("ray", "big") == {"cpu": "1"}
    assert _sent(server) == [("GET", "/api/v1/namespaces/ray/configmaps/big", {})]


@pytest.mark.parametrize(
    ("answer", "told"),
    [(say(404, {}), "no compute template 'big'"), (say(200, {"metadata": {}}), "is not a compute template")],
)
def test_a_compute_template_that_is_none_is_named(answer: Any, told: str) -> None:
    with web(answer) as server, pytest.raises(OptionError, match=told):
        _door(server).compute_template("ray", "big")


def test_a_compute_template_that_may_not_be_read_is_named() -> None:
    forbidden = say(403, {"message": "forbidden"})
    with web(forbidden) as server, pytest.raises(ApiError, match=r"^Reading the compute template ray/big through kub"):
        _door(server).compute_template("ray", "big")


def test_a_namespace_that_is_not_there_is_not_found() -> None:
    body = {"reason": "NotFound", "details": {"kind": "namespaces", "name": "ray"}}
    with web(say(404, body)) as server, pytest.raises(NotFound) as missing:
        _door(server).create(REF, LIVE, dry_run=True)
    assert missing.value.details["kind"] == "namespaces"


OLD = "/apis/ray.io/v1alpha1/namespaces/ray/rayclusters"
NO_KIND = say(404, b"404 page not found")


def _old_door(server: Web) -> KubernetesTransport:
    return KubernetesTransport(Credentials(server.url, None, lambda: None), Context(), "ray.io/v1alpha1")


def test_the_older_version_is_used_only_where_the_newer_is_not_served() -> None:
    with web(say(200, LIVE)) as server:
        _old_door(server).read(REF)
    assert _sent(server) == [("GET", ITEM, {})]
    with web(NO_KIND, GONE, say(201, LIVE)) as server:
        door = _old_door(server)
        assert door.read(REF) is None
        door.create(REF, LIVE, dry_run=False)
    assert [path for _method, path, _query in _sent(server)] == [ITEM, f"{OLD}/demo", OLD]
    assert json.loads(server.requests[2].body)["apiVersion"] == "ray.io/v1alpha1"


def test_a_list_steps_back_to_the_older_version_too() -> None:
    with web(NO_KIND, say(200, {"metadata": {}, "items": []})) as server:
        assert list(_old_door(server).pages(Selection(CLUSTER, "ray"))) == [[]]
    assert [path for _method, path, _query in _sent(server)] == [ITEM.rsplit("/", 1)[0], OLD]


def test_a_server_with_neither_version_is_told_apart() -> None:
    with web(NO_KIND) as server, pytest.raises(ApiError, match=r"does not serve ray\.io/v1alpha1"):
        _old_door(server).read(REF)
    with web(NO_KIND) as server, pytest.raises(ApiError, match=r"does not serve ray\.io/v1 "):
        list(_door(server).pages(Selection(CLUSTER, "ray")))


def test_a_kind_of_the_core_has_the_cores_path_and_version() -> None:
    ref, thing = Ref(TEMPLATE, "ray", "big"), {"metadata": {"name": "big"}, "items": []}
    with web(say(200, thing)) as server:
        door = _old_door(server)
        door.read(ref)
        door.create(ref, thing, dry_run=False)
        list(door.pages(Selection(TEMPLATE)))
    collection = "/api/v1/namespaces/ray/configmaps"
    assert [one.path for one in server.requests] == [f"{collection}/big", collection, "/api/v1/configmaps"]
    assert json.loads(server.requests[1].body)["apiVersion"] == "v1"


def test_a_server_without_the_core_is_not_asked_for_an_older_one() -> None:
    with web(NO_KIND) as server, pytest.raises(ApiError, match="does not serve v1 configmaps: is it one at all"):
        _old_door(server).read(Ref(TEMPLATE, "ray", "big"))
    assert len(server.requests) == 1


PROXY = "/api/v1/namespaces/ray/services/demo-head-svc:8265/proxy/api/version"
NO_ENDPOINTS = {"kind": "Status", "status": "Failure", "reason": "ServiceUnavailable", "message": "no endpoints"}


@pytest.mark.parametrize(
    ("answer", "answers"),
    [
        (say(200, {"version": "4"}), True),
        (say(200, b"<html>"), True),
        (say(401, b"Unauthorized: token needed"), True),
        (say(404, b"404: Not Found"), True),
        (say(404, b"kuberay service not found\n"), False),
        (say(502, b"bad gateway"), False),
        (say(503, NO_ENDPOINTS), False),
        (say(404, {**NO_ENDPOINTS, "reason": "NotFound"}), False),
        (drop, False),
    ],
)
def test_a_dashboard_answers_when_it_is_not_the_api_server_that_speaks(answer: Any, answers: bool) -> None:
    with web(answer) as server:
        assert _door(server).dashboard_answers(REF, LIVE) is answers
    assert _sent(server) == [("GET", PROXY, {})]


def test_who_may_not_ask_a_dashboard_is_told() -> None:
    forbidden = {"kind": "Status", "reason": "Forbidden", "message": "cannot get services/proxy"}
    with web(say(403, forbidden)) as server, pytest.raises(ApiError, match="services/proxy"):
        _door(server).dashboard_answers(REF, LIVE)


def test_a_head_without_a_dashboard_cannot_be_waited_for() -> None:
    live = cluster()
    live["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["ports"] = [{"name": "x", "containerPort": 1}]
    with web(GONE) as server, pytest.raises(OptionError, match="wait_for: the head of RayCluster ray/demo"):
        _door(server).dashboard_answers(REF, live)


def test_ways_in_are_the_service_and_where_it_is_wanted_an_ingress_or_a_route() -> None:
    wanted = cluster()
    wanted["spec"]["headGroupSpec"]["enableIngress"] = True
    with web(say(200, {"spec": 1})) as server:
        assert _door(server).ways_in(REF, LIVE) == {"service": {"spec": 1}}
    with web(say(200, {"spec": 1}), say(404), say(200, {"spec": 2})) as server:
        found = _door(server).ways_in(REF, wanted)
    assert found == {"service": {"spec": 1}, "ingress": None, "route": {"spec": 2}}
    assert [path.split("/namespaces/ray/")[1] for _method, path, _query in _sent(server)] == [
        "services/demo-head-svc",
        "ingresses/demo-head-ingress",
        "routes/demo-head-route",
    ]
