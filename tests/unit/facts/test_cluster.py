# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The facts about a RayCluster: one shape, whatever could be read."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import SETTLED_SECONDS, Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION

from tests.unit.builders import cluster, condition, pod, worker

Json = dict[str, Any]
HEAD_READY = condition("HeadPodReady")
READY: Json = {"state": "ready", "readyWorkerReplicas": 1, "desiredWorkerReplicas": 1, "conditions": [HEAD_READY]}

STATUS_FIELDS: Json = dict.fromkeys(
    [
        "availableWorkerReplicas",
        "conditions",
        "desiredCPU",
        "desiredGPU",
        "desiredMemory",
        "desiredTPU",
        "desiredWorkerReplicas",
        "endpoints",
        "head",
        "lastUpdateTime",
        "maxWorkerReplicas",
        "minWorkerReplicas",
        "observedGeneration",
        "readyWorkerReplicas",
        "reason",
        "state",
        "stateTransitionTimes",
    ]
)


def _facts(resource: Json, **seen: Any) -> Json:
    facts = cluster_facts(Observation(resource, **seen))
    assert facts is not None
    return facts


def _state(status: Json, **spec: Any) -> str:
    return str(_facts(cluster(worker(), status=status, **spec))["state"])


def test_nothing_has_no_facts() -> None:
    assert cluster_facts(Observation(None)) is None


def test_the_shape_is_the_same_for_a_new_cluster_and_a_running_one() -> None:
    new, running = _facts(cluster()), _facts(cluster(worker(), status=READY), pods=[pod("head")], events=[])
    assert list(new) == list(running)
    for key in ("head", "workers", "resources", "endpoints", "external_endpoints", "times"):
        assert list(new[key]) == list(running[key])


@pytest.mark.parametrize(
    ("status", "spec", "state"),
    [
        ({}, {}, "provisioning"),
        ({"state": ""}, {}, "provisioning"),
        (READY, {}, "ready"),
        ({"state": "ready", "availableWorkerReplicas": 1}, {}, "ready"),
        ({**READY, "readyWorkerReplicas": 0}, {}, "degraded"),
        ({**READY, "conditions": [condition("HeadPodReady", "False")]}, {}, "degraded"),
        (READY, {"suspend": True}, "suspending"),
        ({**READY, "conditions": [condition("RayClusterSuspending")]}, {"suspend": True}, "suspending"),
        ({"state": "suspended"}, {"suspend": True}, "suspended"),
        ({"state": "suspended"}, {}, "suspended"),
        ({"state": "suspended", "conditions": [condition("RayClusterSuspended", "False")]}, {}, "provisioning"),
        ({"state": "failed", "reason": "why"}, {}, "failed"),
    ],
)
def test_one_word_says_where_the_cluster_stands(status: Json, spec: Json, state: str) -> None:
    assert _state(status, **spec) == state


def test_a_cluster_on_its_way_out_is_deleting_whatever_its_status_says() -> None:
    resource = cluster(status=READY)
    resource["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert _facts(resource)["state"] == "deleting"


@pytest.mark.parametrize("stale", [{}, {**READY, "readyWorkerReplicas": 0}, {"state": "suspended"}])
def test_pods_that_a_wait_has_ended_on_are_believed_against_a_status_that_lags(stale: Json) -> None:
    resource = cluster(worker(), status=stale)
    assert _facts(resource, pods=[pod("head"), pod()], settled=SETTLED_SECONDS)["state"] == "ready"
    assert _facts(resource, pods=[pod("head"), pod()], settled=SETTLED_SECONDS - 0.1)["state"] != "ready"
    asleep = cluster(worker(), status=stale, suspend=True)
    assert _facts(asleep, pods=[], settled=SETTLED_SECONDS)["state"] != "ready"


def test_old_pods_are_not_believed_where_new_ones_are_to_come() -> None:
    resource = cluster(worker(), status={"observedGeneration": 1})
    seen = {
        "pods": [pod("head"), pod()],
        "settled": SETTLED_SECONDS,
        "written": 2,
        "replaces_pods": True,
        "before": {"p"},
    }
    assert _facts(resource, **seen)["state"] == "provisioning"


def test_a_refused_cluster_says_why() -> None:
    resource = cluster()
    about = {"uid": resource["metadata"]["uid"], "resourceVersion": resource["metadata"]["resourceVersion"]}
    event = {"metadata": {"name": "e"}, "reason": "InvalidRayClusterSpec", "note": "too many", "regarding": about}
    facts = _facts(resource, events=[event])
    assert (facts["state"], facts["reason"]) == ("refused", "the operator refused it: too many")


def test_a_degraded_cluster_says_what_is_missing() -> None:
    assert _facts(cluster(worker(replicas=3), status=READY))["reason"] == "1 of 3 workers are ready"
    head = condition("HeadPodReady", "False", reason="CrashLoopBackOff", message="")
    assert _facts(cluster(status={**READY, "conditions": [head]}))["reason"] == "CrashLoopBackOff"


def test_a_group_tells_its_counts_and_its_template() -> None:
    template = {"metadata": {"annotations": {"ray.io/compute-template": "big"}}, "spec": {"containers": []}}
    groups = [worker("one", replicas=2, numOfHosts=2, template=template), worker("two", suspend=True)]
    pods = [pod("head"), pod("one"), pod("one", ready=False), pod("one", leaving=True)]
    one, two = _facts(cluster(*groups), pods=pods)["worker_groups"]
    assert one == {
        "group_name": "one",
        "replicas": 2,
        "min_replicas": 0,
        "max_replicas": 3,
        "num_of_hosts": 2,
        "suspended": False,
        "wanted": 4,
        "ready": 1,
        "compute_template": "big",
    }
    assert (two["suspended"], two["wanted"], two["ready"], two["compute_template"]) == (True, 0, 0, None)


def test_what_was_not_read_is_null_and_not_empty() -> None:
    unread, read = _facts(cluster(worker())), _facts(cluster(worker()), pods=[], events=[])
    assert (unread["pods"], unread["events"], unread["worker_groups"][0]["ready"]) == (None, None, None)
    assert (read["pods"], read["events"], read["worker_groups"][0]["ready"]) == ([], [], 0)


def test_absent_counts_of_a_status_are_zero() -> None:
    counts = {"wanted": 1, "desired": 0, "available": 0, "ready": 0, "min": 0, "max": 0}
    assert _facts(cluster(worker(), status={}))["workers"] == counts


def test_a_head_whose_condition_is_unknown_is_neither_ready_nor_not() -> None:
    assert _facts(cluster())["head"]["ready"] is None
    assert _facts(cluster(status=READY))["head"]["ready"] is True


def test_the_record_of_the_wish_is_not_an_annotation_of_the_user() -> None:
    resource = cluster()
    resource["metadata"]["annotations"] = {ANNOTATION: "{}", "mine": "1"}
    assert _facts(resource)["annotations"] == {"mine": "1"}


def test_an_event_tells_its_last_time_and_count() -> None:
    event = {
        "metadata": {"name": "e"},
        "type": "Normal",
        "reason": "CreatedPod",
        "note": "made",
        "eventTime": "1",
        "series": {"lastObservedTime": "2", "count": 3},
    }
    old = {"metadata": {"name": "f"}, "deprecatedLastTimestamp": "0", "deprecatedCount": 2}
    assert _facts(cluster(), events=[event, old])["events"] == [
        {"type": "Normal", "reason": "CreatedPod", "message": "made", "time": "2", "count": 3},
        {"type": None, "reason": None, "message": None, "time": "0", "count": 2},
    ]


def test_a_pod_tells_its_group_and_whether_it_leaves() -> None:
    pods = [pod("head", name="h", podIP="10.0.0.1"), pod("one", leaving=True, name="w")]
    head, leaving = _facts(cluster(), pods=pods)["pods"]
    assert (head["name"], head["group"], head["ready"], head["ip"]) == ("h", "head", True, "10.0.0.1")
    assert (leaving["group"], leaving["ready"], leaving["leaving"]) == ("one", False, True)


def test_a_status_of_nulls_is_an_empty_status() -> None:
    filled = {**STATUS_FIELDS, "conditions": None}
    assert _facts(cluster(worker(), status=filled)) == _facts(cluster(worker()))
    assert _facts({**cluster(worker()), "status": None}) == _facts(cluster(worker()))


@pytest.mark.parametrize("state", ["ready", "suspended", "failed", "suspending"])
@pytest.mark.parametrize("spec", [{}, {"suspend": True}])
def test_no_state_is_undone_by_nulls_beside_it(state: str, spec: Json) -> None:
    resource = cluster(worker(), status={**STATUS_FIELDS, "state": state}, **spec)
    assert _facts(resource) == _facts(cluster(worker(), status={"state": state}, **spec))
