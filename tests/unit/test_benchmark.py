# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark's arithmetic and tables: a figure that is wrong is worse than none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmark.fleet import FLEET_PROMISES, ROWS
from tests.benchmark.measuring import Costs, Figures, kept, ratio
from tests.benchmark.printing import BEGIN, END, Table, put_into
from tests.benchmark.report import ONCE, fleet, promises
from tests.benchmark.rows import PROMISES, Key, Promise, Row, Scene, rows

TABLE = Table("Times", ("task", "ms"), [("debug", "7"), ("", "1234")])
EVERY_ROW = rows(Scene("one", "many", {"rayVersion": "2.52.0"}))


def _costs(*task: float) -> Costs:
    return Costs(list(task), [0.0 for _ in task])


def test_a_task_costs_what_more_of_them_take_longer() -> None:
    costs = Costs()
    costs.add(single=1.5, many=6.5, tasks=10)
    assert (costs.task, costs.once) == ([0.5], [1.0])


def test_rows_are_compared_within_a_round() -> None:
    # The machine was twice as slow in the second round, for both.
    assert ratio(_costs(1, 2, 1), _costs(4, 8, 2)) == Figures(median=0.25, least=0.25, most=0.5)


@pytest.mark.parametrize(("most", "is_kept"), [(0.5, True), (0.49, False)])
def test_a_promise_is_kept_by_the_median(most: float, is_kept: bool) -> None:
    quick, slow = ("read", "ours"), ("read", "theirs")
    found = kept(Promise("", quick, slow, most), {quick: _costs(1, 1, 3), slow: _costs(2, 2, 2)})
    assert found == (Figures(0.5, 0.5, 1.5), is_kept)


@pytest.mark.parametrize(("mine", "theirs"), [(-1, 2), (1, -2), (-1, -2)])
def test_a_time_below_nothing_keeps_no_promise(mine: float, theirs: float) -> None:
    quick, slow = ("read", "ours"), ("read", "theirs")
    _, is_kept = kept(Promise("", quick, slow, 1.0), {quick: _costs(mine), slow: _costs(theirs)})
    assert not is_kept


@pytest.mark.parametrize(("shipped", "told"), [(1.0, True), (1.1, False)])
def test_one_broken_promise_is_told(shipped: float, told: bool) -> None:
    costs: dict[Key, Costs] = {key: _costs(1.0) for one in PROMISES for key in (one.row, one.against)}
    costs[PROMISES[0].row] = _costs(0.1)
    costs[PROMISES[2].row] = _costs(shipped)
    table, all_kept = promises(costs)
    assert all_kept is told
    assert [line[-1] for line in table.rows] == ["yes", "yes", "yes" if told else "NO"]


def test_promises_and_tables_name_rows_that_there_are() -> None:
    known = [row.key for row in EVERY_ROW]
    assert len(set(known)) == len(known)
    assert {key for one in PROMISES for key in (one.row, one.against)} | set(ONCE) <= set(known)


@pytest.mark.parametrize("row", EVERY_ROW, ids=lambda row: "-".join(row.key).replace(" ", "_"))
def test_a_row_makes_as_many_tasks_or_items_as_asked_for(row: Row) -> None:
    tasks = row.tasks(3, "word")
    assert [len(task.get("loop", ())) for task in tasks] == ([3] if row.is_loop else [0, 0, 0])
    assert len({task["name"] for task in tasks}) == len(tasks)


def test_what_creates_names_a_cluster_of_its_own_each_time() -> None:
    for row in EVERY_ROW:
        tasks = [{**task, "name": ""} for task in row.tasks(2, "word")]
        assert row.is_loop or (tasks[0] != tasks[1]) == row.changes, row.key


def test_a_table_is_aligned_by_columns() -> None:
    assert TABLE.aligned().splitlines() == ["Times", "-----", "task     ms", "debug     7", "       1234"]


def test_a_table_is_a_list_table_in_the_docs() -> None:
    assert TABLE.rst().splitlines() == [
        ".. list-table:: Times",
        "   :header-rows: 1",
        "",
        "   * - task",
        "     - ms",
        "   * - debug",
        "     - 7",
        "   * -",
        "     - 1234",
    ]


def test_the_tables_replace_those_of_the_last_run(tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text(f"Before\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter\n", encoding="utf-8")
    for _ in range(2):
        put_into(page, [TABLE])
        assert page.read_text(encoding="utf-8") == f"Before\n\n{BEGIN}\n\n{TABLE.rst()}\n\n{END}\n\nAfter\n"


def test_what_is_promised_of_a_fleet_is_measured() -> None:
    known = [row.key for row in ROWS]
    assert len(set(known)) == len(known)
    assert {key for one in FLEET_PROMISES for key in (one.row, one.against)} <= set(known)
    assert {one.most for one in FLEET_PROMISES} == {1 / 8, 1.0}
    assert [line[0] for line in fleet({key: _costs(1.0) for key in known}).rows] == [row.who for row in ROWS]
