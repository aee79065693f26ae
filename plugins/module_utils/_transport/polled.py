# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many objects seen together through a door that tells no changes: all of a kind in a namespace, again and again.

Each list has a thread of its own. Threads are daemons and are never waited for.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Collection

from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._threads import start_thread
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Snapshot
from ansible_collections.kuberay.core.plugins.module_utils._transport.pace import Pace, is_final

Snapshots = dict[str, Snapshot]


class Polled:
    """See base.Watch. Safe to use from several threads.

    ``look`` gives what can be seen of each object of a kind in a namespace, by name, ``nothing`` what is seen of one
    of that kind that is not there, and ``written`` when we wrote an object last (monotonic; 0: never).
    """

    def __init__(
        self,
        look: Callable[[Kind, str], Snapshots],
        nothing: Callable[[Kind], Snapshot],
        written: Callable[[Ref], float],
        changed: Callable[[], None],
    ) -> None:
        self._look = look
        self._nothing = nothing
        self._written = written
        self._changed = changed
        self._lists: dict[tuple[str, str], _List] = {}
        self._lock = threading.Lock()

    def snapshot(self, ref: Ref, version: str = "") -> Snapshot | None:
        """What the last list shows of an object; None until one was begun after our own last write to it."""
        del version
        with self._lock:
            found = self._lists.get((ref.kind.name, ref.namespace)) or self._start(ref)
        if found.failure is not None:
            # A copy: each who is told of it says what it was doing.
            raise copy.copy(found.failure)
        began, seen = found.seen
        return None if began <= self._written(ref) else seen.get(ref.name) or self._nothing(ref.kind)

    def keep(self, namespaces: Collection[str]) -> None:
        """End the lists of other namespaces than these."""
        with self._lock:
            for key in [key for key in self._lists if key[1] not in namespaces]:
                self._lists.pop(key).closed.set()

    def close(self) -> None:
        """End all of them."""
        self.keep(())

    def _start(self, ref: Ref) -> _List:
        found = self._lists[ref.kind.name, ref.namespace] = _List()
        start_thread(f"kuberay-{ref.kind.plural}", self._run, found, ref.kind, ref.namespace)
        return found

    def _run(self, found: _List, kind: Kind, namespace: str) -> None:
        pace = Pace()
        while not found.closed.is_set():
            began, (_before, known) = time.monotonic(), found.seen
            try:
                now = self._look(kind, namespace)
            except KubeRayError as error:
                if is_final(error):
                    found.failure = error
                    self._changed()
                    return
                now = known
            else:
                found.seen = (began, now)
                # The first list after a write tells of it, changed or not.
                self._changed()
            found.closed.wait(pace.after(now != known))


class _List:
    """The objects of a kind in a namespace: when the list that shows them was begun, and what it shows."""

    def __init__(self) -> None:
        self.seen: tuple[float, Snapshots] = (0.0, {})
        self.failure: KubeRayError | None = None
        self.closed = threading.Event()
