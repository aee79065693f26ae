# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three-way overlay: target = live + wish - (what our last wish set and this one does not)."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import MISSING, overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import make_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import (
    CLUSTER_SPEC,
    PLAIN,
    POD_TEMPLATE,
    RAY_CLUSTER,
    RESOURCES,
)
from hypothesis import given

from tests.unit.trees import OBJECTS, SCHEMA, leaf_paths, shuffled

Json = dict[str, Any]


def _laid(live: Json, wish: Json) -> tuple[Json, Any]:
    """The target of a first wish, and the record that is left."""
    return overlay(live, wish, SCHEMA, None), make_record(wish, SCHEMA, live, None)


def _paths(value: Json) -> set[tuple[str, ...]]:
    return {path for path, _leaf in leaf_paths(value, SCHEMA) if path}


def _below(path: tuple[str, ...], paths: set[tuple[str, ...]]) -> bool:
    """Whether a path, something above it or something below it is among others."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in paths)


@given(OBJECTS, OBJECTS)
def test_the_same_wish_again_changes_nothing(live: Json, wish: Json) -> None:
    target, record = _laid(live, wish)
    assert overlay(target, wish, SCHEMA, record) == target
    assert make_record(wish, SCHEMA, target, record) == record


@given(OBJECTS, OBJECTS)
def test_the_order_of_keys_does_not_matter(live: Json, wish: Json) -> None:
    target, record = _laid(live, wish)
    assert overlay(shuffled(target), shuffled(wish), SCHEMA, shuffled(record)) == target


@given(OBJECTS, OBJECTS)
def test_what_others_set_survives_a_wish_that_does_not_name_it(live: Json, wish: Json) -> None:
    target, _record = _laid(live, wish)
    wished = _paths(wish)
    kept = dict(leaf_paths(target, SCHEMA))
    for path, leaf in leaf_paths(live, SCHEMA):
        if path and not _below(path, wished):
            assert kept[path] == leaf


@given(OBJECTS, OBJECTS)
def test_a_wish_that_is_withdrawn_leaves_nothing_of_itself_and_all_of_the_others(wish: Json, others: Json) -> None:
    alone, record = _laid({}, wish)
    wished = _paths(wish)
    mixed = overlay(alone, others, SCHEMA, None)
    left = overlay(mixed, {}, SCHEMA, record)
    leaves = dict(leaf_paths(left, SCHEMA))
    for path, leaf in leaf_paths(others, SCHEMA):
        if path and leaf not in ("", [], {}) and not _below(path, wished) and path[0] not in ("members", "ports"):
            assert leaves[path] == leaf
    for path in wished - _paths(others):
        if not _below(path, _paths(others)):
            assert path not in leaves


@given(OBJECTS, OBJECTS, OBJECTS)
def test_what_the_record_names_and_the_wish_does_not_is_gone(live: Json, first: Json, second: Json) -> None:
    target, record = _laid(live, first)
    left = _paths(overlay(target, second, SCHEMA, record))
    for path in _paths(first) - _paths(second):
        names_a_member = path[0] in ("members", "ports") and path[-1] in ("name", "port", "protocol")
        if not names_a_member and not _below(path, _paths(second)):
            assert path not in left


@given(OBJECTS, OBJECTS)
def test_every_wished_value_is_in_the_target(live: Json, wish: Json) -> None:
    target = dict(leaf_paths(overlay(live, wish, SCHEMA, None), SCHEMA))
    for path, leaf in leaf_paths(wish, SCHEMA):
        if path and "amounts" not in path and leaf not in ("", [], {}) and not isinstance(leaf, (dict, list)):
            assert target[path] == leaf


@pytest.mark.parametrize("dropped", [False, 0, {}, "", []])
def test_what_we_wrote_and_the_server_dropped_as_empty_is_no_change(dropped: Any) -> None:
    wish = {"securityContext": {"field": dropped}}
    assert overlay({}, wish, PLAIN, make_record(wish, PLAIN, None, None)) == {}
    assert overlay({"securityContext": {}}, wish, PLAIN, make_record(wish, PLAIN, None, None)) == {
        "securityContext": {}
    }


@pytest.mark.parametrize("meant", [False, 0, {}])
def test_a_false_a_zero_and_a_block_that_we_never_wrote_mean_something(meant: Any) -> None:
    assert overlay({}, {"automountServiceAccountToken": meant}, PLAIN, None) == {"automountServiceAccountToken": meant}


@pytest.mark.parametrize("empty", ["", [], None])
def test_an_empty_text_and_an_empty_list_are_absence(empty: Any) -> None:
    assert overlay({}, {"field": empty}, PLAIN, None) == {}
    assert overlay(MISSING, empty, PLAIN, None) is MISSING


def test_a_false_over_a_true_is_a_change_though_a_false_was_recorded() -> None:
    assert overlay({"suspend": True}, {"suspend": False}, PLAIN, {"suspend": 1}) == {"suspend": False}


def test_one_is_not_true() -> None:
    assert overlay({"field": 1}, {"field": True}, PLAIN, None)["field"] is True


def test_a_respelled_quantity_keeps_the_live_spelling() -> None:
    live = {"limits": {"cpu": "1", "memory": "1Gi"}}
    assert overlay(live, {"limits": {"cpu": "1000m", "memory": "1024Mi"}}, RESOURCES, None) == live


def test_an_environment_value_is_a_text_and_not_a_quantity() -> None:
    live = {"spec": {"containers": [{"name": "ray", "env": [{"name": "N", "value": "1"}]}]}}
    wish = {"spec": {"containers": [{"name": "ray", "env": [{"name": "N", "value": "1000m"}]}]}}
    assert overlay(live, wish, POD_TEMPLATE, None) == wish


def test_members_of_a_keyed_list_keep_the_live_order_and_new_ones_follow() -> None:
    live = {"workerGroupSpecs": [{"groupName": "b"}, {"groupName": "other"}, {"groupName": "a"}]}
    wish = {"workerGroupSpecs": [{"groupName": "a"}, {"groupName": "new"}, {"groupName": "b", "replicas": 2}]}
    laid = overlay(live, wish, CLUSTER_SPEC, None)
    assert [group["groupName"] for group in laid["workerGroupSpecs"]] == ["b", "other", "a", "new"]
    assert laid["workerGroupSpecs"][0]["replicas"] == 2


def test_a_port_without_a_protocol_is_the_tcp_port() -> None:
    live = {"spec": {"containers": [{"name": "ray", "ports": [{"containerPort": 8265, "protocol": "TCP"}]}]}}
    wish = {"spec": {"containers": [{"name": "ray", "ports": [{"containerPort": 8265}]}]}}
    assert overlay(live, wish, POD_TEMPLATE, None) == live


def test_a_list_without_keys_is_one_value() -> None:
    live = {"spec": {"containers": [{"name": "ray", "args": ["a", "b"]}]}}
    wish = {"spec": {"containers": [{"name": "ray", "args": ["b"]}]}}
    assert overlay(live, wish, POD_TEMPLATE, None) == wish


def test_a_member_that_our_wish_made_goes_with_what_others_added_to_it() -> None:
    wish = {"workerGroupSpecs": [{"groupName": "a", "replicas": 1}]}
    record = make_record(wish, CLUSTER_SPEC, {}, None)
    live = {"workerGroupSpecs": [{"groupName": "a", "replicas": 1, "scaleStrategy": {}}]}
    assert overlay(live, {}, CLUSTER_SPEC, record) == {}


def test_a_member_of_others_stays_when_our_values_in_it_go() -> None:
    live = {"workerGroupSpecs": [{"groupName": "a", "template": {"x": 1}}]}
    wish = {"workerGroupSpecs": [{"groupName": "a", "replicas": 1}]}
    record = make_record(wish, CLUSTER_SPEC, live, None)
    assert overlay(overlay(live, wish, CLUSTER_SPEC, None), {}, CLUSTER_SPEC, record) == live


def test_what_others_put_into_our_empty_block_survives_the_block() -> None:
    record = make_record({"nodeSelector": {}}, PLAIN, None, None)
    assert overlay({"nodeSelector": {"zone": "a"}}, {}, PLAIN, record) == {"nodeSelector": {"zone": "a"}}
    assert overlay({"nodeSelector": {}}, {}, PLAIN, record) == {}


def test_without_a_record_nothing_is_removed() -> None:
    live = {"suspend": True, "workerGroupSpecs": [{"groupName": "a"}]}
    assert overlay(live, {}, CLUSTER_SPEC, None) == live


def test_the_live_object_is_not_touched() -> None:
    live = {"a": {"b": [{"name": "x"}]}, "gone": 1}
    overlay(live, {"a": {"b": [{"name": "y"}]}}, PLAIN, {"gone": 1, "a": {"b": 1}})
    assert live == {"a": {"b": [{"name": "x"}]}, "gone": 1}


_EMPTY = {"gpu": ""}
_POD_TEXTS = {"metadata": {"labels": _EMPTY, "annotations": _EMPTY}, "spec": {"nodeSelector": _EMPTY}}
_MATCH = {"matchLabels": _EMPTY}


@pytest.mark.parametrize(
    "wish",
    [
        {"metadata": {"labels": _EMPTY, "annotations": _EMPTY}},
        {"spec": {"headServiceAnnotations": _EMPTY}},
        {"spec": {"headGroupSpec": {"rayStartParams": _EMPTY, "labels": _EMPTY, "resources": _EMPTY}}},
        {"spec": {"headGroupSpec": {"template": _POD_TEXTS}}},
        {"spec": {"workerGroupSpecs": [{"groupName": "a", "rayStartParams": _EMPTY, "template": _POD_TEXTS}]}},
        {"spec": {"headGroupSpec": {"headService": {"metadata": {"labels": _EMPTY}, "spec": {"selector": _EMPTY}}}}},
    ],
)
def test_an_empty_text_in_a_map_of_texts_is_a_value(wish: Json) -> None:
    bare = {"spec": {"headGroupSpec": {}, "workerGroupSpecs": [{"groupName": "a"}]}}
    laid = overlay(bare, wish, RAY_CLUSTER, None)
    wished = dict(leaf_paths(wish, RAY_CLUSTER))
    assert wished.items() <= dict(leaf_paths(laid, RAY_CLUSTER)).items()
    record = make_record(wish, RAY_CLUSTER, bare, None)
    assert overlay(bare, wish, RAY_CLUSTER, record) == laid, "somebody removed it: the server does not"
    assert overlay(laid, wish, RAY_CLUSTER, record) == laid
    assert overlay(laid, {}, RAY_CLUSTER, record).get("metadata") in (None, {})


def test_an_empty_text_in_a_selector_inside_a_list_without_keys_is_a_value() -> None:
    def term(selector: Json) -> Json:
        terms = [{"topologyKey": "z", "labelSelector": selector}]
        return {"spec": {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}}

    assert overlay(term({}), term(_MATCH), POD_TEMPLATE, {"spec": {"affinity": 1}}) == term(_MATCH)


def test_an_empty_environment_value_is_absence() -> None:
    live = {"spec": {"containers": [{"name": "ray", "env": [{"name": "N"}]}]}}
    wish = {"spec": {"containers": [{"name": "ray", "env": [{"name": "N", "value": ""}]}]}}
    assert overlay(live, wish, POD_TEMPLATE, None) == live


def test_an_empty_mapping_of_texts_is_absence_and_an_empty_block_is_not() -> None:
    wish = {"headGroupSpec": {"rayStartParams": {}}, "authOptions": {}}
    assert overlay({"headGroupSpec": {"enableIngress": True}}, wish, CLUSTER_SPEC, None) == {
        "headGroupSpec": {"enableIngress": True},
        "authOptions": {},
    }


def test_what_stays_is_the_very_same_object() -> None:
    live = {"spec": {"a": {"b": [1, 2]}, "c": "x"}, "metadata": {"labels": {"l": "1"}}}
    same = overlay(live, {"spec": {"a": {"b": [1, 2]}}}, PLAIN, None)
    assert same is live
    other = overlay(live, {"spec": {"c": "y"}}, PLAIN, None)
    assert other is not live
    assert other["metadata"] is live["metadata"]
    assert (other["spec"]["a"] is live["spec"]["a"], live["spec"]["c"]) == (True, "x")
