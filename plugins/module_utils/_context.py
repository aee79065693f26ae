# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task hands down to the rooms below: its mode, its clock, and how it speaks to the user.

Nothing below the module and action files knows AnsibleModule; they know this.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.kuberay.core.plugins.module_utils._errors import Abandoned


def _silent(_line: str) -> None:
    return None


def run_lives() -> bool:
    """Whether the run that forked this process is still there.

    A cancelled AWX job kills the parent only; the worker lives on in a session of its own. Not ``parent.is_alive()``:
    that waits for the end of a pipe whose other end every worker that was forked later holds open, too.
    """
    parent = multiprocessing.parent_process()
    return parent is None or os.getppid() == parent.pid


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock; ``seconds`` before it there is time left."""

    at: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The moment ``seconds`` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def rest(self, seconds: float) -> None:
        """Wait so long, but not past it."""
        time.sleep(min(seconds, self.left()))

    def passed(self) -> bool:
        """Whether no time is left."""
        return self.left() <= 0

    def elapsed(self) -> float:
        """Seconds since the deadline was set."""
        return self.seconds - (self.at - time.monotonic())


@dataclass
class Context:
    """How a task runs (``check_mode``, ``diff``) and how it speaks: ``warn``, ``outdated``, ``progress``, a line each.

    ``wanted`` tells whether the run that the task belongs to is still there.
    """

    check_mode: bool = False
    diff: bool = False
    warn: Callable[[str], None] = _silent
    outdated: Callable[[str], None] = _silent
    progress: Callable[[str], None] = _silent
    wanted: Callable[[], bool] = run_lives
    _told: set[str] = field(default_factory=set)

    def warn_once(self, text: str) -> None:
        """Warn, unless this task has said so already."""
        if text not in self._told:
            self._told.add(text)
            self.warn(text)

    def tell_outdated(self, text: str) -> None:
        """Say that something will not be there for ever, unless this task has said so already."""
        if text not in self._told:
            self._told.add(text)
            self.outdated(text)

    def ensure_wanted(self) -> None:
        """Stop here when nobody waits for this task any more, so that no orphan goes on writing."""
        if not self.wanted():
            raise Abandoned("the run that this task belongs to has ended")
