# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One playbook through every door: twice each, the second time unchanged, and with the same facts but for what a door
does not show. The APIServer is reached through its Service, so that all of it goes over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.integration.apiserver_harness import client_of, has_stand_in
from tests.integration.modules.room import CALLER, Stage, new_room
from tests.integration.modules.words import (
    CHECK,
    SIZED_CLUSTER,
    SIZED_WORKERS,
    greets,
    info,
    job,
    job_info,
    manage,
    manage_template,
    service,
    service_info,
    template_info,
)
from tests.integration.playbook import Run, side_by_side
from tests.integration.wire import Request, Wire
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.services import NAMESPACE

Json = dict[str, Any]
KUBERNETES, V1, V2 = "kubernetes", "apiserver_v1", "apiserver_v2"
DOORS = (KUBERNETES, V1, V2)
SAYS = "python -c \"print('it is done')\""
WISHES = {
    "template": manage_template("", "small", cpu=1, memory=2),
    "cluster": manage("", "demo", worker_groups=[SIZED_WORKERS], **SIZED_CLUSTER),
    "job": job("", "own", entrypoint=SAYS, cluster=SIZED_CLUSTER),
    "guest": job("", "guest", entrypoint=SAYS, cluster_selector={"ray.io/cluster": "demo"}),
    "service": service("", "greets", serve_config=greets(), cluster=SIZED_CLUSTER),
}
# What V1 does not have: a change of a cluster in place, selectors, and the dashboard.
CHANGES = (
    manage("scale", "demo", worker_groups=[{**SIZED_WORKERS, "replicas": 2}], labels={"team": "a"}, **SIZED_CLUSTER),
    info("team", label_selectors=["team=a"]),
    manage("drop a group", "demo", worker_groups=[], labels={"team": "a"}, **SIZED_CLUSTER),
    manage("dashboard", "demo", state="patched", wait_for="dashboard"),
)
# The facts that are null through a door, and the labels that V1 gives itself; the guide to the doors tells of them.
UNSEEN = {
    KUBERNETES: set(),
    V2: set(),
    V1: {
        "attempts.failed",
        "attempts.succeeded",
        "dashboard",
        "head.ready",
        "head.reason",
        "num_serve_endpoints",
        "resources.cpu",
        "resources.gpu",
        "resources.memory",
        "resources.tpu",
        "suspended",
        "upgrading",
        "workers.available",
        "workers.desired",
        "workers.max",
        "workers.min",
        "workers.ready",
    },
}
# What is another one each time.
OWN = {
    "active_cluster",
    "annotations",
    "cluster",
    "cluster_name",
    "endpoints",
    "events",
    "log",
    "namespace",
    "submission_id",
    "times",
    "uid",
}
OWN |= {"dashboard", "generation", "head.ip", "head.pod", "head.service_ip", "conditions", "labels", "name"}


@pytest.fixture(scope="module")
def stages(wire: Wire, lab: Lab, lab_api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stage]]:
    """A namespace for each door, so that names are the same."""
    client_of(lab)
    with ExitStack() as rooms:
        found = {
            door: Stage(wire, rooms.enter_context(new_room(lab_api)), tmp_path_factory.mktemp("door")) for door in DOORS
        }
        for stage in found.values():
            stage.room.allow(CALLER, NAMESPACE)
        yield found


def through(door: str, stage: Stage) -> Json:
    """The connection: nothing in it but ``api`` and where the server is tells the doors apart."""
    return {"api": door, "apiserver_service": {"namespace": NAMESPACE}, "kubeconfig": str(stage.kubeconfig)}


@pytest.fixture(scope="module")
def plays(stages: dict[str, Stage]) -> dict[str, Run]:
    """The same playbook through each of them, side by side."""
    tasks: list[Json] = []
    for name, wish in WISHES.items():
        if name != "template":
            tasks.append({**wish, **CHECK, "name": f"predict {name}"})
        tasks += [{**wish, "name": name}, {**wish, "name": f"{name} again"}]
    tasks += [
        info("clusters"),
        info("one cluster", name="demo", gather=["events", "pods", "external"]),
        template_info("templates"),
        job_info("jobs"),
        service_info("services"),
    ]
    ends: list[Json] = []
    for name, wish in reversed(WISHES.items()):
        (module,) = (key for key in wish if key.startswith("kuberay"))
        gone = {module: {"name": wish[module]["name"], "state": "absent"}}
        ends += [{**gone, "name": f"{name} goes"}, {**gone, "name": f"{name} is gone"}]
    return side_by_side(
        {
            door: stage.prepare([*tasks, *([] if door == V1 else CHANGES), *ends], connection=through(door, stage))
            for door, stage in stages.items()
        }
    )


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest, plays: dict[str, Run]) -> str:
    """A door through which the playbook went to its end."""
    run = plays[request.param]
    assert run.code == 0, str(run)
    return str(request.param)


def leaves(told: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """What is told, path by path; what lies below one of OWN is left out."""
    if path in OWN:
        return
    if isinstance(told, dict):
        for key, below in told.items():
            yield from leaves(below, f"{path}.{key}".removeprefix("."))
    elif isinstance(told, list):
        for below in told:
            yield from leaves(below, path)
    else:
        yield path, told


@pytest.mark.parametrize("name", WISHES)
def test_each_is_made_once_and_a_second_run_changes_nothing(door: str, plays: dict[str, Run], name: str) -> None:
    run = plays[door]
    made, again = run[name].result, run[f"{name} again"].result
    assert (made["action"], made["changed"]) == ("create", True)
    assert (again["action"], again["changed"], again["reasons"]) == ("none", False, [])
    if name != "template":
        predicted = run[f"predict {name}"].result
        assert (predicted["action"], predicted["reasons"]) == (made["action"], made["reasons"])


@pytest.mark.parametrize("name", WISHES)
def test_facts_are_the_same_but_for_what_cannot_be_seen(
    door: str, plays: dict[str, Run], stages: dict[str, Stage], name: str
) -> None:
    key = {"guest": "job"}.get(name, name)

    def told(one: str) -> list[tuple[str, Any]]:
        facts = json.dumps(plays[one][f"{name} again"].result[key]).replace(stages[one].room.name, "ray")
        return list(leaves(json.loads(facts)))

    usual, here = told(KUBERNETES), told(door)
    assert [path for path, _ in here] == [path for path, _ in usual]
    others = {path: (now, then) for (path, now), (_, then) in zip(here, usual, strict=True) if now != then}
    assert others == {path: (None, then) for path, (now, then) in others.items()}
    assert set(others) <= UNSEEN[door]


def test_what_came_of_them(door: str, plays: dict[str, Run], lab: Lab) -> None:
    run = plays[door]
    # KubeRay's own V1 looks for the dashboard by a name that only pods can resolve.
    has_log = door != V1 or has_stand_in(lab)
    assert run["cluster"]["cluster"]["state"] == "ready"
    for name in ("job", "guest"):
        facts = run[name]["job"]
        assert facts["state"] == "succeeded", name
        assert (facts["log"] or "").endswith("it is done") == has_log, name
    assert run["service"]["service"]["state"] == "ready"
    assert "demo" in [one["name"] for one in run["clusters"]["clusters"]]
    assert [one["name"] for one in run["templates"]["templates"]] == ["small"]
    assert sorted(one["name"] for one in run["jobs"]["jobs"]) == ["guest", "own"]
    assert [one["name"] for one in run["services"]["services"]] == ["greets"]


def test_what_is_around_an_object_is_told_where_it_can_be_seen(door: str, plays: dict[str, Run]) -> None:
    (found,) = plays[door]["one cluster"]["clusters"]
    assert "CreatedHeadPod" in [event["reason"] for event in found["events"]]
    if door == KUBERNETES:
        assert sorted(pod["group"] for pod in found["pods"]) == ["few", "head"]
    else:
        assert found["pods"] is None


@pytest.mark.parametrize("able", [KUBERNETES, V2])
def test_a_group_is_scaled_and_removed_with_its_pods(able: str, plays: dict[str, Run]) -> None:
    run = plays[able]
    assert run.code == 0, str(run)
    assert run["scale"]["cluster"]["workers"]["ready"] == 2
    assert [one["name"] for one in run["team"]["clusters"]] == ["demo"]
    assert run["drop a group"]["action"] == "patch"
    assert run["drop a group"]["cluster"]["workers"] == {**run["scale"]["cluster"]["workers"], **NO_WORKERS}
    assert run["dashboard"]["action"] == "none"


NO_WORKERS = {"wanted": 0, "desired": 0, "available": 0, "ready": 0, "min": 0, "max": 0}


@pytest.mark.parametrize("name", WISHES)
def test_each_goes_and_is_gone(door: str, plays: dict[str, Run], name: str) -> None:
    assert plays[door][f"{name} goes"]["action"] == "delete"
    assert plays[door][f"{name} is gone"]["action"] == "none"


def _asked(stage: Stage, run: Run, task: str) -> list[Request]:
    """What a task asked: all plays share the wire, and each has a namespace of its own."""
    return stage.requests(run, task, f"/namespaces/{stage.room.name}/")


def test_nothing_to_do_costs_one_request(door: str, plays: dict[str, Run], stages: dict[str, Stage]) -> None:
    for task in ("cluster again", "service again", "template again", "cluster is gone", "service is gone"):
        asked = _asked(stages[door], plays[door], task)
        assert [one.method for one in asked] == ["GET"], (task, list(map(str, asked)))


def test_check_mode_writes_nothing(door: str, plays: dict[str, Run], stages: dict[str, Stage]) -> None:
    for name in WISHES:
        if name != "template":
            asked = _asked(stages[door], plays[door], f"predict {name}")
            assert [str(one) for one in asked if one.mutating and not one.dry_run] == []
