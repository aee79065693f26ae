# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator refuses, and what it leaves to others."""

from __future__ import annotations

from tests.integration.operator_harness import (
    World,
    group,
    spec,
    template,
)
from tests.lab.operator.objects import Json

pytest_plugins = ["tests.integration.operator_fixtures"]


# Refusal

REFUSED: dict[str, tuple[Json, str]] = {
    "minmax": (
        spec(group("a", minReplicas=5, maxReplicas=1)),
        "worker group a has minReplicas 5 greater than maxReplicas 1",
    ),
    "negative": (spec(group("a", minReplicas=-1)), "worker group a has negative minReplicas -1"),
    "twice": (
        spec(group("a", resources={"CPU": "1"}, rayStartParams={"num-cpus": "1"})),
        "resource fields should not be set in both rayStartParams and Resources for a group; please use only one",
    ),
    "labels": (
        spec(head={"rayStartParams": {"labels": "a=b"}}),
        "rayStartParams['labels'] is not supported for Head group; please use the top-level Labels field instead",
    ),
    "idle": (spec(group("a", idleTimeoutSeconds=9)), "worker group a: idleTimeoutSeconds is set, but autoscaler v2"),
    "priority": (spec(group("a", priority=1)), "worker group a: priority is set, but minimum Ray version is 2.56.0"),
    "token": (
        spec(authOptions={"mode": "token"}, rayVersion="2.51.0"),
        "authOptions.mode is 'token' but minimum Ray version is 2.52.0, got 2.51.0",
    ),
    "redis": (
        spec(head={"template": template(env=[{"name": "RAY_REDIS_ADDRESS", "value": "x:1"}])}),
        "RAY_REDIS_ADDRESS is set which implicitly enables GCS fault tolerance",
    ),
    "both": (
        spec(
            head={"rayStartParams": {"redis-password": "x"}},
            gcsFaultToleranceOptions={"redisAddress": "x:1"},
        ),
        "cannot set `redis-password` in rayStartParams when GcsFaultToleranceOptions is enabled",
    ),
    "rocks": (spec(gcsFaultToleranceOptions={"backend": "rocksdb"}), "the embedded RocksDB GCS fault tolerance"),
    "v2": (
        spec(
            head={"template": template(env=[{"name": "RAY_enable_autoscaler_v2", "value": "true"}])},
        ),
        "environment variable RAY_enable_autoscaler_v2 cannot be set to",
    ),
    "restart": (
        spec(
            group("a", template={"spec": {**template()["spec"], "restartPolicy": "Always"}}),
            enableInTreeAutoscaling=True,
            autoscalerOptions={"version": "v2"},
        ),
        "restartPolicy for worker group",
    ),
    "net": (spec(networkPolicy={"mode": "DenyAll"}), "spec.networkPolicy requires the RayClusterNetworkPolicy"),
    "empty": (
        spec(head={"template": {"spec": {"containers": []}}}),
        "headGroupSpec should have at least one container",
    ),
}


def test_refused_specs(world: World) -> None:
    for name, (refused, _) in REFUSED.items():
        world.create(name, refused)
    for name, (_, message) in REFUSED.items():
        event = world.until_event(name, "InvalidRayClusterSpec")
        assert (event["type"], event["action"]) == ("Warning", "Validate")
        start = f"The RayCluster spec is invalid {world.namespace}/{name}: "
        assert event["note"].startswith(start + message), event["note"]
        assert not world.get(name).get("status")
        assert not world.pods(name)


def test_refused_names(world: World) -> None:
    for name in ("a.b", "x" * 54):
        world.create(name, spec())
        event = world.until_event(name, "InvalidRayClusterMetadata")
        assert event["note"].startswith(
            f"The RayCluster metadata is invalid {world.namespace}/{name}: RayCluster name "
        )


def test_refusal_comes_with_each_write_and_heals(world: World) -> None:
    first = world.create("wrong", spec(group("a", minReplicas=5, maxReplicas=1)))
    assert (
        world.until_event("wrong", "InvalidRayClusterSpec")["regarding"]["resourceVersion"]
        == first["metadata"]["resourceVersion"]
    )
    second = world.put("wrong", "/spec/workerGroupSpecs/0/minReplicas", 4)
    versions = {first["metadata"]["resourceVersion"], second["metadata"]["resourceVersion"]}
    world.until(
        lambda: {e["regarding"]["resourceVersion"] for e in world.events("wrong", "InvalidRayClusterSpec")} == versions,
        "an event for each write",
    )
    world.put("wrong", "/spec/workerGroupSpecs/0/minReplicas", 0)
    world.until_status("wrong", state="ready", readyWorkerReplicas=1)
    # A running cluster keeps its status when its spec turns bad.
    third = world.put("wrong", "/spec/workerGroupSpecs/0/minReplicas", 7)
    world.until(
        lambda: (
            third["metadata"]["resourceVersion"]
            in {e["regarding"]["resourceVersion"] for e in world.events("wrong", "InvalidRayClusterSpec")}
        ),
        "the third event",
    )
    cluster = world.get("wrong")
    assert cluster["status"]["state"] == "ready"
    assert cluster["status"]["observedGeneration"] < cluster["metadata"]["generation"]


def test_managed_by_another(world: World) -> None:
    world.create("foreign", spec(group(), managedBy="kueue.x-k8s.io/multikueue"))
    world.settle("after")
    assert "status" not in world.get("foreign")
    assert not world.pods("foreign")
    assert not world.events("foreign")


def test_warning_in_the_clothes_of_a_refusal(world: World) -> None:
    # The same reason as a refusal, but the cluster is looked after: the reason alone must end no wait.
    restarted = {"spec": {**template()["spec"], "restartPolicy": "Always"}}
    options = {"version": "v1"}
    world.create("odd", spec(group("a", template=restarted), enableInTreeAutoscaling=True, autoscalerOptions=options))
    event = world.until_event("odd", "InvalidRayClusterSpec")
    assert event["note"].startswith(
        f"RayCluster spec warning {world.namespace}/odd: restartPolicy for worker groups [a]"
    )
    world.until_status("odd", state="ready", readyWorkerReplicas=1)
