# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_template, both ways of running: created, unchanged, changed, predicted, deleted; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.held import held_template
from tests.integration.modules.room import Room, Stage, written
from tests.integration.modules.words import (
    CHECK,
    DIFF,
    MAY_FAIL,
    SHIPPED,
    VERSION,
    manage,
    manage_template,
    template_info,
)
from tests.integration.playbook import Run

pytestmark = pytest.mark.usefixtures("everywhere")

Json = dict[str, Any]
TOLERATION = {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
# As an answer to a survey has it: texts, and nothing for what was not answered.
FIRST: Json = {"cpu": "4", "memory": "512", "memory_unit": "Mi", "gpu": "", "labels": {"team": "vision"}}
SECOND: Json = {"cpu": 4, "memory": 16, "gpu": 1, "extended_resources": {"a/b": 2}, "tolerations": [TOLERATION]}
STORED = {"gpu": "0", "gpu_accelerator": "", "extended_resources": "null"}


def stored(room: Room, name: str) -> Any:
    return room.get(name, "configmaps")


def of_kuberay(name: str, namespace: str, **data: str) -> Json:
    """A template as KubeRay's APIServer would make it."""
    labels = {"ray.io/config-type": "compute-template", "ray.io/compute-template": name}
    texts = {"name": name, "namespace": namespace, **STORED, **data}
    return {"metadata": {"name": name, "labels": labels}, "data": texts}


def requests(stage: Stage, run: Run, task: str) -> list[str]:
    return [f"{one.method} {one.kind}" for one in stage.requests(run, task)]


@pytest.fixture(scope="module")
def life(stage: Stage, way: str) -> Run:
    """One play of everything; the tests look at its tasks."""
    name = f"life-{way.replace(' ', '-')}"
    return stage.succeed(
        manage_template("absent before", name, state="absent"),
        manage_template("predict create", name, CHECK, **FIRST),
        template_info("nothing yet", name=name),
        manage_template("create", name, DIFF, **FIRST),
        template_info("created", name=name),
        manage_template("again", name, DIFF, **FIRST),
        manage_template("predict again", name, CHECK, **FIRST),
        manage_template("predict change", name, CHECK, **SECOND),
        template_info("untouched", name=name),
        manage_template("change", name, DIFF, **SECOND),
        template_info("changed", name=name),
        manage(
            "use",
            f"{name}-user",
            ray_version=VERSION,
            head_group={"compute_template": name},
            worker_groups=[],
            wait=False,
        ),
        manage_template("predict delete", name, CHECK, state="absent"),
        template_info("still there", name=name, gather=["used_by"]),
        manage_template("delete", name, DIFF, state="absent"),
        template_info("gone", name=name),
        manage_template("absent again", name, state="absent"),
        way=way,
    )


def facts(run: Run, task: str) -> Json:
    (found,) = run[task]["templates"]
    return dict(found)


@pytest.mark.contract
def test_a_template_is_stored_as_kuberay_stores_it(life: Run, stage: Stage) -> None:
    made = life["create"]
    assert (made["changed"], made["action"]) == (True, "create")
    name = made["template"]["name"]
    expected = of_kuberay(name, stage.room.name, cpu="4", memory="512", memory_unit="Mi")
    assert made["resource"]["data"] == expected["data"]
    assert made["resource"]["metadata"]["labels"] == {**expected["metadata"]["labels"], "team": "vision"}
    assert made["resource"]["kind"] == "ConfigMap"
    assert "managedFields" not in made["resource"]["metadata"]


@pytest.mark.contract
def test_an_unchanged_second_run_changes_nothing(life: Run) -> None:
    for task in ("again", "predict again"):
        same = life[task].result
        assert (same["changed"], same["action"], same["reasons"]) == (False, "none", [])
        assert same["template"] == life["create"]["template"]


@pytest.mark.contract
def test_a_template_that_differs_is_replaced(life: Run) -> None:
    changed = life["change"].result
    assert (changed["changed"], changed["action"]) == (True, "patch")
    told = {reason["path"]: (reason["from"], reason["to"]) for reason in changed["reasons"]}
    tolerations = '[{"key":"gpu","operator":"Exists","effect":"NoSchedule"}]'
    assert told == {
        "data.memory": ("512", "16"),
        "data.memory_unit": ("Mi", "Gi"),
        "data.gpu": ("0", "1"),
        "data.extended_resources": ("null", '{"a/b":2}'),
        "data.tolerations": (None, tolerations),
        "metadata.labels.team": ("vision", None),
    }
    now = facts(life, "changed")
    assert now == changed["template"]
    assert now["uid"] == facts(life, "created")["uid"]
    assert {key: now[key] for key in ("cpu", "memory", "memory_unit", "gpu", "gpu_accelerator")} == {
        "cpu": 4,
        "memory": 16,
        "memory_unit": "Gi",
        "gpu": 1,
        "gpu_accelerator": "nvidia.com/gpu",
    }
    assert (now["extended_resources"], now["tolerations"]) == ({"a/b": 2}, [{**TOLERATION, "value": None}])


@pytest.mark.parametrize("task", ["create", "change", "delete"])
def test_check_mode_predicts_what_the_run_then_does(life: Run, task: str) -> None:
    predicted, done = life[f"predict {task}"].result, life[task].result
    for key in ("changed", "action", "reasons", "diff"):
        assert predicted[key] == done[key], key
    assert predicted["diff"]["before"] != predicted["diff"]["after"]
    size = ("cpu", "memory", "memory_unit", "gpu", "gpu_accelerator", "extended_resources", "tolerations", "labels")
    if task != "delete":
        assert [predicted["template"][key] for key in size] == [done["template"][key] for key in size]


def test_check_mode_changes_nothing(life: Run, stage: Stage) -> None:
    assert life["nothing yet"]["templates"] == []
    assert facts(life, "untouched") == facts(life, "created")
    assert facts(life, "still there")["uid"] == facts(life, "changed")["uid"]
    for task in ("predict create", "predict again", "predict change", "predict delete"):
        assert all(one.dry_run for one in stage.requests(life, task) if one.mutating), task


def test_a_template_is_deleted_though_it_is_used_and_the_cluster_keeps_its_copy(life: Run, stage: Stage) -> None:
    name = life["create"]["template"]["name"]
    assert facts(life, "still there")["used_by"] == [
        {"kind": "RayCluster", "namespace": stage.room.name, "name": f"{name}-user", "groups": ["head"]}
    ]
    gone = life["delete"].result
    assert (gone["changed"], gone["action"], gone["template"], gone["resource"]) == (True, "delete", None, None)
    assert life["gone"]["templates"] == []
    pod = stage.room.get(f"{name}-user")["spec"]["headGroupSpec"]["template"]["spec"]
    limits = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1", "a/b": "2"}
    assert pod["containers"][0]["resources"] == {"requests": limits, "limits": limits}
    assert pod["tolerations"] == [TOLERATION]


@pytest.mark.parametrize("task", ["absent before", "absent again"])
def test_absent_is_fine_when_absent(life: Run, task: str) -> None:
    same = life[task].result
    assert (same["changed"], same["action"], same["reasons"], same["template"]) == (False, "none", [], None)


@pytest.mark.parametrize(
    ("task", "budget"),
    [
        ("absent before", ["GET"]),
        ("predict create", ["GET", "POST"]),
        ("create", ["GET", "POST"]),
        ("again", ["GET"]),
        ("predict again", ["GET"]),
        ("change", ["GET", "PATCH"]),
        ("delete", ["GET", "DELETE"]),
        ("created", ["GET"]),
    ],
)
def test_a_task_costs_its_budget_of_requests_in_all(life: Run, stage: Stage, task: str, budget: list[str]) -> None:
    assert requests(stage, life, task) == [f"{method} configmaps" for method in budget]


def test_a_template_of_kuberays_own_is_left_as_it_is_spelled(stage: Stage, way: str) -> None:
    name = f"spelled-{way.split()[0]}"
    other = '[{"effect": "NoSchedule", "operator": "Exists", "key": "gpu", "value": ""}]'
    spelled = {"cpu": "4", "memory": "16384", "memory_unit": "Mi", "gpu": "1", "gpu_accelerator": "nvidia.com/gpu"}
    extended = '{ "c/d": 0, "a/b": 2 }'
    made = of_kuberay(name, stage.room.name, **spelled, extended_resources=extended, tolerations=other, note="keep")
    stage.room.create("configmaps", made)
    run = stage.succeed(
        manage_template("same", name, **SECOND),
        manage_template("larger", name, **{**SECOND, "cpu": 8}),
        way=way,
    )
    assert (run["same"]["changed"], run["same"]["reasons"]) == (False, [])
    assert run["same"]["resource"]["data"] == made["data"]
    assert {"path": "data.cpu", "from": "4", "to": "8"} in run["larger"]["reasons"]
    assert run["larger"]["resource"]["data"]["extended_resources"] == '{"a/b":2}'
    assert run["larger"]["resource"]["data"]["note"] == "keep"


def test_labels_and_annotations_of_others_stay(stage: Stage) -> None:
    made = of_kuberay("shared", stage.room.name, cpu="1", memory="1", memory_unit="Gi")
    made["metadata"]["labels"]["theirs"] = "label"
    made["metadata"]["annotations"] = {"theirs": "annotation"}
    stage.room.create("configmaps", made)
    run = stage.succeed(manage_template("change", "shared", cpu=2, memory=1, labels={"ours": "1"}))
    assert run["change"]["template"]["labels"] == {**made["metadata"]["labels"], "ours": "1"}
    assert run["change"]["template"]["annotations"] == made["metadata"]["annotations"]


def test_a_template_of_an_old_kuberay_is_warned_about_until_its_unit_is_said(stage: Stage, way: str) -> None:
    name = f"old-{way.split()[0]}"
    stage.room.create("configmaps", of_kuberay(name, stage.room.name, cpu="1", memory="2"))
    run = stage.succeed(
        manage_template("as it is", name, cpu=1, memory=2),
        manage_template("say", name, cpu=1, memory=2, memory_unit="Gi"),
        manage_template("then", name, cpu=1, memory=2),
        way=way,
    )
    assert run["as it is"]["changed"] is False
    assert "takes its memory for bytes" in str(run["as it is"]["warnings"])
    assert run["say"]["reasons"] == [{"path": "data.memory_unit", "from": None, "to": "Gi"}]
    assert run["then"]["changed"] is False
    assert "warnings" not in run["then"].result


def test_a_config_map_that_is_no_template_is_never_touched(stage: Stage, way: str) -> None:
    name = f"foreign-{way.split()[0]}"
    stage.room.create("configmaps", {"metadata": {"name": name}, "data": {"cpu": "1", "memory": "1"}})
    before = stored(stage.room, name)
    run = stage.succeed(
        manage_template("write", name, MAY_FAIL, **SECOND),
        manage_template("predict", name, {**MAY_FAIL, **CHECK}, **SECOND),
        manage_template("delete", name, state="absent"),
        template_info("look", name=name),
        template_info("list"),
        way=way,
    )
    for task in ("write", "predict"):
        outcome = run[task]
        assert (outcome.status, outcome["changed"], outcome["error"]["kind"]) == ("failed", False, "option")
        assert f"ConfigMap {stage.room.name}/{name} is no compute template" in outcome.message
    assert (run["delete"]["changed"], run["delete"]["template"]) == (False, None)
    assert "is left alone" in str(run["delete"]["warnings"])
    assert run["look"]["templates"] == []
    assert name not in [one["name"] for one in run["list"]["templates"]]
    assert stored(stage.room, name) == before


# task: what is wrong, and the words that its message has to hold
REFUSED: dict[str, tuple[Json, list[str]]] = {
    "fraction of a CPU": ({"cpu": 0.5}, ["cpu: '0.5' is not a whole number", "resources instead"]),
    "unit in memory": ({"memory": "8Gi"}, ["memory: '8Gi'", "memory_unit"]),
    "unknown unit": ({"memory_unit": "GB"}, ["memory_unit", "GB"]),
    "value of Exists": ({"tolerations": [{**TOLERATION, "value": "x"}]}, ["tolerations[0].value"]),
    "no effect": ({"tolerations": [{"key": "a"}]}, ["effect"]),
    "name too long": ({"name": "a" * 64}, ["name: ", "63 at most"]),
    "no memory": ({"memory": ""}, ["memory"]),
    "missing namespace": ({"namespace": "nowhere"}, ["namespace nowhere does not exist"]),
    "patched": ({"state": "patched"}, ["state", "patched"]),
}


def test_what_a_template_cannot_say_fails_by_its_option_and_writes_nothing(stage: Stage, way: str) -> None:
    tasks: list[Json] = [
        {"name": label, "kuberay.core.kuberay_template": {"name": "refused", **SECOND, **options}, **MAY_FAIL}
        for label, (options, _words) in REFUSED.items()
    ]
    run = stage.succeed(*tasks, way=way)
    for label, (_options, words) in REFUSED.items():
        outcome = run[label]
        assert outcome.status == "failed", label
        for word in words:
            assert word in outcome.message, label
        assert outcome.result.get("changed", False) is False
        assert written(stage.requests(run, label)) == []
        assert "Traceback" not in str(outcome.result)


def test_a_template_in_a_namespace_that_is_not_there_is_predicted_with_a_warning(stage: Stage) -> None:
    run = stage.succeed(manage_template("predict", "early", CHECK, namespace="nowhere", **SECOND))
    assert (run["predict"]["action"], run["predict"]["template"]["memory"]) == ("create", 16)
    assert "namespace nowhere does not exist" in str(run["predict"]["warnings"])


def test_both_ways_of_running_give_equal_results(stage: Stage) -> None:
    tasks = [
        manage_template("nothing to do", "same", DIFF, **SECOND),
        manage_template("predict change", "same", CHECK, **FIRST),
        manage_template("predict delete", "same", CHECK, state="absent"),
        template_info("info", name="same", gather=["used_by"]),
    ]
    twice = [task for one in tasks for task in (one, {**one, **SHIPPED, "name": f"{one['name']}, shipped"})]
    run = stage.succeed(manage_template("make", "same", **SECOND), *twice)
    for task in tasks:
        here, shipped = (
            {key: value for key, value in run[name].result.items() if key != "invocation" and key[0] != "_"}
            for name in (task["name"], f"{task['name']}, shipped")
        )
        assert here == shipped


def test_a_template_that_a_finalizer_holds_is_waited_for_and_made_again(stage: Stage) -> None:
    with held_template(stage, "held") as uid:
        run = stage.succeed(manage_template("again", "held", cpu=2, memory=1))
    assert (run["again"]["action"], run["again"]["template"]["cpu"]) == ("create", 2)
    assert run["again"]["template"]["uid"] != uid
