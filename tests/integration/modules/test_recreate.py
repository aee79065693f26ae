# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change that a live cluster does not take: told, refused, or the cluster is deleted and made again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, group, manage, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
IMAGE = "rayproject/ray:2.53.0"
FIRST = {**wish(group("small")), "managed_by": "ray.io/kuberay-operator"}
OTHER = {**FIRST, "image": IMAGE}
IMPOSSIBLE = {**FIRST, "managed_by": "kueue.x-k8s.io/multikueue"}
WRONG = {**OTHER, "spec": {"headGroupSpec": {"typo": 1}}}
NEEDED: Json = {"recreate": "when_needed"}


def name_of(way: str) -> str:
    return f"again-{way.split()[0]}"


@pytest.fixture(scope="module")
def life(stage: Stage, way: str) -> Run:
    """One cluster through every value of the option."""
    name = name_of(way)
    return stage.succeed(
        manage("make", name, **FIRST),
        manage("impossible", name, MAY_FAIL, **IMPOSSIBLE),
        manage("predict", name, CHECK, **NEEDED, **OTHER),
        manage("wrong", name, MAY_FAIL, **NEEDED, **WRONG),
        manage("same", name, **NEEDED, **FIRST),
        manage("other image", name, {**DIFF, "register": "new"}, **NEEDED, gather=["pods"], **OTHER),
        manage("other image again", name, **NEEDED, **OTHER),
        manage("always", name, recreate="always", wait=False, **OTHER),
        manage("deferred", name, wait=False, **{**OTHER, "image": "rayproject/ray:2.54.0"}),
        manage("delete", name, state="absent"),
        way=way,
    )


def test_what_is_impossible_fails_and_says_the_way_out(life: Run, stage: Stage) -> None:
    outcome = life["impossible"]
    assert (outcome.status, outcome["error"]["kind"], outcome["changed"]) == ("failed", "needs_recreate", False)
    assert "spec.managedBy cannot be changed" in outcome.message
    assert "recreate=when_needed" in outcome.message
    assert written(stage.requests(life, "impossible")) == []


def test_check_mode_tries_the_new_object_and_agrees_with_the_run(life: Run, stage: Stage) -> None:
    predicted, done = life["predict"].result, life["other image"].result
    assert (predicted["action"], predicted["reasons"]) == ("recreate", done["reasons"])
    assert (done["action"], predicted["diff"]) == ("recreate", done["diff"])
    assert predicted["resource"]["spec"] == done["resource"]["spec"]
    requests = stage.requests(life, "predict")
    assert outside_the_wait(requests) == ["GET rayclusters", "POST rayclusters"]
    assert written(requests) == []


def test_a_new_object_that_the_server_would_refuse_costs_the_old_one_nothing(life: Run, stage: Stage) -> None:
    outcome = life["wrong"]
    assert outcome.status == "failed"
    assert "spec.headGroupSpec.typo" in outcome.message
    assert written(stage.requests(life, "wrong")) == []
    assert life["same"]["changed"] is False
    assert life["same"]["cluster"]["uid"] == life["make"]["cluster"]["uid"]


def test_the_new_cluster_is_ready_with_pods_of_its_own(life: Run) -> None:
    done = life["other image"].result
    assert (done["changed"], done["cluster"]["state"]) == (True, "ready")
    assert done["cluster"]["uid"] != life["make"]["cluster"]["uid"]
    assert sorted(pod["group"] for pod in done["cluster"]["pods"]) == ["head", "small"]
    assert life["other image again"]["changed"] is False


def test_always_needs_no_reason(life: Run) -> None:
    again = life["always"].result
    assert (again["action"], again["reasons"]) == (
        "recreate",
        [{"path": "$", "from": "present", "to": "created again"}],
    )
    assert again["cluster"]["uid"] != life["other image"]["cluster"]["uid"]


def test_without_the_option_a_deferred_change_is_stored_and_told(life: Run) -> None:
    deferred = life["deferred"].result
    assert (deferred["action"], deferred["changed"]) == ("patch", True)
    assert any("keep their old template" in warning for warning in deferred["warnings"])


def test_what_others_set_is_kept(stage: Stage) -> None:
    stage.succeed(manage("make", "shared", **FIRST))
    stage.room.patch("shared", {"op": "add", "path": "/metadata/labels", "value": {"theirs": "1"}})
    path = "/spec/headGroupSpec/template/spec/nodeSelector"
    stage.room.patch("shared", {"op": "add", "path": path, "value": {"kubernetes.io/os": "linux"}})
    run = stage.succeed(
        manage("again", "shared", wait=False, **NEEDED, **OTHER), manage("same", "shared", wait=False, **OTHER)
    )
    live = stage.room.get("shared")
    assert run["again"]["action"] == "recreate"
    assert run["same"]["reasons"] == []
    assert live["metadata"]["labels"] == {"theirs": "1"}
    assert live["spec"]["headGroupSpec"]["template"]["spec"]["nodeSelector"] == {"kubernetes.io/os": "linux"}
