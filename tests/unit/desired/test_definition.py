# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole object as a wish."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import given_object
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster

from tests.unit.builders import as_live, cluster, desired, stored, worker
from tests.unit.worlds import served

Json = dict[str, Any]


def _definition(**metadata: Any) -> Json:
    made = cluster(worker())
    return {**made, "metadata": {"name": "demo", "namespace": "ray", **metadata}}


def test_the_name_and_the_namespace_may_come_from_the_object() -> None:
    found = given_object({"definition": _definition(), "name": None, "namespace": ""}, CLUSTER)
    assert (found["name"], found["namespace"], found["api_version"]) == ("demo", "ray", "ray.io/v1")
    bare = {"kind": "RayCluster", "metadata": {}}
    found = given_object({"definition": bare, "name": "own", "namespace": None, "api_version": "v"}, CLUSTER)
    assert (found["name"], found["namespace"], found["api_version"]) == ("own", None, "v")


def test_without_an_object_the_options_stay_as_they_are() -> None:
    assert given_object({"name": "demo", "definition": None}, CLUSTER) == {"name": "demo", "definition": None}


@pytest.mark.parametrize(
    ("definition", "options", "path"),
    [
        ([], {}, "definition: a mapping"),
        ({"kind": "RayJob"}, {}, "definition.kind: this module manages RayCluster, not 'RayJob'"),
        ({"apiVersion": "ray.io/v2"}, {}, "definition.apiVersion: 'ray.io/v2'"),
        ({"spce": {}}, {}, "definition.spce: a RayCluster has no such field"),
        ({"metadata": "x"}, {}, "definition.metadata: a mapping"),
        (_definition(finalizers=["f"]), {}, "definition.metadata.finalizers: cannot be set"),
        (_definition(generateName="x-"), {}, "definition.metadata.generateName: cannot be set"),
        (_definition(), {"name": "other"}, "name: 'other' is not the 'demo' of definition.metadata.name"),
        (_definition(), {"namespace": "other"}, "namespace: 'other'"),
        ({"metadata": {}}, {}, "definition.metadata.name: a name is needed"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_path(definition: Any, options: Json, path: str) -> None:
    with pytest.raises(OptionError) as refused:
        given_object({"name": None, "namespace": None, **options, "definition": definition}, CLUSTER)
    assert refused.value.message.startswith(path)


def test_the_wish_is_the_objects_spec_with_values_of_the_crds_types() -> None:
    definition = _definition(labels={"a": 1}, annotations={"b": True})
    definition["spec"]["workerGroupSpecs"][0]["replicas"] = "2"
    wish = desired(definition=definition)
    assert wish["metadata"] == {
        "name": "demo",
        "namespace": "ray",
        "labels": {"a": "1"},
        "annotations": {"b": "true"},
    }
    assert wish["spec"]["workerGroupSpecs"][0]["replicas"] == 2
    definition["spec"]["workerGroupSpecs"][0]["replicas"] = "two"
    with pytest.raises(OptionError, match=r"definition\.spec\.workerGroupSpecs\[0\]\.replicas"):
        desired(definition=definition)


def test_an_object_as_the_server_shows_it_is_a_wish_for_itself() -> None:
    live = served(stored(desired(worker_groups=[{"group_name": "one"}])))
    plan = plan_cluster(live, desired(live, definition=live), purge=True)
    assert [change for change in plan.changes if change.path.startswith("spec")] == []


def test_a_second_run_of_a_definition_changes_nothing() -> None:
    definition = _definition()
    live = served(stored(desired(definition=definition)))
    assert not plan_cluster(live, desired(live, definition=definition), purge=True).changed


def test_an_object_of_the_older_version_is_wished_for_in_the_new_one() -> None:
    older = {**_definition(), "apiVersion": "ray.io/v1alpha1"}
    assert given_object({"definition": older, "name": None, "namespace": None}, CLUSTER)["api_version"] == (
        "ray.io/v1alpha1"
    )
    assert desired(definition=older)["apiVersion"] == "ray.io/v1"


def test_a_part_of_an_object_may_be_a_patch() -> None:
    live = as_live(cluster(worker("one"), worker("two")))
    part = {"metadata": {"name": "demo"}, "spec": {"workerGroupSpecs": [{"groupName": "one", "replicas": 3}]}}
    plan = plan_cluster(live, desired(live, definition=part, state="patched"), purge=True, is_partial=True)
    assert [change.path for change in plan.changes] == ["spec.workerGroupSpecs[one].replicas"]
