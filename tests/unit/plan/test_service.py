# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a RayService: which way the operator takes a change, or that it takes none."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import NeedsRecreate
from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Rollout
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import QUEUE_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_create, plan_delete
from ansible_collections.kuberay.core.plugins.module_utils._plan.recreate import settled
from ansible_collections.kuberay.core.plugins.module_utils._plan.service import (
    expected,
    how_to_recreate,
    plan_service,
    rollout_of,
)

from tests.unit.builders import (
    IMAGE,
    condition,
    desired_demo_service,
    service,
    service_options,
    serving,
    stored,
)

Json = dict[str, Any]
SERVES, UPGRADES = serving(), serving("demo-a", "demo-b")
PREPARES: Json = {"pendingServiceStatus": {"rayClusterName": "demo-a"}}
TIMED_OUT: Json = {"conditions": [condition("Ready", "False", reason="InitializingTimeout")]}
ASLEEP: Json = {"conditions": [condition("Suspended")]}
CONFIG: Json = {"applications": [{"import_path": "m:other"}]}


def _group(name: str = "small", **more: Any) -> Json:
    return {"group_name": name, "replicas": 1, "min_replicas": 0, "max_replicas": 3, **more}


def _cluster(*groups: Json, **more: Any) -> Json:
    return {"image": IMAGE, "worker_groups": list(groups or [_group()]), **more}


def _live(status: Json, **task: Any) -> Json:
    live = stored(desired_demo_service(**{"cluster": _cluster(), **task}))
    for group in live["spec"]["rayClusterConfig"].get("workerGroupSpecs") or []:
        group["numOfHosts"] = 1
    return {**live, "status": status}


def _plan(live: Json, **task: Any) -> Plan:
    return plan_service(live, desired_demo_service(live, **{"cluster": _cluster(), **task}))


@pytest.mark.parametrize("status", [SERVES, UPGRADES, PREPARES, TIMED_OUT, {}])
def test_the_same_service_again_is_no_change(status: Json) -> None:
    plan = _plan(_live(status))
    assert (plan.action, rollout_of(plan), plan.refused, plan.deferred) == ("none", "none", [], [])


# What is said besides, which way it takes on a service with a cluster, and what is said to be refused.
CHANGES: list[tuple[Json, str, str]] = [
    ({"serve_config": CONFIG}, "in_place", ""),
    ({"exclude_head_pod_from_serve_svc": True}, "in_place", ""),
    ({"ray_cluster_deletion_delay_seconds": 5}, "none", ""),
    ({"upgrade_strategy": {"type": "None"}}, "none", ""),
    ({"labels": {"a": "b"}}, "none", ""),
    ({"suspend": True}, "suspend", ""),
    ({"cluster": _cluster(image="other")}, "new_cluster", ""),
    ({"cluster": _cluster(enable_in_tree_autoscaling=False)}, "new_cluster", ""),
    ({"cluster": _cluster(_group(env={"A": "1"}))}, "new_cluster", ""),
    ({"cluster": _cluster(_group("other"))}, "new_cluster", ""),
    ({"cluster": _cluster(_group(), _group("more"))}, "in_place", ""),
    ({"cluster": _cluster(_group(replicas=2), _group("more"))}, "in_place", ""),
    ({"cluster": _cluster(_group(replicas=2), image="other")}, "new_cluster", ""),
    ({"cluster": _cluster(), "serve_config": CONFIG, "suspend": False}, "in_place", ""),
    ({"cluster": _cluster(_group(replicas=2))}, "none", "workerGroupSpecs[small].replicas"),
    ({"cluster": _cluster(_group(max_replicas=4))}, "none", "workerGroupSpecs[small].maxReplicas"),
    ({"cluster": _cluster(_group(min_replicas=1))}, "none", "workerGroupSpecs[small].minReplicas"),
    ({"cluster": _cluster(_group(tolerations=[{"key": "a"}]))}, "none", "template.spec.tolerations"),
    ({"cluster": _cluster(upgrade_strategy={"type": "None"})}, "none", "rayClusterConfig.upgradeStrategy"),
    ({"cluster": _cluster(spec={"suspend": True})}, "none", "rayClusterConfig.suspend"),
    (
        {"cluster": _cluster(_group(), _group("more"), spec={"suspend": True})},
        "in_place",
        "rayClusterConfig.suspend",
    ),
    (
        {"cluster": _cluster(_group(template={"spec": {"schedulingGates": [{"name": "g"}]}}))},
        "none",
        "template.spec.schedulingGates",
    ),
    ({"serve_config": CONFIG, "cluster": _cluster(_group(replicas=2))}, "in_place", "replicas"),
]


@pytest.mark.parametrize("status", [SERVES, UPGRADES])
@pytest.mark.parametrize(("change", "way", "refused"), CHANGES)
def test_a_change_takes_its_way_and_what_comes_to_nothing_is_refused(
    status: Json, change: Json, way: str, refused: str
) -> None:
    plan = _plan(_live(status), **change)
    assert (plan.action, rollout_of(plan)) == ("patch", way)
    assert [refused in told for told in plan.refused] == ([True] if refused else [])
    assert plan.shows is ("labels" not in change)


@pytest.mark.parametrize("change", [change for change, _way, _refused in CHANGES])
def test_a_service_without_a_cluster_takes_everything_when_it_gets_one(change: Json) -> None:
    for status in ({}, ASLEEP):
        plan = _plan(_live(status), **change)
        assert plan.refused == []
        assert rollout_of(plan) == ("suspend" if change.get("suspend") else "none")


def test_groups_in_another_order_are_another_cluster() -> None:
    live = _live(SERVES, cluster=_cluster(_group("a"), _group("b")))
    spec = live["spec"]["rayClusterConfig"]
    spec["workerGroupSpecs"] = spec["workerGroupSpecs"][:1]
    assert rollout_of(_plan(live, cluster=_cluster(_group("a"), _group("b")))) == "in_place"
    # A group in front of those that are there goes behind them: the live order stays.
    assert rollout_of(_plan(_live(SERVES), cluster=_cluster(_group("first"), _group()))) == "in_place"


def test_the_first_groups_of_a_cluster_without_any_are_appended() -> None:
    assert rollout_of(_plan(_live(SERVES, cluster={"image": IMAGE}))) == "in_place"


def test_with_the_upgrade_type_none_the_cluster_stays_as_it_is() -> None:
    none: Json = {"upgrade_strategy": {"type": "None"}}
    (told,) = _plan(_live(SERVES, **none), **none, cluster=_cluster(image="other")).refused
    assert "upgradeStrategy.type is None" in told
    assert "headGroupSpec.template.spec.containers[ray-head].image" in told
    assert _plan(_live(SERVES, **none), **none, cluster=_cluster(_group(), _group("more"))).refused == []
    # The strategy that is wished for decides, not the one before.
    assert _plan(_live(SERVES, **none), cluster=_cluster(image="other")).refused == []


def test_what_comes_to_nothing_fails_unless_the_service_may_be_made_again() -> None:
    live = _live(SERVES)
    plan = _plan(live, cluster=_cluster(_group(replicas=2)))
    with pytest.raises(NeedsRecreate, match=r"RayCluster demo-a can be changed by kuberay_cluster"):
        settled(plan, live, "never", copy.deepcopy)
    again = settled(plan, live, "when_needed", copy.deepcopy)
    assert (again.action, rollout_of(again)) == ("recreate", "new_cluster")


@pytest.mark.parametrize(
    ("wanted", "status", "how"),
    [
        ("never", TIMED_OUT, "never"),
        ("when_needed", TIMED_OUT, "always"),
        ("when_needed", SERVES, "when_needed"),
        ("always", SERVES, "always"),
    ],
)
def test_a_service_that_was_given_up_is_made_again_where_it_may_be(wanted: str, status: Json, how: str) -> None:
    assert how_to_recreate(service_options(recreate=wanted), service(status)) == how


def test_a_service_that_was_given_up_takes_no_change() -> None:
    (told,) = _plan(_live(TIMED_OUT), serve_config=CONFIG).refused
    assert "given the service up" in told
    assert _plan(_live(TIMED_OUT), labels={"a": "b"}).refused == []


def test_the_serve_service_is_changed_by_the_next_cluster_only() -> None:
    external: Json = {"serve_service": {"spec": {"type": "LoadBalancer"}}}
    (told,) = _plan(_live(SERVES), **external).deferred
    assert "until there is a new cluster (spec.serveService" in told
    assert _plan(_live(SERVES), **external, cluster=_cluster(image="other")).deferred == []
    labelled: Json = {"serve_service": {"metadata": {"labels": {"a": "b"}}}}
    live = _live(SERVES, serve_service={"metadata": {"labels": {"a": "a"}}})
    (told,) = _plan(live, **labelled, cluster=_cluster(image="other")).deferred
    assert "labels and annotations" in told
    assert _plan(_live(PREPARES), **external).deferred == []


def test_waking_a_service_takes_whatever_else_is_said() -> None:
    live = _live(ASLEEP, suspend=True)
    plan = _plan(live, suspend=False, cluster=_cluster(_group(replicas=2)))
    assert (rollout_of(plan), plan.refused) == ("resume", [])
    # Left out, it is resumed as well.
    assert rollout_of(_plan(live)) == "resume"


def test_going_to_sleep_takes_whatever_else_is_said() -> None:
    plan = _plan(_live(SERVES), suspend=True, cluster=_cluster(_group(replicas=2)))
    assert (rollout_of(plan), plan.refused) == ("suspend", [])


def test_kueue_decides_whether_its_service_is_suspended() -> None:
    labels = {"labels": {QUEUE_LABEL: "q"}}
    live = _live(ASLEEP, suspend=False, **labels)
    live["spec"]["suspend"] = True
    assert _plan(live, suspend=False, **labels).changed is False


def test_who_looks_after_it_is_fixed() -> None:
    (told,) = _plan(_live(SERVES, managed_by="ray.io/kuberay-operator"), managed_by="kueue.x-k8s.io/multikueue").refused
    assert "spec.managedBy cannot be changed" in told


def test_a_service_that_is_made_or_deleted() -> None:
    wish = desired_demo_service()
    assert rollout_of(plan_create(SERVICE, wish)) == "new_cluster"
    assert rollout_of(plan_create(SERVICE, desired_demo_service(suspend=True))) == "none"
    assert rollout_of(plan_delete(SERVICE, service())) == "none"


@pytest.mark.parametrize(
    ("change", "submits", "leaves"),
    [
        ({"serve_config": CONFIG}, True, []),
        ({"exclude_head_pod_from_serve_svc": True}, False, []),
        ({"serve_config": CONFIG, "cluster": _cluster(image="other")}, False, ["demo-a", "demo-b"]),
        ({"suspend": True, "serve_config": CONFIG}, False, []),
    ],
)
def test_a_wait_is_told_what_to_look_for(change: Json, submits: bool, leaves: list[str]) -> None:
    live = _live(UPGRADES)
    assert expected(_plan(live, **change), live) == Rollout("7", submits, frozenset(leaves))
    assert expected(_plan(live), live) == Rollout()


def test_adopting_what_others_made_starts_no_upgrade() -> None:
    live = service(SERVES)
    pod = live["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]
    pod["metadata"] = {"annotations": {"ray.io/compute-template": "t", "ray.io/compute-image": "i"}}
    pod["spec"]["containers"][0].update({"name": "theirs", "env": [{"name": "B", "value": "b"}, {"name": "A"}]})
    group = {"group_name": "small", "replicas": 1, "min_replicas": 0, "max_replicas": 3}
    wish = desired_demo_service(
        live, cluster={"image": IMAGE, "head_group": {"env": {"A": "", "B": "b"}}, "worker_groups": [group]}
    )
    plan = plan_service(live, wish)
    assert (plan.only_records, rollout_of(plan)) == (True, "none")
    assert [
        one["name"]
        for one in (plan.target or {})["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]["containers"][
            0
        ]["env"]
    ] == ["B", "A"]
