# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait: follow an object until a level is reached, until it cannot be reached any more, or until time is up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    ApiError,
    ConnectionFailed,
    WaitFailed,
    WaitTimeout,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import NO_ROLLOUT, Observation, Rollout
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import is_submitted
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import signs
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Snapshot, Transport
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules
from ansible_collections.kuberay.core.plugins.module_utils._wait.patience import fatal

Json = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """What is waited for: a level, and what messages call it.

    ``written``, ``replaces_pods`` and ``rollout`` tell of our own write what Observation documents.
    """

    name: str
    level: Level
    written: int = 0
    replaces_pods: bool = False
    rollout: Rollout = NO_ROLLOUT


class Waiter:
    """Waits for one object; ``grace`` is how many seconds each sort of sign may stand."""

    def __init__(
        self,
        transport: Transport,
        ref: Ref,
        rules: WaitRules,
        context: Context,
        grace: Mapping[str, float] | None = None,
    ) -> None:
        self._transport = transport
        self._ref = ref
        self._rules = rules
        self._context = context
        self._grace = grace
        self._began = time.monotonic()
        self._right_since: float | None = None
        self._shown_since: float | None = None
        self._submitted_since: float | None = None
        self._before: frozenset[str] | None = None
        self._since: dict[str, float] = {}
        self._line = ""
        self._seen: Observation | None = None

    def wait(
        self,
        name: str,
        deadline: Deadline,
        written: int = 0,
        replaces_pods: bool = False,
        rollout: Rollout | None = None,
    ) -> Observation:
        """The first observation at the level of that name; see ``reach``."""
        return self.reach(self.goal(name, written, replaces_pods, rollout), deadline)

    def goal(self, name: str, written: int = 0, replaces_pods: bool = False, rollout: Rollout | None = None) -> Goal:
        """The level of that name as what is waited for."""
        return Goal(name.replace("_", " "), self._rules.levels[name], written, replaces_pods, rollout or NO_ROLLOUT)

    def reach(self, goal: Goal, deadline: Deadline) -> Observation:
        """The first observation at the goal; WaitFailed or WaitTimeout with the likely cause first otherwise."""
        try:
            for snapshot in self._transport.follow(self._ref, deadline):
                self._context.ensure_wanted()
                seen = self.look(goal, snapshot)
                if seen is not None:
                    return seen
        except (ApiError, ConnectionFailed) as error:
            error.while_doing(f"Waiting for {self._ref} to become {goal.name} through {self._transport.name}")
            raise
        raise self.timeout(goal)

    def look(self, goal: Goal, snapshot: Snapshot | None) -> Observation | None:
        """The observation that has reached the goal, if this snapshot shows one (None: nothing has changed)."""
        if snapshot is not None:
            pods = snapshot.get("pods")
            self._seen = Observation(
                next(iter(snapshot["object"] or []), None),
                pods,
                snapshot.get("events"),
                written=goal.written,
                replaces_pods=goal.replaces_pods,
                rollout=goal.rollout,
                before=self._first(pods),
            )
        if self._seen is None:
            return None
        seen = self._at(self._seen)
        if seen.resource is not None and goal.level.asks_dashboard(seen):
            seen = replace(seen, dashboard=self._transport.dashboard_answers(self._ref, seen.resource))
        if seen.resource is not None and goal.level.asks_serve(seen):
            seen = replace(seen, serve=self._transport.serve_applications(self._ref, seen.resource))
        self._seen = seen
        self._tell(seen)
        if goal.level.reached(seen):
            return seen
        self._give_up_early(goal, seen)
        return None

    def _first(self, pods: list[Json] | None) -> frozenset[str]:
        """The pods of the first snapshot."""
        if self._before is None:
            self._before = frozenset(str(pod["metadata"].get("uid")) for pod in pods or [])
        return self._before

    def _at(self, seen: Observation) -> Observation:
        """The observation with the times that go with this moment."""
        now = time.monotonic()
        waited = now - self._began
        self._right_since = (self._right_since or now) if self._rules.looks_right(seen) else None
        self._shown_since = (self._shown_since or now) if seen.is_caught_up else None
        self._submitted_since = (self._submitted_since or now) if is_submitted(seen) else None
        begun = (self._right_since, self._shown_since, self._submitted_since)
        # What has begun this very moment has lasted a little.
        settled, shown, submitted = (max(now - since, 1e-6) if since else 0.0 for since in begun)
        seen = replace(seen, settled=settled, shown=shown, submitted=submitted, waited=waited)
        showing = {sign.about for sign in signs(seen)}
        self._since = {about: self._since.get(about, waited) for about in showing}
        return replace(seen, since=dict(self._since))

    def _give_up_early(self, goal: Goal, seen: Observation) -> None:
        sign = fatal(seen, goal.level.concerns, self._grace)
        if sign is not None:
            failed = WaitFailed(f"{self._ref} cannot become {goal.name}: {sign.message}", facts={"seen": seen})
            if sign.crashed:
                pod, container = sign.crashed
                log = self._transport.pod_log(self._ref.namespace, pod, container)
                failed.details = {"pod": pod, "container": container, "log": log}
            raise failed
        if seen.resource is None and goal.level.needs_object:
            raise WaitFailed(f"{self._ref} was deleted while we waited for it", facts={"seen": seen})

    def timeout(self, goal: Goal) -> WaitTimeout:
        """What there is to say when the time is up."""
        seen = self._seen
        waited = f"{time.monotonic() - self._began:.0f} s"
        if seen is None:
            return WaitTimeout(f"{self._ref} could not be watched for {waited}: look whether the API can be reached")
        causes = "; ".join(sign.message.rstrip(".") for sign in signs(seen)[:3])
        return WaitTimeout(
            f"{self._ref} is not {goal.name} after {waited}: {causes or self._rules.describe(seen)}. "
            "It is left as it is; raise wait_timeout, or look at its events and pods",
            facts={"seen": seen},
        )

    def _tell(self, seen: Observation) -> None:
        line = self._rules.describe(seen)
        if line != self._line:
            self._line = line
            self._context.progress(f"{self._ref.name}: {line} ({seen.waited:.0f} s)")
