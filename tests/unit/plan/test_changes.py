# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path-level difference is the JSON patch."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import make_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import RAY_CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import changes, leaves
from hypothesis import given

from tests.unit import json_patch
from tests.unit.trees import OBJECTS, SCHEMA, leaf_paths

Json = dict[str, Any]


def _patched(live: Json, target: Json) -> Json:
    return json_patch.apply(live, [change.patch() for change in changes(live, target, SCHEMA)])


@given(OBJECTS, OBJECTS)
def test_the_patch_makes_the_live_object_the_target(live: Json, wish: Json) -> None:
    target = overlay(live, wish, SCHEMA, None)
    assert repr(_sorted(_patched(live, target))) == repr(_sorted(target))


@given(OBJECTS, OBJECTS, OBJECTS)
def test_the_patch_of_a_second_wish_removes_too(live: Json, first: Json, second: Json) -> None:
    middle = overlay(live, first, SCHEMA, None)
    target = overlay(middle, second, SCHEMA, make_record(first, SCHEMA, live, None))
    assert repr(_sorted(_patched(middle, target))) == repr(_sorted(target))


@given(OBJECTS)
def test_an_object_does_not_differ_from_its_copy(live: Json) -> None:
    assert list(changes(live, copy.deepcopy(live), SCHEMA)) == []


@given(OBJECTS)
def test_a_whole_object_is_shown_leaf_by_leaf(live: Json) -> None:
    shown = list(leaves(live, SCHEMA, "add"))
    assert len(shown) == len(list(leaf_paths(live, SCHEMA)))
    assert all(change.before is None for change in shown)


def test_a_path_names_members_by_their_keys_and_odd_keys_in_quotes() -> None:
    live = {"metadata": {"labels": {}}, "spec": {"workerGroupSpecs": [{"groupName": "a-b", "replicas": 1}]}}
    target = copy.deepcopy(live)
    target["metadata"]["labels"]["ray.io/x"] = "1"
    target["spec"]["workerGroupSpecs"][0]["replicas"] = 2
    found = {change.path: (change.before, change.after) for change in changes(live, target, RAY_CLUSTER)}
    assert found == {"metadata.labels['ray.io/x']": (None, "1"), "spec.workerGroupSpecs[a-b].replicas": (1, 2)}


def test_removed_members_go_from_the_end_after_the_changes_of_the_others() -> None:
    groups = [{"groupName": name, "replicas": 1} for name in "abcd"]
    target = [{"groupName": "b", "replicas": 2}, {"groupName": "d", "replicas": 1}, {"groupName": "e"}]
    live, wish = {"spec": {"workerGroupSpecs": groups}}, {"spec": {"workerGroupSpecs": target}}
    found = [change.patch() for change in changes(live, wish, RAY_CLUSTER)]
    assert [(one["op"], one["path"].removeprefix("/spec/workerGroupSpecs/")) for one in found] == [
        ("replace", "1/replicas"),
        ("remove", "2"),
        ("remove", "0"),
        ("add", "-"),
    ]
    assert json_patch.apply(live, found) == wish


def _containers(*names: str) -> Json:
    return {"spec": {"headGroupSpec": {"template": {"spec": {"containers": [{"name": name} for name in names]}}}}}


@pytest.mark.parametrize(
    ("live", "target", "told"),
    [
        ("ab", "abc", [("add", "-")]),
        ("ab", "cab", [("add", "0")]),
        ("ab", "cadbe", [("add", "0"), ("add", "2"), ("add", "-")]),
        ("ab", "cb", [("remove", "0"), ("add", "0")]),
        ("ab", "ba", [("replace", "")]),
        ("ab", "bca", [("replace", "")]),
    ],
)
def test_members_of_a_list_come_where_they_belong(live: str, target: str, told: list[tuple[str, str]]) -> None:
    before, after = _containers(*live), _containers(*target)
    found = [change.patch() for change in changes(before, after, RAY_CLUSTER)]
    containers = "/spec/headGroupSpec/template/spec/containers"
    assert [(one["op"], one["path"].removeprefix(containers).strip("/")) for one in found] == told
    assert json_patch.apply(before, found) == after


def test_a_number_and_a_truth_differ_at_any_depth() -> None:
    for live, target in (({"a": 1}, {"a": True}), ({"a": [{"b": 0}]}, {"a": [{"b": False}]})):
        assert [change.op for change in changes(live, target, SCHEMA)] == ["replace"]


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
