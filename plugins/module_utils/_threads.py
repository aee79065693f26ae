# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads that take no signals: one that they took would not interrupt the call that the main thread is in.

Python runs what handles a signal in the main thread only, when that next looks. Ansible's Ctrl-C is two signals at
once, and the system gives the second one, and with it the first, to any thread that takes signals.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from collections.abc import Callable


def start_thread(name: str, target: Callable[..., None], *arguments: object) -> None:
    """Start a daemon. It is never waited for, and inherits what is blocked while it is started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        threading.Thread(target=target, args=arguments, name=name, daemon=True).start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Crew:
    """A few threads that do work side by side, in the order in which it is given. Nobody waits for them."""

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        self._left = size
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

    def give(self, work: Callable[[], None]) -> None:
        """Have something done; it must not raise."""
        if self._left:
            self._left -= 1
            start_thread(self._name, self._run)
        self._work.put(work)

    def close(self) -> None:
        """Begin nothing further."""
        self._left = 0
        with contextlib.suppress(queue.Empty):
            # The threads take from it, too: what was there a moment ago may be gone.
            while True:
                self._work.get_nowait()
        self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
        # The others end by the same word.
        self._work.put(None)
