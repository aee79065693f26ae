# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a wait ends that does not end well. All plays run at once: most of their time is waiting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import IN_PROCESS, SHIPPED, WAYS, Stage, written
from tests.integration.modules.words import MAY_FAIL, NO_IMAGE, SLOW_START, group, manage, wish
from tests.integration.patience import SECONDS
from tests.integration.playbook import Play, Run, side_by_side
from tests.lab.processes import wait_until

Json = dict[str, Any]
# The operator refuses this variable without gcsFaultToleranceOptions, and the collection does not look for it.
REFUSED = wish(head={"env": {"RAY_REDIS_ADDRESS": "redis:6379"}})
SLOW = wish(head={"annotations": SLOW_START})
BROKEN = wish(group("bad", annotations=NO_IMAGE))
ENDINGS = ("no-image", "refused", "slow", "task-timeout")


def tasks(ending: str, name: str) -> list[Json]:
    """The play of an ending; its last task waits."""
    if ending == "no-image":
        return [manage("wait", name, MAY_FAIL, wait_timeout=600, **BROKEN)]
    if ending == "refused":
        return [manage("wait", name, MAY_FAIL, wait_timeout=600, **REFUSED)]
    if ending == "slow":
        return [manage("wait", name, MAY_FAIL, wait_timeout=15, **SLOW)]
    return [manage("make", name, wait=False, **SLOW), manage("wait", name, {**MAY_FAIL, "timeout": 10}, **SLOW)]


def named(ending: str, way: str) -> str:
    """An object of its own for each way of running."""
    return f"{ending}-{way.split()[0]}"


@pytest.fixture(scope="module")
def plays(stage: Stage) -> dict[tuple[str, str], Play]:
    """Every ending, both ways."""
    return {(ending, way): stage.prepare(tasks(ending, named(ending, way)), way) for ending in ENDINGS for way in WAYS}


@pytest.fixture(scope="module")
def endings(plays: dict[tuple[str, str], Play]) -> dict[tuple[str, str], Run]:
    """What became of them, side by side."""
    return side_by_side(plays)


@pytest.mark.parametrize("way", WAYS)
def test_an_image_that_cannot_be_pulled_ends_the_wait_early_with_the_cause_first(
    endings: dict[tuple[str, str], Run], way: str
) -> None:
    ending = endings["no-image", way]["wait"]
    assert ending.status == "failed"
    assert ending.ended - ending.began < 300
    first = ending.message.splitlines()[0]
    assert "ImagePull" in first
    assert "no-image" in first
    assert "-bad-worker-" in first
    assert ending["error"]["kind"] == "wait_failed"
    assert ending["cluster"]["state"] == "provisioning"
    assert any(pod["group"] == "bad" and not pod["ready"] for pod in ending["cluster"]["pods"])
    assert ending["changed"] is True


@pytest.mark.parametrize("way", WAYS)
def test_a_spec_that_the_operator_refuses_ends_at_once_with_its_words(
    endings: dict[tuple[str, str], Run], way: str
) -> None:
    ending = endings["refused", way]["wait"]
    assert ending.status == "failed"
    assert ending.ended - ending.began < 300
    assert "RAY_REDIS_ADDRESS is set which implicitly enables GCS fault tolerance" in ending.message
    assert ending["cluster"]["state"] == "refused"
    assert any(event["reason"] == "InvalidRayClusterSpec" for event in ending["cluster"]["events"])


@pytest.mark.parametrize("way", WAYS)
def test_a_wait_that_takes_too_long_gives_the_facts_and_the_cause(
    endings: dict[tuple[str, str], Run], way: str
) -> None:
    ending = endings["slow", way]["wait"]
    assert ending["error"]["kind"] == "wait_timeout"
    assert "is not ready after 15 s" in ending.message
    assert "head not ready" in ending.message or "-head-" in ending.message
    assert (ending["cluster"]["state"], ending["action"], ending["changed"]) == ("provisioning", "create", True)
    assert 15 <= ending.ended - ending.began < 300


@pytest.mark.parametrize("way", WAYS)
def test_a_tasks_own_timeout_ends_the_wait(endings: dict[tuple[str, str], Run], way: str) -> None:
    ending = endings["task-timeout", way]["wait"]
    assert ending.status == "failed"
    assert "timed out" in ending.message.lower() or "timeout" in ending.message.lower()
    assert ending.ended - ending.began < 300


@pytest.mark.parametrize("way", WAYS)
def test_what_was_written_stays(endings: dict[tuple[str, str], Run], stage: Stage, way: str) -> None:
    for ending in ENDINGS:
        name = named(ending, way)
        asked = [one for one in stage.wire.requests if stage.room.name in one.path and name in str(one.body)]
        assert len(written(asked)) == 1, name
        assert stage.room.get(name) is not None, name


def test_progress_is_told_on_standard_error_and_only_in_process(endings: dict[tuple[str, str], Run]) -> None:
    here, shipped = endings["slow", IN_PROCESS], endings["slow", SHIPPED]
    assert "slow-in: head not ready, workers 0/0" in here.stderr
    assert "slow-in: head not ready" not in here.stdout.replace(here["wait"].message, "")
    assert "head not ready, workers" not in shipped.stderr


def test_an_ended_play_leaves_no_process(
    endings: dict[tuple[str, str], Run], plays: dict[tuple[str, str], Play]
) -> None:
    assert {key: run.code for key, run in endings.items() if run.code} == {}
    for key, play in plays.items():
        assert wait_until(lambda play=play: not play.processes(), SECONDS), (key, play.processes())
