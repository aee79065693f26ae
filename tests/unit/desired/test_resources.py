# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``resources`` of a group, and compute templates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import container_resources, parse_template
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

Json = dict[str, Any]


def _both(**amounts: str) -> Json:
    return {"requests": amounts, "limits": amounts}


def test_flat_resources_are_requests_and_limits() -> None:
    assert container_resources({"cpu": 2, "memory": "4Gi"}, "r") == _both(cpu="2", memory="4Gi")


def test_a_gpu_is_nvidias_unless_it_is_said_otherwise() -> None:
    assert container_resources({"gpu": 1}, "r") == _both(**{"nvidia.com/gpu": "1"})
    assert container_resources({"gpu": 1, "gpu_accelerator": "amd.com/gpu"}, "r") == _both(**{"amd.com/gpu": "1"})


def test_any_resource_name_may_be_given() -> None:
    assert container_resources({"google.com/tpu": 4}, "r") == _both(**{"google.com/tpu": "4"})


def test_requests_and_limits_may_differ() -> None:
    split = {"requests": {"cpu": "500m"}, "limits": {"cpu": 1, "gpu": 2}}
    assert container_resources(split, "r") == {
        "requests": {"cpu": "500m"},
        "limits": {"cpu": "1", "nvidia.com/gpu": "2"},
    }


@pytest.mark.parametrize("nothing", [None, {}, {"cpu": ""}, {"cpu": None}])
def test_an_empty_survey_answer_is_left_out(nothing: Any) -> None:
    assert container_resources(nothing, "r") == {}


@pytest.mark.parametrize("mixed", [{"requests": {"cpu": 1}, "memory": "1Gi"}, {"limits": 3}, {"cpu": {"a": 1}}])
def test_a_mixture_is_refused_with_its_path(mixed: Json) -> None:
    with pytest.raises(OptionError, match=r"^head_group\.resources"):
        container_resources(mixed, "head_group.resources")


def test_a_template_is_what_its_config_map_says() -> None:
    data = {
        "cpu": "4",
        "memory": "16",
        "memory_unit": "Mi",
        "gpu": "1",
        "gpu_accelerator": "amd.com/gpu",
        "extended_resources": '{"vpc/eni": 2, "none": 0}',
        "tolerations": '[{"key": "gpu", "operator": "Exists", "value": "", "effect": "NoSchedule"}]',
    }
    template = parse_template("big", data)
    assert template.resources == {"cpu": "4", "memory": "16Mi", "amd.com/gpu": "1", "vpc/eni": "2"}
    assert template.tolerations == [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}]


def test_a_template_of_an_old_server_counts_in_gibibytes() -> None:
    template = parse_template("old", {"cpu": "1", "memory": "2", "gpu": "0", "extended_resources": "null"})
    assert template.resources == {"cpu": "1", "memory": "2Gi"}
    assert template.tolerations == []


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"cpu": "1"},
        {"cpu": "one", "memory": "1"},
        {"cpu": "1", "memory": "1", "extended_resources": "{"},
        {"cpu": "1", "memory": "1", "extended_resources": "[1]"},
        {"cpu": "1", "memory": "1", "tolerations": '{"key": "gpu"}'},
        {"cpu": "1", "memory": "1", "tolerations": '["gpu"]'},
        {"cpu": "1", "memory": "1", "tolerations": "3"},
    ],
)
def test_a_template_that_cannot_be_read_is_named(broken: Json) -> None:
    with pytest.raises(OptionError, match="compute template 'broken' cannot be read"):
        parse_template("broken", broken)
