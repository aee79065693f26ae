# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking over clusters that the ray-cluster chart of Helm or KubeRay's APIServer V1 made: no pod is made anew."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.integration.modules.room import Stage
from tests.integration.modules.words import IMAGE, VERSION, manage
from tests.integration.patience import SECONDS
from tests.lab.processes import wait_until

Json = dict[str, Any]
SIZE = {"cpu": "1", "memory": "1Gi"}
BOTH = {"limits": SIZE, "requests": SIZE}
CHART = {"helm.sh/chart": "ray-cluster-1.7.0", "app.kubernetes.io/managed-by": "Helm"}
V1 = {"app.kubernetes.io/managed-by": "kuberay-apiserver", "app.kubernetes.io/name": "kuberay", "ray.io/user": "me"}


def helms() -> Json:
    """What the chart renders: its labels everywhere, a log volume, no rayVersion and no start parameters."""

    def template(name: str) -> Json:
        mounts = [{"mountPath": "/tmp/ray", "name": "log-volume"}]
        container = {"name": name, "image": IMAGE, "imagePullPolicy": "IfNotPresent", "volumeMounts": mounts}
        volumes = [{"name": "log-volume", "emptyDir": {}}]
        spec = {"containers": [{**container, "resources": BOTH}], "volumes": volumes}
        return {"metadata": {"labels": dict(CHART)}, "spec": spec}

    counts = {"replicas": 2, "minReplicas": 1, "maxReplicas": 5, "numOfHosts": 1}
    return {
        "headGroupSpec": {"serviceType": "ClusterIP", "template": template("ray-head")},
        "workerGroupSpecs": [{"groupName": "workergroup", **counts, "template": template("ray-worker")}],
    }


def v1s() -> Json:
    """What the APIServer makes of its own message (contract 3.3): reserved variables, annotations, an unnamed port."""
    resource = [("CPU_REQUEST", "requests.cpu"), ("CPU_LIMITS", "limits.cpu"), ("MEMORY_REQUESTS", "requests.memory")]
    variables = [
        {"name": "RAY_DISABLE_DOCKER_CPU_WARNING", "value": "1"},
        {"name": "TYPE", "value": "worker"},
        *(
            {"name": name, "valueFrom": {"resourceFieldRef": {"containerName": "ray-worker", "resource": what}}}
            for name, what in resource
        ),
        {"name": "MY_POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
    ]
    stop = {"preStop": {"exec": {"command": ["/bin/sh", "-c", "ray stop"]}}}
    ports = [("redis", 6379), ("head", 10001), ("dashboard", 8265), ("metrics", 8080)]
    head = {
        "name": "ray-head",
        "image": IMAGE,
        "resources": BOTH,
        "env": [variables[-1]],
        "ports": [{"name": name, "containerPort": port} for name, port in ports],
    }
    worker = {
        "name": "ray-worker",
        "image": IMAGE,
        "resources": BOTH,
        "env": variables,
        "lifecycle": stop,
        "ports": [{"containerPort": 80}],
    }
    annotations = {"ray.io/compute-image": IMAGE, "ray.io/compute-template": "small"}

    def template(container: Json) -> Json:
        return {"metadata": {"annotations": dict(annotations)}, "spec": {"containers": [container]}}

    counts = {"replicas": 2, "minReplicas": 1, "maxReplicas": 5}
    params = {"rayStartParams": {"dashboard-host": "0.0.0.0"}}
    return {
        "rayVersion": VERSION,
        "headGroupSpec": {"serviceType": "ClusterIP", **params, "template": template(head)},
        "workerGroupSpecs": [
            {
                "groupName": "workergroup",
                **counts,
                "rayStartParams": {"node-ip-address": "$MY_POD_IP"},
                "template": template(worker),
            }
        ],
    }


MAKERS = {"helm": (CHART, helms), "v1": (V1, v1s)}
# What somebody writes who moves over: the same cluster, in this collection's words.
SAME: Json = {
    "image": IMAGE,
    "head_group": {"resources": SIZE},
    "worker_groups": [
        {"group_name": "workergroup", "replicas": 2, "min_replicas": 1, "max_replicas": 5, "resources": SIZE}
    ],
}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_cluster_is_taken_over_without_a_new_pod(stage: Stage, maker: str) -> None:
    name, (labels, spec) = f"adopted-{maker}", MAKERS[maker]
    made = {"apiVersion": "ray.io/v1", "kind": "RayCluster", "metadata": {"name": name, "labels": dict(labels)}}
    stage.room.create("rayclusters", {**made, "spec": spec()})
    assert wait_until(lambda: (stage.room.get(name).get("status") or {}).get("state") == "ready", SECONDS)
    pods, before = stage.room.pods(name), copy.deepcopy(stage.room.get(name)["spec"])
    run = stage.succeed(
        manage("adopt", name, **SAME),
        manage("again", name, **SAME),
        manage("scale", name, **{**SAME, "worker_groups": [{**SAME["worker_groups"][0], "replicas": 3}]}),
    )
    adopted = run["adopt"].result
    assert (adopted["action"], adopted["cluster"]["state"]) == ("patch", "ready")
    # The record of the wish, and nothing of the spec.
    assert [reason["path"] for reason in adopted["reasons"] if reason["path"].startswith("spec")] == []
    assert (adopted["resource"]["spec"], adopted["resource"]["metadata"]["labels"]) == (before, labels)
    assert "warnings" not in adopted
    assert run["again"]["changed"] is False
    assert run["scale"]["reasons"] == [{"path": "spec.workerGroupSpecs[workergroup].replicas", "from": 2, "to": 3}]
    left = stage.room.pods(name)
    assert {pod: left.get(pod) for pod in pods} == pods
    assert len(left) == len(pods) + 1
