# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role kuberay_smoke_test, through every door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.apiserver_harness import has_stand_in
from tests.integration.modules.room import CALLER, Stage
from tests.integration.playbook import Run, side_by_side
from tests.lab.lab import Lab
from tests.lab.services import NAMESPACE

Json = dict[str, Any]
ROLE, NAME = "kuberay_smoke_test", "kuberay-smoke-test"
# As a survey gives them.
SMALL: Json = {
    "workers": "1",
    "image": "",
    "keep": "false",
    "cpu": "1",
    "memory": "1",
}
SERVICE = {"namespace": NAMESPACE, "name": "kuberay-apiserver-service", "port": 8888}
LEFT = ["configmaps", "rayclusters", "rayjobs"]
DOORS: dict[str, Json] = {
    "kubernetes": {},
    "apiserver_v1": {"api": "apiserver_v1", "apiserver_service": SERVICE},
    "apiserver_v2": {"api": "apiserver_v2", "apiserver_service": SERVICE},
}


def _tasks(stage: Stage, variables: Json) -> list[Json]:
    own = {"kubeconfig": str(stage.kubeconfig), "namespace": stage.room.name, **SMALL, **variables}
    told = {f"{ROLE}_{name}": value for name, value in own.items()}
    include = {"name": f"kuberay.core.{ROLE}", "rolespec_validate": False}
    return [
        {"name": "the role", "ansible.builtin.include_role": include, "vars": told},
        {"name": "fact", "ansible.builtin.debug": {"var": ROLE}},
    ]


def _run(stage: Stage, variables: Json, **options: Any) -> Run:
    return stage.prepare(_tasks(stage, variables), connection={}, **options).run()


def _left(stage: Stage, name: str = NAME) -> list[str]:
    """What is left of a test."""
    return [plural for plural in LEFT if stage.room.get(name, plural) is not None]


@pytest.fixture(scope="module")
def runs(stage: Stage) -> dict[str, Run]:
    """The role through each door."""
    stage.room.allow(CALLER, NAMESPACE)
    ways = {door: {**way, "name": _name(door)} for door, way in DOORS.items()}
    return side_by_side({door: stage.prepare(_tasks(stage, way), connection={}) for door, way in ways.items()})


def _name(door: str) -> str:
    return f"{NAME}-{door.replace('_', '-')}"


@pytest.mark.parametrize("door", DOORS)
def test_it_passes_and_leaves_nothing(stage: Stage, runs: dict[str, Run], door: str) -> None:
    run = runs[door]
    assert run.code == 0, str(run)
    assert "changed=0" in run.stdout
    fact = run["fact"][ROLE]
    assert (fact["passed"], fact["namespace"], fact["ray_version"]) == (True, stage.room.name, "2.52.0")
    assert fact["cluster_seconds"] > 0
    assert fact["job_seconds"] > 0
    assert _left(stage, _name(door)) == []


@pytest.mark.parametrize("door", DOORS)
def test_ray_has_answered(runs: dict[str, Run], lab: Lab, door: str) -> None:
    # KubeRay's own APIServer is outside of Kubernetes here, and does not reach dashboards.
    shows_logs = door != "apiserver_v1" or has_stand_in(lab)
    # One of the two at least: the lab's workers are pods without Ray in them.
    assert runs[door]["fact"][ROLE]["nodes"] in ((1, 2) if shows_logs else (None,))


def test_check_mode_makes_nothing(stage: Stage) -> None:
    run = _run(stage, {}, check=True)
    assert run.code == 0, str(run)
    assert _left(stage) == []


def test_what_fails_is_told_and_nothing_is_left(stage: Stage) -> None:
    run = _run(stage, {"workers": "0", "cpu": "9999", "wait_timeout": "5"})
    assert run.code != 0
    (failed,) = (one for one in run.outcomes if one.failed and one.message)
    assert failed.name.endswith("A tiny cluster")
    assert "Insufficient cpu" in failed.message
    assert _left(stage) == []


def test_what_an_earlier_test_has_left_is_replaced(stage: Stage) -> None:
    kept = _run(stage, {"keep": "yes", "workers": "0"})
    assert kept.code == 0, str(kept)
    assert _left(stage) == LEFT
    assert "changed=0" not in kept.stdout
    again = _run(stage, {"workers": "0"})
    assert again.code == 0, str(again)
    assert _left(stage) == []


def test_a_misspelt_variable_is_told(stage: Stage) -> None:
    run = _run(stage, {"worker": 2})
    assert run.code != 0
    assert "kuberay_smoke_test_worker: there is no such variable; is it kuberay_smoke_test_workers?" in str(run)
