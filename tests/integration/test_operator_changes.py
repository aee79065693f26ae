# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the operator follows a change of replicas, groups, templates and suspension."""

from __future__ import annotations

import pytest

from tests.integration.operator_harness import (
    OTHER_IMAGE,
    SLOW_END,
    World,
    condition,
    group,
    images,
    owner,
    spec,
    template,
)
from tests.lab.operator.api import (
    ROLE_BINDINGS,
    ROLES,
    SERVICE_ACCOUNTS,
    SERVICES,
)
from tests.lab.operator.objects import dig

pytest_plugins = ["tests.integration.operator_fixtures"]


# Scaling


def test_scaling(world: World) -> None:
    world.ready("scaled", spec(group("a", 1)), 1)
    before = world.put("scaled", "/spec/workerGroupSpecs/0/replicas", 3)
    # Status lags: what comes back with the write is the old one.
    assert (before["status"]["state"], before["status"]["desiredWorkerReplicas"]) == ("ready", 1)
    world.until_status("scaled", state="ready", desiredWorkerReplicas=3, readyWorkerReplicas=3)
    world.put("scaled", "/spec/workerGroupSpecs/0/replicas", 1)
    world.until_status("scaled", desiredWorkerReplicas=1, readyWorkerReplicas=1, availableWorkerReplicas=1)
    assert world.until_event("scaled", "DeletedWorkerPod")["note"].startswith(
        f"Deleted Pod {world.namespace}/scaled-a-"
    )


def test_limits(world: World) -> None:
    status = world.ready("clamped", spec(group("a", 5, maxReplicas=2), group("b", 0, minReplicas=1)), 3)
    assert (status["desiredWorkerReplicas"], status["minWorkerReplicas"]) == (3, 1)
    # The desired resources count the replicas as written.
    assert status["desiredCPU"] == "6"


def test_workers_to_delete(world: World) -> None:
    world.ready("picked", spec(group("a", 2)), 2)
    doomed, stays = sorted(world.alive("picked", group="a"))
    world.put("picked", "/spec/workerGroupSpecs/0/scaleStrategy", {"workersToDelete": [doomed]})
    world.until(lambda: doomed not in (names := world.alive("picked", group="a")) and len(names) == 2, "another worker")
    assert stays in world.alive("picked", group="a")
    note = world.until_event("picked", "DeletedWorkerPod")["note"]
    assert note == f"Deleted pod {world.namespace}/{doomed}"


def test_autoscaling(world: World) -> None:
    world.create("auto", spec(group("a", 2), enableInTreeAutoscaling=True))
    world.until_status("auto", state="ready", readyWorkerReplicas=2)
    for resource in (SERVICE_ACCOUNTS, ROLES, ROLE_BINDINGS):
        assert owner(world.the(resource, "auto"))["kind"] == "RayCluster"
    (head,) = world.pods("auto", node_type="head")
    assert [container["name"] for container in head["spec"]["containers"]] == ["ray", "autoscaler"]
    assert head["spec"]["serviceAccountName"] == "auto"
    for reason in ("CreatedServiceAccount", "CreatedRole", "CreatedRoleBinding"):
        world.until_event("auto", reason)
    doomed, stays = sorted(world.alive("auto", group="a"))
    world.put("auto", "/spec/workerGroupSpecs/0/replicas", 1)
    world.until_status("auto", desiredWorkerReplicas=1)
    world.settle("after")
    assert len(world.alive("auto", group="a")) == 2
    world.put("auto", "/spec/workerGroupSpecs/0/scaleStrategy", {"workersToDelete": [doomed]})
    world.until_status("auto", readyWorkerReplicas=1)
    assert world.alive("auto", group="a") == {stays}


def test_suspended_group(world: World) -> None:
    world.ready("part", spec(group("a", 1), group("b", 1)), 2)
    world.put("part", "/spec/workerGroupSpecs/0/suspend", True)
    world.until_status("part", desiredWorkerReplicas=1, readyWorkerReplicas=1, maxWorkerReplicas=9)
    assert not world.alive("part", group="a")


def test_removed_group_lingers(world: World) -> None:
    world.ready("left", spec(group("a", 1), group("b", 1)), 2)
    world.patch("left", spec={"workerGroupSpecs": [group("b", 1)]})
    status = world.until_status("left", desiredWorkerReplicas=1)
    assert status["readyWorkerReplicas"] == 2
    assert len(world.alive("left", group="a")) == 1


def test_rebalance_heals_when_touched(world: World) -> None:
    # Counts may go stale here for 300 s; a touched annotation makes the operator look again.
    world.ready("moved", spec(group("a", 2), group("b", 1)), 3)
    world.patch("moved", spec={"workerGroupSpecs": [group("a", 1), group("b", 2)]})
    world.until_alive("moved", 1, group="a")
    world.until_alive("moved", 2, group="b")
    world.until(
        lambda: [dig(pod, "status.phase") for pod in world.pods("moved")] == ["Running"] * 4, "four running pods"
    )
    world.settle("after")
    world.patch("moved", metadata={"annotations": {"touched": "yes"}})
    world.until_status("moved", desiredWorkerReplicas=3, readyWorkerReplicas=3, availableWorkerReplicas=3)


def test_rebalance_goes_stale_on_purpose(world: World, request: pytest.FixtureRequest) -> None:
    # What happens by chance to 2 of 10 clusters happens to each whose echo comes late: only the stand-in has that.
    if request.config.getoption("--operator", "stand-in") != "stand-in":
        pytest.skip("the real operator goes stale by chance")
    world.ready("late", spec(group("a", 2), group("b", 1)), 3, annotations={"lab.kuberay.core/echo-lag": "10"})
    world.patch("late", spec={"workerGroupSpecs": [group("a", 1), group("b", 2)]})
    world.until_alive("late", 2, group="b")
    world.until_alive("late", 1, group="a")
    world.until(lambda: world.get("late")["status"]["readyWorkerReplicas"] != 3, "stale counts")
    world.settle("after")
    assert world.get("late")["status"]["readyWorkerReplicas"] in (2, 4)
    world.patch("late", metadata={"annotations": {"touched": "yes"}})
    world.until_status("late", readyWorkerReplicas=3, availableWorkerReplicas=3)


def test_change_without_effect_is_not_observed(world: World) -> None:
    world.ready("same", spec(group()), 1)
    before = world.alive("same")
    world.patch("same", spec={"workerGroupSpecs": [group(template=template(OTHER_IMAGE))]})
    world.settle("after")
    cluster = world.get("same")
    assert (cluster["metadata"]["generation"], cluster["status"]["observedGeneration"]) == (2, 1)
    assert world.alive("same") == before


# Suspension


def test_suspend_and_resume(world: World) -> None:
    world.ready("nap", spec(group()), 1)
    world.patch("nap", spec={"suspend": True})
    status = world.until_status("nap", state="suspended")
    assert not world.pods("nap")
    assert {"ready", "suspended"} <= set(status["stateTransitionTimes"])
    world.until_condition("nap", "RayClusterSuspended", "True", "RayClusterSuspended")
    assert condition(world.get("nap"), "RayClusterSuspending")["status"] == "False"
    provisioned = condition(world.get("nap"), "RayClusterProvisioned")
    assert (provisioned["status"], provisioned["message"]) == ("False", "RayCluster has been suspended")
    note = world.until_event("nap", "DeletedPod")["note"]
    assert note == f"Deleted Pods for RayCluster {world.namespace}/nap due to suspension"
    assert world.find(SERVICES, "nap-head-svc")
    # Without the key the cluster sleeps on; only an explicit false wakes it.
    world.patch("nap", spec={"suspend": None})
    world.settle("after")
    assert condition(world.get("nap"), "RayClusterSuspended")["status"] == "True"
    assert not world.pods("nap")
    world.patch("nap", spec={"suspend": False})
    world.until_status("nap", state="ready", readyWorkerReplicas=1)
    world.until_condition("nap", "RayClusterProvisioned", "True")
    assert condition(world.get("nap"), "RayClusterSuspended")["status"] == "False"


def test_suspension_is_atomic(world: World) -> None:
    slow = template(annotations=SLOW_END)
    world.ready("firm", spec(group(template=slow), head={"template": slow}), 1)
    first = world.alive("firm")
    world.patch("firm", spec={"suspend": True})
    world.until_condition("firm", "RayClusterSuspending", "True")
    world.patch("firm", spec={"suspend": False})
    world.until_condition("firm", "RayClusterSuspending", "False")
    assert not first & {pod["metadata"]["name"] for pod in world.pods("firm")}
    world.until_condition("firm", "RayClusterProvisioned", "True")
    assert world.until_event("firm", "DeletedPod")


# Replacement


def test_recreate(world: World) -> None:
    world.ready("new", spec(group("a", 1), upgradeStrategy={"type": "Recreate"}), 1)
    first = world.alive("new")
    world.put("new", "/spec/workerGroupSpecs/0/replicas", 2)
    world.until_status("new", readyWorkerReplicas=2)
    assert first <= world.alive("new")
    world.put("new", "/spec/workerGroupSpecs/0/template/spec/containers/0/image", OTHER_IMAGE)
    note = world.until_event("new", "DeletedPod")["note"]
    name = f"{world.namespace}/new"
    assert note == f"Deleted all Pods for RayCluster {name} due to spec change with Recreate upgradeStrategy"
    world.until(lambda: len(names := world.alive("new")) == 3 and not first & names, "three new pods")
    assert images(world.pods("new", group="a")) == {OTHER_IMAGE}
    world.until_status("new", readyWorkerReplicas=2)
