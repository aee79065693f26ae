# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may come between many objects and their end: others who write, missing rights, a time that is up, a kill."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.modules.room import WAYS, Room, Stage, new_room, written
from tests.integration.modules.words import MAY_FAIL, SLOW_START, apply, manifest
from tests.integration.patience import SECONDS
from tests.integration.wire import Answer, Drop, Fault, Request
from tests.lab.api import Api
from tests.lab.processes import wait_until

Json = dict[str, Any]
# The operator leaves such clusters alone.
NOBODYS = "kueue.x-k8s.io/multikueue"


def idle(name: str, **metadata: Any) -> Json:
    """A cluster without pods."""
    thing = manifest(name, "small", **metadata)
    thing["spec"]["managedBy"] = NOBODYS
    return thing


def labelled(thing: Json) -> Json:
    return {**thing, "metadata": {**thing["metadata"], "labels": {"ours": "1"}}}


@pytest.fixture
def faulty(stage: Stage) -> Iterator[Callable[[Fault], None]]:
    """Sets the wire's fault, until the test is over."""
    yield lambda fault: setattr(stage.wire, "fault", fault)
    stage.wire.fault = None


def test_what_others_write_between_the_list_and_our_write_is_planned_anew(
    stage: Stage, faulty: Callable[[Fault], None]
) -> None:
    many = [idle(f"raced-{number}") for number in range(4)]
    stage.succeed(apply("make", *many, wait=False))
    left = {"raced-1", "raced-2", "raced-new"}

    def race(request: Request, _ask: Callable[[], Answer]) -> None:
        name = (
            request.path.rpartition("/")[2]
            if request.method == "PATCH"
            else (request.body or {}).get("metadata", {}).get("name")
        )
        if request.mutating and name in left:
            left.discard(name)
            if name == "raced-new":
                stage.room.create("rayclusters", idle("raced-new", labels={"theirs": "1"}))
            else:
                stage.room.patch(name, {"op": "add", "path": "/metadata/labels", "value": {"theirs": "1"}})

    faulty(race)
    run = stage.succeed(apply("label", *map(labelled, [*many, idle("raced-new")]), wait=False))
    assert {one["action"] for one in run["label"]["results"]} == {"patch"}
    for name in ("raced-1", "raced-2", "raced-new"):
        assert stage.room.get(name)["metadata"]["labels"] == {"theirs": "1", "ours": "1"}, name
    # Whoever reads again asks the server.
    reads = [one for one in stage.requests(run, "label") if one.method == "GET"]
    assert sorted(one.path.rpartition("/")[2] for one in reads) == ["raced-1", "raced-2", "raced-new", "rayclusters"]


@pytest.fixture
def elsewhere(lab_api: Api) -> Iterator[Room]:
    """Another namespace."""
    with new_room(lab_api) as own:
        yield own


@pytest.mark.parametrize("way", WAYS)
def test_a_namespace_without_rights_fails_by_itself(stage: Stage, elsewhere: Room, way: str) -> None:
    account = f"here-{way.split()[0]}"
    token = stage.room.account(account, {"rayclusters.ray.io": ["get", "list", "create", "patch"]})
    there = [idle(f"there-{number}", namespace=elsewhere.name) for number in range(2)]
    here = [idle(f"{account}-{number}") for number in range(2)]
    connection = {"host": stage.wire.url, "api_key": token, "namespace": stage.room.name}
    run = stage.succeed(apply("make", *there, *here, wait=False, keywords=MAY_FAIL), way=way, connection=connection)
    results = run["make"]["results"]
    assert [(one["error"] or {}).get("status") for one in results] == [403, 403, None, None]
    assert f"Reading RayCluster {elsewhere.name}/there-0" in results[0]["error"]["message"]
    assert [one["action"] for one in results[2:]] == ["create", "create"]


def test_who_may_not_list_reads_one_by_one(stage: Stage) -> None:
    token = stage.room.account("no-list", {"rayclusters.ray.io": ["get", "create"]})
    connection = {"host": stage.wire.url, "api_key": token, "namespace": stage.room.name}
    many = [idle(f"alone-{number}") for number in range(3)]
    run = stage.succeed(apply("make", *many, wait=False), apply("again", *many, wait=False), connection=connection)
    assert (run["make"]["counts"]["create"], run["again"]["counts"]["none"]) == (3, 3)


def test_a_kind_that_is_not_served_fails_by_itself(stage: Stage, faulty: Callable[[Fault], None]) -> None:
    """As where the CRDs of an older KubeRay are installed."""
    page: Answer = (404, {"Content-Type": "text/plain"}, b"404 page not found")
    faulty(lambda request, _ask: page if request.kind == "rayjobs" else None)
    jobs = [
        {"kind": "RayJob", "metadata": {"name": f"job-{number}"}, "spec": {"entrypoint": "x"}} for number in range(2)
    ]
    run = stage.succeed(apply("make", *jobs, idle("beside-jobs"), wait=False, keywords=MAY_FAIL))
    assert [(one["error"] or {}).get("reason") for one in run["make"]["results"]] == ["NoSuchKind", "NoSuchKind", None]
    assert len([one for one in stage.requests(run, "make") if one.kind == "rayjobs"]) == 1


def test_a_server_that_is_not_there_is_not_asked_for_every_object(stage: Stage) -> None:
    many = [idle(f"lost-{number}") for number in range(30)]
    connection = {"host": "http://127.0.0.1:9", "api_key": "x", "namespace": "ray"}
    run = stage.succeed(apply("make", *many, keywords={**MAY_FAIL, "timeout": 100}), connection=connection)
    assert "no usable answer from http://127.0.0.1:9" in run["make"].message


def test_after_some_writes_without_an_answer_the_others_are_not_tried(
    stage: Stage, faulty: Callable[[Fault], None]
) -> None:
    def lose(request: Request, _ask: Callable[[], Answer]) -> None:
        if request.method == "POST":
            raise Drop

    faulty(lose)
    many = [idle(f"dropped-{number}") for number in range(12)]
    run = stage.succeed(apply("make", *many, wait=False, parallel=1, keywords=MAY_FAIL))
    assert [one["error"]["kind"] for one in run["make"]["results"]] == ["connection"] * 3 + ["stopped"] * 9
    assert "there was no connection for 3 objects in a row" in run["make"]["results"][-1]["error"]["message"]


@pytest.mark.parametrize("way", WAYS)
def test_a_task_whose_time_is_up_ends_at_once_and_writes_no_more(
    stage: Stage, faulty: Callable[[Fault], None], way: str
) -> None:
    name, slow = f"timed-{way.split()[0]}", threading.Event()
    many = [idle(f"{name}-{number}") for number in range(8)]

    def fault(request: Request, _ask: Callable[[], Answer]) -> None:
        if request.method == "POST" and request.body["metadata"]["name"].startswith(name):
            slow.wait(60)

    faulty(fault)
    play = stage.prepare([apply("make", *many, wait=False, parallel=2, keywords={**MAY_FAIL, "timeout": 12})], way)
    run = play.run()
    slow.set()
    outcome = run["make"]
    assert outcome.status == "failed"
    assert outcome.ended - outcome.began < 60
    assert wait_until(lambda: not play.processes(), SECONDS), play.processes()
    made = [one for one in stage.requests(run, "make") if one.method == "POST"]
    assert 0 < len(made) < 8
    assert not [one for one in stage.wire.requests if one.at > outcome.ended and name in str(one.body)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_killed_run_is_ended_by_the_next(
    stage: Stage, faulty: Callable[[Fault], None], way: str, how: signal.Signals
) -> None:
    name = f"{how.name.lower()}-{way.split()[0]}"
    many = [idle(f"{name}-{number}") for number in range(6)]
    reached, released, posts = threading.Event(), threading.Event(), [0]

    def hold(request: Request, _ask: Callable[[], Answer]) -> None:
        if request.method == "POST" and request.body["metadata"]["name"].startswith(name):
            posts[0] += 1
            if posts[0] == 3:
                reached.set()
                released.wait(2 * SECONDS)
                raise Drop

    faulty(hold)
    play = stage.prepare([apply("make", *many, wait=False, parallel=1)], way)
    process = play.start()
    try:
        assert reached.wait(SECONDS), "the third write did not come"
        (os.kill if how == signal.SIGKILL else os.killpg)(process.pid, how)
        assert wait_until(lambda: process.poll() is not None and not play.processes(), SECONDS), play.processes()
    finally:
        released.set()
        if process.poll() is None:
            process.kill()
        process.wait()
    assert posts[0] == 3
    stage.wire.fault = None
    run = stage.succeed(apply("again", *many, wait=False), apply("unchanged", *many, wait=False), way=way)
    assert {action: count for action, count in run["again"]["counts"].items() if count} == {"none": 2, "create": 4}
    assert run["unchanged"]["changed"] is False


def test_waits_end_each_in_its_own_time(stage: Stage) -> None:
    slow = manifest("waits-slow", "small")
    slow["spec"]["headGroupSpec"]["template"]["metadata"] = {"annotations": SLOW_START}
    run = stage.succeed(apply("make", slow, manifest("waits-quick", "small"), wait_timeout=30, keywords=MAY_FAIL))
    late, quick = run["make"]["results"]
    assert (late["error"]["kind"], late["changed"], late["cluster"]["state"]) == ("wait_timeout", True, "provisioning")
    assert (quick["error"], quick["cluster"]["state"]) == (None, "ready")


def test_recreated_and_drained_ones_take_their_turns(stage: Stage) -> None:
    many = [manifest(f"turns-{number}", "small", "gone") for number in range(3)]
    stage.succeed(apply("make", *many))
    for one in many:
        one["spec"]["workerGroupSpecs"].pop()
    many[0]["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["image"] = "rayproject/ray:2.53.0"
    run = stage.succeed(apply("change", *many, recreate="when_needed", parallel=2))
    assert [one["action"] for one in run["change"]["results"]] == ["recreate", "patch", "patch"]
    for number in range(3):
        assert stage.room.pods(f"turns-{number}", "gone") == {}
    assert len(written(stage.requests(run, "change"))) == 2 + 2 * 2
