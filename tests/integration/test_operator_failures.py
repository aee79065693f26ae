# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator does when pods, quotas, names and Redis get in its way."""

from __future__ import annotations

from tests.integration.operator_harness import (
    BROKEN_IMAGE,
    IMAGE,
    OTHER_IMAGE,
    SLOW_END,
    World,
    condition,
    group,
    images,
    spec,
    template,
)
from tests.lab.operator.api import (
    JOBS,
    PODS,
    RAY_CLUSTERS,
    Resource,
)
from tests.lab.operator.objects import dig

pytest_plugins = ["tests.integration.operator_fixtures"]

QUOTAS = Resource("v1", "resourcequotas", "ResourceQuota")
FINALIZER = "ray.io/gcs-ft-redis-cleanup-finalizer"


def test_head_dies(world: World) -> None:
    status = world.ready("mortal", spec(), None)
    old = status["head"]["podName"]
    world.api.delete(PODS, world.namespace, old)
    world.until(lambda: world.get("mortal")["status"]["head"].get("podName") not in (None, old), "another head")
    world.until_condition("mortal", "HeadPodReady", "True")
    status = world.get("mortal")["status"]
    assert status["state"] == "ready"
    assert set(status["stateTransitionTimes"]) == {"ready"}


def test_quota(world: World) -> None:
    quota = {"metadata": {"name": "few", "namespace": world.namespace}, "spec": {"hard": {"pods": "2"}}}
    world.api.create(QUOTAS, quota)
    world.until(lambda: dig(world.find(QUOTAS, "few"), "status.hard.pods"), "the quota")
    world.create("short", spec(group("a", 3)))
    failure = world.until_condition("short", "ReplicaFailure", "True", "FailedCreateWorkerPod")
    assert "exceeded quota" in failure["message"]
    assert world.until_event("short", "FailedToCreateWorkerPod")["type"] == "Warning"
    # Provisioned looks only at the pods that exist; the state counts them.
    world.until_condition("short", "RayClusterProvisioned", "True")
    assert "state" not in world.get("short")["status"]
    world.api.merge(QUOTAS, world.namespace, "few", {"spec": {"hard": {"pods": "9"}}})
    world.until(lambda: dig(world.find(QUOTAS, "few"), "status.hard.pods") == "9", "the new quota")
    world.patch("short", metadata={"annotations": {"touched": "yes"}})
    world.until_status("short", state="ready", readyWorkerReplicas=3)
    assert not condition(world.get("short"), "ReplicaFailure")


def test_namesake_adopts_terminating_pods(world: World) -> None:
    slow = template(annotations=SLOW_END)
    world.ready("twin", spec(group(template=slow), head={"template": slow}), 1)
    old = world.alive("twin")
    world.delete("twin")
    assert world.find(RAY_CLUSTERS, "twin") is None
    other = template(OTHER_IMAGE)
    world.create("twin", spec(group(template=other), head={"template": other}))
    assert world.until_status("twin", state="ready")["head"]["podName"] in old
    assert images(world.pods("twin")) == {IMAGE}
    world.until(lambda: images(world.pods("twin")) == {OTHER_IMAGE} and len(world.pods("twin")) == 2, "pods of its own")


# Redis


def test_redis_finalizer_rewrites_the_object(world: World) -> None:
    written = spec(
        group("a", 0, template=template(tty=False)),
        gcsFaultToleranceOptions={"redisAddress": "redis:6379", "externalStorageNamespace": ""},
        rayVersion="",
        suspend=False,
    )
    world.create("kept", written)
    world.until(lambda: dig(world.get("kept"), "metadata.finalizers"), "the finalizer")
    cluster = world.get("kept")
    assert cluster["metadata"]["finalizers"] == [FINALIZER]
    head, small = cluster["spec"]["headGroupSpec"], cluster["spec"]["workerGroupSpecs"][0]
    assert head["template"]["spec"]["containers"][0]["resources"] == {"limits": {"cpu": "1", "memory": "2Gi"}}
    assert small["scaleStrategy"] == {}
    assert small["template"]["metadata"] == head["template"]["metadata"] == {}
    assert small["rayStartParams"] == head["rayStartParams"] == {}
    assert "tty" not in small["template"]["spec"]["containers"][0]
    assert "rayVersion" not in cluster["spec"]
    assert cluster["spec"]["suspend"] is False
    assert cluster["spec"]["gcsFaultToleranceOptions"] == {"redisAddress": "redis:6379"}
    world.until_status("kept", state="ready")
    world.delete("kept")
    job = world.the(JOBS, "kept-redis-cleanup")
    assert (job["spec"]["backoffLimit"], job["spec"]["activeDeadlineSeconds"]) == (0, 300)
    assert job["metadata"]["labels"]["ray.io/node-type"] == "redis-cleanup"
    world.until(lambda: world.find(RAY_CLUSTERS, "kept") is None, "the end")
    assert world.until_event("kept", "CreatedRedisCleanupJob")


def test_redis_cleanup_is_given_up(world: World) -> None:
    stuck = template(annotations=BROKEN_IMAGE)
    options = {"redisAddress": "redis:6379"}
    annotations = {"ray.io/gcs-ft-deletion-timeout": "10"}
    world.create("stuck", spec(head={"template": stuck}, gcsFaultToleranceOptions=options), annotations=annotations)
    world.until_alive("stuck", 1, node_type="head")
    world.delete("stuck")
    world.until(lambda: world.find(JOBS, "stuck-redis-cleanup"), "the cleanup job")
    world.until(lambda: world.find(RAY_CLUSTERS, "stuck") is None, "the end")
    assert world.until_event("stuck", "ForceDeletedStuckCluster")["type"] == "Warning"
