# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a run is the end of its tasks, whatever they are doing: no orphan goes on, and above all none writes.

A task that waits for an answer, or for a module that it has shipped, cannot look whether the run that it belongs to is
still there. So a thread does, and interrupts it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from ansible_collections.kuberay.core.plugins.module_utils._errors import Abandoned
from ansible_collections.kuberay.core.plugins.module_utils._threads import start_thread

LOOK_SECONDS = 0.5
# What an interrupted task has for tidying up. It is ended the hard way then: its result may have filled a pipe that
# nobody reads, or it may be in a call that no signal interrupts.
TIDY_SECONDS = 5.0
# A signal that is ignored where nobody handles it, so that one that comes too late does no harm.
_SIGNAL = signal.SIGURG


@contextmanager
def ended_with_the_run(wanted: Callable[[], bool]) -> Iterator[None]:
    """Raise Abandoned in the body, which is the main thread's, soon after ``wanted`` has turned false."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread can be interrupted. Ansible runs every task in one.
        yield
        return
    done = threading.Event()
    before = signal.signal(_SIGNAL, _interrupt)
    start_thread("kuberay-run", _watch, wanted, done)
    try:
        yield
    finally:
        done.set()
        signal.signal(_SIGNAL, before)


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise Abandoned("the run that this task belongs to has ended")


def _watch(wanted: Callable[[], bool], done: threading.Event) -> None:
    while not done.wait(LOOK_SECONDS):
        if not wanted():
            signal.pthread_kill(threading.main_thread().ident or 0, _SIGNAL)
            threading.Event().wait(TIDY_SECONDS)
            os._exit(1)
