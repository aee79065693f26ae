# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work queue of a controller.

It holds one entry per object, and the earlier time wins. So an event consumes a requeue that was still to come, as in
the real operator: the 2 s after a status write are a promise only for an object that stays quiet.
"""

from __future__ import annotations

import threading
import time

from .objects import Key

FIRST_BACKOFF_SECONDS = 0.005
LAST_BACKOFF_SECONDS = 1000.0


class WorkQueue:
    """Keys with the time at which each is due; a key is handed to one worker at a time."""

    def __init__(self) -> None:
        self._due: dict[Key, float] = {}
        self._running: set[Key] = set()
        self._failures: dict[Key, int] = {}
        self._changed = threading.Condition()

    def add(self, key: Key, after: float = 0.0) -> None:
        """Make the key due after some seconds, or earlier if it already is."""
        due = time.monotonic() + after
        with self._changed:
            self._due[key] = min(due, self._due.get(key, due))
            self._changed.notify()

    def add_failed(self, key: Key) -> None:
        """Try again after a back-off that doubles with each failure in a row."""
        with self._changed:
            failures = self._failures.get(key, 0)
            self._failures[key] = failures + 1
        self.add(key, min(FIRST_BACKOFF_SECONDS * 2 ** min(failures, 30), LAST_BACKOFF_SECONDS))

    def forget(self, key: Key) -> None:
        """The key did well: its next failure is a first one."""
        with self._changed:
            self._failures.pop(key, None)

    def get(self, timeout: float) -> Key | None:
        """The next key that is due and not in work; None when the timeout is over."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                now = time.monotonic()
                waiting = [(due, key) for key, due in self._due.items() if key not in self._running]
                due, key = min(waiting, default=(end, None))
                if key is not None and due <= now:
                    del self._due[key]
                    self._running.add(key)
                    return key
                if now >= end:
                    return None
                self._changed.wait(max(0.0, min(due, end) - now))

    def done(self, key: Key) -> None:
        """The worker has finished with the key."""
        with self._changed:
            self._running.discard(key)
            self._changed.notify()
