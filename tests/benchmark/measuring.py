# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs: a difference quotient, so that what a playbook pays once is not counted.

That is the time of a playbook with one task more than ``tasks``, less that of one with a single task, over ``tasks``.
Rounds are interleaved: whatever else the machine does meets all rows alike, and rows are compared within a round.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmark.rows import Key, Promise, Row
from tests.integration.modules.room import SHIPPED
from tests.integration.playbook import GROUP, Play, Run

THEIR_GROUP = "group/kubernetes.core.k8s"
_SECONDS = 300


@dataclass(frozen=True)
class Figures:
    """The median of some numbers, and between what they lie."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Figures:
        return cls(statistics.median(numbers), min(numbers), max(numbers))


@dataclass
class Costs:
    """Of one row, round by round: the seconds of a task, and those that its playbook takes besides."""

    task: list[float] = field(default_factory=list)
    once: list[float] = field(default_factory=list)

    def add(self, single: float, many: float, tasks: int) -> None:
        """A round's two playbooks: with a single task, and with one more than ``tasks``."""
        self.task.append((many - single) / tasks)
        self.once.append(single - self.task[-1])


def ratio(costs: Costs, against: Costs) -> Figures:
    """What a task costs in tasks of another row, each round by itself."""
    return Figures.of([mine / theirs for mine, theirs in zip(costs.task, against.task, strict=True)])


def kept(promise: Promise, costs: dict[Key, Costs]) -> tuple[Figures, bool]:
    """The ratio that is promised of, and whether it is small enough.

    On a machine that is too busy a playbook of more tasks can take less time: that is no figure, and keeps no promise.
    """
    found = ratio(costs[promise.row], costs[promise.against])
    is_figure = found.median > 0 and Figures.of(costs[promise.row].task).median > 0
    return found, is_figure and found.median <= promise.most


class Stopwatch:
    """Runs playbooks of rows. ``kubeconfig`` leads to the API server."""

    def __init__(self, folder: Path, kubeconfig: Path) -> None:
        self._folder = folder
        self._connection = {"kubeconfig": str(kubeconfig)}

    def play(self, row: Row, count: int) -> Play:
        """A playbook of that many tasks, or items of one task."""
        word = uuid.uuid4().hex[:12]
        defaults = {GROUP: self._connection, THEIR_GROUP: self._connection}
        way = False if row.way == SHIPPED else None
        tasks = row.tasks(count, word)
        return Play(self._folder / word, tasks, keywords={"module_defaults": defaults}, in_process=way)

    def seconds(self, row: Row, count: int) -> float:
        """What such a playbook takes, from the start of the program to its end."""
        play = self.play(row, count)
        began = time.perf_counter()
        run = play.run(_SECONDS)
        seconds = time.perf_counter() - began
        check(row, run)
        return seconds

    def costs(self, rows: Sequence[Row], rounds: int, tasks: int, say: Callable[[str], None]) -> dict[Key, Costs]:
        """All rows, round after round."""
        costs = {row.key: Costs() for row in rows}
        for number in range(1, rounds + 1):
            for row in rows:
                say(f"round {number} of {rounds}: {row.operation}: {row.who}")
                count = tasks * row.times
                costs[row.key].add(self.seconds(row, 1), self.seconds(row, count + 1), count)
        return costs


def check(row: Row, run: Run) -> None:
    """A benchmark of tasks that fail, or do something else than their row says, is none."""
    assert run.code == 0, str(run)
    assert {bool(outcome.result.get("changed")) for outcome in run.outcomes} == {row.changes}, str(run)
