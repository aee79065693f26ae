# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts about a compute template, and who uses it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.template import template_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.used_by import uses
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation

from tests.unit.builders import cluster, worker
from tests.unit.templates import LABELS, config_map, desired, stored

Json = dict[str, Any]


def _facts(resource: Json) -> Json:
    facts = template_facts(Observation(resource))
    assert facts is not None
    return facts


def test_there_are_no_facts_about_what_is_not_there() -> None:
    assert template_facts(Observation(None)) is None


def test_facts_are_what_the_task_said() -> None:
    task = {"cpu": 2, "memory": 512, "memory_unit": "Mi", "gpu": 1, "extended_resources": {"a/b": 3}}
    tolerations = [{"key": "a", "value": "b", "effect": "NoExecute"}]
    facts = _facts(stored(desired(**task, tolerations=tolerations, annotations={"a": "b"})))
    assert {name: facts[name] for name in task} == task
    assert facts["tolerations"] == [{"key": "a", "operator": "Equal", "value": "b", "effect": "NoExecute"}]
    assert (facts["name"], facts["namespace"], facts["uid"]) == ("big", "ray", "u-1")
    assert (facts["labels"], facts["annotations"]) == (LABELS, {"a": "b"})


@pytest.mark.parametrize(
    ("data", "accelerator"),
    [
        ({"gpu": "0"}, None),
        ({"gpu": "1"}, "nvidia.com/gpu"),
        ({"gpu": "1", "gpu_accelerator": "amd.com/gpu"}, "amd.com/gpu"),
        ({"gpu": "0", "gpu_accelerator": "amd.com/gpu"}, "amd.com/gpu"),
    ],
)
def test_the_accelerator_is_named_where_there_is_one(data: Json, accelerator: str | None) -> None:
    assert _facts(config_map(**data))["gpu_accelerator"] == accelerator


def test_a_template_of_an_old_kuberay_has_no_unit() -> None:
    facts = _facts(config_map(memory_unit=""))
    assert (facts["memory"], facts["memory_unit"]) == (8, None)
    assert (facts["extended_resources"], facts["tolerations"]) == ({}, [])


def test_a_broken_template_has_the_same_facts_without_a_size() -> None:
    facts = _facts(config_map(cpu="lots"))
    assert set(facts) == set(_facts(config_map()))
    size = ("cpu", "memory", "memory_unit", "gpu", "gpu_accelerator", "extended_resources", "tolerations")
    assert [facts[name] for name in size] == [None] * len(size)
    assert facts["name"] == "big"


def test_a_template_does_not_know_who_uses_it() -> None:
    assert _facts(config_map())["used_by"] is None


def _sized(template: str | None, **group: Any) -> Json:
    metadata = {"annotations": {"ray.io/compute-template": template}} if template else {}
    return {**group, "template": {"metadata": metadata, "spec": {"containers": []}}}


def _spec() -> Json:
    workers = [_sized("big", groupName="one"), _sized("small", groupName="two"), worker("three")]
    return {"headGroupSpec": _sized("big"), "workerGroupSpecs": workers}


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("RayCluster", _spec()),
        ("RayJob", {"entrypoint": "x", "rayClusterSpec": _spec()}),
        ("RayService", {"rayClusterConfig": _spec()}),
    ],
)
def test_users_are_told_with_the_groups_that_were_made_from_a_template(kind: str, spec: Json) -> None:
    metadata = {"namespace": "ray", "name": "demo"}
    assert uses({"kind": kind, "metadata": metadata, "spec": spec}) == {
        "big": {"kind": kind, **metadata, "groups": ["head", "one"]},
        "small": {"kind": kind, **metadata, "groups": ["two"]},
    }


@pytest.mark.parametrize(
    "resource",
    [
        cluster(worker()),
        {"kind": "RayJob", "metadata": {}, "spec": {"clusterSelector": {"a": "b"}}},
        {"kind": "RayService", "metadata": {}},
    ],
)
def test_what_uses_no_template_is_nobodys_user(resource: Json) -> None:
    assert uses(resource) == {}
