# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods that were created or deleted but whose change the cache has not shown yet.

Without this memory a reconcile that runs before the watch has caught up would create the same pods twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .objects import Json, Key

GIVE_UP_SECONDS = 30.0
MOMENT_SECONDS = 0.2


class Expectations:
    """What each group of each cluster still waits to see."""

    def __init__(self, look: Callable[[Key], Json | None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._open: dict[Key, dict[str, dict[Key, tuple[str, float]]]] = {}

    def created(self, cluster: Key, group: str, pod: str) -> None:
        """A pod was created."""
        self._expect(cluster, group, pod, "create")

    def deleted(self, cluster: Key, group: str, pod: str) -> None:
        """A pod was deleted."""
        self._expect(cluster, group, pod, "delete")

    def met(self, cluster: Key, group: str) -> bool:
        """Whether the cache shows all that was done to this group."""
        with self._lock:
            entries = self._open.get(cluster, {}).get(group, {})
            for pod in [pod for pod, entry in entries.items() if self._seen(pod, *entry)]:
                del entries[pod]
            return not entries

    def await_created(self, cluster: Key) -> None:
        """Wait a moment until the cache shows what was just created.

        Pods start at once here. Without this a status could be worked out from a head that already runs and workers
        that are not to be seen yet, and call the cluster provisioned: the real operator's cache is too fast for that.
        """
        end = time.monotonic() + MOMENT_SECONDS
        while self._creations(cluster) and time.monotonic() < end:
            time.sleep(MOMENT_SECONDS / 100)

    def _creations(self, cluster: Key) -> bool:
        with self._lock:
            groups = list(self._open.get(cluster, {}).values())
            pods = [pod for entries in groups for pod, (action, _) in entries.items() if action == "create"]
        return any(self._look(pod) is None for pod in pods)

    def forget(self, cluster: Key) -> None:
        """Expect nothing more of this cluster."""
        with self._lock:
            self._open.pop(cluster, None)

    def _expect(self, cluster: Key, group: str, pod: str, action: str) -> None:
        with self._lock:
            entries = self._open.setdefault(cluster, {}).setdefault(group, {})
            entries[Key(cluster.namespace, pod)] = (action, time.monotonic())

    def _seen(self, pod: Key, action: str, since: float) -> bool:
        if action == "delete":
            # A pod that takes its time to terminate holds its whole group back, for as long as it takes.
            return self._look(pod) is None
        return self._look(pod) is not None or time.monotonic() - since > GIVE_UP_SECONDS
