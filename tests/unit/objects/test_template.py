# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the data of a compute template mean, and which of them mean the same."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import (
    is_template,
    mean_the_same,
    read_data,
)

Json = dict[str, Any]
TEXTS = {
    "cpu": "4",
    "memory": "8",
    "memory_unit": "Gi",
    "gpu": "1",
    "gpu_accelerator": "",
    "extended_resources": "null",
}
TOLERATION = '{"key":"gpu","operator":"Exists","effect":"NoSchedule"}'
OTHER = '{"key":"spot","value":"yes","effect":"NoExecute"}'


def _same(one: Json, other: Json) -> bool:
    return mean_the_same(read_data("a", {**TEXTS, **one}), read_data("b", {**TEXTS, **other}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"memory": "8192", "memory_unit": "Mi"}, {}),
        ({"memory_unit": ""}, {}),
        ({"gpu_accelerator": "nvidia.com/gpu"}, {}),
        ({"gpu": "0", "gpu_accelerator": "amd.com/gpu"}, {"gpu": "0"}),
        ({"extended_resources": '{"a/b": 0}'}, {"extended_resources": ""}),
        ({"extended_resources": '{"a/b": 1, "c/d": 2}'}, {"extended_resources": '{"c/d":2,"a/b":1}'}),
        ({"tolerations": f"[{TOLERATION}, {OTHER}]"}, {"tolerations": f"[{OTHER},{TOLERATION},{OTHER}]"}),
        ({"tolerations": "[]"}, {}),
        ({"tolerations": OTHER.join("[]")}, {"tolerations": f'[{OTHER[:-1]}, "operator": "Equal"}}]'}),
        ({"name": "a", "note": "x"}, {}),
    ],
)
def test_another_spelling_means_the_same(one: Json, other: Json) -> None:
    assert _same(one, other)
    assert _same(other, one)


@pytest.mark.parametrize(
    "other",
    [
        {"cpu": "5"},
        {"memory": "9"},
        {"memory_unit": "G"},
        {"gpu": "2"},
        {"gpu": "0"},
        {"gpu_accelerator": "amd.com/gpu"},
        {"extended_resources": '{"a/b":1}'},
        {"tolerations": f"[{TOLERATION}]"},
    ],
)
def test_another_size_means_something_else(other: Json) -> None:
    assert not _same(other, {})


def test_a_toleration_without_an_effect_tolerates_more() -> None:
    # KubeRay's V1 takes it for PreferNoSchedule, V2 for every effect: it is like neither.
    lax, strict = '[{"key":"a","value":"b"}]', '[{"key":"a","value":"b","effect":"PreferNoSchedule"}]'
    assert not _same({"tolerations": lax}, {"tolerations": strict})


def test_what_a_template_says_nothing_about_is_none() -> None:
    read = read_data("old", {"cpu": "1", "memory": "2", "gpu": "0", "gpu_accelerator": ""})
    assert (read.memory_unit, read.gpu, read.gpu_accelerator) == (None, 0, None)
    assert (read.extended_resources, read.tolerations) == ({}, [])


@pytest.mark.parametrize("amount", ["-1", "1.5", "", " 4", "1_000"])
def test_what_kuberay_would_take_for_nothing_is_no_number(amount: str) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        read_data("odd", {"cpu": amount, "memory": "1"})


@pytest.mark.parametrize(("value", "expected"), [("compute-template", True), ("other", False), (None, False)])
def test_a_template_is_told_by_its_label(value: str | None, expected: bool) -> None:
    labels = {"ray.io/config-type": value} if value else None
    assert is_template({"metadata": {"labels": labels}}) is expected
