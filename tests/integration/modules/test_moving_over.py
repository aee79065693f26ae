# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What KubeRay's APIServer V1 has made is taken over through the other doors: no pod and no cluster is made anew."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from tests.integration.apiserver_harness import Place, client_of, group, spec
from tests.integration.modules.room import CALLER, Room, Stage
from tests.integration.modules.words import VERSION, greets, job, manage, service
from tests.integration.patience import RAY_SECONDS
from tests.integration.playbook import Run
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.services import NAMESPACE

Json = dict[str, Any]
DOORS = ("kubernetes", "apiserver_v2")
SIZED: Json = {"compute_template": "small"}
START: Json = {"dashboard-host": "0.0.0.0"}
HEAD: Json = {**SIZED, "ray_start_params": START, "env": {"EDITION": "1"}}
SAID_HEAD: Json = {"environment": {"values": {"EDITION": "1"}}}
WORKERS: Json = {"group_name": "small", "replicas": 1, "min_replicas": 1, "max_replicas": 2, **SIZED}
SAYS = "python -c 'print(7)'"
CLUSTER: Json = {"ray_version": VERSION, "head_group": HEAD}
# A volume that V1's server dies of, where its label is still there.
DEADLY: Json = {"spec": {"volumes": [{"name": "spare", "emptyDir": {}}]}}


@pytest.fixture(scope="module")
def place(lab: Lab, lab_api: Api, room: Room) -> Place:
    """What V1 has made: a cluster and a service for each door, and a job that is over."""
    found = Place(client_of(lab), lab_api, room.name)
    found.template()
    make = found.client.done
    workers = group(rayStartParams={})
    for door in DOORS:
        make("POST", found.clusters, found.cluster(named("demo", door), SAID_HEAD, workers))
        said = {"user": "me", "version": VERSION, "clusterSpec": spec(SAID_HEAD)}
        make("POST", found.services, found.named(named("greet", door), serveConfigV2=SERVED, **said))
        make("POST", found.jobs, found.named(named("job", door), entrypoint=SAYS, **said))
    for door in DOORS:
        for what, is_there in (("demo", is_ready), ("greet", is_serving), ("job", is_over)):
            found.until(partial(is_there, found, named(what, door)), f"{what} by V1", RAY_SECONDS)
    return found


SERVED = "applications:\n- name: greeting\n  import_path: greeting:app\n  args:\n    greeting: hello\n"


def named(what: str, door: str) -> str:
    return f"{what}-{door[-2:]}"


def state(place: Place, plural: str, name: str) -> Json:
    return dict(place.resource(plural, name).get("status") or {})


def is_ready(place: Place, name: str) -> bool:
    return bool(state(place, "rayclusters", name).get("state") == "ready")


def is_over(place: Place, name: str) -> bool:
    return bool(state(place, "rayjobs", name).get("jobDeploymentStatus") == "Complete")


def is_serving(place: Place, name: str) -> bool:
    found = state(place, "rayservices", name)
    return any(one["type"] == "Ready" and one["status"] == "True" for one in found.get("conditions") or [])


@pytest.fixture(scope="module")
def before(place: Place, room: Room) -> dict[str, Any]:
    return alive(place, room)


def alive(place: Place, room: Room) -> dict[str, Any]:
    """All pods by uid, and the cluster that each service runs on."""
    status, body = room.api.request("GET", room.path("pods"))
    assert status == 200
    pods = {one["metadata"]["name"]: one["metadata"]["uid"] for one in json.loads(body)["items"]}
    services = {door: state(place, "rayservices", named("greet", door))["activeServiceStatus"] for door in DOORS}
    return {"pods": pods, "clusters": {door: one["rayClusterName"] for door, one in services.items()}}


@pytest.fixture(scope="module")
def runs(place: Place, stage: Stage, before: dict[str, Any]) -> dict[str, Run]:
    """The same wishes by a playbook, twice, through each door."""
    told: dict[str, Run] = {}
    stage.room.allow(CALLER, NAMESPACE)
    for door in DOORS:
        cluster, jobs, serves = (named(what, door) for what in ("demo", "job", "greet"))
        tasks: list[Json] = []
        for again in ("", " again"):
            tasks += [
                manage(f"cluster{again}", cluster, worker_groups=[WORKERS], **CLUSTER),
                job(f"job{again}", jobs, entrypoint=SAYS, cluster=CLUSTER),
                service(f"service{again}", serves, serve_config=greets(), cluster=CLUSTER),
            ]
        connection = {
            "api": door,
            "apiserver_service": {"namespace": NAMESPACE},
            "kubeconfig": str(stage.kubeconfig),
        }
        told[door] = stage.succeed(*tasks, connection=connection)
    return told


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", ["cluster", "job", "service"])
def test_the_same_wish_is_taken_over_and_then_unchanged(runs: dict[str, Run], door: str, what: str) -> None:
    taken, again = runs[door][what].result, runs[door][f"{what} again"].result
    assert [one["path"] for one in taken["reasons"]] == ["metadata.annotations['kuberay.core/wish']"], taken["reasons"]
    assert (again["action"], again["changed"]) == ("none", False)


def test_no_pod_and_no_cluster_is_another_one(
    runs: dict[str, Run], before: dict[str, Any], place: Place, room: Room
) -> None:
    assert runs
    now = alive(place, room)
    # Pods of jobs that are over may have gone; none may have come.
    assert now["pods"].items() <= before["pods"].items()
    assert now["clusters"] == before["clusters"]
    for door in DOORS:
        assert (
            not state(place, "rayservices", named("greet", door)).get("pendingServiceStatus", {}).get("rayClusterName")
        )


def test_v1_still_shows_them(runs: dict[str, Run], place: Place) -> None:
    assert runs
    listed = {one["name"] for one in place.client.done("GET", place.clusters).get("clusters", [])}
    assert {named("demo", door) for door in DOORS} <= listed


def test_what_v1_would_die_of_is_hidden_from_it(runs: dict[str, Run], place: Place, stage: Stage) -> None:
    assert runs
    name = named("demo", "kubernetes")
    more = {**CLUSTER, "head_group": {**HEAD, "template": DEADLY}}
    run = stage.succeed(manage("deadly", name, worker_groups=[WORKERS], **more))
    (told,) = [warning for warning in run["deadly"].result["warnings"] if "taken off" in warning]
    assert "volumes[spare] is mounted nowhere" in told
    assert "app.kubernetes.io/managed-by" not in place.resource("rayclusters", name)["metadata"]["labels"]
    listed = {one["name"] for one in place.client.done("GET", place.clusters).get("clusters", [])}
    assert name not in listed
    assert place.client.ask_once("GET", "/healthz").status == 200
