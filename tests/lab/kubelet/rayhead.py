# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Ray head. It starts when something first wants it, since most things in a lab do not."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import threading
import time
from pathlib import Path

from tests.checks import pythons, tables, venvs
from tests.lab.errors import LabError
from tests.lab.kubelet import names
from tests.lab.kubelet.inside import SHORT_FOLDER
from tests.lab.kubelet.relay import CONNECTED
from tests.lab.kubelet.room import Room
from tests.lab.ports import LOOPBACK
from tests.lab.processes import wait_until

READY_SECONDS = 300.0
HOST_WORDS = ("HOME", "LANG", "LC_ALL", "TZ", "USER")
ANSWER_SECONDS = 5.0
DASHBOARD = 8265
# Little of everything: jobs here are small. Each CPU that Ray counts may cost a process of 80 MB that waits for work.
# Where the agent of runtime environments chose its port itself, Ray's client server would wait half a minute for it,
# and take all of Ray with it when a busy machine is not so far by then.
START = (
    "ray start --head --block --node-ip-address=127.0.0.1 --dashboard-host=0.0.0.0 --num-cpus=4 --num-gpus=0 "
    "--memory=1000000000 --object-store-memory=80000000 --include-log-monitor=false --no-monitor "
    f"--disable-usage-stats --runtime-env-agent-port=6380 --temp-dir={SHORT_FOLDER}"
)
SETTINGS = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_metrics_collection": "0",
    "RAY_COLOR_PREFIX": "0",
    # On a busy machine its minute is not enough, and then it goes on for ever without a dashboard.
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "300",
}

log = logging.getLogger(__name__)


class RayHead:
    """Ray in a room of its own. It starts at most once; whoever wants it waits until it answers."""

    ready_path = "/api/serve/applications/"

    def __init__(self, name: str, folder: Path, logs: Path, resolve: names.Resolve) -> None:
        self.name = name
        self._room = Room(folder, self._lost)
        self._logs = logs
        self._resolve = resolve
        self._wanted = threading.Event()
        self._settled = threading.Event()
        self._over = threading.Event()
        self._problem = ""
        self._ends: list[str] = []
        self._programs: Path | None = None

    def serve(self) -> None:
        """Wait until Ray is wanted, start it, and end it when told to. The room would die with this thread."""
        self._wanted.wait()
        try:
            if not self._over.is_set():
                self._start()
        except (LabError, pythons.Missing, venvs.SetupFailed) as problem:
            self._fail(f"no {self.name}: {problem}")
        self._settled.set()
        self._over.wait()
        self._room.close()

    def expect(self) -> None:
        """Somebody will want Ray soon."""
        self._wanted.set()

    def want(self) -> None:
        """Return when Ray answers; a LabError where it never will."""
        self.expect()
        self._settled.wait()
        if self._problem:
            raise LabError(self._problem)

    def stop(self) -> None:
        """Let nothing of it be left."""
        self._problem = f"the pod of {self.name} has gone"
        self._over.set()
        self._wanted.set()

    def dial(self, client: socket.socket, address: str, port: int) -> None:
        """Hand a client over to a port of Ray, under any pod's address."""
        self.want()
        self._room.dial(client, address, port)

    def hang_up(self, address: str) -> None:
        """End all connections that were made under this address."""
        if self._settled.is_set() and not self._problem:
            self._room.hang_up(address)

    def ask(self, method: str, path: str) -> str:
        """The first line that Ray's dashboard answers; empty where it does not."""
        ours, theirs = socket.socketpair()
        self._room.dial(theirs, LOOPBACK, DASHBOARD)
        with ours:
            ours.settimeout(ANSWER_SECONDS)
            if ours.recv(len(CONNECTED)) != CONNECTED:
                return ""
            ours.sendall(f"{method} {path} HTTP/1.0\r\nContent-Length: 0\r\n\r\n".encode())
            return ours.recv(64).split(b"\r\n")[0].decode("ascii", "replace")

    def _start(self) -> None:
        began = time.monotonic()
        self._room.folder.mkdir(parents=True, exist_ok=True)
        self._programs = venvs.ensure(tables.RAY, log.info)
        asked = self._room.open()
        threading.Thread(target=names.serve, args=(asked, self._resolve, self._over), name="names", daemon=True).start()
        for name, words in self._commands(self._programs).items():
            self._room.run(words, self._environment(), self._logs / name, functools.partial(self._ended, name))
        answered = wait_until(lambda: self._given_up() or self._answers(), READY_SECONDS, 0.1)
        if self._given_up() or not answered:
            raise LabError(self._ends[0] if self._ends else f"it did not answer within {READY_SECONDS:.0f} s")
        log.info("%s is ready after %.1f s", self.name, time.monotonic() - began)

    def _commands(self, programs: Path) -> dict[str, list[str]]:
        """What runs in the room, by its log."""
        program, *words = START.split()
        return {f"{self.name}.log": [str(programs / program), *words]}

    def _given_up(self) -> bool:
        return bool(self._ends) or self._over.is_set()

    def _ended(self, name: str, code: int) -> None:
        self._ends.append(f"{name.removesuffix('.log')} ended with exit code {code}; see {name}")
        if self._settled.is_set() and not self._problem:
            self._lost(self._ends[-1])

    def _fail(self, problem: str) -> None:
        """It never answered."""
        self._problem = self._problem or problem
        log.error(problem)

    def _lost(self, how: str) -> None:
        """It has ended though nobody asked it to."""
        self._fail(how)

    def _environment(self) -> dict[str, str]:
        """Nothing of the checks' own Python: entrypoints and applications find Ray's."""
        kept = {name: os.environ[name] for name in HOST_WORDS if name in os.environ}
        path = [str(self._programs), os.environ.get("PATH", os.defpath)]
        return {**kept, **SETTINGS, "PATH": os.pathsep.join(path)}

    def _answers(self) -> bool:
        """Whether the last part to come does."""
        with contextlib.suppress(OSError):
            return " 200 " in self.ask("GET", self.ready_path)
        return False
