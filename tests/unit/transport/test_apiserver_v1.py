# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's APIServer V1 as a door: its requests, and answers that do not mean what they say."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, CRON_JOB, JOB, SERVICE, TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import seconds_of
from ansible_collections.kuberay.core.plugins.module_utils._transport import pace, session
from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver import load_apiserver_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v1 import ApiServerV1
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit import templates
from tests.unit.v1.server import sent_and_back
from tests.unit.v1.tasks import base, message, wish, with_option
from tests.unit.web import Web, drop, say, web

Json = dict[str, Any]
REF = Ref(CLUSTER, "ray", "demo")
PLACE = "/apis/v1/namespaces/ray/clusters"
ITEM = f"{PLACE}/demo"
OLD_ITEM = ITEM.replace("/apis/v1/", "/apis/v1alpha2/")
WISH = wish(CLUSTER, base(CLUSTER))
SAID = to_message(CLUSTER, WISH)
TOLD = sent_and_back(CLUSTER, SAID)


def _refused(status: int, code: int, text: str) -> Any:
    return say(status, {"code": code, "message": text})


GONE = _refused(404, 5, "Cluster demo not found: NotFoundError: Cluster demo not found")
UNKNOWN = _refused(404, 5, "Not Found")
EXISTS = _refused(500, 13, 'Internal Server Error: Create Cluster: rayclusters.ray.io "demo" already exists')


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.random, "uniform", lambda _low, _high: 0.02)


def _door(server: Web, warnings: list[str] | None = None, base_path: str = "auto") -> ApiServerV1:
    context = Context() if warnings is None else Context(warn=warnings.append)
    found = load_apiserver_credentials({"api": "apiserver_v1", "apiserver_url": server.url})
    return ApiServerV1(found, context, base_path)


def _sent(server: Web) -> list[tuple[str, str, Json]]:
    return [(one.method, one.path, one.query) for one in server.requests]


def test_reading_is_one_request_and_gives_a_resource() -> None:
    with web(say(200, TOLD)) as server:
        assert _door(server).read(REF) == to_resource(CLUSTER, TOLD)
    assert _sent(server) == [("GET", ITEM, {})]


def test_what_is_not_there_is_none() -> None:
    with web(GONE) as server:
        assert _door(server).read(REF) is None
    assert len(server.requests) == 1


def test_what_was_made_another_way_says_so_at_once() -> None:
    with (
        web(_refused(500, 2, "RayCluster with name demo not managed by kuberay-apiserver")) as server,
        pytest.raises(ApiError, match="made another way") as caught,
    ):
        _door(server).read(REF)
    assert caught.value.reason == "NotManaged"
    assert len(server.requests) == 1


@pytest.mark.parametrize("first", [drop, say(503), say(502, b"<html>")])
def test_a_read_is_repeated_where_the_server_itself_said_nothing(first: Any) -> None:
    with web(first, say(200, TOLD)) as server:
        assert _door(server).message(REF) == TOLD
    assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [drop, say(503, Retry_After="0")])
def test_a_read_is_repeated_no_more_often_than_through_any_door(answer: Any) -> None:
    with web(answer) as server, pytest.raises((ApiError, ConnectionFailed)):
        _door(server).read(REF)
    assert len(server.requests) == 5


def test_a_server_without_v1_says_so() -> None:
    told = "has no /apis/v1 nor /apis/v1alpha2: does apiserver_url lead to a KubeRay APIServer. apiserver_url ends"
    with web(UNKNOWN) as server, pytest.raises(ApiError, match=told):
        _door(server).read(REF)
    assert [path for _method, path, _query in _sent(server)] == [ITEM, OLD_ITEM]


def test_the_older_base_path_is_found_by_one_more_request_and_remembered() -> None:
    with web(UNKNOWN, say(200, TOLD), GONE) as server:
        door = _door(server)
        assert door.read(REF) == to_resource(CLUSTER, TOLD)
        assert door.read(REF) is None
    assert [path for _method, path, _query in _sent(server)] == [ITEM, OLD_ITEM, OLD_ITEM]


@pytest.mark.parametrize("first", [say(200, TOLD), GONE, _refused(500, 2, "no")])
def test_a_base_path_that_was_answered_is_not_left_again(first: Any) -> None:
    with web(first, UNKNOWN) as server:
        door = _door(server)
        with contextlib.suppress(ApiError):
            door.read(REF)
        with pytest.raises(ApiError, match="has no"):
            door.read(REF)
    assert [path for _method, path, _query in _sent(server)] == [ITEM, ITEM]


def test_a_base_path_that_was_named_is_the_only_one() -> None:
    with web(UNKNOWN) as server, pytest.raises(ApiError, match="/apis/v1alpha2: is apiserver_base_path right"):
        _door(server, base_path="/apis/v1alpha2").read(REF)
    assert [path for _method, path, _query in _sent(server)] == [OLD_ITEM]


@pytest.mark.parametrize(
    "answer",
    [
        say(
            404, {"kind": "Status", "reason": "NotFound", "message": "the server could not find the requested resource"}
        ),
        say(404, b"404 page not found"),
    ],
)
def test_the_404_of_another_server_is_no_missing_object(answer: Any) -> None:
    with web(answer) as server, pytest.raises(ApiError, match="lead to a KubeRay APIServer"):
        _door(server).read(REF)


@pytest.mark.parametrize("body", [[], 3, {"apiVersion": "v1", "kind": "APIGroupList"}])
def test_a_server_that_is_none_of_kuberays_is_told_apart(body: Any) -> None:
    with web(say(200, body)) as server, pytest.raises(ConnectionFailed, match="a KubeRay APIServer"):
        _door(server).read(REF)


@pytest.mark.parametrize(
    ("kind", "path", "queries", "rest"),
    [
        (CLUSTER, "clusters", ({"limit": "500"}, {"limit": "500", "continue": "x"}), "continue"),
        (JOB, "jobs", ({"limit": "500"}, {"limit": "500", "continue": "x"}), "continue"),
        (SERVICE, "services", ({"pageSize": "500"}, {"pageSize": "500", "pageToken": "x"}), "nextPageToken"),
    ],
)
def test_lists_come_page_by_page(kind: Any, path: str, queries: tuple[Json, ...], rest: str) -> None:
    told = sent_and_back(kind, message(kind, base(kind)))
    with web(say(200, {path: [told], rest: "x"}), say(200, {})) as server:
        assert list(_door(server).pages(Selection(kind))) == [[to_resource(kind, told)], []]
    assert _sent(server) == [("GET", f"/apis/v1/{path}", query) for query in queries]


@pytest.mark.parametrize("body", [{"hello": "world"}, {"items": []}])
def test_what_is_no_list_is_no_empty_list(body: Json) -> None:
    with web(say(200, body)) as server, pytest.raises(ConnectionFailed, match="no list of V1: does apiserver_url lead"):
        _door(server).page(Selection(CLUSTER), 1)


def test_templates_come_at_once() -> None:
    told = to_message(TEMPLATE, templates.desired())
    with web(say(200, {"computeTemplates": [told]})) as server:
        assert list(_door(server).pages(Selection(TEMPLATE, "ray"))) == [[templates.desired()]]
    assert _sent(server) == [("GET", "/apis/v1/namespaces/ray/compute_templates", {})]


@pytest.mark.parametrize("option", ["label_selector", "field_selector"])
def test_selectors_are_refused_before_anything_is_sent(option: str) -> None:
    with web(say(200, {})) as server, pytest.raises(OptionError, match=f"{option}s: "):
        list(_door(server).pages(Selection(CLUSTER, **{option: "a=b"})))
    assert server.requests == []


def test_a_kind_that_v1_does_not_have_is_refused_before_anything_is_sent() -> None:
    with web(say(200, {})) as server:
        door = _door(server)
        for ask in (lambda: door.read(Ref(CRON_JOB, "ray", "a")), lambda: list(door.pages(Selection(CRON_JOB)))):
            with pytest.raises(OptionError, match="RayCronJob"):
                ask()
    assert server.requests == []


def test_creating_is_one_post_of_the_message() -> None:
    with web(say(200, TOLD)) as server:
        assert _door(server).create(REF, WISH, dry_run=False) == to_resource(CLUSTER, TOLD)
    assert _sent(server) == [("POST", PLACE, {})]
    assert json.loads(server.requests[0].body) == SAID


def test_what_v1_cannot_do_is_refused_before_anything_is_sent() -> None:
    other = wish(CLUSTER, with_option(base(CLUSTER), "suspend", True))
    with web(say(200, TOLD)) as server:
        for ask in (_door(server).create, _door(server).replace):
            with pytest.raises(OptionError):
                ask(REF, other, dry_run=False)
    assert server.requests == []


def test_a_dry_run_sends_nothing_and_predicts_what_comes_back() -> None:
    with web(say(500)) as server:
        predicted = _door(server).create(REF, WISH, dry_run=True)
    assert server.requests == []
    made = to_resource(CLUSTER, TOLD)
    assert predicted["spec"] == made["spec"]


def test_a_taken_name_is_told_apart_from_other_failures() -> None:
    with web(EXISTS) as server, pytest.raises(AlreadyExists):
        _door(server).create(REF, WISH, dry_run=False)
    assert len(server.requests) == 1
    template = Ref(TEMPLATE, "ray", "big")
    taken = _refused(409, 6, "Compute template with name big already exists in namespace ray")
    with web(taken) as server, pytest.raises(AlreadyExists):
        _door(server).create(template, templates.desired(), dry_run=False)


def test_a_missing_template_or_namespace_is_named() -> None:
    missing = (
        "Internal Server Error: Failed to populate compute template: NotFoundError: Compute template small not found"
    )
    with web(_refused(500, 13, missing)) as server, pytest.raises(OptionError, match="no compute template 'small'"):
        _door(server).create(REF, WISH, dry_run=False)
    nowhere = 'Internal Server Error: namespaces "ray" not found'
    with web(_refused(500, 13, nowhere)) as server, pytest.raises(NotFound) as caught:
        _door(server).create(REF, WISH, dry_run=False)
    assert caught.value.details == {"kind": "namespaces", "name": "ray"}


def test_after_a_lost_answer_the_object_is_read_back() -> None:
    with web(drop, say(200, TOLD)) as server:
        assert _door(server).create(REF, WISH, dry_run=False) == to_resource(CLUSTER, TOLD)
    assert [one[0] for one in _sent(server)] == ["POST", "GET"]
    other = sent_and_back(CLUSTER, message(CLUSTER, with_option(base(CLUSTER), "head_group.image", "other")))
    for there in (GONE, say(200, other)):
        with web(drop, there) as server, pytest.raises(ConnectionFailed):
            _door(server).create(REF, WISH, dry_run=False)


def test_an_answer_to_a_write_that_is_about_something_else_is_read_back() -> None:
    with web(say(200, {"hello": "world"}), say(200, TOLD)) as server:
        assert _door(server).create(REF, WISH, dry_run=False) == to_resource(CLUSTER, TOLD)
    with web(say(200, {}), GONE) as server, pytest.raises(ConnectionFailed, match="no message of V1 about RayCluster"):
        _door(server).create(REF, WISH, dry_run=False)


def test_what_an_older_server_drops_is_warned_about() -> None:
    resource = wish(CLUSTER, with_option(base(CLUSTER), "head_group.image_pull_policy", "Always"))
    warnings: list[str] = []
    with web(say(200, TOLD)) as server:
        _door(server, warnings).create(REF, resource, dry_run=False)
    (warning,) = warnings
    assert "spec.headGroupSpec.template.spec.containers[ray-head].imagePullPolicy" in warning


def test_a_service_is_replaced_and_nothing_else_is() -> None:
    resource = wish(SERVICE, base(SERVICE))
    told = sent_and_back(SERVICE, to_message(SERVICE, resource))
    with web(say(200, told)) as server:
        door = _door(server)
        made = door.replace(Ref(SERVICE, "ray", "demo"), resource, dry_run=False)
        (wrote,) = made["metadata"].pop("managedFields")
        assert made == to_resource(SERVICE, told)
        assert abs(seconds_of(wrote["time"]) - time.time()) < 60
        assert door.replace(Ref(SERVICE, "ray", "demo"), resource, dry_run=True)["spec"]
        with pytest.raises(OptionError, match="changes no RayCluster"):
            door.replace(REF, WISH, dry_run=False)
    assert _sent(server) == [("PUT", "/apis/v1/namespaces/ray/services/demo", {})]
    assert json.loads(server.requests[0].body)["name"] == "demo"


@pytest.mark.parametrize(("answer", "was_there"), [(say(200, {}), True), (GONE, False)])
def test_deleting_is_one_request(answer: Any, was_there: bool) -> None:
    with web(answer) as server:
        assert _door(server).delete(REF, {}, dry_run=False) is was_there
    assert _sent(server) == [("DELETE", ITEM, {})]


def test_a_service_that_somebody_else_writes_to_is_stale() -> None:
    resource = wish(SERVICE, base(SERVICE))
    conflict = _refused(500, 13, "Internal Server Error: the object has been modified; please apply your changes")
    with web(conflict) as server, pytest.raises(Stale):
        _door(server).replace(Ref(SERVICE, "ray", "demo"), resource, dry_run=False)
    assert len(server.requests) == 1


def test_a_lost_answer_to_a_put_or_a_delete_is_looked_after() -> None:
    resource = wish(SERVICE, base(SERVICE))
    told = sent_and_back(SERVICE, to_message(SERVICE, resource))
    with web(drop, say(200, told)) as server:
        assert _door(server).replace(Ref(SERVICE, "ray", "demo"), resource, dry_run=False)["spec"]
    assert [one[0] for one in _sent(server)] == ["PUT", "GET"]
    with web(drop, GONE) as server:
        assert _door(server).delete(REF, {}, dry_run=False)
    with web(drop, say(200, TOLD)) as server, pytest.raises(ConnectionFailed):
        _door(server).delete(REF, {}, dry_run=False)


def test_a_delete_that_worked_in_spite_of_its_answer_is_one() -> None:
    gateway = say(504, b"<html>", Retry_After="0")
    with web(gateway, GONE) as server:
        assert _door(server).delete(REF, {}, dry_run=False)
    job = sent_and_back(JOB, message(JOB, base(JOB)))
    with web(gateway, say(200, {**job, "deleteAt": "2026-01-01T12:00:00Z"})) as server:
        assert _door(server).delete(Ref(JOB, "ray", "demo"), {}, dry_run=False)
    with web(gateway, say(200, TOLD)) as server, pytest.raises(ApiError, match="HTTP 504"):
        _door(server).delete(REF, {}, dry_run=False)
    with web(say(403, {"message": "no"})) as server, pytest.raises(ApiError):
        _door(server).delete(REF, {}, dry_run=False)
    assert [one[0] for one in _sent(server)] == ["DELETE"]


def test_jobs_of_the_oldest_servers_are_made_at_another_place() -> None:
    resource = wish(JOB, base(JOB))
    told = sent_and_back(JOB, to_message(JOB, resource))
    with web(_refused(501, 12, "Method Not Allowed"), say(200, told)) as server:
        _door(server).create(Ref(JOB, "ray", "demo"), resource, dry_run=False)
    assert _sent(server)[1] == ("POST", "/apis/v1/jobs", {"namespace": "ray"})


def test_what_v1_does_not_show_is_none() -> None:
    job = {"status": {"rayClusterName": "demo-x", "jobId": "demo-1"}}
    with web(say(200, {"log": "one\ntwo"}), _refused(500, 2, "cluster is not ready")) as server:
        door = _door(server)
        assert (door.pods(REF, {}), door.ways_in(REF, {}), door.serve_applications(REF, {})) == (None, None, None)
        assert door.job_log(Ref(JOB, "ray", "demo"), {}) is None
        assert door.job_log(Ref(JOB, "ray", "demo"), job) == "one\ntwo"
        assert door.job_log(Ref(JOB, "ray", "demo"), job) is None
        assert door.events(Ref(JOB, "ray", "demo")) is None
        with pytest.raises(OptionError, match="no patches"):
            door.patch(REF, [], dry_run=False)
    assert {one[1] for one in _sent(server)} == {"/apis/v1/namespaces/ray/jobsubmissions/demo-x/log/demo-1"}


def test_many_objects_are_seen_by_a_list_that_was_begun_after_our_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SOON_SECONDS", 0.01)
    told, changed = threading.Event(), threading.Event()

    def listed(_request: Any) -> Any:
        return say(200, {"clusters": [TOLD] if told.is_set() else []})(_request)

    with web(listed) as server:
        door = _door(server)
        watch = door.watch(changed.set)
        try:
            assert watch.snapshot(REF) is None
            assert changed.wait(5)
            assert watch.snapshot(REF) == {"object": [], "pods": None, "events": []}
            door._written[str(REF)] = time.monotonic() + 0.5
            assert watch.snapshot(REF) is None
            told.set()
            ends = time.monotonic() + 5
            while not (watch.snapshot(REF) or {}).get("object") and time.monotonic() < ends:
                time.sleep(0.01)
            assert (watch.snapshot(REF) or {})["object"] == [to_resource(CLUSTER, TOLD)]
        finally:
            watch.close()


def test_deleting_in_check_mode_only_looks() -> None:
    with web(say(200, TOLD)) as server:
        assert _door(server).delete(REF, {}, dry_run=True)
    assert [one[0] for one in _sent(server)] == ["GET"]


def test_a_compute_template_is_read_as_its_data() -> None:
    with web(say(200, to_message(TEMPLATE, templates.desired()))) as server:
        assert _door(server).compute_template("ray", "big") == templates.desired()["data"]
    with (
        web(_refused(404, 5, "Compute template big not found")) as server,
        pytest.raises(OptionError, match="no compute template 'big'"),
    ):
        _door(server).compute_template("ray", "big")
    with web(say(200, {"name": "big", "namespace": "ray"})) as server, pytest.raises(OptionError, match="names no cpu"):
        _door(server).compute_template("ray", "big")


def test_following_tells_each_change_and_beats_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SOON_SECONDS", 0.01)
    ready = {**TOLD, "clusterState": "ready"}
    with web(say(200, TOLD), say(200, TOLD), say(200, ready), GONE) as server:
        following = _door(server).follow(REF, Deadline.after(20))
        first, second, third, last = (next(following) for _turn in range(4))
    assert first == {"object": [to_resource(CLUSTER, TOLD)], "pods": None, "events": []}
    assert second is None
    assert third is not None
    assert third["object"] == [to_resource(CLUSTER, ready)]
    assert last == {"object": [], "pods": None, "events": []}


def test_following_ends_in_time_and_tells_no_events_of_a_job() -> None:
    told = sent_and_back(JOB, message(JOB, base(JOB)))
    with web(say(200, told)) as server:
        (only,) = _door(server).follow(Ref(JOB, "ray", "demo"), Deadline.after(0.2))
    assert only == {"object": [to_resource(JOB, told)], "pods": None, "events": None}


def test_events_come_with_the_object() -> None:
    event = {"id": "demo.1", "createdAt": "2026-01-01T12:00:00Z", "reason": "Created"}
    with web(say(200, {**TOLD, "events": [event]})) as server:
        assert [one["reason"] for one in _door(server).events(REF)] == ["Created"]
    with web(GONE) as server:
        assert _door(server).events(REF) == []


@pytest.mark.parametrize("body", [{}, {"status": "ok"}, {"name": "other"}])
def test_an_answer_about_something_else_is_no_object(body: Json) -> None:
    with web(say(200, body)) as server, pytest.raises(ConnectionFailed, match="no message of V1 about RayCluster ray/"):
        _door(server).read(REF)


def test_a_server_that_is_restarted_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SOON_SECONDS", 0.01)
    ready = {**TOLD, "clusterState": "ready"}
    away = [drop] * 6
    with web(say(200, TOLD), *away, say(500, {"code": 2, "message": "in trouble"}), say(200, ready)) as server:
        door = _door(server)
        seen = []
        for snapshot in door.follow(REF, Deadline.after(30)):
            seen += [(one.get("status") or {}).get("state") for one in (snapshot or {}).get("object") or []]
            if len(seen) == 2:
                break
    assert seen == [TOLD.get("clusterState"), "ready"]
    assert door.session.limit is None


@pytest.mark.parametrize("refused", [say(403, {"message": "no"}), say(401), say(500, {"message": "not managed by x"})])
def test_a_refusal_that_stays_ends_a_wait(refused: Any) -> None:
    with web(say(200, TOLD), refused) as server, pytest.raises(ApiError):
        for _snapshot in _door(server).follow(REF, Deadline.after(20)):
            pass
    assert len(server.requests) == 2
