# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a task's options to the ConfigMap behind a compute template."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import parse_template
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import is_template

from tests.unit.templates import LABELS, desired

Json = dict[str, Any]


def test_a_template_is_stored_as_kuberay_stores_it() -> None:
    assert desired() == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "big", "namespace": "ray", "labels": LABELS},
        "data": {
            "name": "big",
            "namespace": "ray",
            "cpu": "4",
            "memory": "8",
            "memory_unit": "Gi",
            "gpu": "0",
            "gpu_accelerator": "",
            "extended_resources": "null",
        },
    }


def test_everything_that_can_be_said_is_spelled_as_kuberay_spells_it() -> None:
    data = desired(
        memory_unit="Mi",
        gpu=2,
        gpu_accelerator="amd.com/gpu",
        extended_resources={"vpc/eni": 2, "a/b": "1", "empty": "", "none": None},
        tolerations=[
            {"effect": "NoSchedule", "key": "gpu", "operator": "Exists"},
            {"value": "ja, <ü>", "key": "spot", "effect": "NoExecute"},
        ],
    )["data"]
    assert (data["memory_unit"], data["gpu"], data["gpu_accelerator"]) == ("Mi", "2", "amd.com/gpu")
    assert data["extended_resources"] == '{"a/b":1,"vpc/eni":2}'
    assert data["tolerations"] == (
        '[{"key":"gpu","operator":"Exists","effect":"NoSchedule"},'
        '{"key":"spot","operator":"Equal","value":"ja, <ü>","effect":"NoExecute"}]'
    )


def test_clusters_read_what_is_stored() -> None:
    tolerations = [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]
    wish = desired(gpu=1, extended_resources={"a/b": 3}, tolerations=tolerations)
    assert is_template(wish)
    read = parse_template("big", wish["data"])
    assert read.resources == {"cpu": "4", "memory": "8Gi", "nvidia.com/gpu": "1", "a/b": "3"}
    assert read.tolerations == tolerations


@pytest.mark.parametrize("four", ["4", " 4 ", 4.0, "4.0", "+4"])
def test_a_whole_number_may_come_as_a_text_or_from_a_calculation(four: Any) -> None:
    data = desired(cpu=four, memory=four, gpu=four, extended_resources={"a/b": four})["data"]
    assert [data[name] for name in ("cpu", "memory", "gpu")] == ["4", "4", "4"]
    assert data["extended_resources"] == '{"a/b":4}'


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_survey_answer_is_left_out(nothing: Any) -> None:
    empty = desired(gpu=nothing, gpu_accelerator=nothing, extended_resources={}, tolerations=[])
    assert empty == desired()


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ({"cpu": 1.5}, r"^cpu: '1.5' is not a whole number; .*whole CPUs only"),
        ({"cpu": "500m"}, "^cpu: .*give the group resources instead"),
        ({"cpu": 0}, "^cpu: 0 is not within 1 and 4294967295"),
        ({"cpu": True}, "^cpu: True is not a whole number"),
        ({"memory": "0.5"}, "^memory: .*0.5 Gi are 512 Mi"),
        ({"memory": "8Gi"}, "^memory: '8Gi' .*its unit goes into memory_unit"),
        ({"memory": 2**32}, "^memory: 4294967296 is not within"),
        ({"memory": -1}, "^memory: -1 is not within"),
        ({"gpu": 0.5}, "^gpu: .*whole GPUs only"),
        ({"gpu": -1}, "^gpu: -1 is not within 0"),
        ({"extended_resources": {"a/b": 1.5}}, "^extended_resources.a/b: '1.5' is not a whole number; .*no fractions"),
        ({"extended_resources": {"a/b": [1]}}, "^extended_resources.a/b: "),
        ({"tolerations": [{"key": "a", "operator": "Exists", "value": "x", "effect": "NoExecute"}]}, r"^tolerations.0"),
        ({"tolerations": [{"effect": "NoExecute"}]}, r"^tolerations\[0\].key: the operator Equal needs a key"),
        ({"name": "a" * 64}, "^name: .*64 characters.*63 at most"),
        ({"labels": {"ray.io/config-type": "mine"}}, "^labels.ray.io/config-type: .*'compute-template'"),
        ({"labels": {"ray.io/compute-template": "mine"}}, "^labels.ray.io/compute-template: .*'big'"),
        ({"annotations": {"a": 1.1}}, "^annotations.a: .*quotes"),
    ],
)
def test_what_a_template_cannot_say_is_refused_by_its_option(task: Json, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        desired(**task)


def test_labels_and_annotations_stand_beside_the_templates_own() -> None:
    metadata = desired(labels={"team": "vision", **LABELS}, annotations={"n": 3})["metadata"]
    assert metadata["labels"] == {**LABELS, "team": "vision"}
    assert metadata["annotations"] == {"n": "3"}
