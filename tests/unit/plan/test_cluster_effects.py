# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator makes of a change of a RayCluster, and what the option recreate makes of that."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import NeedsRecreate
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import anew, plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.recreate import settled

from tests.unit.builders import desired, stored
from tests.unit.worlds import served

Json = dict[str, Any]
GROUP: Json = {"group_name": "one", "replicas": 1}
TASK: Json = {
    "worker_groups": [GROUP],
    "head_group": {"enable_ingress": True},
    "managed_by": "ray.io/kuberay-operator",
    "gcs_fault_tolerance_options": {"backend": "redis", "redis_address": "r:6379"},
}
OTHER_MANAGER: Json = {"managed_by": "kueue.x-k8s.io/multikueue"}
OTHER_IMAGE: Json = {"worker_groups": [{**GROUP, "image": "other"}]}


def _planned(change: Json) -> tuple[Json, Plan]:
    live = served(stored(desired(**TASK)))
    return live, plan_cluster(live, desired(live, **{**TASK, **change}), purge=True)


def _settled(change: Json, recreate: str) -> Plan:
    live, plan = _planned(change)
    return settled(plan, live, recreate, anew)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (OTHER_IMAGE, ["pods of one keep"]),
        ({"head_group": {"enable_ingress": True, "env": {"A": "1"}}}, ["pods of head keep"]),
        ({"enable_in_tree_autoscaling": True}, ["pods of head keep"]),
        ({"autoscaler_options": {"idle_timeout_seconds": 9}}, ["pods of head keep"]),
        ({"auth_options": {"mode": "disabled"}}, ["pods of every group keep"]),
        ({"spec": {"headGroupSpec": {"resources": {"CPU": "1"}}}}, ["pods of head keep"]),
        ({"spec": {"workerGroupSpecs": [{"groupName": "one", "labels": {"a": "b"}}]}}, ["pods of one keep"]),
        ({"head_group": {"enable_ingress": True, "service_type": "NodePort"}}, ["head service stays", "serviceType"]),
        ({"head_service_annotations": {"a": "b"}}, ["head service stays", "headServiceAnnotations"]),
        ({"head_group": {"enable_ingress": False}}, ["Ingress", "stays"]),
        ({"head_group": {}}, ["Ingress", "stays"]),
    ],
)
def test_what_the_operator_does_not_carry_out_is_told(change: Json, words: list[str]) -> None:
    plan = _settled(change, "never")
    assert (plan.action, plan.refused) == ("patch", [])
    (warning,) = plan.warnings
    for word in words:
        assert word in warning


@pytest.mark.parametrize("change", [{"worker_groups": [{**GROUP, "replicas": 3}]}, {"labels": {"a": "b"}}])
def test_what_it_carries_out_is_not_told_and_needs_no_new_object(change: Json) -> None:
    for recreate in ("never", "when_needed"):
        plan = _settled(change, recreate)
        assert (plan.action, plan.warnings) == ("patch", [])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (OTHER_MANAGER, "spec.managedBy"),
        (
            {"gcs_fault_tolerance_options": {"backend": "rocksdb", "redis_address": "r:6379"}},
            "spec.gcsFaultToleranceOptions.backend",
        ),
    ],
)
def test_what_the_server_would_refuse_fails_or_makes_the_object_again(change: Json, path: str) -> None:
    with pytest.raises(NeedsRecreate, match="recreate=when_needed") as refused:
        _settled(change, "never")
    assert path in refused.value.message
    assert path in [reason["path"] for reason in refused.value.details]
    assert _settled(change, "when_needed").action == "recreate"


def test_what_was_not_set_before_can_be_set() -> None:
    live = served(stored(desired(worker_groups=[GROUP])))
    assert plan_cluster(live, desired(live, worker_groups=[GROUP], **OTHER_MANAGER), purge=True).refused == []


def test_an_object_that_is_made_again_keeps_what_others_set_and_nothing_of_its_former_life() -> None:
    live, _plan = _planned({})
    live["metadata"].update(labels={"theirs": "1"}, finalizers=["f"], ownerReferences=[{"uid": "o"}])
    live["status"] = {"state": "ready"}
    live["spec"]["workerGroupSpecs"][0]["scaleStrategy"] = {"workersToDelete": ["pod"]}
    live["spec"]["workerGroupSpecs"][0]["template"]["spec"]["hostNetwork"] = True
    before = copy.deepcopy(live)
    plan = settled(plan_cluster(live, desired(live, **{**TASK, **OTHER_IMAGE}), True), live, "when_needed", anew)
    target = plan.target or {}
    assert set(target) == {"apiVersion", "kind", "metadata", "spec"}
    assert set(target["metadata"]) == {"name", "namespace", "labels", "annotations", "ownerReferences"}
    (group,) = target["spec"]["workerGroupSpecs"]
    assert "scaleStrategy" not in group
    assert group["template"]["spec"]["hostNetwork"] is True
    assert group["template"]["spec"]["containers"][0]["image"] == "other"
    assert plan.warnings == []
    assert live == before


def test_always_makes_an_unchanged_object_again_and_says_so() -> None:
    plan = _settled({}, "always")
    assert (plan.action, plan.changed, plan.shows) == ("recreate", True, True)
    assert plan.reasons() == [{"path": "$", "from": "present", "to": "created again"}]


@pytest.mark.parametrize("recreate", ["never", "when_needed"])
def test_an_unchanged_object_is_left_alone_otherwise(recreate: str) -> None:
    assert _settled({}, recreate).action == "none"
