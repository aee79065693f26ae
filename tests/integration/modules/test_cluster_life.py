# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job, both ways of running: create, wait, look, run again, scale in place, predict, delete."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, DIFF, group, info, manage, wish
from tests.integration.playbook import Run

pytestmark = pytest.mark.contract
FIRST = wish(group("small", 1), group("other", 2))
SCALED = wish(group("small", 2), group("other", 2))


@pytest.fixture(scope="module")
def life(stage: Stage, way: str) -> Run:
    """One play of everything; the tests look at its tasks."""
    name = f"life-{way.replace(' ', '-')}"
    everything = {"gather": ["pods", "events"]}
    return stage.succeed(
        manage("absent before", name, state="absent"),
        manage("predict create", name, CHECK, **FIRST),
        info("nothing yet", name=name),
        manage("create", name, DIFF, **FIRST),
        info("created", name=name, **everything),
        manage("again", name, DIFF, **FIRST),
        manage("predict again", name, CHECK, **FIRST),
        manage("predict scale", name, CHECK, **SCALED),
        info("untouched", name=name, **everything),
        manage("scale", name, DIFF, **SCALED),
        info("scaled", name=name, **everything),
        manage("predict delete", name, CHECK, state="absent"),
        info("still there", name=name, **everything),
        manage("delete", name, DIFF, state="absent"),
        info("gone", name=name),
        manage("absent again", name, state="absent"),
        manage("predict absent again", name, CHECK, state="absent"),
        way=way,
    )


def pods_of(run: Run, task: str, *groups: str) -> set[str]:
    """The names of pods, which Kubernetes never gives twice, of some groups."""
    return {pod["name"] for pod in run[task]["clusters"][0]["pods"] if pod["group"] in groups}


def test_create_waits_until_the_head_and_all_workers_are_ready(life: Run) -> None:
    made = life["create"].result
    assert (made["changed"], made["action"]) == (True, "create")
    facts = made["cluster"]
    assert (facts["state"], facts["head"]["ready"], facts["suspended"]) == ("ready", True, False)
    assert [(one["group_name"], one["wanted"], one["ready"]) for one in facts["worker_groups"]] == [
        ("small", 1, 1),
        ("other", 2, 2),
    ]
    assert facts["workers"]["wanted"] == 3
    pods = life["created"]["clusters"][0]["pods"]
    assert sorted(pod["group"] for pod in pods) == ["head", "other", "other", "small"]
    assert all(pod["ready"] for pod in pods)


def test_the_facts_say_where_the_cluster_answers(life: Run) -> None:
    facts = life["create"]["cluster"]
    host = f"{facts['name']}-head-svc.{facts['namespace']}.svc"
    assert facts["endpoints"] == {
        "dashboard": f"http://{host}:8265",
        "client": f"ray://{host}:10001",
        "gcs": f"{host}:6379",
        "metrics": f"http://{host}:8080",
        "serve": f"http://{host}:8000",
    }
    assert life["create"]["resource"]["metadata"]["uid"] == facts["uid"]
    assert "managedFields" not in life["create"]["resource"]["metadata"]


def test_an_unchanged_second_run_changes_nothing(life: Run) -> None:
    for task in ("again", "predict again"):
        same = life[task].result
        assert (same["changed"], same["action"], same["reasons"]) == (False, "none", [])
        assert same["cluster"]["generation"] == life["create"]["cluster"]["generation"]
        assert same["cluster"]["state"] == "ready"


def test_scaling_one_group_leaves_the_pods_of_the_others_alone(life: Run) -> None:
    scaled = life["scale"].result
    assert (scaled["changed"], scaled["action"]) == (True, "patch")
    assert scaled["reasons"] == [{"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 2}]
    assert [one["ready"] for one in scaled["cluster"]["worker_groups"]] == [2, 2]
    assert pods_of(life, "created", "head", "other") == pods_of(life, "scaled", "head", "other")
    assert pods_of(life, "created", "small") < pods_of(life, "scaled", "small")


@pytest.mark.parametrize("task", ["create", "scale", "delete"])
def test_check_mode_predicts_what_the_run_then_does(life: Run, task: str) -> None:
    predicted, done = life[f"predict {task}"].result, life[task].result
    for key in ("changed", "action", "reasons", "diff"):
        assert predicted[key] == done[key], key
    assert predicted["diff"]["before"] != predicted["diff"]["after"]


def test_a_predicted_cluster_has_the_shape_of_a_real_one(life: Run) -> None:
    assert set(life["predict create"]["cluster"]) == set(life["create"]["cluster"])
    assert life["predict scale"]["cluster"]["worker_groups"][0]["wanted"] == 2


def test_check_mode_changes_nothing(life: Run) -> None:
    def identity(task: str) -> Any:
        facts = life[task]["clusters"][0]
        return facts["uid"], facts["generation"], [pod["name"] for pod in facts["pods"]]

    assert life["nothing yet"]["clusters"] == []
    assert identity("untouched") == identity("created")
    assert identity("still there") == identity("scaled")


def test_delete_waits_until_the_object_and_its_pods_are_gone(life: Run, stage: Stage) -> None:
    gone = life["delete"].result
    assert (gone["changed"], gone["action"], gone["cluster"]) == (True, "delete", None)
    assert gone["reasons"] == [{"path": "$", "from": "present", "to": "absent"}]
    assert life["gone"]["clusters"] == []
    assert stage.room.pods(life["create"]["cluster"]["name"]) == {}


@pytest.mark.parametrize("task", ["absent before", "absent again", "predict absent again"])
def test_absent_is_fine_when_absent(life: Run, task: str) -> None:
    same = life[task].result
    assert (same["changed"], same["action"], same["reasons"], same["cluster"]) == (False, "none", [], None)


@pytest.mark.parametrize(
    ("task", "budget"),
    [
        ("absent before", ["GET rayclusters"]),
        ("absent again", ["GET rayclusters"]),
        ("create", ["GET rayclusters", "POST rayclusters"]),
        ("predict create", ["GET rayclusters", "POST rayclusters"]),
        ("scale", ["GET rayclusters", "PATCH rayclusters"]),
        ("predict scale", ["GET rayclusters", "PATCH rayclusters"]),
        ("delete", ["GET rayclusters", "DELETE rayclusters"]),
    ],
)
def test_a_task_costs_its_budget_of_requests_besides_the_wait(
    life: Run, stage: Stage, task: str, budget: list[str]
) -> None:
    assert outside_the_wait(stage.requests(life, task)) == budget


@pytest.mark.parametrize("task", ["again", "predict again", "nothing yet", "gone"])
def test_an_unchanged_run_and_a_look_cost_one_read_in_all(life: Run, stage: Stage, task: str) -> None:
    assert [str(one.method) for one in stage.requests(life, task)] == ["GET"]


def test_a_wait_only_reads(life: Run, stage: Stage) -> None:
    for task in ("create", "scale", "delete"):
        requests = stage.requests(life, task)
        assert len([one for one in requests if one.mutating]) == len(written(requests)) == 1, task


def test_check_mode_sends_dry_runs_only(life: Run, stage: Stage) -> None:
    for task in ("predict create", "predict again", "predict scale", "predict delete", "predict absent again"):
        requests = stage.requests(life, task)
        assert requests, task
        assert all(one.dry_run for one in requests if one.mutating), task
        assert not any(one.watching for one in requests), task


def test_every_request_says_which_program_asks(life: Run, stage: Stage) -> None:
    agents = {one.user_agent for outcome in life.outcomes for one in stage.requests(life, outcome.name)}
    assert len(agents) == 1
    assert agents.pop().startswith("kuberay.core/")
