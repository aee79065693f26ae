# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which signs of trouble show, whose they are, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import HEAD_GROUP, Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs

from tests.unit.builders import cluster, condition, pod, refusal, unschedulable, waiting

Json = dict[str, Any]


def _messages(**seen: Any) -> list[str]:
    return [sign.message for sign in signs(Observation(cluster(), **seen))]


def test_a_healthy_cluster_has_no_sign() -> None:
    assert _messages(pods=[pod("head"), pod()], events=[{"reason": "CreatedPod", "metadata": {"name": "e"}}]) == []


@pytest.mark.parametrize("reason", ["ContainerCreating", "PodInitializing"])
def test_a_container_that_is_being_made_is_no_sign(reason: str) -> None:
    assert _messages(pods=[waiting(reason)]) == []


@pytest.mark.parametrize("init", [False, True])
def test_a_waiting_container_says_its_pod_its_reason_and_its_message(init: bool) -> None:
    told = _messages(pods=[waiting("CrashLoopBackOff", "back-off 10s", init)])
    assert told == ["pod w-1, container ray: CrashLoopBackOff: back-off 10s"]


def test_a_pod_that_leaves_is_no_sign() -> None:
    leaving = waiting("ImagePullBackOff")
    leaving["metadata"]["deletionTimestamp"] = "now"
    assert _messages(pods=[leaving]) == []


def test_the_two_words_for_a_failed_pull_are_one_sign() -> None:
    first, second = (signs(Observation(cluster(), [waiting(word)]))[0] for word in ("ErrImagePull", "ImagePullBackOff"))
    assert (first.about, first.sort) == (second.about, second.sort)


def test_a_pod_without_a_node_says_so() -> None:
    assert _messages(pods=[unschedulable()]) == ["pod w-1: Unschedulable: 0/3 nodes"]


@pytest.mark.parametrize("message", ["exceeded quota", "FailedCreateWorkerPod\nexceeded quota"])
def test_a_condition_of_the_operator_says_why_it_cannot_make_pods(message: str) -> None:
    failure = condition("ReplicaFailure", reason="FailedCreateWorkerPod", message=message)
    resource = cluster(status={"conditions": [failure]})
    (sign,) = signs(Observation(resource))
    assert sign.message == "FailedCreateWorkerPod: exceeded quota"


def test_a_refused_spec_is_told_in_the_operators_words() -> None:
    resource = cluster()
    (sign,) = signs(Observation(resource, events=[refusal(resource)]))
    assert (sign.sort, sign.message) == (REFUSED, "the operator refused it: no containers")


def test_a_mere_warning_about_a_spec_is_no_refusal() -> None:
    resource = cluster()
    event = {**refusal(resource), "note": "RayCluster spec warning ray/demo: ..."}
    assert signs(Observation(resource, events=[event])) == []


def test_a_sign_tells_whose_pod_shows_it() -> None:
    resource = cluster(status={"conditions": [condition("ReplicaFailure")]})
    pods = [waiting("CrashLoopBackOff", group="head"), unschedulable()]
    seen = Observation(resource, pods, [refusal(resource)])
    assert [sign.group for sign in signs(seen)] == [None, None, HEAD_GROUP, "small"]


@pytest.mark.parametrize("about", [{"resourceVersion": "6"}, {"uid": "a namesake's"}])
def test_a_refusal_of_another_write_or_a_namesake_is_not_ours(about: dict[str, str]) -> None:
    resource = cluster()
    assert signs(Observation(resource, events=[refusal(resource, **about)])) == []


def test_the_most_telling_sign_comes_first() -> None:
    resource = cluster()
    seen = Observation(resource, [waiting("CrashLoopBackOff")], [refusal(resource)])
    assert [sign.sort for sign in signs(seen)] == ["refused", "CrashLoopBackOff"]
