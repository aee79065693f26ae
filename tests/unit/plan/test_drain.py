# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker groups that are removed are scaled away first."""

from __future__ import annotations

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._plan.drain import drain_operations, removed_groups

from tests.unit import json_patch
from tests.unit.builders import cluster, pod, worker


def test_groups_that_the_target_lacks_are_removed() -> None:
    live = cluster(worker("one"), worker("two"))
    assert removed_groups(live, cluster(worker("two"), worker("new"))) == {"one"}
    assert removed_groups(live, live) == set()
    assert removed_groups(live, {"spec": {}}) == {"one", "two"}


def test_a_drained_group_wants_no_pods_and_the_others_stay() -> None:
    live = cluster(worker("one", minReplicas=1), worker("two"))
    one, two = json_patch.apply(live, drain_operations(live, {"one"}, []))["spec"]["workerGroupSpecs"]
    assert (one["replicas"], one["minReplicas"]) == (0, 0)
    assert "scaleStrategy" not in one
    assert two == live["spec"]["workerGroupSpecs"][1]


def test_with_autoscaling_each_pod_of_the_group_is_named() -> None:
    live = cluster(worker("one"), worker("two"), enableInTreeAutoscaling=True)
    pods = [pod("one", name="p1"), pod("two", name="p2"), pod("one", name="p3")]
    one, two = json_patch.apply(live, drain_operations(live, {"one"}, pods))["spec"]["workerGroupSpecs"]
    assert one["scaleStrategy"] == {"workersToDelete": ["p1", "p3"]}
    assert "scaleStrategy" not in two


@pytest.mark.parametrize("autoscaling", [False, True])
def test_what_an_earlier_run_has_asked_for_is_not_asked_again(autoscaling: bool) -> None:
    pods = [pod("one", name="p1"), pod("one", name="p3")]
    live = cluster(worker("one"), worker("two"), enableInTreeAutoscaling=autoscaling)
    asked = json_patch.apply(live, drain_operations(live, {"one"}, pods))
    assert drain_operations(asked, {"one"}, pods[1:]) == []
    more = drain_operations(asked, {"one"}, [*pods, pod("one", name="p4")])
    assert [one["value"] for one in more if one["op"] == "add"] == [
        {"workersToDelete": ["p1", "p3", "p4"]}
    ] * autoscaling


def test_a_drain_is_refused_by_an_object_that_has_moved_on() -> None:
    tests = [one["path"] for one in drain_operations(cluster(worker("one")), {"one"}, []) if one["op"] == "test"]
    assert tests == ["/metadata/uid", "/metadata/generation"]
