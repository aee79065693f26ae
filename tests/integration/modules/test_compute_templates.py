# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute templates: the ConfigMap that KubeRay's APIServer keeps them in sizes a group, once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import Room, Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, MAY_FAIL, group, manage, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
TOLERATION = {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
SIZED = wish(
    group("small", compute_template="standard"),
    group("large", compute_template="accelerated"),
    head={"resources": {}, "compute_template": "standard"},
    wait=False,
)


def template(name: str, namespace: str, **data: str) -> Json:
    labels = {"ray.io/config-type": "compute-template", "ray.io/compute-template": name}
    texts = {"name": name, "namespace": namespace, "gpu": "0", "gpu_accelerator": "", **data}
    return {"metadata": {"name": name, "labels": labels}, "data": texts}


@pytest.fixture(scope="module")
def templates(room: Room) -> Room:
    """A room with two templates, and a ConfigMap that is none."""
    room.create("configmaps", template("standard", room.name, cpu="1", memory="2", memory_unit="Gi"))
    gpu = {"gpu": "1", "tolerations": f'[{{"key": "gpu", "operator": "Exists", "effect": "{TOLERATION["effect"]}"}}]'}
    room.create("configmaps", template("accelerated", room.name, cpu="4", memory="512", memory_unit="Mi", **gpu))
    room.create("configmaps", {"metadata": {"name": "plain"}, "data": {"cpu": "1", "memory": "1"}})
    return room


@pytest.fixture(scope="module")
def sized(templates: Room, stage: Stage, way: str) -> tuple[Run, Json]:
    """Create, run again, change the template, run again."""
    name = f"sized-{way.replace(' ', '-')}"
    first = stage.succeed(
        manage("predict", name, CHECK, **SIZED),
        manage("create", name, **SIZED),
        manage("again", name, **SIZED),
        way=way,
    )
    live = templates.get(name)
    templates.patch("standard", {"op": "replace", "path": "/data/cpu", "value": "2"}, plural="configmaps")
    second = stage.succeed(manage("after", name, **SIZED), way=way)
    templates.patch("standard", {"op": "replace", "path": "/data/cpu", "value": "1"}, plural="configmaps")
    return Run(0, "", "", first.outcomes + second.outcomes), live


def test_a_group_is_sized_by_its_template(sized: tuple[Run, Json]) -> None:
    head, (small, large) = (sized[1]["spec"][name] for name in ("headGroupSpec", "workerGroupSpecs"))
    for one in (head, small):
        size = {"cpu": "1", "memory": "2Gi"}
        assert one["template"]["spec"]["containers"][0]["resources"] == {"requests": size, "limits": size}
    size = {"cpu": "4", "memory": "512Mi", "nvidia.com/gpu": "1"}
    assert large["template"]["spec"]["containers"][0]["resources"] == {"requests": size, "limits": size}
    assert large["template"]["spec"]["tolerations"] == [TOLERATION]
    assert "tolerations" not in small["template"]["spec"]


def test_the_facts_name_the_template_of_each_group(sized: tuple[Run, Json]) -> None:
    groups = sized[0]["create"]["cluster"]["worker_groups"]
    assert [one["compute_template"] for one in groups] == ["standard", "accelerated"]


def test_creating_costs_one_read_for_each_template_that_is_named(sized: tuple[Run, Json], stage: Stage) -> None:
    for task in ("predict", "create"):
        assert outside_the_wait(stage.requests(sized[0], task)) == [
            "GET rayclusters",
            "GET configmaps",
            "GET configmaps",
            "POST rayclusters",
        ]


@pytest.mark.parametrize("task", ["again", "after"])
def test_a_live_group_keeps_its_copy_without_a_look_at_the_template(
    sized: tuple[Run, Json], stage: Stage, task: str
) -> None:
    assert sized[0][task]["reasons"] == []
    assert outside_the_wait(stage.requests(sized[0], task)) == ["GET rayclusters"]


def test_a_template_that_cannot_be_used_fails_by_its_option_and_nothing_is_written(
    templates: Room, stage: Stage, way: str
) -> None:
    def using(name: str) -> Json:
        return wish(group("ok", compute_template="standard"), group("bad", compute_template=name))

    run = stage.run(
        manage("missing", "unsized", MAY_FAIL, **using("nobody")),
        manage("no template", "unsized", MAY_FAIL, **using("plain")),
        way=way,
    )
    assert "there is no compute template 'nobody'" in run["missing"].message
    assert "plain is not a compute template" in run["no template"].message
    for outcome in run.outcomes:
        assert "worker_groups[1].compute_template" in outcome.message
        assert (outcome.failed, outcome["changed"]) == (True, False)
        assert written(stage.requests(run, outcome.name)) == []
