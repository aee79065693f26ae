# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed at a chosen point, and what is told of them and of the run that follows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.integration.modules.room import Room, Stage
from tests.integration.modules.words import IMAGE, group, manage, wish
from tests.integration.patience import SECONDS
from tests.integration.playbook import Play, Run
from tests.integration.wire import Answer, Drop, Request, Wire
from tests.lab.processes import wait_until

Json = dict[str, Any]

# Points around a write: the wire has the request and has not passed it on; the server has answered and the wire keeps
# the answer; the task waits for what it wrote.
POINTS = BEFORE, ANSWERED, WAITING = "before", "answered", "waiting"

# Ways to kill a run. ansible-runner, and so AWX, kills the process group that ansible-playbook leads; from
# ansible-core 2.19 on, its workers lead groups of their own, which nobody kills then. Ctrl-C goes to the group, too.
GROUP, PARENT, INTERRUPT = "group", "parent", "interrupt"
WAYS_TO_KILL: dict[str, Callable[[int], None]] = {
    GROUP: lambda leader: os.killpg(leader, signal.SIGKILL),
    PARENT: lambda leader: os.kill(leader, signal.SIGKILL),
    INTERRUPT: lambda leader: os.killpg(leader, signal.SIGINT),
}

# The lab's pods do as these say. Waits have to last longer than it takes to see that they have begun.
SLOW = {"lab.kuberay.core/fails": "slow-start", "lab.kuberay.core/seconds": "10"}
LINGERING = {"lab.kuberay.core/terminates-after": "10"}
OTHER_IMAGE = "rayproject/ray:2.53.0"


@dataclass(frozen=True)
class Operation:
    """What a task does: the object that it finds (``first``), the options that it gives, what has to be in the end.

    ``writes`` names its writes in order; ``goal`` is None where nothing is to be left, else an Outcome's own words.
    """

    first: Json | None
    options: Json
    writes: tuple[str, ...]
    goal: Json | None


def _goal(image: str = IMAGE, **workers: int) -> Json:
    return {"groups": workers, "pods": {"headgroup": 1, **workers}, "images": [image]}


OPERATIONS: dict[str, Operation] = {
    "create": Operation(None, wish(group("small"), head={"annotations": SLOW}), ("POST",), _goal(small=1)),
    "patch": Operation(
        wish(group("small", 1, annotations=SLOW)),
        wish(group("small", 2, annotations=SLOW)),
        ("PATCH",),
        _goal(small=2),
    ),
    "purge": Operation(
        wish(group("stays"), group("goes", annotations=LINGERING)),
        wish(group("stays")),
        ("PATCH", "PATCH"),
        _goal(stays=1),
    ),
    "delete": Operation(wish(head={"annotations": LINGERING}), {"state": "absent"}, ("DELETE",), None),
    "recreate": Operation(
        wish(group("small"), head={"annotations": {**SLOW, **LINGERING}}),
        {
            "recreate": "when_needed",
            **wish(group("small"), head={"annotations": {**SLOW, **LINGERING}}, image=OTHER_IMAGE),
        },
        ("DELETE", "POST"),
        _goal(OTHER_IMAGE, small=1),
    ),
}


@dataclass(frozen=True)
class Case:
    """One kill: at a point around one of an operation's writes (the first is 1); ``then`` is what is left to be done.

    ``then`` is the action of the run that follows.
    """

    operation: str
    write: int
    point: str
    how: str
    way: str
    then: str
    in_contract: bool = False

    def __str__(self) -> str:
        return f"{self.name}-by-{self.how}-{self.way.replace(' ', '-')}"

    @property
    def name(self) -> str:
        """The name of its object."""
        return f"{self.operation}-{self.write}-{self.point}"

    @property
    def does(self) -> Operation:
        return OPERATIONS[self.operation]


@dataclass(frozen=True)
class Story:
    """What became of a case: processes and files that outlived the kill, the writes of the killed run and of the next.

    ``late`` are the writes that came after the kill; ``found`` is what an independent reader sees in the end.
    """

    seconds: float
    left: Mapping[int, str]
    files: list[str]
    writes: list[str]
    late: list[str]
    found: Json | None
    next: Run


class Hold:
    """Keeps one of an object's writes at a point, until it is released: dropped if it was not passed on yet."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._released = threading.Event()
        self.reached = threading.Event()
        self.writes: list[Request] = []

    def __call__(self, request: Request, ask: Callable[[], Answer]) -> Answer | None:
        self.writes.append(request)
        if len(self.writes) != self._case.write or self._case.point == WAITING:
            return None
        answer = ask() if self._case.point == ANSWERED else None
        self.reached.set()
        self._released.wait(2 * SECONDS)
        if answer is None:
            raise Drop
        return answer

    def release(self) -> None:
        self._released.set()

    def waits(self, wire: Wire) -> bool:
        """Whether the task waits for what it wrote: it watches the object, its pods and its events."""
        if len(self.writes) < self._case.write:
            return False
        since = self.writes[self._case.write - 1].at
        return len([one for one in list(wire.requests) if one.at > since and _watches(one, self._case.name)]) >= 3


def _watches(request: Request, name: str) -> bool:
    return request.watching and any(value.endswith(f"={name}") for value in request.query.values())


class Killings:
    """Cases on a stage: their holds are the wire's fault meanwhile."""

    def __init__(self, stage: Stage, cases: list[Case]) -> None:
        self._stage = stage
        self._holds = {case.name: Hold(case) for case in cases}
        assert len(self._holds) == len(cases), "two cases share an object"
        self._plays = {case: self._prepared(case) for case in cases}

    def __enter__(self) -> Killings:
        self._stage.wire.fault = self._fault
        return self

    def __exit__(self, *_: object) -> None:
        self._stage.wire.fault = None
        for hold in self._holds.values():
            hold.release()

    def tell(self, case: Case) -> Story:
        """Start the task, kill it, look around, and run it again. May be called from several threads."""
        play, again = self._plays[case]
        hold, wire = self._holds[case.name], self._stage.wire
        process = play.start()
        try:
            there = hold.reached.is_set if case.point != WAITING else lambda: hold.waits(wire)
            assert wait_until(there, SECONDS), f"{case} did not come:\n{play.finished(-1)}"
            WAYS_TO_KILL[case.how](process.pid)
            killed, before = time.monotonic(), len(hold.writes)
            wait_until(lambda: process.poll() is not None and not play.processes(), SECONDS)
            seconds, left = time.monotonic() - killed, play.processes()
            hold.release()
            wait_until(lambda: len(hold.writes) > before, 1.0)
        finally:
            end(process)
        late = [str(one) for one in hold.writes[before:]]
        run = again.run()
        return Story(
            seconds,
            left,
            left_behind(play, case.how),
            [one.method for one in hold.writes if 200 <= one.status < 300],
            late,
            seen(self._stage.room, case.name),
            run,
        )

    def _prepared(self, case: Case) -> tuple[Play, Play]:
        task = manage("do", case.name, **case.does.options)
        again = [manage(label, case.name, **case.does.options) for label in ("again", "unchanged")]
        return self._stage.prepare([task], case.way), self._stage.prepare(again, case.way)

    def _fault(self, request: Request, ask: Callable[[], Answer]) -> Answer | None:
        if not request.mutating or request.dry_run or request.kind != "rayclusters":
            return None
        by_path = request.path.rpartition("/")[2]
        hold = self._holds.get(request.body["metadata"]["name"] if request.method == "POST" else by_path)
        return hold(request, ask) if hold else None


def left_behind(play: Play, how: str) -> list[str]:
    """The files of a killed run that are ours to remove.

    What a module's code is unpacked into is Ansible's, and stays where the module itself is killed, as it is with its
    group before ansible-core 2.19. A shipped module's arguments are in Ansible's folder for it, which the worker
    removes if it gets the time, as it does where the parent alone is killed.
    """
    files = [file for file in play.left_behind() if "/ansible_" not in file]
    return files + [str(file) for file in (play.folder / "remote").rglob("*") if how == PARENT and file.is_file()]


def end(process: subprocess.Popen[str]) -> None:
    """End a play that is still there, so that a test that fails leaves nothing."""
    if process.poll() is None:
        process.kill()
    process.wait()


def seen(room: Room, name: str) -> Json | None:
    """A cluster as its admin sees it: counts by group, wished and standing, and the images of its Ray containers."""
    live = room.get(name)
    _, body = room.api.request("GET", room.path("pods"), labelSelector=f"ray.io/cluster={name}")
    pods = json.loads(body)["items"]
    if live is None and not pods:
        return None
    return {
        "groups": {one["groupName"]: one["replicas"] for one in ((live or {}).get("spec") or {})["workerGroupSpecs"]},
        "pods": dict(Counter(pod["metadata"]["labels"]["ray.io/group"] for pod in pods)),
        "images": sorted({pod["spec"]["containers"][0]["image"] for pod in pods}),
    }
