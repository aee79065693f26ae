# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What many unchanged objects in one task cost, beside kubernetes.core and kubectl with the very same manifests.

A round's time of a playbook is net of what a playbook takes that has nothing to do; kubectl's is that of the program.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.benchmark.measuring import THEIR_GROUP, Costs
from tests.benchmark.rows import K8S, NOBODYS, Key, Promise
from tests.integration.modules.room import IN_PROCESS, SHIPPED
from tests.integration.modules.words import manifest
from tests.integration.playbook import GROUP, Play
from tests.lab import build

Json = dict[str, Any]
SIZE = 300
FLEET = f"{SIZE} unchanged in one task"
APPLY, KUBECTL = "kuberay_apply", "kubectl apply --server-side"
FILE, INLINE = "from a file", "in the playbook"
_SECONDS = 600


@dataclass(frozen=True)
class FleetRow:
    """Who applies the fleet: a module's task, or kubectl where there is none."""

    who: str
    task: Callable[[Json], Json] | None = None
    is_inline: bool = False
    way: str = ""

    @property
    def key(self) -> Key:
        return FLEET, self.who


def _ours(where: Json) -> Json:
    return {f"kuberay.core.{APPLY}": {**where, "wait": False}}


def _theirs(where: Json) -> Json:
    return {K8S: {**where, "state": "present"}}


ROWS = (
    FleetRow(f"{APPLY}, {IN_PROCESS}, {FILE}", _ours),
    FleetRow(f"{APPLY}, {SHIPPED}, {FILE}", _ours, way=SHIPPED),
    FleetRow(f"{K8S}, {FILE}", _theirs),
    FleetRow(f"{APPLY}, {IN_PROCESS}, {INLINE}", _ours, is_inline=True),
    FleetRow(f"{K8S}, {INLINE}", _theirs, is_inline=True),
    FleetRow(KUBECTL),
)
# About files only. A list in the playbook is read, templated and carried by Ansible itself, for any action alike: most
# of either module's time is that, and no module can promise it away.
FLEET_PROMISES = tuple(
    Promise(f"{FLEET}, {FILE}, beside {other}", (FLEET, f"{APPLY}, {IN_PROCESS}, {FILE}"), (FLEET, whose), most)
    for other, whose, most in ((K8S, f"{K8S}, {FILE}", 1 / 8), (KUBECTL, KUBECTL, 1.0))
)


class Fleet:
    """The fleet in a namespace, and those who apply it."""

    def __init__(self, folder: Path, kubeconfig: Path, namespace: str) -> None:
        self._folder = folder
        self._kubeconfig = kubeconfig
        self._runs = 0
        folder.mkdir()
        self._things = [manifest(f"fleet-{number:03}", "small", "gpu", namespace=namespace) for number in range(SIZE)]
        for thing in self._things:
            # The operator leaves such clusters alone: what is measured is the task.
            thing["spec"]["managedBy"] = NOBODYS
        self._file = folder / "fleet.yml"
        self._file.write_text(yaml.safe_dump_all(self._things), encoding="utf-8")

    def make(self) -> None:
        """Everybody applies it once: then it is there, each has left its marks, and caches are warm."""
        for row in ROWS:
            self._seconds(row, None)

    def costs(self, rounds: int, say: Callable[[str], None]) -> dict[Key, Costs]:
        """All rows, round after round."""
        costs = {row.key: Costs() for row in ROWS}
        for number in range(1, rounds + 1):
            nothing = self._play([{"ansible.builtin.debug": {"msg": "hello"}}], "", None)
            for row in ROWS:
                say(f"round {number} of {rounds}: {FLEET}: {row.who}")
                once = nothing if row.task else 0.0
                costs[row.key].task.append(self._seconds(row, False) - once)
                costs[row.key].once.append(once)
        return costs

    def _seconds(self, row: FleetRow, changes: bool | None) -> float:
        if row.task is None:
            return self._kubectl()
        where = {"definition": self._things} if row.is_inline else {"src": str(self._file)}
        return self._play([{"name": row.who, **row.task(where)}], row.way, changes)

    def _play(self, tasks: list[Json], way: str, changes: bool | None) -> float:
        self._runs += 1
        connection = {"kubeconfig": str(self._kubeconfig)}
        keywords = {"module_defaults": {GROUP: connection, THEIR_GROUP: connection}}
        in_process = False if way == SHIPPED else None
        play = Play(self._folder / f"{self._runs}", tasks, keywords=keywords, in_process=in_process)
        began = time.perf_counter()
        run = play.run(_SECONDS)
        seconds = time.perf_counter() - began
        assert run.code == 0, str(run)[:5000]
        assert changes is None or bool(run.outcomes[-1].result.get("changed")) == changes, str(run)[:5000]
        return seconds

    def _kubectl(self) -> float:
        words = ["apply", "--server-side", "--force-conflicts", "--kubeconfig", self._kubeconfig, "-f", self._file]
        began = time.perf_counter()
        subprocess.run(
            [str(build.program("kubectl")), *map(str, words)], check=True, capture_output=True, timeout=_SECONDS
        )
        return time.perf_counter() - began
