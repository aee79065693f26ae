# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a second wish does to what others set, and to what the first wish set and the second does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.modules.room import Stage
from tests.integration.modules.words import MAY_FAIL, group, manage, manifest, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
TOLERATION = {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
OURS = wish(
    group("small", env={"KEPT": "1", "DROPPED": "2"}, tolerations=[TOLERATION]),
    labels={"kept": "yes", "dropped": "yes"},
)
LESS = wish(group("small", env={"KEPT": "1"}), labels={"kept": "yes"})
TEMPLATE = "/spec/workerGroupSpecs/0/template"


def ray_container(cluster: Json, group: int = 0) -> Json:
    container: Json = cluster["spec"]["workerGroupSpecs"][group]["template"]["spec"]["containers"][0]
    return container


def variables(cluster: Json) -> dict[str, str]:
    return {one["name"]: one["value"] for one in ray_container(cluster)["env"]}


@pytest.fixture(scope="module")
def omission(stage: Stage, way: str) -> Iterator[tuple[Run, Json]]:
    """Our wish, others' additions, then less of a wish, twice."""
    name = f"shared-{way.replace(' ', '-')}"
    stage.succeed(manage("make", name, wait=False, **OURS), way=way)
    stage.room.patch(
        name,
        {"op": "add", "path": "/metadata/labels/theirs", "value": "label"},
        {"op": "add", "path": "/metadata/annotations/theirs", "value": "annotation"},
        {"op": "add", "path": f"{TEMPLATE}/spec/containers/0/env/-", "value": {"name": "THEIRS", "value": "3"}},
        {"op": "add", "path": f"{TEMPLATE}/spec/nodeSelector", "value": {"theirs": "node"}},
    )
    run = stage.succeed(
        manage("same", name, wait=False, **OURS),
        manage("less", name, wait=False, **LESS),
        manage("again", name, wait=False, **LESS),
        way=way,
    )
    yield run, stage.room.get(name)
    stage.room.api.request("DELETE", stage.room.path("rayclusters", name))


def test_what_others_add_is_no_reason_to_change(omission: tuple[Run, Json]) -> None:
    assert omission[0]["same"]["reasons"] == []


def test_what_the_wish_no_longer_says_is_removed(omission: tuple[Run, Json]) -> None:
    run, live = omission
    assert sorted(reason["path"] for reason in run["less"]["reasons"]) == [
        "metadata.labels.dropped",
        "spec.workerGroupSpecs[small].template.spec.containers[ray-worker].env[DROPPED]",
        "spec.workerGroupSpecs[small].template.spec.tolerations",
    ]
    assert "dropped" not in live["metadata"]["labels"]
    assert "DROPPED" not in variables(live)
    assert not live["spec"]["workerGroupSpecs"][0]["template"]["spec"].get("tolerations")
    assert run["again"]["changed"] is False


def test_what_others_set_survives(omission: tuple[Run, Json]) -> None:
    live = omission[1]
    assert live["metadata"]["labels"] == {"kept": "yes", "theirs": "label"}
    assert live["metadata"]["annotations"]["theirs"] == "annotation"
    assert variables(live) == {"KEPT": "1", "THEIRS": "3"}
    assert live["spec"]["workerGroupSpecs"][0]["template"]["spec"]["nodeSelector"] == {"theirs": "node"}


def test_an_object_that_kubectl_made_is_adopted_without_losing_anything(stage: Stage) -> None:
    made = manifest("adopted", "small", "extra", labels={"theirs": "label"})
    ray = made["spec"]["workerGroupSpecs"][0]["template"]["spec"]["containers"][0]
    ray["env"] = [{"name": "THEIRS", "value": "1"}]
    stage.room.create("rayclusters", made)
    ours = wish(group("small", 2), labels={"ours": "label"})
    run = stage.succeed(
        manage("adopt", "adopted", wait=False, purge_worker_groups=False, **ours),
        manage("again", "adopted", wait=False, purge_worker_groups=False, **ours),
    )
    assert run["adopt"]["action"] == "patch"
    assert run["again"]["changed"] is False
    live = stage.room.get("adopted")
    assert live["metadata"]["labels"] == {"ours": "label", "theirs": "label"}
    assert [one["groupName"] for one in live["spec"]["workerGroupSpecs"]] == ["small", "extra"]
    assert live["spec"]["workerGroupSpecs"][0]["replicas"] == 2
    assert len(live["spec"]["workerGroupSpecs"][0]["template"]["spec"]["containers"]) == 1
    assert variables(live) == {"THEIRS": "1"}


def test_the_autoscalers_replicas_are_kept(stage: Stage) -> None:
    ours = wish(group("small", 1), enable_in_tree_autoscaling=True)
    outside = wish(group("small", 1, max_replicas=2), enable_in_tree_autoscaling=True)
    stage.succeed(manage("make", "scaled", wait=False, **ours))
    stage.room.patch("scaled", {"op": "replace", "path": "/spec/workerGroupSpecs/0/replicas", "value": 3})
    run = stage.succeed(
        manage("same", "scaled", wait=False, **ours),
        manage("smaller", "scaled", wait=False, **outside),
    )
    assert run["same"]["reasons"] == []
    changed = {reason["path"]: reason["to"] for reason in run["smaller"]["reasons"]}
    assert changed == {
        "spec.workerGroupSpecs[small].replicas": 1,
        "spec.workerGroupSpecs[small].maxReplicas": 2,
    }


def test_answers_of_a_survey_arrive_as_texts_and_mean_the_same(stage: Stage) -> None:
    said = wish(group("small", "{{ count }}", max_replicas="{{ most }}"), image="", suspend="{{ no_answer }}")
    run = stage.succeed(
        manage("make", "survey", wait=False, **wish(group("small", 2, max_replicas=5), suspend=False)),
        manage("same", "survey", wait=False, **said),
        variables={"count": "2", "most": "5", "no_answer": "no"},
    )
    assert run["same"]["reasons"] == []


def test_a_patched_part_stays_until_the_whole_says_otherwise(stage: Stage) -> None:
    whole = wish(group("small", 1), group("other", 1))
    run = stage.succeed(
        manage("make", "parts", **whole),
        manage("scale", "parts", state="patched", worker_groups=[{"group_name": "small", "replicas": 2}]),
        manage("scale again", "parts", state="patched", worker_groups=[{"group_name": "small", "replicas": 2}]),
        manage("sleep", "parts", state="patched", suspend=True),
        manage("whole while asleep", "parts", **whole),
        manage("wake", "parts", state="patched", suspend=False),
        manage("nobody", "nobody", MAY_FAIL, state="patched", suspend=True),
    )
    scaled = [{"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 2}]
    assert (run["scale"]["reasons"], run["scale"]["cluster"]["state"]) == (scaled, "ready")
    assert run["scale again"]["changed"] is False
    assert run["sleep"]["cluster"]["state"] == "suspended"
    # The whole wish sets its own replicas back, and says nothing about suspending.
    assert [one["path"] for one in run["whole while asleep"]["reasons"]] == [scaled[0]["path"]]
    assert run["whole while asleep"]["cluster"]["state"] == "suspended"
    assert run["wake"]["cluster"]["state"] == "ready"
    assert (run["nobody"].status, run["nobody"]["error"]["kind"]) == ("failed", "not_found")
