# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was measured, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmark.fleet import FILE, FLEET, ROWS
from tests.benchmark.measuring import Costs, Figures, kept, ratio
from tests.benchmark.printing import Table
from tests.benchmark.rows import K8S, NOTHING, OURS, PROMISES, UNCHANGED, Key, Promise, Row
from tests.benchmark.wirecount import Sent
from tests.integration.modules.room import IN_PROCESS, SHIPPED

# Whose playbooks are shown with what they pay once.
ONCE = (
    (NOTHING, "debug"),
    (NOTHING, "ping"),
    (UNCHANGED, f"{OURS}, {IN_PROCESS}"),
    (UNCHANGED, f"{OURS}, {SHIPPED}"),
    (UNCHANGED, K8S),
)


def tasks(rows: Sequence[Row], costs: Mapping[Key, Costs], sent: Mapping[Key, Sent]) -> Table:
    """A line for each row: its time, how that compares with kubernetes.core's of the same operation, what it sends."""
    theirs = {row.operation: costs[row.key] for row in rows if row.is_theirs}
    lines = []
    for row in rows:
        cost, what = costs[row.key], sent[row.key]
        beside = f"{ratio(cost, theirs[row.operation]).median:.2f}" if row.operation in theirs else ""
        first = f"{what.first}" if what.first != what.later else ""
        shipped = f"{what.shipped / 1024:.0f}" if what.shipped else ""
        lines.append((row.operation, row.who, *_milliseconds(cost.task), beside, f"{what.later:g}", first, shipped))
    head = ("operation", "task", "ms", "min..max", "of kubernetes.core's", "requests", "at first", "KiB shipped")
    return Table("What a task costs", head, lines, words=2)


def once(costs: Mapping[Key, Costs]) -> Table:
    """What a playbook takes besides its tasks."""
    least = Figures.of(costs[ONCE[0]].once).median
    lines = []
    for key in ONCE:
        seconds = costs[key].once
        more = (Figures.of(seconds).median - least) * 1000
        lines.append((key[1], *_milliseconds(seconds), f"{more:+.0f}" if key != ONCE[0] else ""))
    return Table("What a playbook pays once", ("a playbook of", "ms", "min..max", "more than debug"), lines)


def imported(times: Mapping[str, Figures]) -> Table:
    """What importing the actions adds to what is imported anyway."""
    lines = [(name, f"{found.median * 1000:.0f}", _between(found)) for name, found in times.items()]
    return Table("What importing costs", ("what is imported", "ms", "min..max"), lines)


def waited(late: Mapping[tuple[str, str], Sequence[float]]) -> Table:
    """How late the waits end."""
    head = ("after the last pod is ready", "way", "ms, median", "max", "rounds")
    lines = []
    for (what, way), seconds in late.items():
        found = Figures.of(seconds)
        lines.append((what, way, f"{found.median * 1000:.0f}", f"{found.most * 1000:.0f}", str(len(seconds))))
    return Table("How long a wait goes on after there is nothing to wait for", head, lines, words=2)


def fleet(costs: Mapping[Key, Costs]) -> Table:
    """What many objects in one task cost."""
    theirs = costs[FLEET, f"{K8S}, {FILE}"]
    lines = [
        (row.who, *_milliseconds(costs[row.key].task), f"{ratio(costs[row.key], theirs).median:.2f}") for row in ROWS
    ]
    return Table(FLEET, ("who", "ms", "min..max", f"of {K8S}'s, {FILE}"), lines)


def promises(costs: dict[Key, Costs], promised: Sequence[Promise] = PROMISES) -> tuple[Table, bool]:
    """Each promise with what was found; whether all are kept."""
    lines, all_kept = [], True
    for promise in promised:
        found, is_kept = kept(promise, costs)
        all_kept = all_kept and is_kept
        shown = f"{found.median:.2f}", f"{found.least:.2f}..{found.most:.2f}", f"{promise.most:.2f}"
        lines.append((promise.words, *shown, "yes" if is_kept else "NO"))
    return Table("What is promised", ("a task", "ratio", "min..max", "at most", "kept"), lines), all_kept


def about(facts: Mapping[str, str]) -> Table:
    """The machine and the versions."""
    return Table("Where this was measured", ("what", "which"), list(facts.items()), words=2)


def _milliseconds(seconds: Sequence[float]) -> tuple[str, str]:
    found = Figures.of(seconds)
    return f"{found.median * 1000:.0f}", _between(found)


def _between(found: Figures) -> str:
    return f"{found.least * 1000:.0f}..{found.most * 1000:.0f}"
