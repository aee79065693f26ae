# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said at the end: one row per check, what was skipped and why, and the line that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.checks import tables

SHOWN_LINES = 80
SHOWN_COLUMNS = 300


@dataclass
class Outcome:
    """What became of a check; ``tests`` and ``reasons`` are pytest's own counts and words, where pytest ran."""

    check: tables.Check
    result: str
    seconds: float = 0.0
    note: str = ""
    shown: str = ""
    tests: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def count(self, result: str) -> int:
        """Tests where pytest counted them, else the check itself; what only prepares others counts if it failed."""
        if result == "failed":
            counted = self.tests.get("failed", 0) + self.tests.get("error", 0)
            return max(counted, int(self.result == "failed"))
        if self.tests:
            return self.tests.get(result, 0)
        return int(self.result == result and not self.check.is_setup)


def tail(log: str, lines: int = SHOWN_LINES) -> str:
    """The end of a log, and before it what a chatty program such as ansible-test said was wrong further up."""
    every = [line[:SHOWN_COLUMNS] for line in log.rstrip().splitlines()]  # pip has endless ones
    early = [line for line in every[:-lines] if line.startswith(("ERROR", "FATAL"))]
    return "\n".join([*early[:lines], *every[-lines:]])


def line(outcome: Outcome) -> str:
    """One row: ``passed  unit  12 s  312 passed in 11.8s``."""
    seconds = f"{outcome.seconds:.0f} s" if outcome.result != "skipped" else ""
    return f"{outcome.result:8} {outcome.check.name:16} {seconds:>6}  {outcome.note}".rstrip()


def closing(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The table and, alone on the last line, the counts."""
    passed, failed, skipped = (sum(o.count(result) for o in outcomes) for result in ("passed", "failed", "skipped"))
    skips = [f"  {o.check.name}: {reason}" for o in outcomes for reason in o.reasons]
    return "\n".join(
        [
            "",
            *(line(outcome) for outcome in outcomes),
            *(["", "tests that were skipped:", *skips] if skips else []),
            "",
            f"{seconds:.0f} s in all",
            f"{passed} passed, {failed} failed, {skipped} skipped",
        ]
    )
