# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a cluster is what was waited for, and what a level must not believe."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    HEAD_GROUP,
    SETTLED_SECONDS,
    Observation,
    wanted_workers,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import CLUSTER, drained

from tests.unit.builders import cluster, condition, pod, worker

Json = dict[str, Any]
HEAD = pod("head")
STATUS: Json = {
    "state": "ready",
    "observedGeneration": 2,
    "readyWorkerReplicas": 1,
    "desiredWorkerReplicas": 1,
    "conditions": [condition("HeadPodReady")],
}
LIVE = cluster(worker(), status=STATUS)


def _reached(level: str, resource: Json | None = LIVE, pods: list[Json] | None = None, **times: Any) -> bool:
    return CLUSTER.levels[level].reached(Observation(resource, pods, **times))


@pytest.mark.parametrize(
    ("group", "count"),
    [
        ({"replicas": 2}, 2),
        ({"replicas": 2, "numOfHosts": 3}, 6),
        ({"replicas": 0, "minReplicas": 1}, 1),
        ({"replicas": 9, "maxReplicas": 3}, 3),
        ({"replicas": 2, "suspend": True}, 0),
        ({"minReplicas": 1}, 1),
        ({}, 0),
    ],
)
def test_wanted_workers_are_counted_from_the_spec(group: Json, count: int) -> None:
    assert wanted_workers({"workerGroupSpecs": [{"groupName": "a", **group}]}) == {"a": count}


def test_created_is_reached_when_the_object_is_there() -> None:
    assert _reached("created", cluster())
    assert not _reached("created", None)


def test_gone_means_the_object_and_its_pods() -> None:
    assert _reached("gone", None, [])
    assert _reached("gone", None, None), "pods that cannot be seen are not waited for"
    assert not _reached("gone", None, [pod(leaving=True)])
    assert not _reached("gone", cluster(), [])


def test_a_ready_head_is_one_ready_head_pod() -> None:
    assert _reached("head_ready", pods=[HEAD])
    assert not _reached("head_ready", pods=[])
    assert not _reached("head_ready", pods=[pod("head", ready=False)])
    assert not _reached("head_ready", pods=[pod("head", leaving=True)])


def test_a_ready_head_is_the_statuss_word_where_pods_cannot_be_seen() -> None:
    assert _reached("head_ready")
    assert not _reached("head_ready", written=3), "a status from before our write"
    assert not _reached("head_ready", cluster(status={"state": "ready"}))


def test_ready_needs_the_status_and_the_pods() -> None:
    assert _reached("ready", pods=[HEAD, pod()])
    assert not _reached("ready", None, [])


@pytest.mark.parametrize(
    "pods",
    [
        [],
        [HEAD],
        [pod()],
        [HEAD, pod(ready=False)],
        [HEAD, pod(leaving=True)],
        [HEAD, pod(), pod(name="one too many")],
        [HEAD, pod("removed")],
        [HEAD, HEAD, pod()],
    ],
)
def test_ready_is_not_believed_of_a_status_that_the_pods_contradict(pods: list[Json]) -> None:
    assert not _reached("ready", pods=pods, settled=60.0)


def test_pods_that_leave_do_not_stand_in_the_way() -> None:
    assert _reached("ready", pods=[HEAD, pod(), pod("old", leaving=True)])


@pytest.mark.parametrize(
    "stale",
    [
        {"state": "suspended"},
        {"readyWorkerReplicas": 0},
        {"desiredWorkerReplicas": 3},
        {"conditions": [condition("HeadPodReady", "False")]},
    ],
)
def test_a_status_that_lags_is_not_believed_until_the_pods_have_settled(stale: Json) -> None:
    resource, pods = cluster(worker(), status={**STATUS, **stale}), [HEAD, pod()]
    assert not _reached("ready", resource)
    assert not _reached("ready", resource, pods)
    assert not _reached("ready", resource, pods, settled=SETTLED_SECONDS - 0.1)
    assert _reached("ready", resource, pods, settled=SETTLED_SECONDS)


def test_the_old_ready_right_after_a_write_is_not_believed() -> None:
    assert not _reached("ready", written=3)
    assert not _reached("ready", pods=[HEAD, pod()], written=3)
    assert _reached("ready", written=2)


def test_pods_that_have_settled_are_believed_though_the_status_has_not_seen_our_write() -> None:
    assert _reached("ready", pods=[HEAD, pod()], written=3, settled=SETTLED_SECONDS)


@pytest.mark.parametrize("level", ["head_ready", "ready"])
@pytest.mark.parametrize("pods", [None, [HEAD, pod()]])
def test_pods_that_are_made_anew_are_not_the_old_ones(level: str, pods: list[Json] | None) -> None:
    after_our_write = {"written": 3, "replaces_pods": True, "before": _uids(pods), "settled": 60.0}
    assert not _reached(level, pods=pods, **after_our_write)
    seen = cluster(worker(), status={**STATUS, "observedGeneration": 3})
    assert _reached(level, seen, pods, shown=SETTLED_SECONDS, **after_our_write)


@pytest.mark.parametrize("level", ["head_ready", "ready"])
def test_a_status_that_has_seen_our_write_does_not_make_old_pods_new_ones(level: str) -> None:
    seen, pods = cluster(worker(), status={**STATUS, "observedGeneration": 3}), [HEAD, pod()]
    ours = {"written": 3, "replaces_pods": True, "before": _uids(pods), "settled": 60.0}
    # The operator has just deleted them, and the status has come first.
    assert not _reached(level, seen, pods, shown=0.1, **ours)
    left = [pod("head", leaving=True, name=HEAD["metadata"]["name"]), pod(leaving=True)]
    assert _reached(level, seen, [*left, pod("head", name="new"), pod(name="newer")], shown=0.1, **ours)


def _uids(pods: list[Json] | None) -> frozenset[str]:
    return frozenset(one["metadata"]["uid"] for one in pods or [])


def test_new_pods_that_have_settled_are_believed_though_the_status_has_not_seen_our_write() -> None:
    ours = {"written": 3, "replaces_pods": True, "before": frozenset({"old"})}
    assert _reached("ready", pods=[HEAD, pod()], settled=SETTLED_SECONDS, **ours)
    assert not _reached("ready", pods=[HEAD, pod()], settled=0.1, **ours)


def test_a_change_that_the_status_will_not_show_is_not_waited_for_where_pods_cannot_be_seen() -> None:
    resource = cluster(worker(), status=STATUS)
    resource["metadata"]["generation"] = 3
    assert _reached("ready", resource, None, written=0)
    assert _reached("head_ready", resource, None, written=0)


def test_an_old_operator_without_conditions_can_be_ready() -> None:
    status = {"state": "ready", "availableWorkerReplicas": 1, "desiredWorkerReplicas": 1}
    assert _reached("ready", cluster(worker(), status=status))


def test_a_cluster_without_workers_can_be_ready() -> None:
    assert _reached("ready", cluster(status={"state": "ready"}), [HEAD])
    assert _reached("ready", cluster(worker(replicas=0), status={"state": "ready"}))


def test_suspended_means_that_the_pods_are_gone() -> None:
    resource = cluster(worker(), suspend=True, status={"state": "suspended", "observedGeneration": 2})
    assert _reached("suspended", resource, [])
    assert _reached("suspended", resource)
    assert not _reached("suspended", resource, [HEAD])
    assert not _reached("suspended", resource, [], written=3)
    assert not _reached("suspended", None, [])


def test_a_group_is_drained_when_its_last_pod_is_gone() -> None:
    level = drained({"old"})
    assert level.reached(Observation(LIVE, [HEAD, pod("other")]))
    assert not level.reached(Observation(LIVE, [pod("old", leaving=True)]))


def test_deleted_means_the_object_whatever_becomes_of_its_pods() -> None:
    assert _reached("deleted", None, [pod()])
    assert not _reached("deleted", cluster(), [])


@pytest.mark.parametrize(
    ("level", "groups"),
    [
        ("created", [None, HEAD_GROUP, "small"]),
        ("head_ready", [None, HEAD_GROUP]),
        ("ready", [None, HEAD_GROUP, "small"]),
        ("suspended", []),
        ("gone", []),
        ("deleted", []),
    ],
)
def test_a_level_minds_the_signs_that_put_it_out_of_reach(level: str, groups: list[str | None]) -> None:
    every = [Sign("about", "sort", "message", group) for group in (None, HEAD_GROUP, "small")]
    assert [sign.group for sign in every if CLUSTER.levels[level].concerns(sign)] == groups
    assert not any(drained({"small"}).concerns(sign) for sign in every)


@pytest.mark.parametrize(
    ("resource", "pods", "line"),
    [
        (None, [], "gone"),
        (None, [pod()], "deleted, 1 pods left"),
        (LIVE, None, "head ready, workers 1/1"),
        (LIVE, [HEAD], "head ready, workers 0/1"),
        (LIVE, [HEAD, pod()], "head ready, workers 1/1"),
        (LIVE, [HEAD, pod(), pod("removed"), pod(leaving=True)], "head ready, workers 1/1, 1 pods too many"),
    ],
)
def test_a_few_words_say_where_it_stands(resource: Json | None, pods: list[Json] | None, line: str) -> None:
    assert CLUSTER.describe(Observation(resource, pods)) == line
