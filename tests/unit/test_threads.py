# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that leave every signal to the main thread."""

from __future__ import annotations

import queue
import signal
import threading
import time

from ansible_collections.kuberay.core.plugins.module_utils._threads import Crew, start_thread

DEADLY = {signal.SIGINT, signal.SIGTERM, signal.SIGALRM}


def _blocked() -> set[int]:
    return {int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])}


def test_a_thread_takes_no_signal_and_the_main_thread_goes_on_to() -> None:
    found: queue.Queue[set[int]] = queue.Queue()
    before = _blocked()
    start_thread("quiet", lambda: found.put(_blocked()))
    assert found.get(timeout=5) >= DEADLY
    assert _blocked() == before


def test_what_a_thread_is_given_arrives() -> None:
    found: queue.Queue[tuple[int, str]] = queue.Queue()
    start_thread("given", lambda *arguments: found.put(arguments), 1, "a")
    assert found.get(timeout=5) == (1, "a")


def test_a_crew_works_side_by_side_and_begins_nothing_after_its_end() -> None:
    crew, both, done = Crew("kuberay-test", 2), threading.Barrier(2, timeout=5), queue.SimpleQueue[str]()
    held = threading.Event()

    def work(name: str) -> None:
        both.wait()
        done.put(name)
        held.wait(5)

    for name in ("one", "two", "never"):
        crew.give(lambda name=name: work(name))  # type: ignore[misc]
    assert {done.get(timeout=5), done.get(timeout=5)} == {"one", "two"}
    crew.close()
    held.set()
    deadline = time.monotonic() + 5
    while any(one.name == "kuberay-test" for one in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(one.name == "kuberay-test" for one in threading.enumerate())
    assert done.empty()
