# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready is honest: a task never returns before the pods that it asked for are there, and not long after.

Another connection watches the pods meanwhile. The tasks are called directly, so that the moment of their return is
known to the millisecond. The lab's pods start and end slowly here, and the stand-in's echo of its own status comes
late, so that counts in the status lag behind or go stale for minutes. How late tasks were is printed (pytest -rP).
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._run.cluster import run_cluster

from tests.integration.modules.room import Room
from tests.integration.modules.words import group, wish
from tests.integration.pod_watch import Pods, PodWatch
from tests.lab.lab import Lab
from tests.unit.builders import options

Json = dict[str, Any]
# The lab's words; see tests/lab/kwok/pods.yaml and tests/lab/operator/store.py.
SLOW = {
    "lab.kuberay.core/fails": "slow-start",
    "lab.kuberay.core/seconds": "1.5",
    "lab.kuberay.core/terminates-after": "1.5",
}
LATE: Json = {"annotations": {"lab.kuberay.core/echo-lag": "2"}}
RECREATE: Json = {"upgrade_strategy": {"type": "Recreate"}}
MARK = {"MARK": "new"}
# The watch has a way of its own to go: what it sees this much later than the task may have been there before. That the
# pods are right is read first, so a task that returned too early is found however late the watch is.
GRACE_SECONDS = 10.0
# Far from what it should be, and far from the 300 s for which a status can be stale.
LATE_SECONDS = 60.0
WAIT_SECONDS = 240


def slow(name: str, replicas: int, **more: Any) -> Json:
    """A group whose pods start and end slowly."""
    return group(name, replicas, annotations=SLOW, **more)


def marked(name: str, replicas: int) -> Json:
    """The same with another pod template."""
    return slow(name, replicas, env=MARK)


@dataclass(frozen=True)
class Step:
    """A wish, and the pods that it means: how many of each group, and whether they carry the mark of its template."""

    wish: Json
    pods: dict[str, int]
    marked: bool = False

    @property
    def is_anew(self) -> bool:
        """Whether no pod of before may be there."""
        return self.wish.get("recreate") == "always"


def step(*groups: Json, head: Json | None = None, **more: Any) -> Step:
    """What a wish means when nothing is suspended."""
    pods = {"headgroup": 1, **{one["group_name"]: one["replicas"] for one in groups}}
    wanted = {name: count for name, count in pods.items() if count}
    is_marked = all(one.get("env") == MARK for one in [*groups, head or {}])
    return Step(wish(*groups, head=head, **more), {} if more.get("suspend") else wanted, is_marked)


NEW_HEAD = {"env": MARK}
# Each scenario is the steps of one cluster.
SCENARIOS: dict[str, list[Step]] = {
    "scale up": [step(slow("a", 1)), step(slow("a", 3))],
    "scale up, late status": [step(slow("a", 1), **LATE), step(slow("a", 3), **LATE)],
    "scale down": [step(slow("a", 3)), step(slow("a", 1))],
    "scale down, late status": [step(slow("a", 3), **LATE), step(slow("a", 1), **LATE)],
    "rebalance": [step(slow("a", 2), slow("b", 1)), step(slow("a", 1), slow("b", 2))],
    "rebalance at once, stale status": [
        step(group("a", 2), group("b", 1), **LATE),
        step(group("a", 1), group("b", 2), **LATE),
        step(group("a", 2), group("b", 1), **LATE),
    ],
    "rebalance, stale status": [
        step(slow("a", 2), slow("b", 1), **LATE),
        step(slow("a", 1), slow("b", 2), **LATE),
    ],
    "purge and scale": [step(slow("a", 1), slow("b", 2)), step(slow("a", 3))],
    "purge and scale, stale status": [step(slow("a", 1), slow("b", 2), **LATE), step(slow("a", 3), **LATE)],
    "recreate": [
        step(slow("a", 2), **RECREATE),
        step(marked("a", 2), head=NEW_HEAD, **RECREATE),
    ],
    "recreate, late status": [
        step(group("a", 2), **RECREATE, **LATE),
        step(group("a", 2, env=MARK), head=NEW_HEAD, **RECREATE, **LATE),
    ],
    "suspend and resume": [step(slow("a", 2)), step(slow("a", 2), suspend=True), step(slow("a", 2), suspend=False)],
    "suspend and resume, late status": [
        step(slow("a", 2), **LATE),
        step(slow("a", 2), suspend=True, **LATE),
        step(slow("a", 2), suspend=False, **LATE),
    ],
    "made again where needed": [
        step(slow("a", 2)),
        step(marked("a", 2), head=NEW_HEAD, recreate="when_needed"),
    ],
    "made again, late status": [
        step(slow("a", 2), **LATE),
        step(marked("a", 2), head=NEW_HEAD, recreate="when_needed", **LATE),
    ],
    "made again always": [step(slow("a", 1)), step(slow("a", 1), recreate="always")],
    "all at once": [
        step(slow("a", 2), slow("b", 1), slow("c", 1), **RECREATE, **LATE),
        step(marked("a", 1), marked("b", 2), marked("d", 1), head=NEW_HEAD, **RECREATE, **LATE),
    ],
}


@dataclass
class Measured:
    """How late the tasks were, by scenario and step."""

    late: dict[str, list[float]] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """In words."""
        every = [seconds for steps in self.late.values() for seconds in steps]
        yield f"late: median {statistics.median(every):.2f} s, at most {max(every):.2f} s, of {len(every)} tasks"
        for name, steps in self.late.items():
            yield f"  {name}: {', '.join(f'{seconds:.2f}' for seconds in steps)}"


@pytest.fixture(scope="module")
def measured() -> Measured:
    return Measured()


@pytest.fixture(scope="module")
def side(lab: Lab, room: Room) -> Iterator[PodWatch]:
    """The side watch."""
    watch = PodWatch(str(lab.kubeconfig), room.name)
    yield watch
    watch.close()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_task_returns_when_its_pods_are_there(
    scenario: str, side: PodWatch, room: Room, lab: Lab, measured: Measured
) -> None:
    name = scenario.replace(" ", "-").replace(",", "")
    for number, one in enumerate(SCENARIOS[scenario]):
        where = {"namespace": room.name, "kubeconfig": str(lab.kubeconfig)}
        task = options(name=name, image=None, wait_timeout=WAIT_SECONDS, **where, **one.wish)
        before = {pod["metadata"]["uid"] for pod in side.pods()} if one.is_anew else set()
        told = run_cluster(task, Context())
        returned = time.monotonic()

        def right(pods: Pods, one: Step = one, before: set[str] = before) -> bool:
            return _are_right(name, one, pods) and not before & {pod["metadata"]["uid"] for pod in pods}

        assert right(side.pods()), f"step {number}: it returned before its pods were right"
        since = side.right_since(right)
        assert since <= returned + GRACE_SECONDS, f"step {number}: it returned {since - returned:.2f} s too early"
        assert told["cluster"]["state"] == ("ready" if one.pods else "suspended")
        late = returned - since
        measured.late.setdefault(scenario, []).append(late)
        assert late < LATE_SECONDS, f"step {number}: it returned {late:.2f} s after its pods were right"
    room.api.request("DELETE", room.path("rayclusters", name))


def test_how_late_they_were(measured: Measured) -> None:
    """Told rather than tested: time is the machine's, too. With a status that is stale 1.5 s are waited on purpose."""
    print("\n".join(measured.lines()))


def _are_right(cluster: str, one: Step, pods: Pods) -> bool:
    """Whether the pods of a cluster are those that a step means, all ready, and no others but those that leave."""
    own = [pod for pod in pods if pod["metadata"]["labels"].get("ray.io/cluster") == cluster]
    if not one.pods:
        return not own
    standing = [pod for pod in own if "deletionTimestamp" not in pod["metadata"]]
    counts = Counter(pod["metadata"]["labels"]["ray.io/group"] for pod in standing)
    return counts == one.pods and all(_is_ready(pod) and _is_marked(pod) == one.marked for pod in standing)


def _is_ready(pod: Json) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _is_marked(pod: Json) -> bool:
    variables = {one["name"]: one.get("value") for one in pod["spec"]["containers"][0].get("env", [])}
    return variables.items() >= MARK.items()
