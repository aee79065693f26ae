# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayJob from a playbook, on real Ray: run, left alone, changed, run again, deleted; both ways of running."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import WAYS, Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, job, job_info
from tests.integration.playbook import Run, side_by_side

Json = dict[str, Any]
ADDS = "python -c \"import ray; ray.init(); print('the sum is', ray.get(ray.remote(lambda: 40 + 2).remote()))\""
KEEPS: Json = {"ttl_seconds_after_finished": 600, "shutdown_after_job_finishes": True}


def name_of(way: str) -> str:
    return f"life-{way.split()[0]}"


@pytest.fixture(scope="module")
def lives(stage: Stage) -> dict[str, Run]:
    """One job's life, told twice side by side."""
    plays = {}
    for way in WAYS:
        name = name_of(way)
        plays[way] = stage.prepare(
            [
                job("predict", name, CHECK, entrypoint=ADDS),
                job("run", name, entrypoint=ADDS),
                job("again", name, entrypoint=ADDS),
                job_info("read", name=name, gather=["log", "pods", "events"]),
                job("predict change", name, CHECK, entrypoint=ADDS, **KEEPS),
                job("change", name, DIFF, entrypoint=ADDS, **KEEPS),
                job("too late", name, MAY_FAIL, entrypoint="true", **KEEPS),
                job("predict rerun", name, CHECK, entrypoint="python -c 'print(7)'", rerun="on_change", **KEEPS),
                job("rerun", name, entrypoint="python -c 'print(7)'", rerun="on_change", **KEEPS),
                job("finished", name, entrypoint="python -c 'print(7)'", rerun="on_failure", **KEEPS),
                job("delete", name, state="absent"),
                job("delete again", name, state="absent"),
            ],
            way,
        )
    return side_by_side(plays)


@pytest.fixture(params=WAYS)
def life(lives: dict[str, Run], request: pytest.FixtureRequest) -> Run:
    run = lives[request.param]
    assert run.code == 0, str(run)
    return run


def test_a_job_is_run_and_its_log_is_real_rays(life: Run) -> None:
    done = life["run"].result
    assert (done["action"], done["changed"]) == ("create", True)
    facts = done["job"]
    assert (facts["state"], facts["status"], facts["deployment_status"]) == ("succeeded", "SUCCEEDED", "Complete")
    assert facts["log"].splitlines()[-1] == "the sum is 42"
    assert facts["attempts"] == {"succeeded": 1, "failed": 0, "limit": 1}
    assert None not in (facts["times"]["started"], facts["times"]["ended"])
    assert facts["submission_id"].startswith(facts["name"])


def test_a_finished_job_is_not_run_again_and_costs_one_read_and_its_log(life: Run, stage: Stage) -> None:
    again = life["again"].result
    assert (again["action"], again["changed"], again["reasons"]) == ("none", False, [])
    assert again["job"]["submission_id"] == life["run"]["job"]["submission_id"]
    assert again["job"]["log"] == life["run"]["job"]["log"]
    assert outside_the_wait(stage.requests(life, "again", life["run"]["job"]["name"])) == [
        "GET rayjobs",
        "GET services",
    ]


def test_info_says_the_same(life: Run) -> None:
    (found,) = life["read"]["jobs"]
    gathered = {"log", "pods", "events"}
    assert {key: found[key] for key in found if key not in gathered} == {
        key: value for key, value in life["again"]["job"].items() if key not in gathered
    }
    assert "the sum is 42" in found["log"]
    assert {"submitter", "head"} <= {pod["group"] for pod in found["pods"]}
    assert "CreatedRayCluster" in [event["reason"] for event in found["events"]]


@pytest.mark.parametrize(
    ("prediction", "done"), [("predict", "run"), ("predict change", "change"), ("predict rerun", "rerun")]
)
def test_check_mode_agrees_with_the_run_and_writes_nothing(life: Run, stage: Stage, prediction: str, done: str) -> None:
    told, came = life[prediction].result, life[done].result
    assert (told["action"], told["reasons"], told["changed"]) == (came["action"], came["reasons"], True)
    assert written(stage.requests(life, prediction, life["run"]["job"]["name"])) == []


def test_what_becomes_of_it_afterwards_may_change(life: Run) -> None:
    changed = life["change"].result
    assert changed["action"] == "patch"
    assert sorted(reason["path"] for reason in changed["reasons"]) == [
        "spec.shutdownAfterJobFinishes",
        "spec.ttlSecondsAfterFinished",
    ]
    assert "spec.ttlSecondsAfterFinished: 600" in changed["diff"]["after"]


def test_what_it_was_begun_with_may_not(life: Run, stage: Stage) -> None:
    outcome = life["too late"]
    assert (outcome.status, outcome["error"]["kind"], outcome["changed"]) == ("failed", "needs_recreate", False)
    assert "spec.entrypoint" in outcome.message
    assert written(stage.requests(life, "too late", life["run"]["job"]["name"])) == []


def test_a_job_that_is_run_again_meets_nothing_of_its_predecessor(life: Run) -> None:
    first, second = life["run"]["job"], life["rerun"]["job"]
    assert life["rerun"]["action"] == "recreate"
    assert second["uid"] != first["uid"]
    assert second["submission_id"] != first["submission_id"]
    assert second["cluster_name"] != first["cluster_name"]
    assert (second["state"], second["log"].splitlines()[-1]) == ("succeeded", "7")
    assert life["finished"]["action"] == "none"


def test_a_deleted_job_is_gone_with_its_cluster(life: Run, stage: Stage) -> None:
    cluster = life["rerun"]["job"]["cluster_name"]
    assert (life["delete"]["action"], life["delete again"]["changed"]) == ("delete", False)
    assert stage.room.get(life["rerun"]["job"]["name"], "rayjobs") is None
    assert stage.room.get(cluster) is None
    assert stage.room.pods(cluster) == {}
