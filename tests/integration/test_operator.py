# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator makes of a RayCluster and what it tells about it, as it was seen on KubeRay 1.7.0.

The stand-in must pass these and the other test_operator files, and so must the real operator: where they differ, the
stand-in is wrong.
"""

from __future__ import annotations

from tests.integration.operator_harness import (
    BROKEN_IMAGE,
    World,
    condition,
    group,
    owner,
    spec,
    template,
)
from tests.lab.operator.api import (
    INGRESSES,
    SECRETS,
    SERVICES,
)
from tests.lab.operator.objects import dig

pytest_plugins = ["tests.integration.operator_fixtures"]


# Creation


def test_pods(world: World) -> None:
    cluster = world.create("made", spec(group("Small", 2)))
    world.until_status("made", state="ready", readyWorkerReplicas=2)
    (head,) = world.pods("made", node_type="head")
    workers = world.pods("made", node_type="worker")
    for pod in (head, *workers):
        labels = pod["metadata"]["labels"]
        assert labels["ray.io/is-ray-node"] == "yes"
        assert labels["ray.io/identifier"] == f"made-{labels['ray.io/node-type']}"
        assert labels["app.kubernetes.io/name"] == "kuberay"
        assert labels["app.kubernetes.io/created-by"] == "kuberay-operator"
        assert owner(pod) == {
            "apiVersion": "ray.io/v1",
            "kind": "RayCluster",
            "name": "made",
            "uid": cluster["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    assert head["metadata"]["generateName"] == "made-head-"
    assert head["metadata"]["labels"]["ray.io/group"] == "headgroup"
    annotations = head["metadata"]["annotations"]
    assert annotations["ray.io/kuberay-version"] == "v1.7.0"
    assert len(annotations["ray.io/upgrade-strategy-recreate-hash"]) == 32
    assert {pod["metadata"]["generateName"] for pod in workers} == {"made-small-worker-"}
    assert {pod["metadata"]["labels"]["ray.io/worker-group-replica-index"] for pod in workers} == {"0", "1"}
    assert "ray.io/kuberay-version" not in workers[0]["metadata"].get("annotations", {})
    assert [init["name"] for init in workers[0]["spec"]["initContainers"]] == ["wait-gcs-ready"]


def test_environment(world: World) -> None:
    world.create("env", spec(group()))
    head = world.until(lambda: world.pods("env", node_type="head"), "head")[0]
    worker = world.until(lambda: world.pods("env", node_type="worker"), "worker")[0]
    common = {
        "RAY_CLUSTER_NAME", "RAY_CLUSTER_NAMESPACE", "RAY_CLOUD_INSTANCE_ID", "RAY_NODE_TYPE_NAME", "RAY_PORT",
        "KUBERAY_GEN_RAY_START_CMD", "RAY_ADDRESS", "RAY_USAGE_STATS_KUBERAY_IN_USE",
        "RAY_DASHBOARD_ENABLE_K8S_DISK_USAGE",
    }  # fmt: skip
    values = [{env["name"]: env.get("value") for env in pod["spec"]["containers"][0]["env"]} for pod in (head, worker)]
    assert set(values[0]) == {*common, "RAY_USAGE_STATS_EXTRA_TAGS"}
    assert set(values[1]) == {*common, "FQ_RAY_IP", "RAY_IP"}
    assert values[0]["RAY_ADDRESS"] == "127.0.0.1:6379"
    assert values[1]["FQ_RAY_IP"] == f"env-head-svc.{world.namespace}.svc.cluster.local"
    assert values[0]["KUBERAY_GEN_RAY_START_CMD"] == (
        "ray start --head  --block  --dashboard-agent-listen-port=52365  --dashboard-host=0.0.0.0  "
        "--memory=2147483648  --metrics-export-port=8080  --num-cpus=1 "
    )
    assert head["spec"]["containers"][0]["ports"] == [{"name": "metrics", "containerPort": 8080, "protocol": "TCP"}]
    assert {"mountPath": "/dev/shm", "name": "shared-mem"} in head["spec"]["containers"][0]["volumeMounts"]


def test_status(world: World) -> None:
    status = world.ready("told", spec(group("a", 2), group("b", 1)), 3)
    (head,) = world.pods("told", node_type="head")
    times = status.pop("stateTransitionTimes")
    assert set(times) == {"ready"}
    conditions = {c["type"]: (c["status"], c["reason"], c["message"]) for c in status.pop("conditions")}
    assert conditions == {
        "HeadPodReady": ("True", "HeadPodRunningAndReady", ""),
        "RayClusterProvisioned": (
            "True",
            "AllPodRunningAndReadyFirstTime",
            "All Ray Pods are ready for the first time",
        ),
        "RayClusterSuspended": ("False", "RayClusterSuspended", ""),
        "RayClusterSuspending": ("False", "RayClusterSuspending", ""),
    }
    assert status.pop("lastUpdateTime") >= times["ready"]
    assert status == {
        "state": "ready",
        "availableWorkerReplicas": 3,
        "readyWorkerReplicas": 3,
        "desiredWorkerReplicas": 3,
        "maxWorkerReplicas": 18,
        "desiredCPU": "4",
        "desiredMemory": "8Gi",
        "desiredGPU": "0",
        "desiredTPU": "0",
        "endpoints": {"client": "10001", "dashboard": "8265", "gcs-server": "6379", "metrics": "8080", "serve": "8000"},
        "head": {
            "podIP": head["status"]["podIP"],
            "podName": head["metadata"]["name"],
            "serviceIP": head["status"]["podIP"],
            "serviceName": "told-head-svc",
        },
        "observedGeneration": 1,
    }


def test_first_status(world: World) -> None:
    world.create("first", spec(group(), head={"template": template(annotations=BROKEN_IMAGE)}))
    world.until_condition("first", "HeadPodReady", "False", "ImagePullBackOff")
    status = world.get("first")["status"]
    assert "state" not in status
    assert status["desiredWorkerReplicas"] == 1
    assert condition(world.get("first"), "RayClusterProvisioned") | {"lastTransitionTime": ""} == {
        "type": "RayClusterProvisioned",
        "status": "False",
        "reason": "RayClusterPodsProvisioning",
        "message": "RayCluster Pods are being provisioned for first time",
        "lastTransitionTime": "",
    }


def test_events(world: World) -> None:
    cluster = world.create("heard", spec(group("a", 3)))
    for reason, note in (
        ("CreatedService", f"Created service {world.namespace}/heard-head-svc"),
        ("CreatedHeadPod", f"Created head Pod {world.namespace}/heard-head-"),
        ("CreatedWorkerPod", f"Created worker Pod {world.namespace}/heard-a-worker-"),
    ):
        event = world.until_event("heard", reason)
        assert event["note"].startswith(note)
        assert (event["type"], event["action"]) == ("Normal", "Create")
        assert event["reportingController"] == "raycluster-controller"
        assert event["regarding"] == {
            "apiVersion": "ray.io/v1",
            "kind": "RayCluster",
            "name": "heard",
            "namespace": world.namespace,
            "uid": cluster["metadata"]["uid"],
            "resourceVersion": event["regarding"]["resourceVersion"],
        }
        assert not event.get("deprecatedCount")
    # Three workers made in one go are one event with a series of two: the note names only one of them.
    world.until(lambda: dig(world.events("heard", "CreatedWorkerPod")[0], "series.count") == 2, "series")


def test_zero_counts_are_absent(world: World) -> None:
    status = world.ready("alone", spec(), None)
    assert not [key for key in status if key.endswith("Replicas")]


# Services and other children


def test_head_service(world: World) -> None:
    world.ready("plain", spec(), None)
    service = world.the(SERVICES, "plain-head-svc")
    own = {
        "ray.io/cluster": "plain",
        "ray.io/node-type": "head",
        "ray.io/identifier": "plain-head",
        "app.kubernetes.io/name": "kuberay",
        "app.kubernetes.io/created-by": "kuberay-operator",
    }
    assert service["metadata"]["labels"] == service["spec"]["selector"] == own
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["publishNotReadyAddresses"] is True
    # Created once: a change of the annotations does not reach it.
    world.patch("plain", spec={"headServiceAnnotations": {"later": "yes"}})
    world.settle("after")
    assert "annotations" not in world.the(SERVICES, "plain-head-svc")["metadata"]


def test_kinds_of_head_service(world: World) -> None:
    named = [{"name": "dashboard", "containerPort": 8266}, {"containerPort": 9999}]
    world.create("ports", spec(head={"template": template(ports=named), "serviceType": "ClusterIP"}))
    world.create("node", spec(head={"serviceType": "NodePort"}))
    custom = {"metadata": {"name": "mine"}, "spec": {"ports": [{"name": "extra", "port": 7777}]}}
    world.create("custom", spec(head={"headService": custom}))
    assert world.until_status("ports", state="ready")["endpoints"] == {
        "9999-port": "9999",
        "dashboard": "8266",
        "metrics": "8080",
    }
    status = world.until_status("node", state="ready")
    service = world.the(SERVICES, "node-head-svc")
    assert status["endpoints"] == {port["name"]: str(port["nodePort"]) for port in service["spec"]["ports"]}
    assert status["head"]["serviceIP"] == service["spec"]["clusterIP"] != status["head"]["podIP"]
    assert world.until_status("custom", state="ready")["head"]["serviceName"] == "mine"
    assert world.the(SERVICES, "mine")["spec"]["clusterIP"] != "None"


def test_serve_service(world: World) -> None:
    world.ready("serving", spec(), None, annotations={"ray.io/enable-serve-service": "true"})
    service = world.the(SERVICES, "serving-serve-svc")
    assert [(port["name"], port["port"]) for port in service["spec"]["ports"]] == [("serve", 8000)]
    assert service["spec"]["selector"] == {"ray.io/cluster": "serving"}


def test_ingress_follows_annotations(world: World) -> None:
    world.ready("shown", spec(head={"enableIngress": True}), None, annotations={"note": "one"})
    ingress = world.the(INGRESSES, "shown-head-ingress")
    assert ingress["metadata"]["annotations"] == {"note": "one"}
    world.patch("shown", metadata={"annotations": {"note": "two"}})
    world.until_event("shown", "UpdatedIngress")
    ingress = world.the(INGRESSES, "shown-head-ingress")
    assert ingress["metadata"]["annotations"] == {"note": "two"}
    assert dig(ingress["spec"]["rules"][0]["http"]["paths"][0], "backend.service.port.number") == 8265


def test_token(world: World) -> None:
    world.create("locked", spec(authOptions={"mode": "token"}))
    head = world.until(lambda: world.pods("locked", node_type="head"), "head")[0]
    env = {entry["name"]: entry for entry in head["spec"]["containers"][0]["env"]}
    assert env["RAY_AUTH_MODE"]["value"] == "token"
    assert env["RAY_AUTH_TOKEN"]["valueFrom"] == {"secretKeyRef": {"name": "locked", "key": "auth_token"}}
    secret = world.the(SECRETS, "locked")
    assert set(secret["data"]) == {"auth_token"}
    assert owner(secret)["name"] == "locked"


def test_multi_host(world: World) -> None:
    world.ready("hosts", spec(group("tpu", 2, numOfHosts=2)), 4)
    pods = world.pods("hosts", group="tpu")
    places = {
        (
            pod["metadata"]["labels"]["ray.io/worker-group-replica-index"],
            pod["metadata"]["labels"]["ray.io/replica-host-index"],
        )
        for pod in pods
    }
    assert places == {("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")}
    assert len({pod["metadata"]["labels"]["ray.io/worker-group-replica-name"] for pod in pods}) == 2
    assert world.the(SERVICES, "hosts-headless")["spec"]["clusterIP"] == "None"
    world.put("hosts", "/spec/workerGroupSpecs/0/replicas", 1)
    world.until_alive("hosts", 2, group="tpu")
    world.until_status("hosts", desiredWorkerReplicas=2, readyWorkerReplicas=2)
