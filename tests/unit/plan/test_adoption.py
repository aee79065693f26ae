# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking over what KubeRay's APIServer V1 has made: nothing of it changes, unless V1 would die of what it becomes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, MANAGED_BY, V1_MANAGER
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit.builders import as_live, desired

Json = dict[str, Any]
TEMPLATES = {"small": {"cpu": "1", "memory": "2", "memory_unit": "Gi"}}
WORKERS: Json = {"group_name": "few", "replicas": 1, "min_replicas": 1, "max_replicas": 3, "compute_template": "small"}
HEAD: Json = {"compute_template": "small", "ray_start_params": {"dashboard-host": "0.0.0.0"}, "env": {"A": "1"}}
MOUNT: Json = {"name": "data", "mountPath": "/data"}


def wish(*volumes: Json, mounts: tuple[Json, ...] = ()) -> Json:
    container = {"name": "ray-head", "volumeMounts": list(mounts)}
    template = {"spec": {"volumes": list(volumes), "containers": [container]}} if volumes else {}
    head = {**HEAD, **({"template": template} if template else {})}
    return desired(templates=TEMPLATES, ray_version="2.52.0", head_group=head, worker_groups=[WORKERS])


def made_by_v1() -> Json:
    """What V1 makes of the same wish, as Kubernetes then has it."""
    made = to_resource(CLUSTER, to_message(CLUSTER, wish()))
    sizes = {"limits": {"cpu": "1", "memory": "2Gi"}, "requests": {"cpu": "1", "memory": "2Gi"}}
    for group in (made["spec"]["headGroupSpec"], *made["spec"]["workerGroupSpecs"]):
        group["template"]["spec"]["containers"][0]["resources"] = copy.deepcopy(sizes)
        group["template"].setdefault("metadata", {}).setdefault("annotations", {})["ray.io/compute-image"] = ""
    return as_live(made)


def test_the_same_wish_changes_nothing_but_the_memory_of_it() -> None:
    plan = plan_cluster(made_by_v1(), wish(), purge=True)
    assert plan.only_records, plan.reasons()
    assert (plan.warnings, plan.deferred, plan.refused) == ([], [], [])
    assert (plan.target or {})["metadata"]["labels"][MANAGED_BY] == V1_MANAGER


@pytest.mark.parametrize(
    ("volume", "mounts", "told"),
    [
        ({"name": "data", "emptyDir": {}}, (), "volumes[data] is mounted nowhere"),
        (
            {"name": "data", "secret": {"secretName": "s", "items": [{"key": "a", "path": "b"}]}},
            (MOUNT,),
            "volumes[data].secret.items choose among a Secret's",
        ),
    ],
)
def test_what_v1_would_die_of_is_not_v1s_any_more(volume: Json, mounts: tuple[Json, ...], told: str) -> None:
    plan = plan_cluster(made_by_v1(), wish(volume, mounts=mounts), purge=True)
    assert MANAGED_BY not in (plan.target or {})["metadata"]["labels"]
    (warning,) = plan.warnings
    assert "is taken off" in warning
    assert [change.op for change in plan.changes if MANAGED_BY in change.path] == ["remove"]
    assert told in warning


def test_what_v1_can_read_stays_its_own() -> None:
    plan = plan_cluster(made_by_v1(), wish({"name": "data", "emptyDir": {}}, mounts=(MOUNT,)), purge=True)
    assert (plan.target or {})["metadata"]["labels"][MANAGED_BY] == V1_MANAGER
    assert plan.warnings == []


def test_what_is_not_v1s_is_left_alone() -> None:
    live = made_by_v1()
    live["metadata"]["labels"] = {MANAGED_BY: "somebody"}
    plan = plan_cluster(live, wish({"name": "data", "emptyDir": {}}), purge=True)
    assert (plan.target or {})["metadata"]["labels"][MANAGED_BY] == "somebody"
