# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's clock and its voice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline, run_lives
from ansible_collections.kuberay.core.plugins.module_utils._errors import Abandoned

from tests.checks import tree

# A run with two workers, the second one busy for long. The run is killed; the first worker looks whether it lives.
RUN = """
import multiprocessing, os, signal, sys, time
from ansible_collections.kuberay.core.plugins.module_utils._context import run_lives

def look():
    before, until = run_lives(), time.monotonic() + 20
    while run_lives() and time.monotonic() < until:
        time.sleep(0.02)
    print(before, run_lives(), flush=True)

fork = multiprocessing.get_context("fork")
looking, busy = fork.Process(target=look), fork.Process(target=time.sleep, args=(30,))
looking.start()
busy.start()
print(busy.pid, flush=True)
time.sleep(0.3)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_time_that_is_left_becomes_less_and_never_negative() -> None:
    deadline = Deadline.after(0.05)
    assert 0 < deadline.left() <= 0.05
    time.sleep(0.06)
    assert deadline.left() == 0
    assert deadline.passed()
    assert deadline.elapsed() >= 0.05


def test_a_warning_is_told_once_in_a_task() -> None:
    told: list[str] = []
    context = Context(warn=told.append)
    for text in ("a", "b", "a"):
        context.warn_once(text)
    assert told == ["a", "b"]


def test_another_task_tells_it_again() -> None:
    told: list[str] = []
    for _task in range(2):
        Context(warn=told.append).warn_once("a")
    assert told == ["a", "a"]


def test_the_end_of_a_run_is_seen_while_another_of_its_workers_goes_on() -> None:
    environment = {**os.environ, "PYTHONPATH": str(tree.BUILD)}
    with subprocess.Popen([sys.executable, "-c", RUN], env=environment, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        busy = int(run.stdout.readline())
        try:
            assert run.stdout.readline() == "True False\n"
            assert Path(f"/proc/{busy}").exists() or sys.platform != "linux"
        finally:
            os.kill(busy, signal.SIGKILL)


def test_without_a_run_nothing_has_ended() -> None:
    assert run_lives()
    Context().ensure_wanted()
    with pytest.raises(Abandoned):
        Context(wanted=lambda: False).ensure_wanted()
