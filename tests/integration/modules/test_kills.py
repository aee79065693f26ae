# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed around a write: nothing of it goes on, nothing is left, and the next run ends what it began."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest

from tests.integration.modules.kills import (
    ANSWERED,
    BEFORE,
    GROUP,
    INTERRUPT,
    OPERATIONS,
    PARENT,
    POINTS,
    WAITING,
    WAYS_TO_KILL,
    Case,
    Killings,
    Story,
)
from tests.integration.modules.room import IN_PROCESS, SHIPPED, WAYS, Stage
from tests.integration.modules.words import manage
from tests.integration.patience import SECONDS
from tests.lab.processes import wait_until

# Every point of every write once, by every way to kill and in both ways of running. Those of the contract are on every
# ansible-core, since what belongs to a process group and what a signal reaches has changed between them.
CASES = [
    Case("create", 1, BEFORE, PARENT, SHIPPED, "create"),
    Case("create", 1, ANSWERED, GROUP, IN_PROCESS, "none"),
    Case("create", 1, WAITING, INTERRUPT, SHIPPED, "none"),
    Case("patch", 1, BEFORE, INTERRUPT, IN_PROCESS, "patch", in_contract=True),
    Case("patch", 1, ANSWERED, PARENT, SHIPPED, "none"),
    Case("patch", 1, WAITING, GROUP, IN_PROCESS, "none"),
    Case("purge", 1, BEFORE, GROUP, SHIPPED, "patch"),
    Case("purge", 1, ANSWERED, PARENT, IN_PROCESS, "patch", in_contract=True),
    Case("purge", 1, WAITING, PARENT, SHIPPED, "patch", in_contract=True),
    Case("purge", 2, BEFORE, INTERRUPT, SHIPPED, "patch", in_contract=True),
    Case("purge", 2, ANSWERED, INTERRUPT, IN_PROCESS, "none"),
    Case("delete", 1, BEFORE, PARENT, IN_PROCESS, "delete", in_contract=True),
    Case("delete", 1, ANSWERED, INTERRUPT, SHIPPED, "none"),
    Case("delete", 1, WAITING, GROUP, SHIPPED, "none"),
    Case("recreate", 1, BEFORE, GROUP, IN_PROCESS, "recreate"),
    Case("recreate", 1, ANSWERED, GROUP, SHIPPED, "create", in_contract=True),
    Case("recreate", 1, WAITING, PARENT, IN_PROCESS, "create", in_contract=True),
    Case("recreate", 2, BEFORE, PARENT, IN_PROCESS, "create"),
    Case("recreate", 2, ANSWERED, PARENT, SHIPPED, "none"),
    Case("recreate", 2, WAITING, INTERRUPT, IN_PROCESS, "none"),
]
AT_ONCE = 6
# The pods that stay of a purged cluster are ready before anybody could see that they are waited for.
NOTHING_TO_WAIT_FOR = {("purge", 2, WAITING)}
each = pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=[pytest.mark.contract] * case.in_contract, id=str(case)) for case in CASES],
)


@pytest.fixture(scope="module")
def stories(stage: Stage, request: pytest.FixtureRequest) -> dict[Case, Story]:
    """The cases that some test of this session is about, side by side: most of their time is waiting."""
    called = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    cases = [case for case in CASES if any(params.get("case") is case for params in called)]
    found = [case for case in cases if case.does.first is not None]
    stage.succeed(*(manage(str(case), case.name, wait=False, **(case.does.first or {})) for case in found))
    for case in found:
        assert wait_until(lambda case=case: stage.room.pods(case.name), SECONDS), f"no pods of {case.name}"
    with Killings(stage, cases) as killings, ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(cases, pool.map(killings.tell, cases), strict=True))


@each
def test_nothing_of_a_killed_run_goes_on(stories: dict[Case, Story], case: Case) -> None:
    story = stories[case]
    assert story.left == {}
    assert story.late == []


@each
def test_a_killed_run_leaves_no_file(stories: dict[Case, Story], case: Case) -> None:
    assert stories[case].files == []


@each
def test_the_next_run_does_what_is_left_and_ends_in_the_wanted_state(stories: dict[Case, Story], case: Case) -> None:
    story = stories[case]
    assert story.next.code == 0, str(story.next)
    assert story.next["again"]["action"] == case.then
    assert story.next["unchanged"]["changed"] is False
    assert story.found == case.does.goal


@each
def test_what_was_written_is_not_written_again(stories: dict[Case, Story], case: Case) -> None:
    assert stories[case].writes == list(case.does.writes)


def test_every_operation_point_and_way_occurs() -> None:
    points = {
        (name, write, point)
        for name, operation in OPERATIONS.items()
        for write in range(1, len(operation.writes) + 1)
        for point in POINTS
    }
    assert {(case.operation, case.write, case.point) for case in CASES} == points - NOTHING_TO_WAIT_FOR
    assert {(case.point, case.how, case.way) for case in CASES} == set(product(POINTS, WAYS_TO_KILL, WAYS))
    assert {(case.operation, case.way) for case in CASES} == set(product(OPERATIONS, WAYS))
