# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V2 of KubeRay's APIServer, as it was read and tried in KubeRay 1.7.0.

The stand-in must pass these, and so must the real program: where they differ, the stand-in is wrong.
"""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest
import yaml

from tests.integration.apiserver_harness import NO_RAY, Client, Json, Place, client_of, front_of
from tests.lab.api import Api
from tests.lab.apiserver import proxy
from tests.lab.apiserver.server import serving
from tests.lab.lab import Lab

YAML = "application/yaml"
TEXT = "text/plain"
V1_NOT_FOUND = {"code": 5, "message": "Not Found"}
AMOUNTS = {"cpu": "1", "memory": "2Gi"}


@pytest.fixture(scope="module")
def client(lab: Lab) -> Client:
    return client_of(lab)


@pytest.fixture(scope="module")
def place(client: Client, lab_api: Api, module_namespace: str) -> Place:
    """A namespace that has two compute templates."""
    found = Place(client, lab_api, module_namespace)
    found.template()
    tolerations = [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    found.template("big", gpu=2, extendedResources={"a/b": 3}, tolerations=tolerations)
    return found


def pods(*names: str) -> Json:
    containers = [{"name": name, "image": "rayproject/ray:2.52.0"} for name in names]
    return {"metadata": {"annotations": dict(NO_RAY)}, "spec": {"containers": containers}}


def cluster(name: str, head: str = "small", worker: str = "big") -> Json:
    """A RayCluster with compute templates; none of its pods runs."""
    group = {"groupName": "w", "replicas": 1, "rayStartParams": {}, "computeTemplate": worker}
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": name},
        "spec": {
            "headGroupSpec": {"computeTemplate": head, "rayStartParams": {}, "template": pods("ray-head", "side")},
            "workerGroupSpecs": [{**group, "template": pods("ray-worker")}],
        },
    }


def made(place: Place, name: str, **templates: str) -> Json:
    """A cluster that was posted. A refusal may get lost; that it was made never does."""
    answer = place.client.ask("POST", f"{place.ray}/rayclusters", cluster(name, **templates))
    assert answer.status == 201, answer
    return dict(answer.json)


# What is passed on, and what is not


def test_an_object_and_its_ways(place: Place) -> None:
    client, some = place.client, f"{place.ray}/rayclusters"
    name = made(place, "ways")["metadata"]["name"]
    one = f"{some}/{name}"
    assert client.ask("GET", one).json["kind"] == "RayCluster"
    conflict = client.ask("POST", some, cluster(name))
    assert (conflict.status, conflict.json["kind"], conflict.json["reason"]) == (409, "Status", "AlreadyExists")
    patch = {"spec": {"suspend": True}}
    patched = client.ask("PATCH", one + "?dryRun=All", patch, "application/merge-patch+json")
    assert patched.json["spec"]["suspend"] is True
    assert "suspend" not in client.ask("GET", one).json["spec"]
    head = {"rayStartParams": {}, "template": pods("ray-head")}
    whole = {**cluster(name), "spec": {"headGroupSpec": head}}
    query = "?fieldManager=me&force=true"
    applied = client.ask("PATCH", one + query, json.dumps(whole), "application/apply-patch+yaml")
    assert applied.status == 200, applied
    assert "me" in [entry["manager"] for entry in client.ask("GET", one).json["metadata"]["managedFields"]]
    listed = client.ask("GET", some + "?fieldSelector=metadata.name%3Dways&limit=1").json
    assert [item["metadata"]["name"] for item in listed["items"]] == ["ways"]
    assert client.ask("DELETE", one).status == 200
    place.until(lambda: client.ask("GET", one).status == 404, "the end of a cluster")
    missing = client.ask("GET", one)
    assert (missing.json["kind"], missing.json["reason"]) == ("Status", "NotFound")


@pytest.mark.parametrize(
    "path",
    [
        "/apis",
        "/api",
        "/version",
        "/openapi/v2",
        "/apis/ray.io",
        "/apis/ray.io/v1alpha1/rayclusters",
        "/api/v1/namespaces/default/pods",
        "/api/v1/namespaces/default/events",
        "/api/v1/namespaces",
    ],
)
def test_what_is_not_passed_on(client: Client, path: str) -> None:
    answer = client.ask("GET", path)
    assert (answer.status, answer.json) == (404, V1_NOT_FOUND)


def test_discovery(client: Client) -> None:
    bare = client.ask("GET", "/apis/ray.io/v1")
    assert bare.status in (301, 307)
    assert bare.headers["Location"] == "/apis/ray.io/v1/"
    found = client.ask("GET", "/apis/ray.io/v1/").json
    assert found["kind"] == "APIResourceList"
    assert {"rayclusters", "rayjobs", "rayservices"} <= {resource["name"] for resource in found["resources"]}
    assert client.ask("GET", "/apis/ray.io/v1/rayclusters").json["kind"] == "RayClusterList"


def test_events(place: Place) -> None:
    client = place.client
    made(place, "eventful")
    events = f"/apis/events.k8s.io/v1/namespaces/{place.namespace}/events"
    query = "?fieldSelector=regarding.name%3Deventful"
    place.until(lambda: client.ask("GET", events + query).json["items"], "an event")
    everything = client.ask("GET", events).json["items"]
    assert {event["regarding"]["apiVersion"] for event in everything} == {"ray.io/v1"}, "pods have events too"
    posted = client.ask("POST", events, {})
    assert (posted.status, posted.json) == (404, V1_NOT_FOUND)
    assert client.ask("DELETE", f"{place.ray}/rayclusters/eventful").status == 200


def test_services(place: Place) -> None:
    client = place.client
    service = {"metadata": {"name": "other"}, "spec": {"ports": [{"port": 80}]}}
    assert place.api.request("POST", f"{place.core}/services", service)[0] == 201
    for name in ("other", "none:8265"):
        refused = client.ask("GET", f"{place.core}/services/{name}/proxy/")
        assert (refused.status, refused.text) == (404, "kuberay service not found\n")
        assert refused.kind.startswith(TEXT)
    for name in ("a:b:c:d", "ftp:other:80", ":80"):
        refused = client.ask("GET", f"{place.core}/services/{name}/proxy")
        assert (refused.status, refused.text) == (400, f"invalid service format: {name}\n")
    assert client.ask("GET", f"{place.core}/services/other").json == V1_NOT_FOUND


# Compute templates


@pytest.mark.parametrize("kind", ["application/json", f"{YAML}; charset=utf-8"])
def test_compute_templates(place: Place, kind: str) -> None:
    name = "yaml" if YAML in kind else "json"
    given = cluster(name)
    body = yaml.safe_dump(given) if YAML in kind else json.dumps(given)
    answer = place.client.ask("POST", f"{place.ray}/rayclusters", body, kind)
    assert answer.status == 201, answer
    head, (worker,) = answer.json["spec"]["headGroupSpec"], answer.json["spec"]["workerGroupSpecs"]
    assert "computeTemplate" not in head
    assert head["template"]["metadata"]["annotations"]["ray.io/compute-template"] == "small"
    own, side = head["template"]["spec"]["containers"]
    assert own["resources"] == side["resources"] == {"limits": AMOUNTS, "requests": AMOUNTS}
    pod = worker["template"]["spec"]
    amounts = {**AMOUNTS, "nvidia.com/gpu": 2, "a/b": 3}
    assert pod["containers"][0]["resources"] == {"limits": amounts, "requests": amounts}
    assert [one["key"] for one in pod["tolerations"]] == ["gpu"]
    assert place.client.ask("DELETE", f"{place.ray}/rayclusters/{name}").status == 200


def test_compute_templates_of_other_kinds_and_ways(place: Place) -> None:
    client = place.client
    spec = cluster("nobody")["spec"]
    for plural, kind, more in (
        ("rayjobs", "RayJob", {"entrypoint": "true", "suspend": True, "rayClusterSpec": spec}),
        ("rayservices", "RayService", {"serveConfigV2": "applications: []", "rayClusterConfig": spec}),
    ):
        body = {"apiVersion": "ray.io/v1", "kind": kind, "metadata": {"name": "nested"}, "spec": more}
        answer = client.ask("POST", f"{place.ray}/{plural}?dryRun=All", body)
        assert answer.status == 201, answer
        nested = answer.json["spec"].get("rayClusterSpec") or answer.json["spec"]["rayClusterConfig"]
        assert nested["headGroupSpec"]["template"]["spec"]["containers"][0]["resources"]["limits"] == AMOUNTS
    there = made(place, "put")
    one = f"{place.ray}/rayclusters/put"
    there["spec"]["headGroupSpec"]["computeTemplate"] = "big"
    del there["metadata"]["resourceVersion"], there["metadata"]["managedFields"]
    patched = client.ask("PATCH", f"{one}?dryRun=All", there, "application/merge-patch+json").json
    annotations = patched["spec"]["headGroupSpec"]["template"]["metadata"]["annotations"]
    assert annotations["ray.io/compute-template"] == "small", "a PATCH goes by"

    def put() -> bool:
        current = client.ask("GET", one).json
        current["spec"]["headGroupSpec"]["computeTemplate"] = "big"
        answer = client.ask("PUT", one, current)
        return answer.status == 200 and "nvidia.com/gpu" in answer.text

    place.until(put, "a PUT without a conflict")
    assert client.ask("DELETE", one).status == 200


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        (cluster("x"), "text/plain", 400, "Failed to convert request body to Golang map object"),
        (cluster("x"), "", 400, "Failed to convert request body to Golang map object"),
        ("{", "application/json", 400, "Failed to convert request body to Golang map object"),
        (cluster("x", head="none"), "application/json", 422, "Cannot get compute template for name 'none'"),
        (cluster("x", worker="none"), "application/json", 422, "Compute template none not found"),
    ],
)
def test_refusals_of_its_own(place: Place, body: Any, kind: str, status: int, words: str) -> None:
    answer = place.client.ask("POST", f"{place.ray}/rayclusters", body, kind)
    assert answer.status == status
    assert answer.kind.startswith(TEXT)
    assert words in answer.text


def test_the_key_is_unknown_to_kubernetes(place: Place) -> None:
    answer = place.client.ask("POST", f"{place.ray}/rayclusters?dryRun=All", cluster("warned"))
    assert ["computeTemplate" in warning for warning in answer.headers.get_all("Warning")] == [True, True]
    strict = place.client.ask("POST", f"{place.ray}/rayclusters?fieldValidation=Strict", cluster("strict"))
    assert strict.status == 400
    assert "computeTemplate" in strict.json["message"]


# Its way with answers


def test_refusals_get_lost_and_success_does_not(lab: Lab, place: Place) -> None:
    with serving(front_of(lab, dropped=1.0).answer) as url:
        client = Client(url)
        assert client.ask_once("GET", f"{place.ray}/rayclusters").status == 200
        with pytest.raises(http.client.RemoteDisconnected):
            client.ask_once("GET", f"{place.ray}/rayclusters/none")
        assert client.ask_once("GET", "/version").status == 404, "V1 loses nothing"


def test_watches(lab: Lab, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = f"{place.ray}/rayclusters?watch=true&timeoutSeconds="
    with monkeypatch.context() as brief, serving(front_of(lab).answer) as url:
        brief.setattr(proxy, "SECONDS", 1.0)
        answer = Client(url).ask_once("GET", f"{watch}30")
        assert (answer.status, answer.text) == (502, ""), "it waits for the end before it says anything"
    made(place, "watched")
    with serving(front_of(lab, "1.4").answer) as url:
        answer = Client(url).ask_once("GET", f"{watch}5")
        assert json.loads(answer.text.splitlines()[0])["type"] == "ADDED"
    assert place.client.ask("DELETE", f"{place.ray}/rayclusters/watched").status == 200


def test_releases(lab: Lab, place: Place) -> None:
    old, new = f"{place.core}/events", f"/apis/events.k8s.io/v1/namespaces/{place.namespace}/events"
    for release, passed, refused in (("1.6", old, new), ("1.7", new, old)):
        with serving(front_of(lab, release).answer) as url:
            client = Client(url)
            assert client.ask("GET", passed).json["kind"] == "EventList"
            assert client.ask("GET", refused).json == V1_NOT_FOUND
    with serving(front_of(lab, "1.4").answer) as url:
        answer = Client(url).ask("POST", f"{place.ray}/rayclusters?dryRun=All", cluster("x", head="none"))
        assert answer.status == 201, "compute templates came with 1.5"
    with serving(front_of(lab, "1.3").answer) as url:
        assert Client(url).ask("GET", f"{place.ray}/rayclusters").json == V1_NOT_FOUND
