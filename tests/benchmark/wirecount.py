# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task sends: requests to the API server, and bytes of a module to its host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmark.measuring import Stopwatch, check
from tests.benchmark.rows import Row
from tests.integration.wire import Wire

ITEMS = 3


@dataclass(frozen=True)
class Sent:
    """Of one row: the requests of a playbook's first task and of a later one (or an item of it); the module's bytes.

    A client that asks the server what it serves, and keeps the answer in a file, asks more at first. In process no
    module is copied to the host, and ``shipped`` is 0.
    """

    first: int
    later: float
    shipped: int


def count(stopwatch: Stopwatch, wire: Wire, row: Row) -> Sent:
    """Run the row twice in one playbook over the wire, and leave there what is shipped, to be weighed."""
    once, again = stopwatch.play(row, 1), stopwatch.play(row, ITEMS if row.is_loop else 1)
    kept = {"ANSIBLE_KEEP_REMOTE_FILES": "true"}
    run = (play := replace(once, tasks=[*once.tasks, *again.tasks], environment=kept)).run()
    check(row, run)
    first, later = (len(wire.between(outcome.began, outcome.ended)) for outcome in run.outcomes)
    return Sent(first, later / (ITEMS if row.is_loop else 1), _shipped(play.folder / "remote"))


def _shipped(folder: Path) -> int:
    """The size of the module, as it came to the host's temporary folder."""
    sizes = [file.stat().st_size for file in folder.rglob("AnsiballZ_*.py")]
    return max(sizes, default=0)
