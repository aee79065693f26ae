# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values on their way from a task into an object."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text, texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import clean, quantity
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import (
    CLUSTER_SPEC,
    PLAIN,
    POD_TEMPLATE,
    RESOURCES,
    TEXTS,
)


@pytest.mark.parametrize(
    ("value", "taken"), [("a", "a"), ("", ""), (3, "3"), (0, "0"), (True, "true"), (False, "false"), ("1.10", "1.10")]
)
def test_what_can_only_be_meant_one_way_becomes_a_text(value: Any, taken: str) -> None:
    assert text(value, "env.A") == taken


@pytest.mark.parametrize("value", [1.1, 2.0, [], {}, None])
def test_a_fraction_or_a_structure_is_refused_with_its_path(value: Any) -> None:
    with pytest.raises(OptionError, match=r"^worker_groups\[0\]\.env\.A: "):
        text(value, "worker_groups[0].env.A")


def test_no_message_shows_what_may_be_a_secret() -> None:
    with pytest.raises(OptionError) as refused:
        text(31.4159, "env.DB_PASSWORD")
    assert "31.4" not in str(refused.value)


def test_a_null_among_texts_is_left_out_and_an_empty_text_is_kept() -> None:
    assert texts({"a": None, "b": "", "c": 1}, "labels") == {"b": "", "c": "1"}
    assert texts(None, "labels") == {}


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [("cpu", 2, "2"), ("cpu", 0.5, "0.5"), ("cpu", "500m", "500m"), ("memory", "4Gi", "4Gi"), ("memory", 0, "0"),
     ("memory", "1e9", "1e9"), ("nvidia.com/gpu", "1", "1"), ("cpu", " 1 ", "1")],
)  # fmt: skip
def test_a_quantity_goes_over_as_it_is_written(name: str, value: Any, taken: str) -> None:
    assert quantity(name, value, "resources") == taken


@pytest.mark.parametrize("value", ["two", "", True, -1, "-1", "4gb", [], None])
def test_what_is_no_quantity_is_refused_with_its_path(value: Any) -> None:
    with pytest.raises(OptionError, match=r"^head_group\.resources\.cpu: "):
        quantity("cpu", value, "head_group.resources.cpu")


@pytest.mark.parametrize("name", ["memory", "ephemeral-storage", "storage"])
def test_bytes_need_a_unit_and_the_message_shows_one(name: str) -> None:
    with pytest.raises(OptionError, match="write for example 4Gi"):
        quantity(name, 4, name)


def test_nulls_are_left_out_of_raw_values_at_any_depth() -> None:
    assert clean({"a": None, "b": [None, {"c": None, "d": 0}], "e": ""}, PLAIN, "spec") == {"b": [{"d": 0}], "e": ""}


def test_a_fraction_in_a_raw_quantity_becomes_a_text() -> None:
    assert clean({"limits": {"cpu": 0.5, "memory": "1Gi"}, "other": 0.5}, RESOURCES, "spec") == {
        "limits": {"cpu": "0.5", "memory": "1Gi"},
        "other": 0.5,
    }


@pytest.mark.parametrize("wrong", ["x", 1, True, {"a": 1}, ["x"], [["x"]]])
def test_a_keyed_list_is_a_list_of_mappings(wrong: Any) -> None:
    with pytest.raises(OptionError, match=r"^spec\.workerGroupSpecs(\[0\])?: a (list|mapping) is needed, not "):
        clean({"workerGroupSpecs": wrong}, CLUSTER_SPEC, "spec")


@pytest.mark.parametrize("wrong", ["x", 1, False, []])
def test_a_mapping_is_no_other_value(wrong: Any) -> None:
    with pytest.raises(OptionError, match=r"^labels: a mapping is needed, not "):
        clean(wrong, TEXTS, "labels")


def test_an_empty_answer_where_no_text_can_stand_is_left_out() -> None:
    raw = {
        "headGroupSpec": "",
        "workerGroupSpecs": [{"groupName": "a", "replicas": "", "idleTimeoutSeconds": "", "suspend": ""}],
        "gcsFaultToleranceOptions": {"storage": {"size": ""}},
        "rayVersion": "",
    }
    assert clean(raw, CLUSTER_SPEC, "spec") == {
        "workerGroupSpecs": [{"groupName": "a"}],
        "gcsFaultToleranceOptions": {"storage": {}},
        "rayVersion": "",
    }


def test_exit_codes_are_numbers_and_other_values_are_texts() -> None:
    rules = [{"exitCodes": {"values": ["1", 2]}}]
    terms = [{"matchExpressions": [{"key": "gpu", "operator": "In", "values": [1, "x", True]}]}]
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}
    raw = {"spec": {"containers": [{"name": "r", "restartPolicyRules": rules}], "affinity": affinity}}
    spec = clean(raw, POD_TEMPLATE, "template")["spec"]
    assert spec["containers"][0]["restartPolicyRules"] == [{"exitCodes": {"values": [1, 2]}}]
    (term,) = spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"][0]["values"] == ["1", "x", "true"]


@pytest.mark.parametrize(("value", "count"), [(3, 3), ("3", 3), (" 0 ", 0), ("-1", -1)])
def test_a_raw_count_may_be_a_survey_answer(value: Any, count: int) -> None:
    raw = {"workerGroupSpecs": [{"groupName": "a", "replicas": value}]}
    assert clean(raw, CLUSTER_SPEC, "spec")["workerGroupSpecs"][0]["replicas"] == count


@pytest.mark.parametrize("value", ["many", True, 1.5, [], {}])
def test_a_raw_count_that_is_none_is_refused_with_its_path(value: Any) -> None:
    with pytest.raises(OptionError, match=r"^spec\.workerGroupSpecs\[0\]\.replicas: "):
        clean({"workerGroupSpecs": [{"groupName": "a", "replicas": value}]}, CLUSTER_SPEC, "spec")
