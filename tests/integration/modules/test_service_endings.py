# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How waits for services end that do not come up, and how those that are mended do. Side by side, few with a Ray."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import IN_PROCESS, SHIPPED, Stage
from tests.integration.modules.words import (
    CHECK,
    MAY_FAIL,
    NO_IMAGE,
    asks,
    greets,
    service,
    service_info,
    small_cluster,
)
from tests.integration.playbook import Outcome, Run, side_by_side

Json = dict[str, Any]
BROKEN: Json = {"applications": [{"name": "greeting", "import_path": "greeting:broken"}]}
NOT_FOR_RAY: Json = {"spec": {"serveConfigV2": "applications: 3"}, "validate": "off", "state": "patched"}
REFUSED: Json = {"spec": {"upgradeStrategy": {"type": "Sometimes"}, "rayClusterConfig": {}}, "validate": "off"}
SHORT: Json = {"annotations": {"ray.io/initializing-timeout": "4s"}}
UNTIL_FAILED: Json = {
    "register": "seen",
    "until": "seen.services[0].state == 'failed'",
    "retries": 300,
    "delay": 1,
}
NO_POD: Json = {"cluster": small_cluster(annotations=NO_IMAGE), "wait_timeout": 800}
TOO_BIG: Json = {"cluster": small_cluster(resources={"cpu": 1000}), "wait_unschedulable": 3, "wait_timeout": 800}
WHOLE: Json = {"cluster": small_cluster(), "serve_config": greets()}


def plays(url: str, namespace: str) -> dict[str, list[Json]]:
    """Each a list of tasks."""
    there = (url, namespace)
    return {
        "mended": [
            service("broken", "mended", MAY_FAIL, serve_config=BROKEN),
            service("mended", "mended", serve_config=greets("hello")),
            asks(*there, "hello", "mended"),
            service("worse", "mended", MAY_FAIL, serve_config=BROKEN),
            service("known", "mended", MAY_FAIL, serve_config=BROKEN),
            service("not for Ray", "mended", MAY_FAIL, **NOT_FOR_RAY),
            service("mended again", "mended", serve_config=greets("again")),
            asks(*there, "again", "mended"),
            service("sleep", "mended", suspend=True, serve_config=greets("again")),
            service("sleep again", "mended", suspend=True, serve_config=greets("again")),
            service("wake", "mended", serve_config=greets("again")),
            asks(*there, "awake", "mended"),
        ],
        "refused": [
            service("refused", "refused", MAY_FAIL, **WHOLE, **REFUSED),
            service("allowed", "refused", **WHOLE, wait_for="created"),
        ],
        "image": [service("image", "no-image", MAY_FAIL, **NO_POD)],
        "too big": [service("too big", "too-big", MAY_FAIL, **TOO_BIG)],
        "given up": [
            service("begin", "given-up", **SHORT, **{**NO_POD, "wait_for": "created"}),
            service_info("rest", UNTIL_FAILED, name="given-up"),
            service("given up", "given-up", MAY_FAIL, **SHORT, **NO_POD),
            service("changed", "given-up", {**MAY_FAIL, **CHECK}, **SHORT, **NO_POD, serve_config=greets("other")),
            service("again", "given-up", CHECK, **SHORT, **NO_POD, recreate="when_needed"),
        ],
        "asleep": [
            service("asleep", "asleep", suspend=True),
            service("changed", "asleep", suspend=True, serve_config=greets("later")),
            service("gone", "asleep", state="absent"),
        ],
    }


# Those whose tasks are shipped; the way makes no difference to how a wait ends.
SHIPPED_ONES = ("image", "asleep")


@pytest.fixture(scope="module")
def endings(stage: Stage) -> dict[str, Run]:
    """What became of each."""
    prepared = {
        name: stage.prepare(tasks, SHIPPED if name in SHIPPED_ONES else IN_PROCESS)
        for name, tasks in plays(stage.wire.url, stage.room.name).items()
    }
    return side_by_side(prepared)


def ending(endings: dict[str, Run], play: str, task: str) -> Outcome:
    run = endings[play]
    assert run.code == 0, str(run)
    return run[task]


def first_line(outcome: Outcome) -> str:
    return outcome.message.splitlines()[0]


@pytest.mark.parametrize(
    ("play", "task", "words"),
    [
        ("mended", "broken", ["application greeting: DEPLOY_FAILED", "cannot be built, on purpose"]),
        ("mended", "worse", ["application greeting: DEPLOY_FAILED", "cannot be built, on purpose"]),
        ("mended", "known", ["application greeting: DEPLOY_FAILED"]),
        ("mended", "not for Ray", ["applications"]),
        ("refused", "refused", ["the operator refused it", "Sometimes"]),
        ("image", "image", ["ImagePullBackOff", "-head-"]),
        ("too big", "too big", ["Unschedulable", "Insufficient cpu"]),
        ("given up", "given up", ["the operator has given it up", "recreate=when_needed"]),
    ],
)
def test_what_does_not_come_up_says_why_first(endings: dict[str, Run], play: str, task: str, words: list[str]) -> None:
    outcome = ending(endings, play, task)
    assert (outcome.status, outcome["error"]["kind"]) == ("failed", "wait_failed")
    for word in words:
        assert word in first_line(outcome)


def test_a_service_that_fails_says_where_it_stands(endings: dict[str, Run]) -> None:
    assert ending(endings, "mended", "broken")["service"]["state"] == "failed"
    worse = ending(endings, "mended", "worse")
    assert (worse["changed"], worse["rollout"], worse["service"]["state"]) == (True, "in_place", "degraded")
    assert ending(endings, "mended", "known")["changed"] is False
    assert ending(endings, "refused", "refused")["service"]["state"] == "refused"
    assert ending(endings, "given up", "given up")["service"]["state"] == "failed"


@pytest.mark.parametrize("task", ["mended", "mended again"])
def test_a_wait_for_a_config_that_mends_does_not_believe_the_failure_before(endings: dict[str, Run], task: str) -> None:
    outcome = ending(endings, "mended", task)
    assert (outcome.status, outcome["rollout"], outcome["service"]["state"]) == ("ok", "in_place", "ready")


def test_it_answers_each_time_it_was_said_to_be_ready(endings: dict[str, Run]) -> None:
    answers = {task: ending(endings, "mended", task)["content"] for task in ("hello", "again", "awake")}
    assert answers == {"hello": "hello", "again": "again", "awake": "again"}


def test_a_service_sleeps_and_wakes(endings: dict[str, Run]) -> None:
    sleep, wake = ending(endings, "mended", "sleep"), ending(endings, "mended", "wake")
    assert (sleep["rollout"], sleep["service"]["state"], sleep["service"]["active_cluster"]) == (
        "suspend",
        "suspended",
        None,
    )
    assert ending(endings, "mended", "sleep again")["changed"] is False
    assert (wake["rollout"], wake["service"]["state"]) == ("resume", "ready")


def test_one_that_was_made_asleep_takes_any_change_and_goes(endings: dict[str, Run], stage: Stage) -> None:
    assert ending(endings, "asleep", "asleep")["service"]["state"] == "suspended"
    changed = ending(endings, "asleep", "changed")
    assert (changed["action"], changed["rollout"]) == ("patch", "none")
    assert ending(endings, "asleep", "gone")["action"] == "delete"
    assert stage.room.get("asleep", "rayservices") is None


def test_a_refused_service_is_looked_at_again_when_it_is_changed(endings: dict[str, Run]) -> None:
    allowed = ending(endings, "refused", "allowed")
    assert (allowed.status, allowed["action"]) == ("ok", "patch")


def test_one_that_was_given_up_has_to_be_made_again(endings: dict[str, Run]) -> None:
    changed = ending(endings, "given up", "changed")
    assert (changed.status, changed["error"]["kind"]) == ("failed", "needs_recreate")
    again = ending(endings, "given up", "again")
    assert (again["action"], again["rollout"]) == ("recreate", "new_cluster")
