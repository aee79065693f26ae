# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark, in the lab that runs: ``make bench``.

ROUNDS and TASKS (environment) are how often each playbook is run, and how many tasks the longer ones have; ``--page``
puts the tables into the docs. The exit code is 1 where a promise is not kept.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmark import imports, latency, machine, report
from tests.benchmark.fleet import FLEET_PROMISES, SIZE, Fleet
from tests.benchmark.measuring import Costs, Stopwatch
from tests.benchmark.printing import Table, put_into
from tests.benchmark.rows import CLUSTER, MANY, PROMISES, WISH, Key, Row, Scene, rows
from tests.benchmark.wirecount import Sent, count
from tests.checks import tree
from tests.integration.modules.room import WAYS, Room, new_room
from tests.integration.modules.words import manage, manifest
from tests.integration.playbook import Play
from tests.integration.wire import Wire
from tests.lab.control import api
from tests.lab.lab import Lab, LabOptions

ROUNDS = int(os.environ.get("ROUNDS") or 3)
TASKS = int(os.environ.get("TASKS") or 10)
PAGE = tree.ROOT / "docs" / "docsite" / "rst" / "guide_performance.rst"


def say(line: str) -> None:
    """Progress goes to standard error, the tables to standard output."""
    print(f"bench: {line}", file=sys.stderr, flush=True)


class Bench:
    """The lab, and a folder for what playbooks write."""

    def __init__(self, folder: Path) -> None:
        self._lab = Lab(LabOptions(data=Path(os.environ["KUBERAY_LAB_DATA"])))
        state = self._lab.status().state
        assert state is not None, "no lab runs"
        self._state = state
        self._folder = folder
        self._api = api(self._lab.layout, state.ports)
        self._port = state.ports["kube-apiserver"]

    def tables(self) -> tuple[list[Table], bool]:
        """Everything, and whether the promises are kept."""
        facts = machine.facts(self._state.versions, ROUNDS, TASKS)
        with new_room(self._api) as room, new_room(self._api) as crowd:
            scene = self._scene(room, crowd)
            table = rows(scene)
            # First, since these runs also warm up what later ones find in caches, such as bytecode.
            sent = self._sent(table)
            costs = Stopwatch(self._folder, self._lab.kubeconfig).costs(table, ROUNDS, TASKS, say)
        costs.update(self._fleet())
        promised, all_kept = report.promises(costs, (*PROMISES, *FLEET_PROMISES))
        return [
            report.tasks(table, costs, sent),
            report.fleet(costs),
            report.once(costs),
            report.imported(imports.times(3 * ROUNDS)),
            report.waited(self._waits()),
            promised,
            report.about(facts),
        ], all_kept

    def _scene(self, room: Room, crowd: Room) -> Scene:
        """The cluster that tasks are to find as they want it, made by a task and ready; and a crowd of idle ones."""
        for number in range(MANY):
            thing = manifest(f"one-{number}", "small")
            thing["spec"]["suspend"] = True
            crowd.create("rayclusters", thing)
        task = manage("make", CLUSTER, namespace=room.name, **WISH)
        run = Play(self._folder / "make", [task], connection={"kubeconfig": str(self._lab.kubeconfig)}).run()
        assert run.code == 0, str(run)
        return Scene(room.name, crowd.name, room.get(CLUSTER)["spec"])

    def _sent(self, table: list[Row]) -> dict[Key, Sent]:
        wire = Wire(self._lab.layout.pki, self._port)
        stopwatch = Stopwatch(self._folder, wire.write_kubeconfig(self._folder / "wire"))
        sent = {}
        for row in table:
            say(f"over the wire: {row.operation}: {row.who}")
            sent[row.key] = count(stopwatch, wire, row)
        wire.close()
        return sent

    def _fleet(self) -> dict[Key, Costs]:
        say(f"making {SIZE} clusters")
        with new_room(self._api) as room:
            fleet = Fleet(self._folder / "fleet", self._lab.kubeconfig, room.name)
            fleet.make()
            return fleet.costs(ROUNDS, say)

    def _waits(self) -> dict[tuple[str, str], list[float]]:
        late = {}
        for way in WAYS:
            say(f"waits, {way}")
            with new_room(self._api) as room:
                watch = latency.PodWatch(self._lab.layout.pki, self._port, room.name)
                waits = latency.Waits(self._lab.kubeconfig, room.name, 2 * ROUNDS)
                found = waits.late(self._folder / way, watch, way)
            late.update({(what, way): seconds for what, seconds in found.items()})
        return late


def main(arguments: list[str]) -> int:
    """Measure, print, and say whether the promises are kept."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kuberay-bench-") as folder:
        tables, all_kept = Bench(Path(folder)).tables()
    print("\n\n".join(table.aligned() for table in tables))
    if "--page" in arguments:
        put_into(PAGE, tables)
    say(f"took {time.monotonic() - began:.0f} s")
    return 0 if all_kept else 1


if __name__ == "__main__":
    os.environ.update(tree.environment())
    sys.exit(main(sys.argv[1:]))
