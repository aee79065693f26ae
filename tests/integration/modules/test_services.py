# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayService from a playbook, on real Ray Serve: made, left alone, changed both ways, deleted; both ways of running.

After each change the applications are asked what they answer, the moment the task has ended.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.integration.modules.room import WAYS, Stage, outside_the_wait, written
from tests.integration.modules.words import (
    CHECK,
    DIFF,
    MAY_FAIL,
    asks,
    greets,
    group,
    service,
    service_info,
    small_cluster,
)
from tests.integration.playbook import Run, side_by_side

Json = dict[str, Any]
HELLO, EVENING, NIGHT = greets("hello"), greets("good evening"), greets("good night")
# The same as EVENING, in other words and in another order.
RESPELLED = "applications: [{args: {'greeting': 'good evening'}, import_path: \"greeting:app\", name: greeting}]\n"
SCALED = small_cluster(group("few", replicas=2), group("more", replicas=0))
LARGER = small_cluster(group("few", replicas=1), env={"EDITION": "2"})


def name_of(way: str) -> str:
    return f"serve-{way.split()[0]}"


@pytest.fixture(scope="module")
def lives(stage: Stage) -> dict[str, Run]:
    """One service's life, told twice side by side."""
    plays = {}
    for way in WAYS:
        name, there = name_of(way), (stage.wire.url, stage.room.name)
        few, more = group("few", replicas=0), group("more", replicas=0)
        plays[way] = stage.prepare(
            [
                service("predict", name, CHECK, serve_config=HELLO),
                service("make", name, serve_config=HELLO),
                asks(*there, "hello", name),
                service("again", name, serve_config=HELLO),
                service_info("read", name=name, gather=["pods", "events", "external"]),
                service("predict change", name, CHECK, serve_config=EVENING),
                service("change", name, DIFF, serve_config=EVENING),
                asks(*there, "good evening", name),
                service("respelled", name, serve_config=RESPELLED),
                service("append", name, serve_config=EVENING, cluster=small_cluster(few, more)),
                service("scale", name, MAY_FAIL, serve_config=EVENING, cluster=SCALED),
                service("predict new", name, CHECK, serve_config=NIGHT, cluster=LARGER),
                service("new", name, serve_config=NIGHT, cluster=LARGER),
                asks(*there, "good night", name),
                service("delete", name, state="absent"),
                service("delete again", name, state="absent"),
            ],
            way,
        )
    return side_by_side(plays)


@pytest.fixture(params=WAYS)
def life(lives: dict[str, Run], request: pytest.FixtureRequest) -> Run:
    run = lives[request.param]
    assert run.code == 0, str(run)
    return run


def test_a_service_is_ready_when_its_applications_answer(life: Run) -> None:
    made = life["make"].result
    assert (made["action"], made["rollout"], made["changed"]) == ("create", "new_cluster", True)
    facts = made["service"]
    assert (facts["state"], facts["serving"], facts["upgrading"]) == ("ready", True, False)
    assert [(one["name"], one["status"]) for one in facts["applications"]] == [("greeting", "RUNNING")]
    assert [one["status"] for one in facts["applications"][0]["deployments"]] == ["HEALTHY"]
    assert facts["num_serve_endpoints"] > 0
    assert facts["endpoints"]["serve"] == f"http://{facts['name']}-serve-svc.{facts['namespace']}.svc:8000"
    assert life["hello"]["content"] == "hello"


def test_a_service_that_is_as_wished_costs_one_read(life: Run, stage: Stage) -> None:
    again = life["again"].result
    assert (again["action"], again["rollout"], again["changed"], again["reasons"]) == ("none", "none", False, [])
    assert outside_the_wait(stage.requests(life, "again", life["make"]["service"]["name"])) == ["GET rayservices"]


def test_info_says_the_same(life: Run) -> None:
    (found,) = life["read"]["services"]
    gathered = {"pods", "events", "external_endpoints"}
    assert {key: found[key] for key in found if key not in gathered} == {
        key: value for key, value in life["again"]["service"].items() if key not in gathered
    }
    assert [pod["group"] for pod in found["pods"]] == ["head"]
    assert "UpdatedServeApplications" in [event["reason"] for event in found["events"]]
    assert found["external_endpoints"]["serve_proxy"].endswith(f"{found['name']}-serve-svc:8000/proxy/")


@pytest.mark.parametrize(
    ("prediction", "done"), [("predict", "make"), ("predict change", "change"), ("predict new", "new")]
)
def test_check_mode_agrees_with_the_run_and_writes_nothing(life: Run, stage: Stage, prediction: str, done: str) -> None:
    told, came = life[prediction].result, life[done].result
    assert [told[key] for key in ("action", "rollout", "reasons")] == [
        came[key] for key in ("action", "rollout", "reasons")
    ]
    assert written(stage.requests(life, prediction, life["make"]["service"]["name"])) == []


def test_another_config_goes_to_the_running_cluster_and_is_waited_for(life: Run) -> None:
    changed = life["change"].result
    assert (changed["action"], changed["rollout"]) == ("patch", "in_place")
    assert [reason["path"] for reason in changed["reasons"]] == ["spec.serveConfigV2"]
    assert "good evening" in changed["diff"]["after"]
    assert changed["service"]["active_cluster"]["name"] == life["make"]["service"]["active_cluster"]["name"]
    assert life["good evening"]["content"] == "good evening"


def test_a_config_in_other_words_is_the_same(life: Run) -> None:
    assert (life["respelled"]["action"], life["respelled"]["reasons"]) == ("none", [])
    assert "\n" in yaml.safe_dump(EVENING)
    assert "\n" not in RESPELLED.strip()


def test_groups_that_are_appended_are_taken_in_place(life: Run) -> None:
    appended = life["append"].result
    assert (appended["action"], appended["rollout"]) == ("patch", "in_place")
    assert appended["service"]["active_cluster"]["name"] == life["make"]["service"]["active_cluster"]["name"]


def test_what_the_operator_ignores_fails_and_is_not_written(life: Run, stage: Stage) -> None:
    outcome = life["scale"]
    assert (outcome.status, outcome["error"]["kind"], outcome["changed"]) == ("failed", "needs_recreate", False)
    assert "workerGroupSpecs[few].replicas" in outcome.message
    assert life["make"]["service"]["active_cluster"]["name"] in outcome.message
    assert written(stage.requests(life, "scale", life["make"]["service"]["name"])) == []


def test_another_cluster_takes_over_and_the_wait_is_for_its_applications(life: Run) -> None:
    new = life["new"].result
    assert (new["action"], new["rollout"]) == ("patch", "new_cluster")
    facts = new["service"]
    assert facts["active_cluster"]["name"] != life["make"]["service"]["active_cluster"]["name"]
    assert (facts["state"], facts["pending_cluster"]) == ("ready", None)
    assert life["good night"]["content"] == "good night"


def test_a_deleted_service_is_gone_with_its_clusters(life: Run, stage: Stage) -> None:
    facts = life["new"]["service"]
    assert (life["delete"]["action"], life["delete again"]["changed"]) == ("delete", False)
    assert stage.room.get(facts["name"], "rayservices") is None
    for cluster in (facts["active_cluster"]["name"], life["make"]["service"]["active_cluster"]["name"]):
        assert stage.room.get(cluster) is None
        assert stage.room.pods(cluster) == {}
