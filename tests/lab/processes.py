# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that end with their parent, and identities that cannot be mistaken for a later process's."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Loaded here, once: a child between fork and exec must not load libraries.
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """A process id is used again one day; together with the process's start time (clock ticks since boot) it is not."""

    pid: int
    start: int

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The identity of a process that runs now (a zombie does not)."""
        try:
            # The second field is the name in parentheses, which may hold anything; the rest is plain.
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    def alive(self) -> bool:
        return Identity.of(self.pid) == self

    def signal(self, number: int) -> None:
        """Send a signal to this very process, if it is still there."""
        if self.alive():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def end(self, patience: float) -> bool:
        """Ask to end, wait, then force. True if it ended by itself."""
        self.signal(signal.SIGTERM)
        if wait_until(lambda: not self.alive(), patience):
            return True
        self.signal(signal.SIGKILL)
        wait_until(lambda: not self.alive(), 5.0)
        return False


def wait_until(true: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True


def die_with_parent(number: int = signal.SIGKILL) -> Callable[[], None]:
    """For ``preexec_fn``: the kernel sends the signal when the parent (its calling thread) ends, however it ends."""
    parent = os.getpid()

    def before_exec() -> None:
        _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it ended between fork and prctl, so no signal will come
            os._exit(1)

    return before_exec


def spawn(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a process that writes to its own log and dies with this one."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=cwd,
            preexec_fn=die_with_parent(),
        )


def tail(log: Path, lines: int = 15, size: int = 16384) -> str:
    """The end of a log, however long it is."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - size))
            text = file.read().decode("utf-8", "replace")
    except OSError as problem:
        return f"(no log: {problem})"
    return "\n".join(text.splitlines()[-lines:])
