# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot heal, and how long it may stand before a wait ends on it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._wait.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._wait.trouble import GRACE_SECONDS, fatal, troubles

from tests.unit.builders import cluster, condition, pod

Json = dict[str, Any]


def _waiting(reason: str, message: str = "", init: bool = False) -> Json:
    statuses = [{"name": "ray", "state": {"waiting": {"reason": reason, "message": message}}}]
    return pod(ready=False, name="w-1", **{"initContainerStatuses" if init else "containerStatuses": statuses})


def _unschedulable() -> Json:
    told = condition("PodScheduled", "False", reason="Unschedulable", message="0/3 nodes")
    return pod(name="w-1", conditions=[told])


def _refusal(resource: Json, **about: str) -> Json:
    metadata = resource["metadata"]
    regarding = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"], **about}
    return {
        "metadata": {"name": "e"},
        "reason": "InvalidRayClusterSpec",
        "note": "no containers",
        "regarding": regarding,
    }


def _messages(**seen: Any) -> list[str]:
    return [trouble.message for trouble in troubles(Observation(cluster(), **seen))]


def test_a_healthy_cluster_has_no_trouble() -> None:
    assert _messages(pods=[pod("head"), pod()], events=[{"reason": "CreatedPod", "metadata": {"name": "e"}}]) == []


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing"])
def test_a_container_that_is_being_made_is_no_trouble(reason: str) -> None:
    assert _messages(pods=[_waiting(reason)]) == []


@pytest.mark.parametrize("init", [False, True])
def test_a_waiting_container_says_its_pod_its_reason_and_its_message(init: bool) -> None:
    told = _messages(pods=[_waiting("CrashLoopBackOff", "back-off 10s", init)])
    assert told == ["pod w-1, container ray: CrashLoopBackOff: back-off 10s"]


def test_a_pod_that_leaves_is_no_trouble() -> None:
    leaving = _waiting("ImagePullBackOff")
    leaving["metadata"]["deletionTimestamp"] = "now"
    assert _messages(pods=[leaving]) == []


def test_the_two_words_for_a_failed_pull_are_one_trouble() -> None:
    first, second = (
        troubles(Observation(cluster(), [_waiting(word)]))[0] for word in ("ErrImagePull", "ImagePullBackOff")
    )
    assert (first.about, first.sort) == (second.about, second.sort)


def test_a_pod_without_a_node_says_so() -> None:
    assert _messages(pods=[_unschedulable()]) == ["pod w-1: Unschedulable: 0/3 nodes"]


def test_a_condition_of_the_operator_says_why_it_cannot_make_pods() -> None:
    failure = condition("ReplicaFailure", reason="FailedCreateWorkerPod", message="exceeded quota")
    resource = cluster(status={"conditions": [failure]})
    (trouble,) = troubles(Observation(resource))
    assert trouble.message == "FailedCreateWorkerPod: exceeded quota"


def test_a_refused_spec_ends_a_wait_at_once() -> None:
    resource = cluster()
    ending = fatal(Observation(resource, events=[_refusal(resource)]))
    assert ending is not None
    assert ending.message == "the operator refused it: no containers"


@pytest.mark.parametrize("about", [{"resourceVersion": "6"}, {"uid": "a namesake's"}])
def test_a_refusal_of_another_write_or_a_namesake_is_not_ours(about: dict[str, str]) -> None:
    resource = cluster()
    assert troubles(Observation(resource, events=[_refusal(resource, **about)])) == []


@pytest.mark.parametrize(
    ("sign", "sort"),
    [
        (_waiting("InvalidImageName"), "InvalidImageName"),
        (_waiting("ErrImagePull"), "ImagePullBackOff"),
        (_waiting("CrashLoopBackOff"), "CrashLoopBackOff"),
        (_unschedulable(), "Unschedulable"),
    ],
)
def test_a_sign_ends_a_wait_when_it_has_stood_for_its_grace(sign: Json, sort: str) -> None:
    (trouble,) = troubles(Observation(cluster(), [sign]))
    grace, since = GRACE_SECONDS[sort], {trouble.about: 5.0}
    assert fatal(Observation(cluster(), [sign], waited=5.0 + grace, since=since)) == trouble
    assert grace == 0 or fatal(Observation(cluster(), [sign], waited=4.9 + grace, since=since)) is None


def test_a_sign_without_a_grace_of_its_own_never_ends_a_wait() -> None:
    assert (
        fatal(Observation(cluster(), [_waiting("SomethingNew")], waited=1e6, since={"w-1/ray/SomethingNew": 0})) is None
    )


def test_the_most_telling_sign_comes_first() -> None:
    resource = cluster()
    seen = Observation(resource, [_waiting("CrashLoopBackOff")], [_refusal(resource)])
    assert [trouble.sort for trouble in troubles(seen)] == ["refused", "CrashLoopBackOff"]
