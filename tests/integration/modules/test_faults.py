# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the wire and others do to a task meanwhile: lost answers, a busy server, a write between our read and ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.integration.modules.room import Stage, outside_the_wait, written
from tests.integration.modules.words import MAY_FAIL, group, manage, wish
from tests.integration.wire import Answer, Drop, Fault, Request, Wire

BUSY: Answer = (503, {"Retry-After": "0", "Content-Type": "text/plain"}, b"busy")


@contextmanager
def faulty(wire: Wire, fault: Fault) -> Iterator[None]:
    wire.fault = fault
    try:
        yield
    finally:
        wire.fault = None


def times(count: int, method: str, do: Callable[[Callable[[], Answer]], Answer | None]) -> Fault:
    """A fault of the first requests of a method that are about RayClusters."""
    left = [count]

    def fault(request: Request, ask: Callable[[], Answer]) -> Answer | None:
        if request.method != method or request.kind != "rayclusters" or not left[0]:
            return None
        left[0] -= 1
        return do(ask)

    return fault


def lose(ask: Callable[[], Answer]) -> Answer:
    """The server does it, and nobody hears of it."""
    ask()
    raise Drop


def test_a_create_whose_answer_is_lost_is_read_back_and_not_repeated(stage: Stage) -> None:
    with faulty(stage.wire, times(1, "POST", lose)):
        run = stage.succeed(manage("make", "lost", wait=False, **wish()))
    assert (run["make"]["action"], run["make"]["changed"]) == ("create", True)
    assert outside_the_wait(stage.requests(run, "make")) == ["GET rayclusters", "POST rayclusters", "GET rayclusters"]
    assert run["make"]["cluster"]["uid"] == stage.room.get("lost")["metadata"]["uid"]


def test_a_delete_whose_answer_is_lost_is_repeated_without_harm(stage: Stage) -> None:
    stage.succeed(manage("make", "leaving", wait=False, **wish()))
    with faulty(stage.wire, times(1, "DELETE", lose)):
        run = stage.succeed(manage("delete", "leaving", state="absent"))
    assert run["delete"]["action"] == "delete"
    assert stage.room.get("leaving") is None


def test_a_busy_server_is_asked_again(stage: Stage) -> None:
    with faulty(stage.wire, times(2, "GET", lambda ask: BUSY)):
        run = stage.succeed(manage("absent", "nobody", state="absent"))
    assert [one.status for one in stage.requests(run, "absent")] == [503, 503, 404]


def test_a_server_that_stays_busy_fails_the_task_with_its_words(stage: Stage) -> None:
    with faulty(stage.wire, times(99, "GET", lambda ask: BUSY)):
        run = stage.succeed(manage("absent", "nobody", MAY_FAIL, state="absent"))
    outcome = run["absent"]
    assert (outcome.status, outcome["error"]["status"], outcome["changed"]) == ("failed", 503, False)
    assert f"Reading RayCluster {stage.room.name}/nobody" in outcome.message


@pytest.mark.parametrize("times_stale", [1, 3])
def test_a_write_between_our_read_and_ours_is_planned_anew(stage: Stage, times_stale: int) -> None:
    name = f"raced-{times_stale}"
    stage.succeed(manage("make", name, wait=False, **wish(group("small"))))

    def race(ask: Callable[[], Answer]) -> None:
        """Somebody else is faster: the generation that our patch is guarded by is gone."""
        generation = str(stage.room.get(name)["metadata"]["generation"])
        stage.room.patch(name, {"op": "add", "path": "/spec/headGroupSpec/rayStartParams/theirs", "value": generation})

    with faulty(stage.wire, times(times_stale, "PATCH", race)):
        run = stage.succeed(manage("scale", name, wait=False, **wish(group("small", 2))))
    requests = stage.requests(run, "scale")
    assert outside_the_wait(requests) == ["GET rayclusters", "PATCH rayclusters"] * (times_stale + 1)
    assert len(written(requests)) == 1
    assert run["scale"]["reasons"] == [{"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 2}]
    live = stage.room.get(name)["spec"]
    assert (live["workerGroupSpecs"][0]["replicas"], list(live["headGroupSpec"]["rayStartParams"])) == (2, ["theirs"])


def test_a_patch_whose_answer_is_lost_is_told_as_the_change_that_it_was(stage: Stage) -> None:
    stage.succeed(manage("make", "unheard", wait=False, **wish(group("small"))))
    with faulty(stage.wire, times(1, "PATCH", lose)):
        run = stage.succeed(manage("scale", "unheard", wait=False, **wish(group("small", 2))))
    assert (run["scale"]["action"], run["scale"]["changed"]) == ("patch", True)
    assert run["scale"]["reasons"] == [{"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 2}]
    assert len(written(stage.requests(run, "scale"))) == 1


def test_labels_that_come_between_our_read_and_our_first_ones_stay(stage: Stage) -> None:
    name = "labelled-meanwhile"
    stage.succeed(manage("make", name, wait=False, **wish()))

    def race(ask: Callable[[], Answer]) -> None:
        stage.room.patch(name, {"op": "add", "path": "/metadata/labels", "value": {"theirs": "1"}})

    with faulty(stage.wire, times(1, "PATCH", race)):
        stage.succeed(manage("label", name, wait=False, labels={"ours": "1"}, **wish()))
    assert stage.room.get(name)["metadata"]["labels"] == {"theirs": "1", "ours": "1"}
