# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task ends with the run that it belongs to, whatever it is doing."""

from __future__ import annotations

import os
import queue
import signal
import socket
import threading
import time

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import Abandoned
from ansible_collections.kuberay.core.plugins.module_utils._run import watch as room
from ansible_collections.kuberay.core.plugins.module_utils._run.watch import ended_with_the_run


@pytest.fixture(autouse=True)
def ended(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[int]:
    """Short times, and the codes that this process would have been ended with."""
    codes: queue.Queue[int] = queue.Queue()
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(room, "TIDY_SECONDS", 0.1)
    monkeypatch.setattr(os, "_exit", codes.put)
    return codes


def test_a_call_that_no_answer_comes_to_is_interrupted_when_the_run_ends(ended: queue.Queue[int]) -> None:
    runs = [True, True, False]
    began = time.monotonic()
    mine, other = socket.socketpair()
    with mine, other, pytest.raises(Abandoned, match="has ended"), ended_with_the_run(lambda: runs.pop(0)):
        mine.recv(1)
    assert time.monotonic() - began < 5
    # A task that does not come to its end then is brought to it.
    assert ended.get(timeout=5) == 1


def test_a_task_that_ends_before_its_run_is_left_alone(ended: queue.Queue[int]) -> None:
    before = signal.getsignal(signal.SIGURG)
    with ended_with_the_run(lambda: True):
        time.sleep(0.1)
    lives = threading.Event()
    with ended_with_the_run(lambda: not lives.is_set()):
        pass
    lives.set()
    time.sleep(0.2)
    assert ended.empty()
    assert signal.getsignal(signal.SIGURG) == before


def test_another_thread_than_the_main_one_is_not_watched() -> None:
    done: queue.Queue[str] = queue.Queue()

    def task() -> None:
        with ended_with_the_run(lambda: False):
            time.sleep(0.1)
            done.put("done")

    threading.Thread(target=task).start()
    assert done.get(timeout=5) == "done"
