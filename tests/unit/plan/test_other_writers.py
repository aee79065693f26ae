# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters among other writers (the operator, the autoscaler, Kueue, people): no false change, and nobody's loss."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import parse_quantity
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import RAY_CLUSTER, Node
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import QUEUE_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, operations
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import json_patch
from tests.unit.builders import as_live, desired, stored, worker
from tests.unit.others import Addition, added_to, after, kueues, without
from tests.unit.trees import leaf_paths
from tests.unit.worlds import TASKS, autoscaled, rewritten, served

pytestmark = pytest.mark.thorough
Json = dict[str, Any]


def _made(task: Json) -> Json:
    return served(stored(desired(**task)))


def _plan(live: Json, task: Json, purge: bool = True) -> Plan:
    return plan_cluster(live, desired(live, **task), purge)


def _run(live: Json, task: Json, purge: bool = True) -> Json:
    """The object after a task."""
    return served(json_patch.apply(live, operations(live, _plan(live, task, purge))))


def _lost(added: list[Addition], live: Json, task: Json) -> list[Addition]:
    return [one for one in added if one.is_to_stay(desired(live, **task)) and not one.holds(live)]


@st.composite
def _lived(draw: Any, live: Json) -> Json:
    """An object after the operator and the autoscaler have been at it, or have not."""
    if live["spec"].get("enableInTreeAutoscaling") and draw(st.booleans()):
        live = draw(autoscaled(live))
    return draw(rewritten(live)) if draw(st.booleans()) else live


@given(TASKS, TASKS, st.data())
def test_a_wish_and_a_later_one_among_other_writers(first: Json, second: Json, data: Any) -> None:
    live = _made(first)
    added = data.draw(added_to(live, desired(**first)))
    live = data.draw(_lived(after(live, added)))
    assert _plan(live, first).reasons() == [], "what others add is no reason to change"
    assert _lost(added, live, first) == []

    live = _run(live, second)
    assert _lost(added, live, second) == [], "nothing of others is lost by a later wish"
    assert _shape(without(live, added), second) == _shape(_made(second), second), "nothing of the first wish is left"
    assert _plan(data.draw(_lived(live)), second).reasons() == []


@given(TASKS, st.data())
def test_a_wish_that_is_left_out_bit_by_bit_among_other_writers(task: Json, data: Any) -> None:
    live, added, left = _made(task), [], dict(task)
    while left:
        more = data.draw(added_to(without(live, added), desired(**left)))
        added += [one for one in more if one not in added]
        live = data.draw(_lived(after(live, [one for one in added if not one.holds(live)])))
        del left[data.draw(st.sampled_from(sorted(left)))]
        live = _run(live, left)
        added = [one for one in added if one.is_to_stay(desired(live, **left))]
        assert _lost(added, live, left) == []
        assert _shape(without(live, added), left) == _shape(_made(left), left)
        assert _plan(live, left).reasons() == []


@given(TASKS, st.data())
def test_without_purging_a_group_of_others_stays_with_all_that_it_has(task: Json, data: Any) -> None:
    theirs = worker("theirs", rayStartParams={"theirs": ""}, scaleStrategy={"workersToDelete": ["p"]})
    live = _made(task)
    live["spec"].setdefault("workerGroupSpecs", []).append(theirs)
    assert _plan(live, task, purge=False).reasons() == []
    assert theirs in _run(live, data.draw(TASKS), purge=False)["spec"]["workerGroupSpecs"]


@given(TASKS, TASKS, st.booleans(), st.data())
def test_what_kueue_writes_is_kueues(first: Json, second: Json, suspend: bool, data: Any) -> None:
    queue = {QUEUE_LABEL: "queue"}
    tasks = [{**task, "labels": {**task.get("labels", {}), **queue}} for task in (first, second)]
    live = _made(tasks[0])
    added = kueues(live)
    live = after(live, added)
    live["spec"]["suspend"] = suspend
    live = data.draw(_lived(live))
    assert _plan(live, tasks[0]).reasons() == []

    live = _run(live, tasks[1])
    assert live["spec"].get("suspend", False) is suspend
    assert _lost(added, live, tasks[1]) == []
    assert _plan(live, tasks[1]).reasons() == []


@given(TASKS, st.data())
def test_what_others_change_of_ours_is_set_back_and_nothing_else(task: Json, data: Any) -> None:
    wish = desired(**task)
    texts = [(path, leaf) for path, leaf in leaf_paths(wish, RAY_CLUSTER) if _is_plain(path, leaf)]
    path, leaf = data.draw(st.sampled_from(texts))
    live = _made(task)
    added = data.draw(added_to(live, desired(**task)))
    live = after(live, added)
    _change(live, path)
    plan = _plan(live, task)
    assert [(reason["from"], reason["to"]) for reason in plan.reasons()] == [("7", leaf)]
    live = _run(live, task)
    assert dict(leaf_paths(live, RAY_CLUSTER))[path] == leaf
    assert _lost(added, live, task) == []


@given(TASKS, TASKS, TASKS)
def test_what_was_there_before_us_outlives_our_wishes(theirs: Json, first: Json, second: Json) -> None:
    live = served(as_live(desired(**theirs)))
    before = [(path, leaf) for path, leaf in leaf_paths(live, RAY_CLUSTER) if leaf not in ("", [], {})]
    wished: set[tuple[str, ...]] = set()
    for task in (first, second):
        wished |= {path for path, _leaf in leaf_paths(desired(live, **task), RAY_CLUSTER)}
        live = _run(live, task, purge=False)
        left = dict(leaf_paths(live, RAY_CLUSTER))
        lost = [path for path, leaf in before if left.get(path) != leaf and not _is_told(path, wished)]
        assert lost == []


def _is_told(path: tuple[str, ...], wished: set[tuple[str, ...]]) -> bool:
    """Whether a wish speaks about a place, or about one above or below it."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in wished)


def _is_plain(path: tuple[str, ...], leaf: Any) -> bool:
    """A text of the spec that is nobody's key; another empty one would be no change."""
    names_something = path[-1] in ("name", "groupName", "key", "operator", "value", "effect")
    return path[0] == "spec" and isinstance(leaf, str) and leaf not in ("", "7") and not names_something


def _change(live: Json, path: tuple[str, ...]) -> None:
    place, node = live, RAY_CLUSTER
    for step in path[:-1]:
        members = node.index(place)
        place, node = (members[step], node.member()) if members is not None else (place[step], node.child(step))
    place[path[-1]] = "7"


def _shape(live: Json, task: Json) -> Json:
    """What a cluster asks for, without order, spelling, zeros, and the replicas that the wish leaves open."""
    live = copy.deepcopy(live)
    wished = {group["group_name"]: group for group in task.get("worker_groups") or []}
    for group in live["spec"].get("workerGroupSpecs") or []:
        group.pop("scaleStrategy", None)
        if task.get("enable_in_tree_autoscaling") or "replicas" not in wished.get(group["groupName"], {}):
            del group["replicas"]
    spec = {**live["spec"], "suspend": live["spec"].get("suspend") or None}
    return dict(_meant({"spec": spec, "labels": live["metadata"].get("labels")}, RAY_CLUSTER) or {})


def _meant(value: Any, node: Node) -> Any:
    members = node.index(value)
    if members is not None:
        value = {key: _meant(one, node.member()) for key, one in members.items()}
    elif isinstance(value, dict):
        value = {key: one if node.child(key).text else _meant(one, node.child(key)) for key, one in value.items()}
    elif isinstance(value, list):
        value = [_meant(one, node.member()) for one in value]
    elif node.quantity:
        value = str(parse_quantity(value).normalize())
    if isinstance(value, dict):
        value = {
            key: one
            for key, one in value.items()
            if node.child(key).text or one not in (None, "", [], {}, 0, node.defaults.get(key))
        }
    return value
