# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests as files hold them: what the lint filter says about one, many, and none."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.kuberay.core.plugins.filter.lint import FilterModule

from tests.unit.builders import cluster, worker
from tests.unit.lint.rows import cron_job, job, small, with_metadata

Json = dict[str, Any]
BROKEN = small(minReplicas=4)
OTHER = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {}}
lint = FilterModule().filters()["lint"]


def test_one_manifest_gives_plain_data() -> None:
    assert lint(BROKEN) == [
        {
            "kind": "RayCluster",
            "namespace": "ray",
            "name": "demo",
            "path": "spec.workerGroupSpecs[small].minReplicas",
            "message": "minReplicas 4 is above maxReplicas 3",
            "level": "error",
            "rule": "replicas-bounds-order",
        }
    ]


@pytest.mark.parametrize(
    "manifests",
    [
        [OTHER, BROKEN, None],
        (BROKEN,),
        iter([None, BROKEN]),
        {"apiVersion": "v1", "kind": "List", "items": [OTHER, BROKEN]},
        {"apiVersion": "ray.io/v1", "kind": "RayClusterList", "metadata": {}, "items": [BROKEN]},
        [{"kind": "List", "items": [BROKEN]}],
    ],
    ids=["list", "tuple", "documents", "List", "RayClusterList", "List in a list"],
)
def test_many_manifests_are_taken_in_every_form(manifests: Any) -> None:
    assert [found["rule"] for found in lint(manifests)] == ["replicas-bounds-order"]


@pytest.mark.parametrize("manifests", [[], [None], OTHER, [OTHER], {}, {"kind": "Kustomization"}, cluster()])
def test_what_is_not_of_ray_or_is_fine_gives_nothing(manifests: Any) -> None:
    assert lint(manifests) == []


@pytest.mark.parametrize("manifests", ["kind: RayCluster", b"x", 3, None, True, [["x"]], [1]])
def test_what_is_no_manifest_is_refused_with_what_is_wanted(manifests: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"kuberay\.core\.lint: (\[0\]+\S* )?a manifest \(a mapping\), a list"):
        lint(manifests)


def test_a_text_is_told_how_it_becomes_a_manifest() -> None:
    with pytest.raises(AnsibleFilterError, match="from_yaml"):
        lint("kind: RayCluster")


def test_the_version_and_the_gates_are_what_is_said() -> None:
    strategy = cluster(upgradeStrategy={"type": "None"})
    assert [found["level"] for found in lint(strategy, "1.5")] == ["error"]
    assert lint(strategy, kuberay_version="v1.6.0") == lint(strategy, "") == []
    assert [found["level"] for found in lint(cron_job())] == ["warning"]
    assert lint(cron_job(), feature_gates={"RayCronJob": True}) == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"kuberay_version": 1.7}, "quotes"),
        ({"kuberay_version": "new"}, "no version"),
        ({"feature_gates": ["x"]}, "gates"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options: Json, word: str) -> None:
    with pytest.raises(AnsibleFilterError, match=word):
        lint(cluster(), **options)


def test_a_name_that_kubernetes_completes_is_shown_as_it_stands() -> None:
    resource = with_metadata(small(minReplicas=4), None)
    resource["metadata"] = {"generateName": "demo-"}
    (found,) = lint(resource)
    assert (found["name"], found["namespace"]) == ("demo-", None)


def test_a_manifest_without_an_api_version_is_told_so() -> None:
    resource = {key: value for key, value in cluster().items() if key != "apiVersion"}
    assert [(found["path"], found["level"]) for found in lint(resource)] == [("apiVersion", "error")]


def test_a_kind_of_ray_that_is_not_known_warns() -> None:
    (found,) = lint({**cluster(), "kind": "RayCluser"})
    assert (found["path"], found["level"], found["rule"]) == ("kind", "warning", "kind-unknown")


def test_dates_and_numbers_as_keys_are_what_they_are_on_the_wire() -> None:
    resource = with_metadata(job(metadata={1: "x"}), creationTimestamp=datetime.date(2026, 1, 1))
    assert lint(resource) == []


def test_secrets_are_not_repeated() -> None:
    env = [{"name": "RAY_REDIS_ADDRESS", "value": "hunter2"}, {"name": "REDIS_PASSWORD", "value": "hunter2"}]
    template = {"spec": {"containers": [{"name": "c", "env": env}]}}
    resource = cluster(
        worker("a", rayStartParams={"redis-password": 1234567}),
        headGroupSpec={"template": template, "rayStartParams": {"redis-password": "hunter2"}},
        gcsFaultToleranceOptions={"redisAddress": "hunter2", "redisPassword": "hunter2"},
    )
    found = lint(resource, "1.7.0")
    assert len(found) > 3
    assert "hunter2" not in str(found)
    assert "1234567" not in str(found)
