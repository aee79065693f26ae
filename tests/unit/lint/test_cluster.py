# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's rules, checked before the write."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster import lint_cluster

from tests.unit.builders import cluster, worker

Json = dict[str, Any]


def _named(name: str) -> Json:
    live = cluster()
    live["metadata"]["name"] = name
    return live


def _paths(resource: Json) -> list[str]:
    return [finding.path for finding in lint_cluster(resource)]


@pytest.mark.parametrize("name", ["a", "demo-1", "a" * 53])
def test_a_good_name_passes(name: str) -> None:
    assert lint_cluster(_named(name)) == []


@pytest.mark.parametrize("name", ["1a", "a.b", "Demo", "a-", "-a", "a_b", "", "demo\n", "a" * 54])
def test_a_name_that_the_operator_refuses_is_found(name: str) -> None:
    assert set(_paths(_named(name))) == {"name"}


def test_a_good_cluster_passes() -> None:
    assert lint_cluster(cluster(worker("a"), worker("b", replicas=0, maxReplicas=0))) == []


def test_a_group_without_containers_is_found() -> None:
    resource = cluster(worker("a", template={"spec": {"containers": []}}))
    resource["spec"]["headGroupSpec"] = {}
    assert _paths(resource) == ["spec.headGroupSpec.template", "spec.workerGroupSpecs[a].template"]


def test_groups_without_a_name_or_with_anothers_are_found() -> None:
    resource = cluster(worker("a"), worker(""), worker("a"))
    assert _paths(resource) == ["spec.workerGroupSpecs[1].groupName", "spec.workerGroupSpecs[a].groupName"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"minReplicas": 4}, ""),
        ({"minReplicas": -1}, ".minReplicas"),
        ({"replicas": "2"}, ".replicas"),
        ({"maxReplicas": True}, ".maxReplicas"),
    ],
)
def test_replicas_that_cannot_be_are_found(fields: Json, path: str) -> None:
    assert _paths(cluster(worker("a", **fields))) == [f"spec.workerGroupSpecs[a]{path}"]


@pytest.mark.parametrize("replicas", [0, 9])
def test_the_operator_brings_replicas_into_their_range_itself(replicas: int) -> None:
    assert lint_cluster(cluster(worker("a", replicas=replicas, minReplicas=1, maxReplicas=3))) == []


def test_a_live_object_with_defaults_and_nulls_passes() -> None:
    nulls = dict.fromkeys(("replicas", "rayStartParams", "resources"))
    live = cluster(worker("a", **nulls, minReplicas=0, maxReplicas=2147483647))
    assert lint_cluster({**live, "status": {"state": "ready"}}) == []


@pytest.mark.parametrize("bare", [{}, {"metadata": None, "spec": None}, {"spec": {"workerGroupSpecs": None}}])
def test_a_bare_object_breaks_rules_and_no_code(bare: Json) -> None:
    assert _paths(bare) == ["name", "spec.headGroupSpec.template"]


def test_a_group_may_leave_its_bounds_to_the_defaults() -> None:
    group = {field: value for field, value in worker("a").items() if not field.endswith("eplicas")}
    assert lint_cluster(cluster(group)) == []


def test_start_parameters_that_the_operator_refuses_are_found() -> None:
    resource = cluster(worker("a", rayStartParams={"num-cpus": "1"}, resources={"CPU": "1"}))
    resource["spec"]["headGroupSpec"]["rayStartParams"] = {"labels": "a=b"}
    found = [str(finding) for finding in lint_cluster(resource)]
    assert found[0].startswith("spec.headGroupSpec.rayStartParams.labels: is refused by the operator")
    assert found[1] == "spec.workerGroupSpecs[a].resources: excludes rayStartParams num-cpus"
    assert len(found) == 2
