# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the live message against the wished one, and what nobody can see."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import plan_create
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import LOSSES, PARTS, returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message

from tests.unit.v1.server import make, sent_and_back, tell
from tests.unit.v1.tasks import WORKER, base, message, wish, with_option

Json = dict[str, Any]


def _live(kind: Kind, task: Json, status: Json | None = None) -> Json:
    return tell(kind, {**make(kind, message(kind, task)), "status": status or {}})


def _paths(kind: Kind, live: Json, wished: Json) -> list[str]:
    return [change.path for change in same(kind, live, wished)]


@pytest.mark.parametrize("kind", [CLUSTER, JOB, SERVICE])
def test_whoever_owns_an_object_owns_it_until_another_is_named(kind: Kind) -> None:
    live = _live(kind, with_option(base(kind), "labels", {"ray.io/user": "somebody"}))
    assert _paths(kind, live, message(kind, base(kind))) == []
    named = message(kind, with_option(base(kind), "labels", {"ray.io/user": "else"}))
    assert _paths(kind, live, named) == ["metadata.labels['ray.io/user']"]


def test_an_environment_stays_until_another_is_named() -> None:
    live = _live(CLUSTER, with_option(base(CLUSTER), "labels", {"ray.io/environment": "PRODUCTION"}))
    assert _paths(CLUSTER, live, message(CLUSTER, base(CLUSTER))) == []


def test_annotations_of_others_stay_and_ours_go_with_the_wish() -> None:
    resource = wish(CLUSTER, with_option(base(CLUSTER), "annotations", {"a": "1", "b": "2"}))
    live = sent_and_back(CLUSTER, to_message(CLUSTER, plan_create(CLUSTER, resource).target or {}))
    live["annotations"]["theirs"] = "3"
    assert _paths(CLUSTER, live, to_message(CLUSTER, resource)) == []
    rest = message(CLUSTER, with_option(base(CLUSTER), "annotations", {"a": "1"}))
    assert _paths(CLUSTER, live, rest) == ["metadata.annotations.b"]
    del live["annotations"]["kuberay.core/wish"]
    assert _paths(CLUSTER, live, rest) == []


@pytest.mark.parametrize(("now", "paths"), [(0, True), (1, False), (3, False), (4, True)])
def test_within_its_range_the_number_of_workers_is_the_autoscalers(now: int, paths: bool) -> None:
    task = with_option(base(CLUSTER), "enable_in_tree_autoscaling", True)
    task["worker_groups"] = [{**WORKER, "min_replicas": 1}]
    live = _live(CLUSTER, task)
    live["clusterSpec"]["workerGroupSpec"][0]["replicas"] = now
    found = _paths(CLUSTER, live, message(CLUSTER, task))
    assert found == (["spec.workerGroupSpecs[one].replicas"] if paths else [])


@pytest.mark.parametrize(("kind", "option"), [(CLUSTER, ""), (JOB, "cluster.")])
def test_without_an_autoscaler_of_its_own_a_number_of_workers_is_the_wishs(kind: Kind, option: str) -> None:
    task = with_option(base(kind), f"{option}enable_in_tree_autoscaling", kind is JOB)
    live = _live(kind, task)
    live["clusterSpec"]["workerGroupSpec"][0].update(replicas=2)
    assert _paths(kind, live, message(kind, task))[0].endswith("workerGroupSpecs[one].replicas")


def test_a_minimum_that_is_left_out_is_what_the_server_makes_of_it() -> None:
    live = _live(CLUSTER, base(CLUSTER))
    assert live["clusterSpec"]["workerGroupSpec"][0]["minReplicas"] == 1
    assert _paths(CLUSTER, live, message(CLUSTER, base(CLUSTER))) == []


@pytest.mark.parametrize("kind", [JOB, SERVICE])
def test_a_version_that_an_old_server_does_not_return_is_believed(kind: Kind) -> None:
    task = with_option(base(kind), "cluster.ray_version", "2.52.0")
    live, wished = _live(kind, task), message(kind, task)
    assert _paths(kind, live, message(kind, with_option(task, "cluster.ray_version", "2.53.0"))) != []
    del live["version"]
    assert _paths(kind, live, wished) == []


def test_the_version_of_a_cluster_is_always_returned() -> None:
    task = with_option(base(CLUSTER), "ray_version", "2.52.0")
    assert _paths(CLUSTER, _live(CLUSTER, base(CLUSTER)), message(CLUSTER, task)) == ["spec.rayVersion"]


def test_the_id_of_a_job_counts_as_soon_as_the_server_tells_it() -> None:
    task = with_option(base(JOB), "job_id", "mine")
    wished = message(JOB, task)
    assert wished["jobId"] == "mine"
    assert _paths(JOB, _live(JOB, task), wished) == []
    assert _paths(JOB, _live(JOB, task, {"jobId": "mine"}), wished) == []
    assert _paths(JOB, _live(JOB, task, {"jobId": "other"}), wished) == ["spec.jobId"]
    assert _paths(JOB, _live(JOB, base(JOB), {"jobId": "any"}), message(JOB, base(JOB))) == []


def test_a_deadline_is_sent_and_cannot_be_compared() -> None:
    task = with_option(base(JOB), "active_deadline_seconds", 60)
    wished = message(JOB, task)
    assert wished["activeDeadlineSeconds"] == 60
    assert make(JOB, wished)["spec"]["activeDeadlineSeconds"] == 60
    assert _paths(JOB, _live(JOB, task), wished) == []
    assert _paths(JOB, _live(JOB, base(JOB)), wished) == []


def test_numbers_are_compared_in_the_servers_precision() -> None:
    task = with_option(base(JOB), "entrypoint_num_cpus", 0.123456789)
    assert _paths(JOB, _live(JOB, task), message(JOB, task)) == []
    other = with_option(base(JOB), "entrypoint_num_cpus", 0.1234567)
    assert _paths(JOB, _live(JOB, task), message(JOB, other)) == ["spec.entrypointNumCpus"]


def test_a_serve_config_is_compared_by_what_it_says() -> None:
    live = _live(SERVICE, base(SERVICE))
    wished = message(SERVICE, base(SERVICE))
    wished["serveConfigV2"] = "# the same\n" + wished["serveConfigV2"]
    assert _paths(SERVICE, live, wished) == []


def test_groups_in_another_order_are_the_same_groups() -> None:
    two = {**WORKER, "group_name": "two"}
    live = _live(CLUSTER, with_option(base(CLUSTER), "worker_groups", [WORKER, two]))
    assert _paths(CLUSTER, live, message(CLUSTER, with_option(base(CLUSTER), "worker_groups", [two, WORKER]))) == []


def test_what_somebody_else_sent_through_v1_is_compared_as_a_whole() -> None:
    live = _live(CLUSTER, base(CLUSTER))
    live["clusterSpec"]["headGroupSpec"]["imagePullSecret"] = "theirs"
    (change,) = same(CLUSTER, live, message(CLUSTER, base(CLUSTER)))
    assert change.reason() == {
        "path": "spec.headGroupSpec.template.spec.imagePullSecrets",
        "from": [{"name": "theirs"}],
        "to": None,
    }


@pytest.mark.parametrize("kind", [CLUSTER, JOB, SERVICE])
def test_comparing_leaves_both_messages_as_they_are(kind: Kind) -> None:
    live, wished = _live(kind, base(kind)), message(kind, base(kind))
    before = copy.deepcopy((live, wished))
    same(kind, live, wished)
    assert (live, wished) == before


def test_every_message_of_the_table_can_be_reached() -> None:
    reached = {part for parts in PARTS.values() for part in parts.values()} | {CLUSTER.name, JOB.name, SERVICE.name}
    assert set(LOSSES) <= reached


def test_what_comes_back_of_reserved_names_is_nothing() -> None:
    task = with_option(base(CLUSTER), "head_group.env", {"RAY_PORT": "1", "A": "2"})
    task = with_option(task, "head_group.labels", {"ray.io/group": "x", "a": "b"})
    back = returned(CLUSTER.name, message(CLUSTER, task))["clusterSpec"]["headGroupSpec"]
    assert (back["environment"], back["labels"]) == ({"values": {"A": "2"}}, {"a": "b"})
    assert _paths(CLUSTER, _live(CLUSTER, task), message(CLUSTER, task)) == []
