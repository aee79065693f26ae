# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer: what V1 makes of a message, and what it tells of what it made. It is not the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.apiserver import clusters, jobs, services, templates
from tests.lab.apiserver.failures import Panic
from tests.lab.apiserver.messages import CLUSTER, COMPUTE_TEMPLATE, JOB, SERVICE
from tests.lab.apiserver.releases import LATEST, Release

Json = dict[str, Any]
STAMP = "2026-11-26T12:00:00Z"
TEMPLATE: Json = {"name": "small", "namespace": "ns", "cpu": 2, "memory": 4096, "memoryUnit": "Mi"}
HEAD: Json = {"computeTemplate": "small", "rayStartParams": {"num-cpus": "0"}}
WORKER: Json = {**HEAD, "groupName": "w", "replicas": 2, "minReplicas": 1, "maxReplicas": 3}


def spec(head: Json | None = None, worker: Json | None = None, **fields: Any) -> Json:
    workers = [] if worker is None else [{**WORKER, **worker}]
    return {"headGroupSpec": {**HEAD, **(head or {})}, "workerGroupSpec": workers, **fields}


def cluster(head: Json | None = None, worker: Json | None = None, **fields: Any) -> Json:
    named = {"name": "c", "namespace": "ns", "user": "me", "version": "2.52.0"}
    return {**named, "clusterSpec": spec(head, worker), **fields}


def kept(template: Json, release: Release = LATEST) -> Json:
    """A template as it comes out of its ConfigMap."""
    return templates.to_message(templates.to_config_map(COMPUTE_TEMPLATE.read(template, release), release))


def made(message: Json, release: Release = LATEST, template: Json | None = None, kind: Any = clusters) -> Json:
    """The custom resource."""
    schema = {clusters: CLUSTER, jobs: JOB, services: SERVICE}[kind]
    known = {"small": kept(template or TEMPLATE, release)}
    resource: Json = kind.to_resource(schema.read(message, release), known, release)
    resource["metadata"]["creationTimestamp"] = STAMP
    return resource


def told(message: Json, release: Release = LATEST, kind: Any = clusters, **status: Any) -> Json:
    """What V1 answers about it."""
    resource = {**made(message, release, kind=kind), "status": status}
    schema = {clusters: CLUSTER, jobs: JOB, services: SERVICE}[kind]
    return schema.write(kind.to_message(resource, [], release), release)


def volume(**fields: Any) -> Json:
    return {"volumes": [{"name": "v", "mountPath": "/v", **fields}]}


def value_from(**fields: Any) -> Json:
    return {"environment": {"valuesFrom": {"A": fields}}}


SAME = object()
# What is said of a group, and what is told of it: the same, or something else.
GROUP = (
    ({"image": "mine:1"}, SAME),
    ({"imagePullPolicy": "Always"}, SAME),
    ({"imagePullPolicy": "IfNotPresent"}, {}),
    ({"serviceAccount": "ab", "imagePullSecret": "cd"}, SAME),
    ({"serviceAccount": "a", "imagePullSecret": "c"}, {}),
    ({"environment": {"values": {"A": "1", "B": "", "MY_POD_IP": "x"}}},
     {"environment": {"values": {"A": "1", "B": ""}}}),
    (value_from(source=0, name="m", key="k"), {"environment": {"valuesFrom": {"A": {"name": "m", "key": "k"}}}}),
    (value_from(source=1, name="m", key="k"), SAME),
    (value_from(source=2, name="ray-worker", key="limits.cpu"), SAME),
    (value_from(source=3, name="lost", key="status.hostIP"), value_from(source=3, key="status.hostIP")),
    ({"annotations": {"a": "b", "openshift.io/scc": "x"}, "labels": {"c": "d", "ray.io/group": "x"}},
     {"annotations": {"a": "b"}, "labels": {"c": "d"}}),
    ({"annotations": {"ray.io/compute-image": "other"}}, {"image": "other"}),
    ({"securityContext": {}}, {"securityContext": {"capabilities": {}}}),
    ({"securityContext": {"privileged": False, "capabilities": {"add": ["SYS_PTRACE"]}}}, SAME),
    (volume(volumeType=0, source="claim", readOnly=True), volume(source="claim", readOnly=True)),
    (volume(volumeType=1, source="/d", hostPathType=1, mountPropagationMode=2, readOnly=True),
     volume(volumeType=1, source="/d", hostPathType=1, mountPropagationMode=2)),
    (volume(volumeType=2, storage="1024Mi", accessMode=2, storageClassName="fast", source="lost"),
     volume(volumeType=2, storage="1Gi", accessMode=2, storageClassName="fast")),
    (volume(volumeType=3, source="m", items={"a": "b", "c": "d"}, mountPropagationMode=1),
     volume(volumeType=3, source="m", items={"a": "b", "c": "d"})),
    (volume(volumeType=4, source="s", readOnly=True), volume(volumeType=4, source="s")),
    (volume(volumeType=5, storage="2048Mi", source="lost"), volume(volumeType=5, storage="2Gi")),
    (volume(volumeType=5), SAME),
)  # fmt: skip
# The same of the options of the autoscaler.
AUTOSCALER = (
    ({"idleTimeoutSeconds": 60, "upscalingMode": "Default", "image": "mine:1"}, SAME),
    ({"idleTimeoutSeconds": -1, "imagePullPolicy": "IfNotPresent"}, {}),
    ({"imagePullPolicy": "Always"}, SAME),
    ({"cpu": "1000m"}, {"cpu": "1", "memory": "512Mi"}),
    ({"memory": "1Gi"}, {"cpu": "500m", "memory": "1Gi"}),
    ({"envs": {"values": {"A": "1"}}}, SAME),
    ({"envs": {"valuesFrom": {"A": {"source": 1, "name": "s", "key": "lost"}, "B": {"source": 3, "key": "lost"}}}},
     {"envs": {"valuesFrom": {"0": {"source": 1, "name": "s"}}}}),
    ({"volumes": [{"name": "v", "mountPath": "/v", "volumeType": 5, "storage": "1Gi", "readOnly": True}]},
     {"volumes": [{"name": "v", "mountPath": "/v", "readOnly": True}]}),
)  # fmt: skip
JOBS = (
    ({"metadata": {"a": "b"}, "runtimeEnv": "pip: []", "shutdownAfterJobFinishes": True}, SAME),
    ({"ttlSecondsAfterFinished": 60, "entrypointNumCpus": 0.5, "entrypointResources": '{"a": 1}'}, SAME),
    ({"entrypointNumGpus": 1, "activeDeadlineSeconds": 60, "jobId": "mine"}, {}),
    ({"jobSubmitter": {"image": "mine:1", "cpu": "1", "memory": "1024Mi"}}, {"jobSubmitter": {"image": "mine:1"}}),
    ({"jobSubmitter": {"image": "mine:1", "cpu": "500m"}}, SAME),
)


def expected(given: Json, wanted: Any) -> Json:
    return given if wanted is SAME else wanted


@pytest.mark.parametrize(("given", "wanted"), GROUP)
def test_groups(given: Json, wanted: Any) -> None:
    answer = told(cluster(given, given))["clusterSpec"]
    more = {"environment": {}, **expected(given, wanted)}
    assert answer["headGroupSpec"] == {**HEAD, **more}
    assert answer["workerGroupSpec"] == [{**WORKER, **more}]


@pytest.mark.parametrize(("given", "wanted"), AUTOSCALER)
def test_autoscaler(given: Json, wanted: Any) -> None:
    message = cluster(clusterSpec=spec(enableInTreeAutoscaling=True, autoscalerOptions=given))
    answer = told(message)["clusterSpec"]
    assert answer["autoscalerOptions"] == expected(given, wanted)
    assert "autoscalerOptions" not in told(cluster(clusterSpec=spec(autoscalerOptions=given)))["clusterSpec"]


@pytest.mark.parametrize(("given", "wanted"), JOBS)
def test_jobs(given: Json, wanted: Any) -> None:
    named = {"name": "j", "namespace": "ns", "user": "me", "entrypoint": "true", "clusterSelector": {"a": "b"}}
    assert told({**named, **given}, kind=jobs) == {**named, **expected(given, wanted), "createdAt": STAMP}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"minReplicas": 0}, {"minReplicas": 2}),
        ({"replicas": 0, "minReplicas": 0}, {}),
        ({"replicas": 7}, {"replicas": 7}),
    ],
)
def test_replicas(given: Json, wanted: Json) -> None:
    (answer,) = told(cluster(worker=given))["clusterSpec"]["workerGroupSpec"]
    counts = {key: answer.get(key, 0) for key in ("replicas", "minReplicas", "maxReplicas")}
    assert counts == {**{key: {**WORKER, **given}[key] for key in counts}, **wanted}


def test_until_1_0_the_limits_are_told_the_wrong_way_round() -> None:
    (answer,) = told(cluster(worker={}), Release.of("1.0"))["clusterSpec"]["workerGroupSpec"]
    assert (answer["minReplicas"], answer["maxReplicas"]) == (3, 1)


def test_a_cluster_around_its_spec() -> None:
    given = cluster(environment=3, annotations={"a": "b"}, envs={"values": {"ALL": "1"}})
    answer = told(given, state="ready", endpoints={"dashboard": "8265"})
    assert answer["annotations"].pop("ray.io/creation-timestamp").endswith(" +0000 UTC")
    wanted = cluster({"environment": {"values": {"ALL": "1"}}}, environment=3, annotations={"a": "b"})
    wanted["clusterSpec"].pop("workerGroupSpec")
    more = {"createdAt": STAMP, "clusterState": "ready", "serviceEndpoint": {"dashboard": "8265"}}
    assert answer == {**wanted, **more}


def test_the_cluster_that_is_made() -> None:
    resource = made(cluster(worker={}, environment=1))
    assert resource["metadata"]["labels"] == {
        "ray.io/cluster-name": "c",
        "ray.io/user": "me",
        "ray.io/version": "2.52.0",
        "ray.io/environment": "TESTING",
        "app.kubernetes.io/name": "kuberay",
        "app.kubernetes.io/managed-by": "kuberay-apiserver",
    }
    head, worker = resource["spec"]["headGroupSpec"], resource["spec"]["workerGroupSpecs"][0]
    assert head["template"]["metadata"] == {
        "annotations": {"ray.io/compute-template": "small", "ray.io/compute-image": ""}
    }
    (container,) = head["template"]["spec"]["containers"]
    amounts = {"cpu": "2", "memory": "4Gi"}
    assert container["resources"] == {"limits": amounts, "requests": amounts}
    assert container["image"] == "rayproject/ray:2.52.0"
    assert [port["name"] for port in container["ports"]] == ["redis", "head", "dashboard", "metrics"]
    (container,) = worker["template"]["spec"]["containers"]
    assert container["ports"] == [{"containerPort": 80}]
    assert [one["name"] for one in container["env"]][:2] == ["RAY_DISABLE_DOCKER_CPU_WARNING", "TYPE"]
    assert "tolerations" not in worker["template"]["spec"]


def test_what_a_pod_gets_of_its_template() -> None:
    tolerations = [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}, {"key": "a", "operator": "In"}]
    template = {**TEMPLATE, "gpu": 1, "extendedResources": {"a/b": 2, "c/d": 0}, "tolerations": tolerations}
    pod = made(cluster(), template=template)["spec"]["headGroupSpec"]["template"]["spec"]
    amounts = {"cpu": "2", "memory": "4Gi", "nvidia.com/gpu": "1", "a/b": "2"}
    assert pod["containers"][0]["resources"] == {"limits": amounts, "requests": amounts}
    assert pod["tolerations"] == [
        {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"},
        {"key": "a", "operator": "Equal", "effect": "PreferNoSchedule"},
    ]
    assert COMPUTE_TEMPLATE.write(kept(template), LATEST)["tolerations"] == tolerations


def test_a_template_of_1_4_counts_bytes_since_1_5() -> None:
    old = templates.to_config_map({"name": "small", "namespace": "ns", "cpu": 1, "memory": 8}, Release.of("1.4"))
    assert "memory_unit" not in old["data"]
    template = templates.to_message(old)
    assert "memoryUnit" not in COMPUTE_TEMPLATE.write(template, LATEST)
    assert templates.resources(template, LATEST)["limits"]["memory"] == "8"
    assert templates.resources(template, Release.of("1.4"))["limits"]["memory"] == "8Gi"


def test_a_service() -> None:
    named = {"name": "s", "namespace": "ns", "user": "me", "version": "2.52.0", "serveConfigV2": "applications: []"}
    given = {**named, "clusterSpec": spec(), "serviceUnhealthySecondThreshold": 9}
    applications = {"app": {"status": "RUNNING", "serveDeploymentStatuses": {"D": {"status": "HEALTHY"}}}}
    active = {"rayClusterName": "s-abcde", "rayClusterStatus": {"state": "ready"}, "applicationStatuses": applications}
    answer = told(given, kind=services, activeServiceStatus=active)
    assert answer.pop("clusterSpec")["headGroupSpec"] == {**HEAD, "environment": {}}
    deployments = [{"deploymentName": "D", "status": "HEALTHY"}]
    assert answer == {
        **named,
        "serviceUnhealthySecondThreshold": 9,
        "createdAt": STAMP,
        "deleteAt": "1969-12-31T23:59:59Z",
        "rayServiceStatus": {
            "rayClusterName": "s-abcde",
            "rayClusterState": "ready",
            "serveApplicationStatus": [
                {"name": "app", "status": "RUNNING", "serveDeploymentStatus": deployments},
            ],
        },
    }
    head = made(given, kind=services)["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    assert [port["containerPort"] for port in head["ports"]][-2:] == [52365, 8000]
    assert "version" not in told(given, Release.of("1.3"), kind=services)


def test_a_put_leaves_nothing_of_what_was_there() -> None:
    given = {"name": "s", "namespace": "ns", "user": "me", "serveConfigV2": "a: b", "clusterSpec": spec()}
    known = {"small": kept(TEMPLATE)}
    live = {"metadata": {"resourceVersion": "7", "annotations": {"mine": "1"}, "finalizers": ["x"]}}
    resource = services.to_replacement(SERVICE.read(given, LATEST), live, known, LATEST)
    assert list(resource["metadata"]["annotations"]) == ["ray.io/update-timestamp"]
    assert resource["metadata"]["resourceVersion"] == "7"
    assert "finalizers" not in resource["metadata"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (cluster(volume(volumeType=2)), "storage for ephemeral volume is empty"),
        (cluster(volume(volumeType=2, storage="much")), "storage for ephemeral volume is not specified correctly"),
        (cluster(volume(volumeType=5, storage="1GB")), "storage for empty dir volume is not specified correctly"),
        (
            cluster(clusterSpec=spec(enableInTreeAutoscaling=True, autoscalerOptions={"cpu": "lots"})),
            "cpu for autoscaler is not specified correctly",
        ),
    ],
)
def test_what_cannot_be_made(given: Json, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        made(given)


def test_what_the_server_dies_of() -> None:
    with pytest.raises(Panic, match="items of a Secret"):
        told(cluster(volume(volumeType=4, source="s", items={"a": "b"})))
    mountless = made(cluster(volume(volumeType=5)))
    del mountless["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    with pytest.raises(Panic, match="no mount"):
        clusters.to_message(mountless, [], LATEST)


def test_of_jobs_and_services_it_tells_less_instead() -> None:
    broken = spec(volume(volumeType=4, source="s", items={"a": "b"}))
    named = {"name": "x", "namespace": "ns", "user": "me"}
    job = {**named, "entrypoint": "true", "ttlSecondsAfterFinished": 60, "clusterSpec": broken}
    assert told(job, kind=jobs) == {**named, "entrypoint": "true", "createdAt": STAMP}
    assert told({**named, "serveConfigV2": "a: b", "clusterSpec": broken}, kind=services) == {}


def test_a_reference_without_a_key_has_an_empty_one() -> None:
    """Kubernetes wants the field, and takes that."""
    resource = made(cluster(value_from(source=1, name="m")))
    (container,) = resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"]
    found = [one["valueFrom"] for one in container["env"] if one["name"] == "A"]
    assert found == [{"secretKeyRef": {"name": "m", "key": ""}}]
