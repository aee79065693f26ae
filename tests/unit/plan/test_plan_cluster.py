# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a RayCluster among an operator, an autoscaler and Kueue, each of whom writes to it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import QUEUE_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, operations
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import json_patch
from tests.unit.builders import cluster, desired, stored, worker
from tests.unit.worlds import TASKS, autoscaled, rewritten, served

Json = dict[str, Any]

ONE: Json = {"group_name": "one", "replicas": 2, "max_replicas": 4}
TWO: Json = {"group_name": "two", "replicas": 1, "max_replicas": 4}


def _plan(live: Json, purge: bool = True, **task: Any) -> Plan:
    return plan_cluster(live, desired(live, **task), purge)


def _made(**task: Any) -> Json:
    """A cluster as it stands after a task made it."""
    return served(stored(desired(**task)))


def _after(live: Json, purge: bool = True, **task: Any) -> Json:
    """A cluster after a task changed it."""
    patched = json_patch.apply(live, operations(live, _plan(live, purge, **task)))
    return served(patched)


def _groups(live: Json) -> dict[str, Json]:
    return {group["groupName"]: group for group in live["spec"].get("workerGroupSpecs") or []}


@given(TASKS)
def test_a_second_run_changes_nothing(task: Json) -> None:
    live = _made(**task)
    assert _plan(live, **task).reasons() == []
    assert not _plan(live, **task).changed


@given(TASKS, st.data())
def test_a_second_run_changes_nothing_after_the_operator_has_rewritten_the_object(task: Json, data: Any) -> None:
    live = data.draw(rewritten(_made(**task)))
    assert _plan(live, **task).reasons() == []


@given(TASKS, st.data())
def test_a_second_run_leaves_the_autoscaler_its_replicas(task: Json, data: Any) -> None:
    task = {**task, "enable_in_tree_autoscaling": True}
    live = data.draw(autoscaled(_made(**task)))
    assert _plan(live, **task).reasons() == []


@given(TASKS, TASKS)
def test_the_patch_makes_the_cluster_what_the_plan_says(first: Json, second: Json) -> None:
    live = _made(**first)
    plan = _plan(live, **second)
    patched = json_patch.apply(live, operations(live, plan))
    assert patched == plan.target
    assert _plan(served(patched), **second).reasons() == []


@given(TASKS, TASKS, st.data())
def test_a_changed_wish_settles_on_a_rewritten_object_too(first: Json, second: Json, data: Any) -> None:
    live = data.draw(rewritten(_made(**first)))
    after = _after(live, **second)
    assert _plan(data.draw(rewritten(after)), **second).reasons() == []


@given(TASKS, TASKS)
def test_going_back_to_the_first_wish_leaves_nothing_of_the_second(first: Json, second: Json) -> None:
    # With autoscaling the replicas that the second wish left would be the autoscaler's from then on.
    first = {**first, "enable_in_tree_autoscaling": False}
    made = _made(**first)
    back = _after(_after(made, **second), **first)
    assert _shape(back) == _shape(made)


def _shape(live: Json) -> Json:
    """What a cluster asks for, without the order of its groups and without what means nothing."""
    live = copy.deepcopy(live)
    groups = {name: _meaning(group) for name, group in _groups(live).items()}
    spec = {**live["spec"], "workerGroupSpecs": groups}
    # A suspend that is no longer wished for ends as an explicit false.
    spec["suspend"] = spec.get("suspend") or None
    return _meaning({"spec": spec, "labels": live["metadata"].get("labels") or {}})


def _meaning(value: Any) -> Any:
    if isinstance(value, dict):
        below = {key: _meaning(one) for key, one in value.items()}
        return {key: one for key, one in below.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        members = [_meaning(one) for one in value]
        named = all(isinstance(one, dict) and "name" in one for one in members)
        return sorted(members, key=lambda one: one["name"]) if named else members
    return value


def test_replicas_without_autoscaling_are_the_wishs() -> None:
    live = _made(worker_groups=[ONE])
    _groups(live)["one"]["replicas"] = 3
    reasons = _plan(live, worker_groups=[ONE]).reasons()
    assert reasons == [{"path": "spec.workerGroupSpecs[one].replicas", "from": 3, "to": 2}]


def test_replicas_outside_their_range_are_set_in_spite_of_the_autoscaler() -> None:
    live = _made(worker_groups=[ONE], enable_in_tree_autoscaling=True)
    raised = {**ONE, "replicas": 3, "min_replicas": 3}
    after = _after(live, worker_groups=[raised], enable_in_tree_autoscaling=True)
    assert _groups(after)["one"]["replicas"] == 3


def test_autoscaling_that_others_switched_on_owns_the_replicas_too() -> None:
    live = _made(worker_groups=[ONE])
    live["spec"]["enableInTreeAutoscaling"] = True
    _groups(live)["one"]["replicas"] = 4
    assert _plan(live, worker_groups=[ONE]).reasons() == []


def test_replicas_come_back_to_the_wish_when_it_switches_autoscaling_off() -> None:
    live = _made(worker_groups=[ONE], enable_in_tree_autoscaling=True)
    _groups(live)["one"]["replicas"] = 4
    assert _groups(_after(live, worker_groups=[ONE]))["one"]["replicas"] == 2


def test_resuming_by_omission_writes_an_explicit_false() -> None:
    live = _made(suspend=True)
    assert _plan(live).reasons() == [{"path": "spec.suspend", "from": True, "to": False}]
    assert not _plan(_after(live)).changed


def test_a_suspend_of_others_stays() -> None:
    live = _made()
    live["spec"]["suspend"] = True
    assert not _plan(live).changed


def test_a_false_suspend_is_not_removed_by_omission() -> None:
    assert _after(_made(suspend=False))["spec"]["suspend"] is False


@pytest.mark.parametrize("wished", [{}, {"suspend": True}, {"suspend": False}])
@pytest.mark.parametrize("kueue", [True, False])
def test_kueue_decides_whether_its_cluster_is_suspended(wished: Json, kueue: bool) -> None:
    labels = {QUEUE_LABEL: "queue"}
    live = _made(labels=labels, **wished)
    live["spec"]["suspend"] = kueue
    assert _plan(live, labels=labels, **wished).reasons() == []


def test_groups_that_the_wish_does_not_name_are_purged() -> None:
    live = cluster(worker("theirs"), worker("one"))
    assert list(_groups(_after(live, worker_groups=[ONE]))) == ["one"]


def test_an_empty_list_of_groups_purges_them_all() -> None:
    assert _groups(_after(cluster(worker("theirs")), worker_groups=[])) == {}


def test_a_raw_empty_list_of_groups_purges_them_all() -> None:
    assert _groups(_after(cluster(worker("theirs")), spec={"workerGroupSpecs": []})) == {}


def test_groups_of_others_stay_where_the_wish_says_nothing_about_groups() -> None:
    live = _made()
    live["spec"]["workerGroupSpecs"] = [worker("theirs")]
    assert not _plan(live).changed


@pytest.mark.parametrize("task", [{"worker_groups": [TWO]}, {"worker_groups": []}, {}])
def test_without_purging_a_group_that_the_wish_drops_stays_as_it_is(task: Json) -> None:
    live = _made(worker_groups=[ONE])
    after = _after(live, False, **task)
    assert _groups(after)["one"] == _groups(live)["one"]
    assert not _plan(after, False, **task).changed


def test_without_purging_a_group_can_be_purged_later() -> None:
    after = _after(_made(worker_groups=[ONE, TWO]), False, worker_groups=[TWO])
    assert list(_groups(_after(after, worker_groups=[TWO]))) == ["two"]


def test_a_group_that_is_no_longer_said_goes_with_the_wish_that_made_it() -> None:
    assert _groups(_after(_made(worker_groups=[ONE]))) == {}


def test_a_changed_pod_template_warns_which_pods_keep_the_old_one() -> None:
    live = _made(worker_groups=[ONE, TWO])
    changed = [{**ONE, "env": {"A": "1"}}, {**TWO, "replicas": 2}]
    (warning,) = _plan(live, worker_groups=changed, head_group={"labels": {"a": "b"}}).deferred
    assert "pods of head, one keep their old template" in warning


@pytest.mark.parametrize("by_others", [True, False])
def test_nothing_is_warned_about_where_the_operator_makes_the_pods_anew(by_others: bool) -> None:
    task: Json = {"worker_groups": [ONE]}
    strategy = {"type": "Recreate"}
    live = _made(**task) if by_others else _made(**task, spec={"upgradeStrategy": strategy})
    live["spec"]["upgradeStrategy"] = strategy
    wish = task if by_others else {**task, "spec": {"upgradeStrategy": strategy}}
    plan = _plan(live, **{**wish, "worker_groups": [{**ONE, "env": {"A": "1"}}]})
    assert plan.changed
    assert plan.deferred == []


def test_scaling_warns_about_nothing() -> None:
    assert _plan(_made(worker_groups=[ONE]), worker_groups=[{**ONE, "replicas": 3}, TWO]).deferred == []


_BEFORE: Json = {"worker_groups": [ONE, TWO], "spec": {"upgradeStrategy": {"type": "None"}}}


def _recreated(task: Json) -> Json:
    return {**task, "spec": {"upgradeStrategy": {"type": "Recreate"}}}


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        ({"worker_groups": [{**ONE, "replicas": 3}, TWO]}, True),
        ({"worker_groups": [{**ONE, "min_replicas": 1}, TWO]}, True),
        ({"worker_groups": [{**ONE, "max_replicas": 9}, TWO]}, True),
        ({"worker_groups": [ONE]}, True),
        ({"worker_groups": [ONE, TWO, {"group_name": "three"}]}, True),
        ({"suspend": True}, True),
        ({"head_service_annotations": {"a": "b"}}, False),
        ({"labels": {"a": "b"}}, False),
        ({"worker_groups": [{**ONE, "image": "other"}, TWO]}, False),
    ],
)
def test_a_plan_knows_whether_the_status_will_show_it(change: Json, shows: bool) -> None:
    plan = _plan(_made(**_BEFORE), **{**_BEFORE, **change})
    assert (plan.changed, plan.shows, plan.replaces_pods) == (True, shows, False)
    assert bool(plan.deferred) == ("image" in str(change) or "head_service" in str(change))


@pytest.mark.parametrize(
    ("change", "shows", "replaces"),
    [
        ({"worker_groups": [{**ONE, "image": "other"}, TWO]}, True, True),
        ({"head_group": {"ray_start_params": {"a": "b"}}}, True, True),
        ({"worker_groups": [{**ONE, "tolerations": [{"key": "t"}]}, TWO]}, False, False),
        ({"worker_groups": [{**ONE, "replicas": 3}, TWO]}, True, False),
        ({"worker_groups": [{**ONE, "min_replicas": 1, "max_replicas": 9}, TWO]}, True, False),
        ({"labels": {"a": "b"}}, False, False),
    ],
)
def test_with_recreate_a_plan_knows_whether_the_pods_are_made_anew(change: Json, shows: bool, replaces: bool) -> None:
    before = _recreated(_BEFORE)
    plan = _plan(_made(**before), **{**before, **change})
    assert (plan.changed, plan.shows, plan.replaces_pods, plan.deferred) == (True, shows, replaces, [])


@pytest.mark.parametrize("way", [{"node_selector": {"gpu": ""}}, {"template": {"spec": {"nodeSelector": {"gpu": ""}}}}])
def test_an_empty_selector_of_a_live_group_is_not_dropped(way: Json) -> None:
    live = _made(worker_groups=[ONE])
    task = {"worker_groups": [{**ONE, **way}]}
    after = _after(live, **task)
    assert _groups(after)["one"]["template"]["spec"]["nodeSelector"] == {"gpu": ""}
    assert not _plan(after, **task).changed


TOLERATIONS = [{"key": "mine", "operator": "Exists"}]


def test_tolerations_that_others_append_stay() -> None:
    task: Json = {"head_group": {"tolerations": TOLERATIONS}}
    live = _made(**task)
    live["spec"]["headGroupSpec"]["template"]["spec"]["tolerations"].append({"key": "spot", "operator": "Exists"})
    assert not _plan(live, **task).changed
    other = {"head_group": {"tolerations": [{"key": "other", "operator": "Exists"}]}}
    pod = _after(live, **other)["spec"]["headGroupSpec"]["template"]["spec"]
    assert [one["key"] for one in pod["tolerations"]] == ["spot", "other"]
