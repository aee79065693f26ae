# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait: follow an object until a level is reached, until it cannot be reached any more, or until time is up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import WaitFailed, WaitTimeout
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Transport
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, pods_right
from ansible_collections.kuberay.core.plugins.module_utils._wait.observation import (
    HEAD_GROUP,
    Observation,
    ready_pods,
    wanted_workers,
)
from ansible_collections.kuberay.core.plugins.module_utils._wait.trouble import fatal, troubles

Json = dict[str, Any]


class Waiter:
    """Waits for one object."""

    def __init__(self, transport: Transport, ref: Ref, levels: Mapping[str, Level], context: Context) -> None:
        self._transport = transport
        self._ref = ref
        self._levels = levels
        self._context = context
        self._began = time.monotonic()
        self._right_since: float | None = None
        self._since: dict[str, float] = {}
        self._line = ""

    def wait(self, level: str, deadline: Deadline, written: int = 0) -> Observation:
        """The first observation at ``level``; WaitFailed or WaitTimeout with the likely cause first otherwise.

        ``written`` is the generation of our own write where the operator must show an effect of it.
        """
        reached = self._levels[level]
        seen: Observation | None = None
        for snapshot in self._transport.follow(self._ref, deadline):
            self._context.ensure_wanted()
            if snapshot is not None:
                resource = next(iter(snapshot["object"] or []), None)
                seen = Observation(resource, snapshot.get("pods"), snapshot.get("events"), written)
            if seen is None:
                continue
            seen = self._at(seen)
            self._tell(seen)
            if reached(seen):
                return seen
            self._give_up_early(level, seen)
        raise self._timeout(level, seen)

    def _at(self, seen: Observation) -> Observation:
        """The observation with the times that go with this moment."""
        now = time.monotonic()
        waited = now - self._began
        self._right_since = (self._right_since or now) if pods_right(seen) else None
        showing = {trouble.about for trouble in troubles(seen)}
        self._since = {about: self._since.get(about, waited) for about in showing}
        settled = now - self._right_since if self._right_since else 0.0
        return replace(seen, settled=settled, waited=waited, since=dict(self._since))

    def _give_up_early(self, level: str, seen: Observation) -> None:
        if level == "gone":
            return
        trouble = fatal(seen)
        if trouble is not None:
            raise WaitFailed(
                f"{self._ref} cannot become {level.replace('_', ' ')}: {trouble.message}", facts={"seen": seen}
            )
        if seen.resource is None:
            raise WaitFailed(f"{self._ref} was deleted while we waited for it", facts={"seen": seen})

    def _timeout(self, level: str, seen: Observation | None) -> WaitTimeout:
        if seen is None:
            return WaitTimeout(
                f"{self._ref} could not be watched: no answer came for {time.monotonic() - self._began:.0f} s. "
                "Look whether the API can be reached"
            )
        causes = "; ".join(trouble.message for trouble in troubles(seen)[:3])
        return WaitTimeout(
            f"{self._ref} is not {level.replace('_', ' ')} after {time.monotonic() - self._began:.0f} s: "
            f"{causes or describe(seen)}. It is left as it is; raise wait_timeout, or look at events and pods",
            facts={"seen": seen},
        )

    def _tell(self, seen: Observation) -> None:
        line = describe(seen)
        if line != self._line:
            self._line = line
            self._context.progress(f"{self._ref.name}: {line} ({seen.waited:.0f} s)")


def describe(seen: Observation) -> str:
    """Where a cluster stands, in a few words: ``head ready, workers 3/5``."""
    if seen.resource is None:
        left = len(seen.pods or [])
        return f"deleted, {left} pods left" if left else "gone"
    if seen.resource["metadata"].get("deletionTimestamp"):
        return f"being deleted, {len(seen.pods or [])} pods left"
    wanted = wanted_workers(seen.resource.get("spec") or {})
    if seen.pods is None:
        head = seen.condition("HeadPodReady").get("status") == "True"
        ready = seen.status.get("readyWorkerReplicas", 0)
    else:
        counts = ready_pods(seen.pods)
        head, ready = counts[HEAD_GROUP] > 0, sum(counts[group] for group in wanted)
    return f"head {'ready' if head else 'not ready'}, workers {ready}/{sum(wanted.values())}"
