# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V1 of KubeRay's APIServer, as it was read in KubeRay 1.7.0.

The stand-in must pass these, and so must the real program: where they differ, the stand-in is wrong.
"""

from __future__ import annotations

import http.client
from typing import Any

import pytest

from tests.integration.apiserver_harness import (
    NO_RAY,
    Client,
    Json,
    Place,
    client_of,
    front_of,
    group,
    has_stand_in,
    only_stand_in,
    spec,
)
from tests.integration.patience import RAY_SECONDS
from tests.lab.api import Api
from tests.lab.apiserver.server import serving
from tests.lab.lab import Lab


@pytest.fixture(scope="module")
def client(lab: Lab) -> Client:
    return client_of(lab)


@pytest.fixture(scope="module")
def place(client: Client, lab_api: Api, module_namespace: str) -> Place:
    """A namespace that has the compute template `small`."""
    found = Place(client, lab_api, module_namespace)
    found.template()
    return found


# Paths


def test_paths(client: Client, place: Place) -> None:
    not_found, not_allowed = (404, 5, "Not Found"), (501, 12, "Method Not Allowed")
    assert client.refused("GET", "image_templates") == not_found
    assert client.refused("GET", "raycronjobs") == not_found
    assert client.refused("PUT", f"{place.clusters}/x", {}) == not_allowed
    assert client.refused("DELETE", "clusters") == not_allowed
    assert client.refused("GET", f"{place.clusters}/")[:2] == (400, 3)
    assert client.refused("DELETE", f"{place.templates}/")[:2] == (400, 3)
    assert client.v1("GET", "namespaces//clusters").status in (301, 307)
    assert client.ask_once("GET", "/apis/v1alpha2/clusters").json == {"code": 5, "message": "Not Found"}
    health = client.ask_once("GET", "/healthz")
    assert (health.status, health.text) == (200, "")


@pytest.mark.parametrize("body", ["", "null", "{", "[]", '{"name": 5}', '{"clusterSpec": {"headGroupSpec": 1}}'])
def test_bodies_that_say_nothing(place: Place, body: str) -> None:
    assert place.client.refused("POST", place.clusters, body)[:2] == (400, 3)


# Compute templates


def test_templates(place: Place) -> None:
    client = place.client
    tolerations = [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    given = place.named("big", cpu="4", memory=8, gpu=1, gpu_accelerator="amd.com/gpu", tolerations=tolerations)
    told = place.named("big", cpu=4, memory=8, gpu=1, gpuAccelerator="amd.com/gpu", tolerations=tolerations)
    told["memoryUnit"] = "Gi"
    assert client.done("POST", place.templates, {**given, "extendedResources": {"a/b": 2}, "unknown": True}) == {
        **told,
        "extendedResources": {"a/b": 2},
    }
    kept = place.api.get(f"{place.core}/configmaps/big")
    assert kept["metadata"]["labels"] == {"ray.io/config-type": "compute-template", "ray.io/compute-template": "big"}
    assert kept["data"]["cpu"] == "4"
    assert kept["data"]["extended_resources"] == '{"a/b":2}'
    status, code, message = client.refused("POST", place.templates, given)
    assert (status, code) == (409, 6)
    assert f"already exists in namespace {place.namespace}" in message

    for path in (place.templates, "compute_templates"):
        listed = client.done("GET", path)["computeTemplates"]
        assert {"big", "small"} <= {one["name"] for one in listed if one["namespace"] == place.namespace}
    assert client.done("GET", f"{place.templates}/big")["cpu"] == 4
    assert client.done("DELETE", f"{place.templates}/big") == {}
    status, code, message = client.refused("GET", f"{place.templates}/big")
    assert (status, code) == (404, 5)
    assert message.startswith("Compute template big not found")
    assert client.done("GET", "namespaces/nowhere/compute_templates") == {}


def test_any_config_map_is_a_template(place: Place) -> None:
    config_map = {"metadata": {"name": "any"}, "data": {"cpu": "three"}}
    assert place.api.request("POST", f"{place.core}/configmaps", config_map)[0] == 201
    assert place.client.done("GET", f"{place.templates}/any") == place.named("any")
    assert place.client.refused("POST", place.templates, place.named("any", cpu=1, memory=1))[0] == 409
    assert "any" not in [one["name"] for one in place.client.done("GET", place.templates)["computeTemplates"]]
    assert place.client.done("DELETE", f"{place.templates}/any") == {}


@pytest.mark.parametrize(
    ("fields", "status", "code", "words"),
    [
        ({"namespace": "other"}, 400, 3, "different from the namespace defined in the compute template"),
        ({"name": ""}, 400, 3, "Compute template name is empty"),
        ({"cpu": 0}, 400, 3, "Cpu amount is zero"),
        ({"memory": 0}, 400, 3, "Memory amount is zero"),
        ({"cpu": -1}, 400, 3, ""),
        ({"memoryUnit": "Zi"}, 500, 13, "invalid memory quantity"),
        ({"name": "Not_A_Name"}, 500, 13, "is invalid"),
    ],
)
def test_refused_templates(place: Place, fields: Json, status: int, code: int, words: str) -> None:
    given = place.named("refused", cpu=1, memory=1)
    told = place.client.refused("POST", place.templates, {**given, **fields})
    assert told[:2] == (status, code)
    assert words in told[2]


def test_a_namespace_that_is_not_there(place: Place) -> None:
    given = {"name": "t", "namespace": "nowhere", "cpu": 1, "memory": 1}
    status, code, message = place.client.refused("POST", "namespaces/nowhere/compute_templates", given)
    assert (status, code) == (500, 13)
    assert 'namespaces "nowhere" not found' in message
    cluster = {**place.cluster("c"), "namespace": "nowhere"}
    status, code, message = place.client.refused("POST", "namespaces/nowhere/clusters", cluster)
    assert (status, code) == (500, 13)
    assert "Failed to populate compute template" in message
    assert "Compute template small not found" in message


# Clusters


def test_the_life_of_a_cluster(place: Place) -> None:
    client, one = place.client, f"{place.clusters}/life"
    worker = group(environment={"values": {"A": "1"}}, minReplicas=0)
    given = place.cluster("life", None, worker, annotations={"a": "b"}, environment="TESTING")
    made = client.done("POST", place.clusters, given)
    assert made.pop("annotations")["a"] == "b"
    assert made.pop("createdAt").endswith("Z")
    made.pop("events", None)  # the operator may have been quicker
    head = {**given["clusterSpec"]["headGroupSpec"], "environment": {}}
    assert made == {
        **{key: given[key] for key in ("name", "namespace", "user", "version")},
        "environment": 1,
        "clusterSpec": {"headGroupSpec": head, "workerGroupSpec": [{**worker, "minReplicas": 1}]},
    }
    resource = place.resource("rayclusters", "life")
    assert resource["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "kuberay-apiserver"
    assert resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["image"] == "rayproject/ray:2.52.0"

    status, code, message = client.refused("POST", place.clusters, given)
    assert (status, code) == (500, 13)
    assert message.startswith("Internal Server Error: Create Cluster failed.: InternalServerError: ")
    assert message.endswith('rayclusters.ray.io "life" already exists')

    place.until(lambda: client.done("GET", one).get("clusterState") == "ready", "a cluster that is ready")
    ready = client.done("GET", one)
    assert ready["serviceEndpoint"] == {"redis": "6379", "head": "10001", "dashboard": "8265", "metrics": "8080"}

    def created() -> list[Json]:
        events = client.done("GET", one).get("events", [])
        return [event for event in events if event["reason"].startswith("Created")]

    place.until(created, "an event")
    event = created()[0]
    assert event["name"] == f"life-{event['id']}"
    assert event["type"] == "Normal"
    assert event["firstTimestamp"][:2] == "20"

    assert client.done("DELETE", one) == {}
    place.until(lambda: client.v1("GET", one).status == 404, "the end of a cluster")
    for method in ("GET", "DELETE"):
        status, code, message = client.refused(method, one)
        assert (status, code) == (404, 5)
        assert message.startswith("Cluster life not found")


@pytest.mark.parametrize(
    ("cluster", "status", "code", "words"),
    [
        ({"user": ""}, 400, 3, "User who create the cluster is empty"),
        ({"namespace": "other"}, 400, 3, "different from the namespace in the cluster definition"),
        ({"clusterSpec": {}}, 400, 3, "requires HeadGroupSpec to be populated"),
        ({"clusterSpec": spec({"computeTemplate": "missing"})}, 500, 13, "Compute template missing not found"),
        ({"clusterSpec": spec(None, group(maxReplicas=0))}, 400, 3, "WorkerNodeSpec 0 MaxReplicas can not be 0"),
        ({"clusterSpec": spec({"volumes": [{"name": "v", "mountPath": "/v", "volumeType": 2}]})}, 400, 3,
         "storage for ephemeral volume is empty"),
        ({"user": "not a label!"}, 500, 13, "is invalid"),
        ({"name": "Not_A_Name"}, 500, 13, "is invalid"),
    ],
)  # fmt: skip
def test_refused_clusters(place: Place, cluster: Json, status: int, code: int, words: str) -> None:
    told = place.client.refused("POST", place.clusters, {**place.cluster("refused"), **cluster})
    assert told[:2] == (status, code)
    assert words in told[2]


def test_lists_by_pages(place: Place) -> None:
    client = place.client
    for name in ("one", "three", "two"):
        client.done("POST", place.clusters, place.cluster(name, {"annotations": NO_RAY}))
    pages: list[list[str]] = []
    token = ""
    while token or not pages:
        page = client.done("GET", place.clusters + client.query(limit=2, **({"continue": token} if token else {})))
        pages.append([one["name"] for one in page["clusters"]])
        token = page.get("continue", "")
    assert pages == [["one", "three"], ["two"]]
    everywhere = client.done("GET", "clusters")["clusters"]
    assert [one["name"] for one in everywhere if one["namespace"] == place.namespace] == ["one", "three", "two"]
    assert client.refused("GET", place.clusters + client.query(**{"continue": "bad", "limit": 2}))[:2] == (500, 2)
    assert client.refused("GET", place.clusters + client.query(limit="many"))[:2] == (400, 3)
    assert client.done("GET", "namespaces/nowhere/clusters") == {}
    for name in ("one", "three", "two"):
        client.done("DELETE", f"{place.clusters}/{name}")


def test_what_others_have_made(place: Place) -> None:
    template = {"spec": {"containers": [{"name": "ray-head", "image": "rayproject/ray:2.52.0"}]}}
    template["metadata"] = {"annotations": NO_RAY}
    body = {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": "foreign"},
        "spec": {"headGroupSpec": {"rayStartParams": {}, "template": template}},
    }
    assert place.api.request("POST", f"{place.ray}/rayclusters", body)[0] == 201
    for method in ("GET", "DELETE"):
        status, code, message = place.client.refused(method, f"{place.clusters}/foreign")
        assert (status, code) == (500, 2)
        assert "RayCluster with name foreign not managed by kuberay-apiserver" in message
    assert "foreign" not in [one["name"] for one in place.client.done("GET", place.clusters).get("clusters", [])]
    assert place.api.request("DELETE", f"{place.ray}/rayclusters/foreign")[0] == 200


# Services


def test_a_service(place: Place) -> None:
    client, one = place.client, f"{place.services}/greeting"
    given = place.service("greeting")
    made = client.done("POST", place.services, given)
    assert made["deleteAt"] == "1969-12-31T23:59:59Z"
    assert made["serveConfigV2"] == "applications: []"
    assert "rayServiceStatus" in made
    before = place.resource("rayservices", "greeting")
    assert "ray.io/creation-timestamp" in before["metadata"]["annotations"]
    patch = {"metadata": {"annotations": {"mine": "1"}}}
    kind = "application/merge-patch+json"
    assert place.api.request("PATCH", f"{place.ray}/rayservices/greeting", patch, kind)[0] == 200

    # The one in the body is meant, whatever the path says.
    updated = _put(place, f"{place.services}/another", {**given, "serveConfigV2": "applications: [] # new"})
    assert updated["serveConfigV2"].endswith("# new")
    after = place.resource("rayservices", "greeting")
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert list(after["metadata"]["annotations"]) == ["ray.io/update-timestamp"]

    assert client.refused("PUT", f"{place.services}/x", place.service("x"))[:2] == (404, 5)
    nothing = {**given, "serveConfigV2": ""}
    for method, path, refusal in (("POST", place.services, (400, 3)), ("PUT", one, (500, 2))):
        status, code, message = client.refused(method, path, nothing)
        assert (status, code) == refusal
        assert "serve configuration is not defined" in message
    assert client.refused("POST", place.services, given)[:2] == (500, 13)
    assert client.refused("PUT", one, {**given, "user": ""})[2].startswith("User who updated the Service is empty")
    assert [service["name"] for service in client.done("GET", f"{place.services}?pageSize=5")["services"]] == [
        "greeting"
    ]
    assert client.done("DELETE", one) == {}
    place.until(lambda: client.v1("GET", one).status == 404, "the end of a service")


def _put(place: Place, path: str, service: Json) -> Json:
    """The operator may write between the server's read and its write: then that is a failure like any other."""
    answers = []

    def written() -> bool:
        answers.append(place.client.v1("PUT", path, service))
        return "the object has been modified" not in answers[-1].text

    place.until(written, "a PUT without a conflict")
    assert answers[-1].status == 200, answers[-1]
    return dict(answers[-1].json)


# Jobs


def test_submissions_need_a_cluster_that_is_ready(place: Place) -> None:
    client = place.client
    client.done("POST", place.clusters, place.cluster("never", {"annotations": NO_RAY}))
    for method in ("GET", "POST"):
        assert client.refused(method, f"{place.submissions}/never", "{}") == (500, 2, "cluster is not ready")
    assert client.done("DELETE", f"{place.clusters}/never") == {}
    assert client.refused("GET", f"{place.submissions}/none")[:2] == (404, 5)


def test_a_job_and_a_submission(lab: Lab, place: Place) -> None:
    client = place.client
    client.done("POST", place.clusters, place.cluster("shared"))
    selector = {"ray.io/cluster": "shared"}
    given = place.named("told", user="me", entrypoint="echo told", metadata={"a": "b"}, clusterSelector=selector)
    made = client.done("POST", place.jobs, given)
    assert made.pop("createdAt")
    assert made == given
    resource = place.resource("rayjobs", "told")
    assert resource["metadata"]["annotations"] == {"a": "b"}
    assert resource["metadata"]["labels"]["ray.io/cluster-name"] == "told"
    assert client.refused("POST", place.jobs, {**given, "clusterSelector": {}})[:2] == (400, 3)
    assert client.refused("GET", f"{place.jobs}/none")[:2] == (404, 5)

    place.until(lambda: client.done("GET", f"{place.clusters}/shared").get("clusterState") == "ready", "a cluster")

    def ended() -> Any:
        return client.done("GET", f"{place.jobs}/told").get("jobDeploymentStatus") == "Complete"

    place.until(ended, "the end of a job", RAY_SECONDS)
    job = client.done("GET", f"{place.jobs}/told")
    assert (job["jobStatus"], job["rayClusterName"]) == ("SUCCEEDED", "shared")
    assert job["startTime"] <= job["endTime"]
    assert [one["name"] for one in client.done("GET", f"{place.jobs}?limit=1")["jobs"]] == ["told"]
    assert client.done("DELETE", f"{place.jobs}/told") == {}
    # Now Ray has surely begun: before, a submission could be given up and come to be all the same.
    if has_stand_in(lab):  # the real program would dial the head by its name in the cluster
        _submit(place, f"{place.submissions}/shared")
    assert client.done("DELETE", f"{place.clusters}/shared") == {}


def _submit(place: Place, some: str) -> None:
    client = place.client

    name = f"mine-{place.namespace}"
    body = {"entrypoint": "echo submitted", "submission_id": name, "runtimeEnv": "env_vars: {A: '1'}"}
    assert client.done("POST", some, body) == {"submissionId": name}
    one = f"{some}/{name}"
    place.until(lambda: client.done("GET", one).get("status") == "SUCCEEDED", "the end of a submission", RAY_SECONDS)
    info = client.done("GET", one)
    assert info["entrypoint"] == "echo submitted"
    assert info["runtimeEnv"] == {"env_vars": "map[A:1]"}
    assert int(info["startTime"]) <= int(info["endTime"])
    assert isinstance(info["startTime"], str)
    assert "submitted" in client.done("GET", f"{some}/log/{name}")["log"]
    assert name in [one.get("submissionId") for one in client.done("GET", some)["submissions"]]
    assert client.done("POST", one) == {}, "a job that has ended can be stopped"
    status, code, message = client.refused("POST", some, {"entrypoint": "true", "submissionId": name})
    assert (status, code) == (500, 2)
    assert "Please use a different submission_id" in message
    assert client.done("DELETE", one) == {}
    unknown = (
        ("GET", f"{some}/none", "does not exist on the cluster"),
        ("GET", f"{some}/log/none", "not found"),
        ("POST", f"{some}/none", "invalid character"),
    )
    for method, path, words in unknown:
        status, code, message = client.refused(method, path)
        assert (status, code) == (500, 2)
        assert words in message
    assert client.done("DELETE", f"{some}/none") == {}, "what Ray says to that is not looked at"


# What ends the server


def test_a_panic(lab: Lab, place: Place) -> None:
    only_stand_in(lab, "the lab does not start the real program again")
    client, one = place.client, f"{place.clusters}/deadly"
    items = {"name": "v", "mountPath": "/v", "volumeType": "SECRET", "source": "s", "items": {"a": "b"}}
    given = place.cluster("deadly", {"volumes": [items], "annotations": NO_RAY})
    for method, path, body in (("POST", place.clusters, given), ("GET", one, None)):
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            client.v1(method, path, body)
        place.until(lambda: _answers(client), "a server that is back")
    assert place.resource("rayclusters", "deadly"), "what it died of was made before"
    assert place.api.request("DELETE", f"{place.ray}/rayclusters/deadly")[0] == 200


def _answers(client: Client) -> bool:
    try:
        return client.ask_once("GET", "/healthz").status == 200
    except OSError:
        return False


# Other releases


def test_releases(lab: Lab, place: Place) -> None:
    with serving(front_of(lab, "0.6").answer) as url:
        old = Client(url, "/apis/v1alpha2")
        assert old.ask_once("GET", "/apis/v1/compute_templates").status == 404
        assert "memoryUnit" not in old.done("GET", f"{place.templates}/small")
        assert old.refused("POST", "jobs" + old.query(namespace="ns"), {"namespace": "ns"})[2].startswith("Job name is")
        assert old.refused("POST", place.jobs, {})[0] == 501
        assert old.refused("GET", f"{place.submissions}/c")[0] == 404
        assert old.ask_once("GET", "/apis/ray.io/v1/rayclusters").status == 404
    with serving(front_of(lab, "1.6").answer) as url:
        name = place.client.done("POST", place.clusters, place.cluster("late", {"annotations": NO_RAY}))["name"]
        older = Client(url)
        place.until(lambda: older.done("GET", f"{place.clusters}/{name}").get("events"), "an event")
        event = older.done("GET", f"{place.clusters}/{name}")["events"][0]
        assert event["firstTimestamp"] == "0001-01-01T00:00:00Z", "an operator of 1.7 writes none"
        assert place.client.done("DELETE", f"{place.clusters}/{name}") == {}


def test_the_token_of_the_security_proxy(lab: Lab, place: Place) -> None:
    with serving(front_of(lab, token="12345").answer) as url:
        client = Client(url)
        path = f"/apis/v1/{place.templates}"
        for headers in ({}, {"Authorization": "Bearer 12345"}):
            refused = client.ask_once("GET", path, **headers)
            assert (refused.status, refused.text) == (401, "Unauthorized\n")
        assert client.ask_once("GET", path, Authorization="12345").status == 200
        # V2 hands it on, and Kubernetes knows nobody of that name.
        assert client.ask("GET", f"{place.ray}/rayclusters", Authorization="12345").json["kind"] == "Status"
        assert client.ask("GET", f"{place.ray}/rayclusters", Authorization="12345").status in (401, 403)
