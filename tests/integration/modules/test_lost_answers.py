# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the answer to a write through an APIServer: lost on its way, cut, or another one. Nothing is done
twice, what was done is told as done, and what was not is told as that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from tests.integration.apiserver_harness import client_of
from tests.integration.modules.door import passed_on, recorded
from tests.integration.modules.room import Stage, new_room
from tests.integration.modules.words import (
    MAY_FAIL,
    NO_IMAGE,
    SIZED_CLUSTER,
    SIZED_HEAD,
    greets,
    job,
    manage,
    manage_template,
    service,
)
from tests.integration.playbook import Run, side_by_side
from tests.integration.wire import MUTATING
from tests.lab.api import Api
from tests.lab.apiserver.web import Answer, Dropped, Reply, Request
from tests.lab.lab import Lab

Json = dict[str, Any]
# A fault makes an answer of what asks the server.
Fault = Callable[[Callable[[], Reply]], Reply]
V1, V2 = "apiserver_v1", "apiserver_v2"
DOORS = (V1, V2)
PAGE = b"<html><head><title>Welcome to somebody</title></head></html>"
TRIES = 20
# Far longer than the task waits.
SILENCE_SECONDS = 40


def heard(act: Callable[[], Reply]) -> Reply:
    """It is done, and said."""
    return act()


def lost(act: Callable[[], Reply]) -> Reply:
    """It is done, and nobody hears of it."""
    act()
    raise Dropped


def cut(act: Callable[[], Reply]) -> Reply:
    """It is done, and the answer breaks off."""

    def half() -> Iterator[bytes]:
        yield b'{"metadata": {'
        raise ConnectionResetError

    return Reply(act().status, half())


def unheard(_act: Callable[[], Reply]) -> Reply:
    """It is not done, and nothing is said."""
    raise Dropped


def done_but(status: int, body: bytes = b"") -> Fault:
    """It is done, and this is said."""

    def fault(act: Callable[[], Reply]) -> Reply:
        act()
        return Reply(status, body)

    return fault


def undone(status: int, **headers: str) -> Fault:
    """It is not done, and this is said."""
    said = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return lambda _act: Reply(status, b"", said)


class Server:
    """An APIServer with faults for the writes to an object, one after the other; it knows which of them were done.

    One whose object is ``silent`` says nothing about it once that is written.
    """

    def __init__(self, answer: Answer, faults: dict[str, list[Fault]], silent: str) -> None:
        self._answer = answer
        self._faults = {name: list(waiting) for name, waiting in faults.items()}
        self._silent = silent
        self.sent: dict[str, list[str]] = {name: [] for name in faults}
        self.done: dict[str, list[str]] = {name: [] for name in faults}
        self.over = threading.Event()

    def answer(self, request: Request) -> Reply:
        """What is said, and sometimes is not."""
        about = (name for name in self.sent if name in request.target or name.encode() in request.body)
        name = next(about, None)
        if name is None:
            return self._answer(request)
        if request.method in MUTATING:
            return self._written(name, request)
        if name == self._silent and self.done[name]:
            self.over.wait(SILENCE_SECONDS)
            raise Dropped
        return self._answer(request)

    def _written(self, name: str, request: Request) -> Reply:
        self.sent[name].append(request.method)

        def act() -> Reply:
            for _ in range(TRIES):
                reply = self._answer(request)
                # Between V1's read and its write the operator may write, too.
                if b"has been modified" not in bytes(reply.body):  # type: ignore[arg-type]
                    break
            self.done[name] += [request.method] * (reply.status < 300)
            return reply

        return (self._faults[name].pop(0) if self._faults[name] else heard)(act)


class Write(NamedTuple):
    """A task on an object of its own, by its name; the faults of what it and ``before``, the task before it, write.

    ``action`` is what it tells, "" that it fails; ``sent`` and ``done`` are the writes through V1, and through V2 where
    they are others.
    """

    task: Callable[[str], Json]
    faults: list[Fault]
    action: str
    sent: str
    done: str
    before: Callable[[str], Json] | None = None
    v2: tuple[str, str, str] | None = None

    def through(self, door: str) -> tuple[str, str, str]:
        """The action, and what was sent and done."""
        return self.v2 if self.v2 and door == V2 else (self.action, self.sent, self.done)


HEAD: Json = {**SIZED_HEAD, "annotations": NO_IMAGE}
ALONE: Json = {**SIZED_CLUSTER, "head_group": HEAD}


def a_cluster(name: str, **more: Any) -> Json:
    return manage(name, name, MAY_FAIL, **{"wait": False, **ALONE, **more})


def another_cluster(name: str) -> Json:
    return a_cluster(name, head_group={**HEAD, "env": {"A": "b"}}, recreate="when_needed")


def a_job(name: str) -> Json:
    return job(name, name, MAY_FAIL, wait=False, entrypoint="true", cluster=ALONE)


def a_service(name: str, greeting: str = "hello") -> Json:
    return service(name, name, MAY_FAIL, wait=False, cluster=ALONE, serve_config=greets(greeting))


def another_service(name: str) -> Json:
    return a_service(name, "good evening")


def a_template(name: str) -> Json:
    return manage_template(name, name, MAY_FAIL, cpu=1, memory=2)


def another_template(name: str) -> Json:
    return manage_template(name, name, MAY_FAIL, cpu=2, memory=2)


def no(make: Callable[[str], Json]) -> Callable[[str], Json]:
    """The end of what is made."""

    def task(name: str) -> Json:
        made = make(name)
        (module,) = (key for key in made if key.startswith("kuberay.core."))
        return {
            **made,
            module: {"name": name, "state": "absent", **({"wait": False} if make is not a_template else {})},
        }

    return task


POST, DELETE = "POST", "DELETE"
WRITES: dict[str, Write] = {
    "lost-cluster": Write(a_cluster, [lost], "create", POST, POST),
    "lost-job": Write(a_job, [lost], "create", POST, POST),
    "lost-service": Write(a_service, [lost], "create", POST, POST),
    "lost-template": Write(a_template, [lost], "create", POST, POST),
    "cut-cluster": Write(a_cluster, [cut], "create", POST, POST),
    "broken-cluster": Write(a_cluster, [done_but(500, b'{"code": 2, "message": "so sorry"}')], "create", POST, POST),
    "slow-cluster": Write(a_cluster, [done_but(504, PAGE)], "create", POST, POST),
    "page-cluster": Write(a_cluster, [done_but(200, PAGE)], "create", POST, POST),
    "page-job": Write(a_job, [done_but(502)], "create", POST, POST),
    # What nobody has heard is not sent again through V1, which tells no refusal from another; see apiserver_v2.
    "unheard-cluster": Write(a_cluster, [unheard], "", POST, "", v2=("create", "POST POST", POST)),
    "away-cluster": Write(a_cluster, [undone(503)], "", POST, "", v2=("create", "POST POST", POST)),
    "busy-cluster": Write(a_cluster, [undone(429, Retry_After="0")], "create", "POST POST", POST),
    "forbidden-cluster": Write(a_cluster, [undone(403)], "", POST, ""),
    "led-elsewhere": Write(a_cluster, [undone(307, Location="http://localhost:9/sso")], "", POST, ""),
    "put-service": Write(
        another_service,
        [heard, lost],
        "patch",
        "POST PUT",
        "POST PUT",
        a_service,
        ("patch", "POST PATCH", "POST PATCH"),
    ),
    "made-again": Write(
        another_cluster, [heard, lost, lost], "recreate", "POST DELETE POST", "POST DELETE POST", a_cluster
    ),
    "template-again": Write(
        another_template, [heard, lost, lost], "recreate", "POST DELETE POST", "POST DELETE POST", a_template
    ),
    "no-cluster": Write(no(a_cluster), [heard, lost], "delete", "POST DELETE", "POST DELETE", a_cluster),
    "no-job": Write(no(a_job), [heard, done_but(504, PAGE)], "delete", "POST DELETE", "POST DELETE", a_job),
    "no-service": Write(no(a_service), [heard, done_but(500)], "delete", "POST DELETE", "POST DELETE", a_service),
    "no-template": Write(no(a_template), [heard, lost], "delete", "POST DELETE", "POST DELETE", a_template),
}
REASONS = {
    "unheard-cluster": "look whether apiserver_url is right",
    "away-cluster": "what is behind it is away or too slow",
    "forbidden-cluster": "HTTP 403",
    "led-elsewhere": "leads to http://localhost:9/sso, and is not followed",
}
SILENT = "silent-cluster"
ROWS = [(door, name) for door in DOORS for name in WRITES]


@dataclass
class Told:
    """What the tasks through a door told, and what their server knows."""

    run: Run
    server: Server


@pytest.fixture(scope="module")
def told(stage: Stage, lab: Lab, lab_api: Api) -> Iterator[dict[str, Told]]:
    """All of them through each door."""
    faults = {**{name: write.faults for name, write in WRITES.items()}, SILENT: []}
    tasks = [manage_template("template", "small", cpu=1, memory=2)]
    for name, write in WRITES.items():
        tasks += [{**write.before(name), "name": f"{name} before"}] if write.before else []
        tasks.append(write.task(name))
    tasks.append(a_cluster(SILENT, wait=True, wait_timeout=3))
    plays, servers = {}, {}
    with ExitStack() as stack:
        for door in DOORS:
            servers[door] = Server(passed_on(client_of(lab)), faults, SILENT)
            stack.callback(servers[door].over.set)
            room = stack.enter_context(new_room(lab_api))
            way = stack.enter_context(recorded(servers[door].answer)).connection(room.name)
            plays[door] = stage.prepare(tasks, connection={**way, "api": door})
        yield {door: Told(run, servers[door]) for door, run in side_by_side(plays).items()}


def once(methods: list[str], *harmless: str) -> str:
    """What was sent; what may be sent again without harm counts as one."""
    repeated = (one == before and one in harmless for before, one in zip(["", *methods], methods, strict=False))
    return " ".join(one for one, again in zip(methods, repeated, strict=True) if not again)


@pytest.mark.parametrize(("door", "name"), ROWS)
def test_what_is_done_is_done_once_and_told(told: dict[str, Told], door: str, name: str) -> None:
    action, sent, done = WRITES[name].through(door)
    outcome, server = told[door].run[name], told[door].server
    # As over Kubernetes, a PATCH is guarded by its tests and a DELETE by the uid.
    patch, delete = ("PATCH", "DELETE") if door == V2 else ("", "")
    assert (once(server.sent[name], patch, delete), once(server.done[name], delete)) == (sent, done), outcome
    assert outcome.failed == (not action), outcome
    assert (outcome["changed"], outcome["action"]) == ((True, action) if action else (False, "create"))


@pytest.mark.parametrize("door", DOORS)
def test_a_wait_ends_in_time_where_the_server_says_nothing_any_more(told: dict[str, Told], door: str) -> None:
    outcome = told[door].run[SILENT]
    assert (outcome.failed, outcome["changed"], outcome["error"]["kind"]) == (True, True, "wait_timeout"), outcome
    assert outcome.ended - outcome.began < SILENCE_SECONDS / 2


@pytest.mark.parametrize("door", DOORS)
def test_what_was_not_done_says_why(told: dict[str, Told], door: str) -> None:
    run = told[door].run
    for name, words in REASONS.items():
        if not WRITES[name].through(door)[0]:
            assert words in run[name].message
            assert f"/{name} through {door} failed" in run[name].message
    assert "Traceback" not in str(run) + str(run.outcomes)
