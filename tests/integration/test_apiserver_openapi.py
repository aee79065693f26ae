# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""V1 against KubeRay's own OpenAPI files: whatever is asked of any of its operations, at both of its base paths, the
answer is of the shape that they say, but for what contract 1.3 and 2.1 correct.

The stand-in must pass these, and so must the real program: where they differ, the stand-in is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration import openapi
from tests.integration.apiserver_harness import NO_RAY, Answer, Client, Place, client_of, front_of, group, only_stand_in
from tests.integration.openapi import Operation, Schema
from tests.integration.patience import RAY_SECONDS
from tests.lab.api import Api
from tests.lab.apiserver.server import serving
from tests.lab.lab import Lab

Json = dict[str, Any]
pytestmark = pytest.mark.skipif(
    not openapi.FOLDER.is_dir(), reason="KubeRay's OpenAPI files of V1 are not beside this checkout"
)
# The base path, and the release of the stand-in that has it; none is the lab's own APIServer.
BASES = {"/apis/v1": "", "/apis/v1alpha2": "1.0.0-rc.1"}
# Contract 2.1: the statuses and gRPC's codes of V1's own refusals.
REFUSALS = {(400, 3), (404, 5), (409, 6), (500, 2), (500, 13), (501, 12)}
# Declared, and served by nobody: contract 1.4.
UNSERVED = "image_templates"
SUBMISSIONS = "jobsubmissions"
OBJECTS = ("compute_templates", "clusters", "jobs", "services")
WANTED = "wanted"
often = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Checked:
    """A place at a server: each answer is held against the files."""

    def __init__(self, place: Place, base: str) -> None:
        self.place = place
        self.base = base
        self.operations, definitions = openapi.read()
        self.schema = Schema(definitions)
        # Which operations have given an answer that is no refusal.
        self.done: set[str] = set()
        self._lives = 0

    def ask(self, operation: Operation, body: Any = None, query: str = "", **names: str) -> Answer:
        """One request, with names for what the path leaves open."""
        named = {"namespace": self.place.namespace, **names}
        path = operation.path.format(**{key: quote(name, safe="") for key, name in named.items()})
        answer = self.place.client.ask_once(operation.method, f"{self.base}/{path}{query}", body)
        problems = list(self._problems(operation, answer))
        assert problems == [], (str(operation), names, json.dumps(body), answer)
        if answer.status == 200:
            self.done.add(str(operation))
        return answer

    def _problems(self, operation: Operation, answer: Answer) -> Iterator[str]:
        if not answer.kind.startswith("application/json"):
            yield f"is {answer.kind}"
        elif answer.status == 200:
            yield from self.schema.problems(operation.gives, answer.json)
        else:
            yield from self.schema.problems("googlerpcStatus", answer.json)
            if (answer.status, answer.json.get("code")) not in REFUSALS or not answer.json.get("message"):
                yield f"is a refusal with {answer.status} and {answer.json}"

    def life(self, plural: str, message: Json) -> bool:
        """One object from its beginning to its end; whether it came to be. Each has a name of its own, if any."""
        if message.get("name") == WANTED:
            self._lives += 1
            message = {**message, "name": f"{WANTED}-{self._lives}"}
        made = self.ask(self.named("POST", f"namespaces/{{namespace}}/{plural}"), message)
        if made.status != 200:
            return False
        name = str(made.json["name"])
        one, some = f"namespaces/{{namespace}}/{plural}/{{name}}", f"namespaces/{{namespace}}/{plural}"
        assert self.ask(self.named("GET", one), name=name).status == 200
        if plural == "services":
            self.ask(self.named("PUT", one), message, name=name)
        for path in (some, plural):
            assert self.ask(self.named("GET", path)).status == 200
        assert self.ask(self.named("DELETE", one), name=name).status == 200
        return True

    def named(self, method: str, path: str) -> Operation:
        (found,) = (one for one in self.operations if (one.method, one.path) == (method, path))
        return found


@pytest.fixture(scope="module", params=BASES)
def checked(request: pytest.FixtureRequest, lab: Lab, lab_api: Api, module_namespace: str) -> Iterator[Checked]:
    base, release = request.param, BASES[request.param]
    with ExitStack() as stack:
        client = client_of(lab)
        if release:
            client = Client(stack.enter_context(serving(front_of(lab, release).answer)), base)
        place = Place(client, lab_api, module_namespace)
        if client.v1("GET", f"{place.templates}/small").status != 200:
            place.template()
        yield Checked(place, base)


HEAD = {"annotations": NO_RAY, "volumes": [{"name": "v", "mountPath": "/v", "volumeType": "EMPTY_DIR"}]}
ENVIRONMENT = {"values": {"A": "1"}, "valuesFrom": {"B": {"source": "SECRET", "name": "n", "key": "k"}}}
WORKERS = group(replicas=0, environment=ENVIRONMENT, securityContext={"capabilities": {"add": ["NET_ADMIN"]}})
SUBMITTER = {"image": "rayproject/ray:2.52.0", "cpu": "1", "memory": "1Gi"}
SCALED = {"enableInTreeAutoscaling": True, "autoscalerOptions": {"idleTimeoutSeconds": 60, "cpu": "1", "memory": "1Gi"}}
TOLERATION = {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}


def base_of(place: Place, plural: str) -> tuple[str, Json]:
    """The name of a message, and one of those that the server takes."""
    cluster = place.cluster(WANTED, HEAD, WORKERS)
    cluster["clusterSpec"].update(SCALED)
    spec = cluster["clusterSpec"]
    named = place.named(WANTED, user="me", version="2.52.0")
    return {
        "compute_templates": (
            "protoComputeTemplate",
            place.named(WANTED, cpu=1, memory=2, gpu=1, tolerations=[TOLERATION], extendedResources={"a/b": 1}),
        ),
        "clusters": ("protoCluster", {**cluster, "envs": {"values": {"C": "1"}}}),
        "jobs": ("protoRayJob", {**named, "entrypoint": "true", "clusterSpec": spec, "jobSubmitter": SUBMITTER}),
        "services": ("protoRayService", {**named, "serveConfigV2": "applications: []", "clusterSpec": spec}),
    }[plural]


def test_each_operation_is_there(checked: Checked) -> None:
    for plural in OBJECTS:
        assert checked.life(plural, base_of(checked.place, plural)[1]), plural
    others = {one for one in checked.operations if str(one) not in checked.done}
    assert {one.path.split("/")[2 if "{" in one.path else 0] for one in others} == {UNSERVED, SUBMISSIONS}
    for one in others:
        if UNSERVED in one.path:
            assert checked.ask(one, {}, name="a").json == {"code": 5, "message": "Not Found"}


@pytest.mark.parametrize("plural", OBJECTS)
def test_what_is_made_told_and_deleted(checked: Checked, plural: str) -> None:
    name, base = base_of(checked.place, plural)

    @often
    @given(message=checked.schema.changed(name, base).filter(is_harmless))
    def whatever_is_said(message: Json) -> None:
        checked.life(plural, message)

    whatever_is_said()


def is_harmless(message: Json) -> bool:
    """Whether this does not end the server (contract 2.9), and starts no Ray."""
    spec = message.get("clusterSpec") or {}
    if "clusterSpec" in message and (spec.get("headGroupSpec") or {}).get("annotations") != NO_RAY:
        return False
    groups = [spec.get("headGroupSpec") or {}, *(spec.get("workerGroupSpec") or [])]
    volumes = [one for some in (*groups, spec.get("autoscalerOptions") or {}) for one in some.get("volumes") or []]
    return not any(one.get("volumeType") in ("SECRET", 4) and one.get("items") for one in volumes)


TEXT = st.sampled_from(["none", "small", "a b", "Ü", "A", "x" * 300])


def test_what_is_not_there_and_what_cannot_be_asked(checked: Checked) -> None:
    operations = [one for one in checked.operations if one.path.partition("/")[0] != UNSERVED]

    @often
    @given(st.sampled_from(operations), TEXT, TEXT, st.sampled_from(["", "?limit=1", "?limit=x", "?pageSize=-1"]))
    def ask(operation: Operation, name: str, other: str, query: str) -> None:
        checked.ask(operation, None, query, namespace=other, name=name, clustername=name, submissionid=other)

    ask()


def test_submissions(checked: Checked, lab: Lab) -> None:
    """They need a Ray that runs, and a dashboard that the server reaches."""
    only_stand_in(lab, "the real program would dial the head by its name in the cluster")
    if checked.base != "/apis/v1":
        pytest.skip("before KubeRay 1.1 there were none")
    place, some = checked.place, f"namespaces/{{namespace}}/{SUBMISSIONS}/{{clustername}}"
    place.client.done("POST", place.clusters, place.cluster("busy"))
    look = checked.named("GET", "namespaces/{namespace}/clusters/{name}")
    place.until(lambda: checked.ask(look, name="busy").json.get("clusterState") == "ready", "a cluster that is ready")
    name = f"mine-{place.namespace}"
    given = {"entrypoint": "echo told", "submissionId": name, "metadata": {"a": "b"}, "entrypointNumCpus": 0.5}
    names = {"clustername": "busy", "submissionid": name}
    submit = checked.named("POST", some)
    # The first to want Ray waits for its start.
    place.until(lambda: checked.ask(submit, given, **names).status == 200, "a submission", RAY_SECONDS)
    one = checked.named("GET", f"{some}/{{submissionid}}")
    place.until(lambda: checked.ask(one, **names).json.get("status") == "SUCCEEDED", "its end", RAY_SECONDS)
    log, end = checked.named("GET", f"{some}/log/{{submissionid}}"), checked.named("DELETE", one.path)
    for operation in (checked.named("GET", some), log, checked.named("POST", one.path), end):
        assert checked.ask(operation, **names).status == 200
    assert {str(one) for one in checked.operations if SUBMISSIONS in one.path} <= checked.done
    assert checked.ask(checked.named("DELETE", look.path), name="busy").status == 200
