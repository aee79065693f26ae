# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's clock and its voice."""

from __future__ import annotations

import time

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline


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
