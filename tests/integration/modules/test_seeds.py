# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documents of KubeRay's APIServer do by curl, done by the tasks of the curl guide, through every door.

seeds.yml has what the documents post. The task that the guide has for it makes the same of nothing, and changes nothing
where curl was before. No pod may run in these namespaces: nothing here is about what runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration import guides
from tests.integration.apiserver_harness import Client, Place, client_of, front_of
from tests.integration.modules.room import CALLER, READER, Room, Stage, new_room
from tests.integration.modules.words import CHECK, MAY_FAIL, job, manage, service
from tests.integration.playbook import Run, side_by_side
from tests.integration.wire import Wire
from tests.lab.api import Api
from tests.lab.apiserver.releases import LATEST, Release, base
from tests.lab.apiserver.server import serving
from tests.lab.lab import Lab
from tests.lab.services import NAMESPACE

Json = dict[str, Any]
SEEDS: Json = yaml.safe_load(Path(__file__).with_name("seeds.yml").read_text("utf-8"))
RAY = "2.9.0"
KUBERNETES, V1, V2 = "kubernetes", "apiserver_v1", "apiserver_v2"
DOORS = (KUBERNETES, V1, V2)
# V1 after curl has been there.
AFTER_CURL = "after curl"
WAYS = (*DOORS, AFTER_CURL)
# Each kind: its module, V1's place for it, and Kubernetes'.
KINDS = {
    "kuberay_template": ("compute_templates", "configmaps"),
    "kuberay_cluster": ("clusters", "rayclusters"),
    "kuberay_job": ("jobs", "rayjobs"),
    "kuberay_service": ("services", "rayservices"),
}
PREFIX = "kuberay.core."
NO_SUCH_METHOD = 501
# What differs each time, and what became of it: no part of what was asked for.
NOT_ASKED_FOR = {
    "clusterState",
    "createdAt",
    "deleteAt",
    "events",
    "jobDeploymentStatus",
    "jobStatus",
    "kuberay.core/wish",
    "message",
    "ray.io/creation-timestamp",
    "rayClusterName",
    "rayServiceStatus",
    "serviceEndpoint",
    "startTime",
}
YAML_TEXTS = {"runtimeEnv", "runtimeEnvYAML", "serveConfigV2"}
NO_PODS = {"metadata": {"name": "no-pods"}, "spec": {"hard": {"pods": "0"}}}
GUIDE: dict[str, Json] = {
    task["name"]: task for step in guides.steps("guide_curl") for play in step.plays for task in play["tasks"]
}
SELECTS = [name for name in GUIDE if name.startswith(("The clusters ", "The cluster of "))]
LISTS = [name for name in GUIDE if name.startswith(("List all ", "Get a "))]


@dataclass(frozen=True)
class Request:
    """What curl posts, and the task that says the same."""

    name: str
    body: Json
    task: Json

    @property
    def module(self) -> str:
        """The task's module, by its last name."""
        return next(key for key in self.task if key.startswith(PREFIX)).removeprefix(PREFIX)

    @property
    def options(self) -> Json:
        return dict(self.task[PREFIX + self.module])

    @property
    def called(self) -> str:
        return str(self.options["name"])

    def labelled(self, label: str, **options: Any) -> Json:
        """The task under another name, with these options besides."""
        return {**self.task, "name": label, PREFIX + self.module: {**self.options, **options}}

    def gone(self, label: str) -> Json:
        return {"name": label, PREFIX + self.module: {"name": self.called, "state": "absent"}}


def request_of(name: str, ray: str) -> Request:
    """One of seeds.yml, for a version of Ray."""
    seed, task = (
        json.loads(json.dumps(one).replace(RAY, ray))
        for one in (SEEDS["requests"][name], GUIDE[SEEDS["requests"][name]["task"]])
    )
    own = {"name": seed["called"]} if "called" in seed else {}
    request = Request(name, {**seed["body"], **own}, task)
    more = {**seed.get("more", {}), **own, **({} if request.module == "kuberay_template" else {"wait": False})}
    return replace(request, task=request.labelled(name, **more))


@dataclass(frozen=True)
class Document:
    """A document of some release, done by each way in a namespace of its own."""

    requests: list[Request]
    rooms: dict[str, Room]
    client: Client
    runs: dict[str, Run]
    # What was there after curl, by the name of the request: as V1 tells it, and as Kubernetes has it.
    curl: dict[str, tuple[Json, Json]]


@pytest.fixture(scope="module", params=list(SEEDS["documents"]))
def document(
    request: pytest.FixtureRequest, lab: Lab, lab_api: Api, wire: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Document]:
    seed, release = SEEDS["documents"][request.param], Release.of(request.param)
    requests = [request_of(name, seed["ray"]) for name in seed["posts"]]
    client_of(lab)
    with ExitStack() as stack:
        rooms = {way: stack.enter_context(new_room(lab_api)) for way in WAYS}
        for room in rooms.values():
            room.create("resourcequotas", NO_PODS)
        url = "" if release[:2] == LATEST[:2] else stack.enter_context(serving(front_of(lab, request.param).answer))
        client = Client(url, base(release)) if url else client_of(lab)
        for one in requests:
            post(client, rooms[AFTER_CURL], one)
        curl = {one.name: seen(client, rooms[AFTER_CURL], one) for one in requests}
        stages = {way: Stage(wire, room, tmp_path_factory.mktemp("way")) for way, room in rooms.items()}
        for room in rooms.values():
            room.allow(READER)
            room.allow(CALLER, NAMESPACE)
        plays = {
            way: stage.prepare(
                [in_namespace(task, rooms[way].name) for task in tasks_of(way, requests)],
                connection=through(way, stage, url),
            )
            for way, stage in stages.items()
        }
        yield Document(requests, rooms, client, side_by_side(plays), curl)


def post(client: Client, room: Room, request: Request) -> None:
    """What the document's curl does. Up to the first candidate of 1.0 jobs are made at another place."""
    place, _plural = KINDS[request.module]
    body = {**request.body, "namespace": room.name}
    answer = client.v1("POST", f"namespaces/{room.name}/{place}", body)
    if answer.status == NO_SUCH_METHOD:
        answer = client.v1("POST", f"{place}?namespace={room.name}", body)
    assert answer.status == 200, (request.name, answer)


def seen(client: Client, room: Room, request: Request) -> tuple[Json, Json]:
    """What there is of a request's object: as V1 tells it, and as Kubernetes has it."""
    place, plural = KINDS[request.module]
    told = client.done("GET", f"namespaces/{room.name}/{place}/{request.called}")
    # It is the one in the status, which the operator has written by then or not.
    told.pop("jobId", None)
    live = room.get(request.called, plural)
    metadata = {part: live["metadata"].get(part, {}) for part in ("labels", "annotations")}
    parts = {part: live[part] for part in ("spec", "data") if part in live}
    return canonical(told, room), canonical({"metadata": metadata, **parts}, room)


def canonical(value: Any, room: Room, key: str = "") -> Any:
    """What was asked for, told one way only. V1 writes variables in any order."""
    if isinstance(value, dict):
        return {name: canonical(one, room, name) for name, one in value.items() if name not in NOT_ASKED_FOR}
    if isinstance(value, list):
        members = [canonical(one, room) for one in value]
        named = all(isinstance(one, dict) and "name" in one for one in members)
        return sorted(members, key=lambda one: str(one["name"])) if named else members
    if key in YAML_TEXTS:
        return yaml.safe_load(value)
    return value.replace(room.name, "ray") if isinstance(value, str) else value


def through(way: str, stage: Stage, url: str) -> Json:
    """The connection of a way: V1 at a URL, or of the lab's own APIServer."""
    door = V1 if way == AFTER_CURL else way
    if door == V1 and url:
        return {"api": door, "apiserver_url": url}
    return {"api": door, "apiserver_service": {"namespace": NAMESPACE}, "kubeconfig": str(stage.kubeconfig)}


def in_namespace(task: Json, namespace: str) -> Json:
    """A task that says its namespace, unless it is about all of them: a URL has none of its own."""
    module = next(key for key in task if key.startswith(PREFIX))
    options = task[module] or {}
    return {**task, module: options if options.get("all_namespaces") else {**options, "namespace": namespace}}


def tasks_of(way: str, requests: list[Request]) -> list[Json]:
    """Everything twice, and what there is then; what V1 has made stays, to be looked at."""
    made = [request.labelled(f"{request.name}{again}") for again in ("", " again") for request in requests]
    tasks = [*made, *(GUIDE[name] for name in LISTS)]
    if way == V1:
        return tasks
    ends = list(reversed(requests))
    return [
        *tasks,
        *(request.gone(f"{request.name} goes") for request in ends),
        *(request.gone(f"{request.name} is gone") for request in ends),
    ]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, document: Document) -> str:
    run = document.runs[request.param]
    assert run.code == 0, str(run)
    return str(request.param)


def test_the_task_makes_it_once_and_finds_what_curl_made(document: Document, way: str) -> None:
    run = document.runs[way]
    for request in document.requests:
        first, again = run[request.name].result, run[f"{request.name} again"].result
        expected = ("none", False) if way == AFTER_CURL else ("create", True)
        assert (first["action"], first["changed"]) == expected, (request.name, first["reasons"])
        assert (again["action"], again["changed"], again["reasons"]) == ("none", False, []), request.name


def test_the_lists_have_what_was_made(document: Document, way: str) -> None:
    run = document.runs[way]
    for module in KINDS:
        kind = module.removeprefix("kuberay_")
        made = {request.called for request in document.requests if request.module == module}
        several = "compute templates" if kind == "template" else f"{kind}s"
        here = {one["name"] for one in run[f"List all {several} of a namespace"][f"{kind}s"]}
        everywhere = {
            (one["namespace"], one["name"]) for one in run[f"List all {several} of all namespaces"][f"{kind}s"]
        }
        # Of a job or a service there is a cluster besides.
        assert made <= here, module
        assert made == here or kind == "cluster", module
        assert {(document.rooms[way].name, name) for name in made} <= everywhere, module


def test_it_goes_and_is_gone(document: Document, way: str) -> None:
    if way == V1:
        return
    run = document.runs[way]
    for request in document.requests:
        assert run[f"{request.name} goes"]["action"] == "delete", request.name
        assert run[f"{request.name} is gone"]["action"] == "none", request.name


def test_what_the_task_makes_is_what_curl_makes(document: Document) -> None:
    assert document.runs[V1].code == 0, str(document.runs[V1])
    for request in document.requests:
        told, live = seen(document.client, document.rooms[V1], request)
        assert (told, live) == document.curl[request.name], request.name


@pytest.fixture(scope="module")
def caller(lab: Lab, stage: Stage) -> Stage:
    """Plays that may go through the lab's own APIServer."""
    client_of(lab)
    stage.room.allow(CALLER, NAMESPACE)
    return stage


def test_selectors_through_v2(caller: Stage, room: Room) -> None:
    room.create("resourcequotas", NO_PODS)
    found = "A cluster that is to be found"
    manages = f"{PREFIX}kuberay_cluster"
    made = {**GUIDE[found], manages: {**GUIDE[found][manages], "wait": False}}
    asks = [GUIDE[name] for name in SELECTS]
    run = caller.succeed(made, *asks, GUIDE["Delete the cluster that was found"], connection=through(V2, caller, ""))
    for name in SELECTS:
        assert [one["name"] for one in run[name]["clusters"]] == ["raycluster-prod"], name
    assert run["Delete the cluster that was found"]["action"] == "delete"


# What V1 refuses of all this: the task, and the words that it is told by. The other doors take it.
HEAD: Json = {"compute_template": "default-template", "image": f"rayproject/ray:{RAY}"}
STARTED: Json = {**HEAD, "ray_start_params": {"dashboard-host": "0.0.0.0"}}
ITEMS: Json = {"name": "s", "mount_path": "/s", "volume_type": "secret", "source": "s", "items": {"a": "b"}}
REFUSED: dict[str, tuple[Json, list[str]]] = {
    "a service without a serve config": (
        service("", "test-v1", serve_config=None, cluster={"head_group": STARTED}),
        ["serve_config (", "V1 makes no service without one"],
    ),
    "a head without parameters": (
        manage("", "test-cluster", head_group=HEAD),
        ["head_group.ray_start_params (", "V1 refuses a head without any"],
    ),
    "GPUs of an entrypoint": (
        job("", "gpus", entrypoint="python -V", entrypoint_num_gpus=1, cluster={"head_group": STARTED}),
        ["entrypoint_num_gpus (", "V1's server takes it and stores it nowhere"],
    ),
    "items of a Secret": (
        manage("", "secret", head_group={**STARTED, "volumes": [ITEMS]}),
        ["head_group.volumes[s]", "V1's server ends when it reads a secret volume with items back"],
    ),
}


@pytest.fixture(scope="module")
def refused(caller: Stage) -> dict[str, Run]:
    made = GUIDE["Create a compute template"]
    tasks = [made, *({**task, "name": name, **MAY_FAIL, **CHECK} for name, (task, _words) in REFUSED.items())]
    return side_by_side({door: caller.prepare(tasks, connection=through(door, caller, "")) for door in DOORS})


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("door", DOORS)
def test_v1_refuses_by_the_name_of_the_option(refused: dict[str, Run], door: str, what: str) -> None:
    outcome = refused[door][what]
    assert outcome.failed == (door == V1), outcome
    for words in REFUSED[what][1] if door == V1 else []:
        assert words in outcome.message


@pytest.mark.parametrize("name", SEEDS["refused"])
def test_a_graph_of_deployments_is_refused_by_the_server_too(lab: Lab, room: Room, name: str) -> None:
    place = Place(client_of(lab), room.api, room.name)
    if room.get("default-template", "configmaps") is None:
        place.template("default-template")
    status, code, message = place.client.refused("POST", place.services, place.named(**SEEDS["refused"][name]))
    assert (status, code) == (400, 3)
    assert "serve configuration is not defined" in message


@pytest.mark.parametrize("call", SEEDS["calls"])
def test_each_call_has_a_row_in_the_guide(call: str) -> None:
    rows = (guides.FOLDER / "guide_curl.rst").read_text("utf-8")
    assert f"{call}``" in rows.replace("/apis/v1alpha2/", "/apis/v1/")
