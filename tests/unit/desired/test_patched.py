# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a wish holds what the task says, and no default."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import plan_create

Json = dict[str, Any]
WHOLE: Json = {
    "name": "demo",
    "state": "present",
    "image": "ray:1",
    "labels": {"team": "vision"},
    "worker_groups": [{"group_name": "a", "replicas": 1}, {"group_name": "b", "replicas": 2}],
}


def _nothing(name: str) -> dict[str, str]:
    raise AssertionError(f"template {name} was read")


def _live() -> Json:
    live = copy.deepcopy(plan_create(CLUSTER, desired_cluster(WHOLE, "default", None, _nothing)).target) or {}
    live["metadata"].update(uid="u", generation=1, resourceVersion="1")
    return live


def _part(**options: Any) -> Json:
    return desired_cluster({"name": "demo", "state": "patched", **options}, "default", _live(), _nothing)


def _reasons(**options: Any) -> list[Json]:
    return plan_cluster(_live(), _part(**options), True, is_partial=True).reasons()


def test_only_what_is_said_is_wished_for() -> None:
    assert _part(suspend=True)["spec"] == {"suspend": True}
    assert _part(ray_version="2.52.0")["spec"] == {"rayVersion": "2.52.0"}
    assert _part(worker_groups=[{"group_name": "a", "replicas": 3}])["spec"] == {
        "workerGroupSpecs": [{"groupName": "a", "replicas": 3}]
    }


def test_a_part_changes_only_that_and_removes_nothing() -> None:
    assert _reasons(worker_groups=[{"group_name": "a", "replicas": 3}]) == [
        {"path": "spec.workerGroupSpecs[a].replicas", "from": 1, "to": 3}
    ]
    assert _reasons(suspend=True) == [{"path": "spec.suspend", "from": None, "to": True}]
    assert _reasons() == []


def test_an_image_alone_is_meant_for_every_group() -> None:
    paths = {reason["path"].split(".template")[0] for reason in _reasons(image="ray:2")}
    assert paths == {"spec.headGroupSpec", "spec.workerGroupSpecs[a]", "spec.workerGroupSpecs[b]"}


def test_the_record_of_the_last_whole_wish_stays() -> None:
    live = _live()
    plan = plan_cluster(live, _part(labels={"more": "1"}), True, is_partial=True)
    assert plan.target is not None
    assert plan.target["metadata"]["annotations"] == live["metadata"]["annotations"]
    assert plan.target["metadata"]["labels"] == {"team": "vision", "more": "1"}


def test_a_new_group_needs_an_image_and_one_that_is_there_does_not() -> None:
    with pytest.raises(OptionError, match=r"^worker_groups\[0\]\.image: "):
        _part(worker_groups=[{"group_name": "new", "replicas": 1}])
    assert _part(worker_groups=[{"group_name": "new", "image": "ray:1"}])["spec"]["workerGroupSpecs"]
