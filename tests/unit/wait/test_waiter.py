# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait itself, over a transport that shows what it is told to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import Abandoned, ApiError, WaitFailed, WaitTimeout
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import SETTLED_SECONDS, Observation
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import CLUSTER as RULES
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import drained
from ansible_collections.kuberay.core.plugins.module_utils._wait.patience import GRACE_SECONDS
from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Goal, Waiter

from tests.unit.builders import cluster, condition, pod, waiting, worker

Json = dict[str, Any]
REF = Ref(CLUSTER, "ray", "demo")
READY: Json = {"state": "ready", "readyWorkerReplicas": 1, "desiredWorkerReplicas": 1}
READY["conditions"] = [condition("HeadPodReady")]
HEAD = pod("head", name="h")


class Shown:
    """Shows these snapshots, then heartbeats until the deadline."""

    def __init__(self, *snapshots: Json | None) -> None:
        self.snapshots = snapshots

    def follow(self, _ref: Ref, deadline: Deadline) -> Iterator[Json | None]:
        yield from self.snapshots
        while not deadline.passed():
            time.sleep(0.01)
            yield None

    def pod_log(self, *which: str) -> str:
        return f"the log of {'/'.join(which)}"


def _seen(resource: Json | None = None, pods: list[Json] | None = None, events: list[Json] | None = None) -> Json:
    return {"object": [resource] if resource else [], "pods": pods, "events": events}


def _wait(
    level: str, *snapshots: Json | None, seconds: float = 0.1, lines: list[str] | None = None, **ours: Any
) -> Observation:
    context = Context(progress=(lines if lines is not None else []).append)
    waiter = Waiter(Shown(*snapshots), REF, RULES, context)  # type: ignore[arg-type]
    return waiter.wait(level, Deadline.after(seconds), **ours)


class Forbidden(Shown):
    """May not be looked at."""

    name = "kubernetes"

    def follow(self, _ref: Ref, deadline: Deadline) -> Iterator[Json | None]:
        yield None
        raise ApiError("forbidden", status=403)


def test_a_wait_that_may_not_look_says_what_it_waited_for() -> None:
    waiter = Waiter(Forbidden(), REF, RULES, Context())  # type: ignore[arg-type]
    with pytest.raises(ApiError) as refused:
        waiter.wait("head_ready", Deadline.after(1))
    told = "Waiting for RayCluster ray/demo to become head ready through kubernetes failed: forbidden"
    assert refused.value.message == told


def test_a_wait_ends_with_the_observation_that_reached_its_level() -> None:
    before, after = cluster(worker()), cluster(worker(), status=READY)
    pods = [HEAD, pod()]
    assert _wait("ready", _seen(before, []), _seen(after, pods), _seen(before, [])).resource == after


def test_a_wait_for_the_end_is_over_when_the_last_pod_is_gone() -> None:
    assert _wait("gone", _seen(cluster()), _seen(None, [pod(leaving=True)]), _seen(None, [])).resource is None


def test_pods_that_settle_need_no_further_change() -> None:
    stale = cluster(worker(), status={"state": "ready"})
    began = time.monotonic()
    assert _wait("ready", _seen(stale, [HEAD, pod()]), seconds=10).settled >= SETTLED_SECONDS
    assert time.monotonic() - began < 5


def test_a_line_tells_each_change_once() -> None:
    lines: list[str] = []
    begun, done = cluster(worker()), cluster(worker(), status=READY)
    _wait(
        "ready", _seen(begun, []), None, _seen(begun, []), _seen(begun, [HEAD]), _seen(done, [HEAD, pod()]), lines=lines
    )
    assert [line.split(" (")[0] for line in lines] == [
        "demo: head not ready, workers 0/1",
        "demo: head ready, workers 0/1",
        "demo: head ready, workers 1/1",
    ]


def test_what_cannot_heal_ends_a_wait_early_and_says_why() -> None:
    resource = cluster(worker())
    about = {"uid": "u-1", "resourceVersion": "7"}
    event = {"metadata": {"name": "e"}, "reason": "InvalidRayClusterSpec", "note": "because", "regarding": about}
    began = time.monotonic()
    with pytest.raises(WaitFailed, match=r"^RayCluster ray/demo cannot become ready: .*because$") as failure:
        _wait("ready", _seen(resource, [], [event]), seconds=30)
    assert time.monotonic() - began < 5
    assert failure.value.facts["seen"].events == [event]


def test_trouble_does_not_end_a_wait_for_the_end() -> None:
    resource = cluster(worker())
    about = {"uid": "u-1", "resourceVersion": "7"}
    event = {"metadata": {"name": "e"}, "reason": "InvalidRayClusterSpec", "regarding": about}
    assert _wait("gone", _seen(resource, [], [event]), _seen(None, [])).resource is None


def test_an_object_that_somebody_deletes_ends_a_wait_for_it() -> None:
    with pytest.raises(WaitFailed, match="was deleted while we waited"):
        _wait("ready", _seen(cluster()), _seen(None, []), seconds=30)


def test_time_that_is_up_says_where_it_stands_and_what_to_do() -> None:
    with pytest.raises(WaitTimeout) as timeout:
        _wait("head_ready", _seen(cluster(worker()), []))
    assert timeout.value.message.startswith(
        "RayCluster ray/demo is not head ready after 0 s: head not ready, workers 0/1"
    )
    assert "raise wait_timeout" in timeout.value.message
    assert timeout.value.facts["seen"].pods == []


def test_time_that_is_up_names_the_likely_cause_first() -> None:
    waiting = [{"name": "ray", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}]
    with pytest.raises(WaitTimeout, match=r"after 0 s: pod p, container ray: ImagePullBackOff: no such image\."):
        _wait("ready", _seen(cluster(), [pod(ready=False, containerStatuses=waiting)]))


def test_a_server_that_never_answered_is_not_taken_for_a_cluster_that_is_gone() -> None:
    with pytest.raises(WaitTimeout) as timeout:
        _wait("ready")
    assert "gone" not in timeout.value.message
    assert "could not be watched" in timeout.value.message
    assert timeout.value.facts == {}, "what the task knew before is not replaced by nothing"


def test_a_wait_ends_with_the_run_that_it_belongs_to() -> None:
    waiter = Waiter(Shown(_seen(cluster())), REF, RULES, Context(wanted=lambda: False))  # type: ignore[arg-type]
    with pytest.raises(Abandoned):
        waiter.wait("ready", Deadline.after(30))


def test_a_ready_head_does_not_mind_a_worker_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRACE_SECONDS, "ImagePullBackOff", 0.0)
    stuck = waiting("ImagePullBackOff")
    snapshots = _seen(cluster(worker()), [stuck]), _seen(cluster(worker()), [HEAD, stuck])
    assert _wait("head_ready", *snapshots).pods == [HEAD, stuck]
    with pytest.raises(WaitFailed, match="ImagePullBackOff"):
        _wait("ready", *snapshots)
    with pytest.raises(WaitFailed, match="ImagePullBackOff"):
        _wait("head_ready", _seen(cluster(worker()), [waiting("ImagePullBackOff", group="head")]))


def test_a_group_that_is_drained_minds_nothing_but_the_end_of_its_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRACE_SECONDS, "ImagePullBackOff", 0.0)
    level, stuck = drained({"small"}), waiting("ImagePullBackOff")
    for last, ending in ((_seen(cluster(), [HEAD]), None), (_seen(None, [stuck]), WaitFailed)):
        waiter = Waiter(Shown(_seen(cluster(), [HEAD, stuck]), last), REF, RULES, Context())  # type: ignore[arg-type]
        with pytest.raises(ending) if ending else nullcontext():
            waiter.reach(Goal("drained", level), Deadline.after(0.1))


@pytest.mark.parametrize("pods", [None, [HEAD, pod()]])
def test_a_wait_for_pods_that_are_made_anew_waits_for_the_operator_to_see_the_write(pods: list[Json] | None) -> None:
    old, new = (cluster(worker(), status={**READY, "observedGeneration": seen}) for seen in (1, 2))
    ours = {"written": 2, "replaces_pods": True}
    if pods is None:
        assert _wait("ready", _seen(old, pods), _seen(new, pods), **ours).resource == new
    else:
        assert _wait("ready", _seen(old, pods), _seen(new, pods), seconds=10, **ours).shown >= SETTLED_SECONDS
    with pytest.raises(WaitTimeout):
        _wait("ready", _seen(old, pods), seconds=SETTLED_SECONDS + 0.2, **ours)


def test_a_wait_for_pods_that_are_made_anew_is_not_taken_in_by_the_old_ones() -> None:
    old, new = (cluster(worker(), status={**READY, "observedGeneration": seen}) for seen in (1, 2))
    gone = [pod("head", leaving=True, name="h"), pod(leaving=True)]
    fresh = [pod("head", name="h-2"), pod(name="p-2")]
    shown = (_seen(old, [HEAD, pod()]), _seen(new, [HEAD, pod()]), _seen(new, gone), _seen(new, [*gone, *fresh]))
    assert _wait("ready", *shown, written=2, replaces_pods=True).pods == [*gone, *fresh]


def test_a_deleted_object_may_leave_its_pods() -> None:
    assert _wait("deleted", _seen(cluster(), [pod()]), _seen(None, [pod()])).pods == [pod()]


def test_a_container_that_crashes_gives_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRACE_SECONDS, "CrashLoopBackOff", 0.0)
    crashing = waiting("CrashLoopBackOff", "back-off 10s", group="small")
    with pytest.raises(WaitFailed, match="CrashLoopBackOff: back-off 10s") as failed:
        _wait("ready", _seen(cluster(worker()), [HEAD, crashing]), seconds=5)
    assert failed.value.details == {"pod": "w-1", "container": "ray", "log": "the log of ray/w-1/ray"}
