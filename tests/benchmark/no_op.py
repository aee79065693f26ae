# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs: debug, ping, and an unchanged RayCluster in process and shipped, in one run.

Run by hand, with a lab that runs:  python -m tests.benchmark.no_op LAB_DATA [ROUNDS]

The cost of a task is a difference quotient: the time of a playbook with one task more than TASKS, less that of one with
a single task, so that what a playbook pays once does not count. Rounds are interleaved; the median is printed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from tests.checks import tree
from tests.integration.modules.words import group, manage, wish
from tests.integration.playbook import Play
from tests.lab.control import api
from tests.lab.lab import Lab, LabOptions

TASKS = 20
Json = dict[str, Any]


def measure(folder: Path, task: Json, count: int, connection: Json, in_process: bool) -> float:
    """Seconds that a playbook of this task, ``count`` times, takes."""
    tasks = [{**task, "name": f"{task['name']} {number}"} for number in range(count)]
    play = Play(folder / uuid.uuid4().hex, tasks, connection=connection, in_process=in_process)
    began = time.perf_counter()
    run = play.run(300)
    seconds = time.perf_counter() - began
    assert run.code == 0, str(run)
    assert not any(outcome.result.get("changed") for outcome in run.outcomes), str(run)
    return seconds


def rows(namespace: str) -> dict[str, tuple[Json, bool]]:
    """What is compared: the task, and whether it may run in process."""
    no_op = manage("cluster", "no-op", **wish(group("small"), namespace=namespace))
    return {
        "debug": ({"name": "debug", "ansible.builtin.debug": {"msg": "hello"}}, True),
        "ping": ({"name": "ping", "ansible.builtin.ping": {}}, True),
        "kuberay_cluster, unchanged, in process": (no_op, True),
        "kuberay_cluster, unchanged, shipped": (no_op, False),
    }


def main(data: str, rounds: int = 3) -> None:
    """Make a cluster, measure, print, clean up."""
    lab = Lab(LabOptions(data=Path(data)))
    state = lab.status().state
    assert state is not None, f"no lab runs in {data}"
    server, namespace = api(lab.layout, state.ports), f"benchmark-{uuid.uuid4().hex[:8]}"
    assert server.request("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})[0] == 201
    connection = {"kubeconfig": str(lab.layout.kubeconfig)}
    table = rows(namespace)
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = Play(folder / "make", [table["kuberay_cluster, unchanged, in process"][0]], connection=connection)
            run = made.run()
            assert run.code == 0, str(run)
            costs: dict[str, list[float]] = {label: [] for label in table}
            for _ in range(rounds):
                for label, (task, here) in table.items():
                    many = measure(folder, task, TASKS + 1, connection, here)
                    costs[label].append((many - measure(folder, task, 1, connection, here)) / TASKS)
            for label, found in costs.items():
                print(f"{label:42}{statistics.median(found) * 1000:7.0f} ms a task")
    finally:
        server.request("DELETE", f"/api/v1/namespaces/{namespace}")


if __name__ == "__main__":
    os.environ.update(tree.environment())
    main(sys.argv[1], *map(int, sys.argv[2:]))
