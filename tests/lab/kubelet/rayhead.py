# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one real Ray head of a lab. It starts when something first wants it, since most things in a lab do not."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.checks import pythons, tables, venvs
from tests.lab.errors import LabError
from tests.lab.kubelet.inside import SHORT_FOLDER
from tests.lab.kubelet.relay import CONNECTED
from tests.lab.kubelet.room import OnEnd, Room
from tests.lab.ports import LOOPBACK
from tests.lab.processes import wait_until

READY_SECONDS = 90.0
HOST_WORDS = ("HOME", "LANG", "LC_ALL", "TZ", "USER")
ANSWER_SECONDS = 5.0
DASHBOARD = 8265
# Little of everything: jobs here are small. Each CPU that Ray counts may cost a process of 80 MB that waits for work.
START = (
    "ray start --head --block --node-ip-address=127.0.0.1 --dashboard-host=0.0.0.0 --num-cpus=4 --num-gpus=0 "
    "--memory=1000000000 --object-store-memory=80000000 --include-log-monitor=false --no-monitor "
    f"--disable-usage-stats --temp-dir={SHORT_FOLDER}"
)
SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_enable_metrics_collection": "0", "RAY_COLOR_PREFIX": "0"}
COMMAND = Path(__file__).with_name("ray_command.py")
SERVER = Path(__file__).with_name("ray_server.py")

log = logging.getLogger(__name__)


class RayHead:
    """Starts Ray at most once; whoever wants it waits until it answers."""

    def __init__(self, folder: Path, logs: Path, resolve_names: Callable[[socket.socket], None]) -> None:
        self._room = Room(folder)
        self._logs = logs
        self._resolve_names = resolve_names
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._settled = threading.Event()
        self._problem = ""
        self._ends: list[str] = []
        self._programs: Path | None = None

    def serve(self) -> None:
        """Wait until Ray is wanted, and start it. The room dies with the thread that opens it: this one."""
        self._wanted.wait()
        try:
            self._start()
        except (LabError, pythons.Missing, venvs.SetupFailed) as problem:
            self._problem = str(problem)
            log.error("no Ray: %s", problem)
        self._settled.set()
        threading.Event().wait()

    def expect(self) -> None:
        """Somebody will want Ray soon."""
        self._wanted.set()

    def want(self) -> None:
        """Return when Ray answers; a LabError where it never will."""
        self.expect()
        self._settled.wait()
        if self._problem:
            raise LabError(f"no Ray: {self._problem}")

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

    def run(self, words: list[str], environment: dict[str, str], log_name: str, on_end: OnEnd) -> int:
        """Run a program beside Ray, with Ray's own programs on its PATH."""
        self.want()
        return self._room.run(words, {**self._environment(), **environment}, self._logs / log_name, on_end)

    def end(self, number: int) -> None:
        """End such a program."""
        self._room.end(number)

    def _start(self) -> None:
        began = time.monotonic()
        self._room.folder.mkdir(parents=True, exist_ok=True)
        self._programs = venvs.ensure(tables.RAY, log.info)
        names = self._room.open()
        threading.Thread(target=self._resolve_names, args=(names,), name="names", daemon=True).start()
        commands = self._room.folder / "bin"
        commands.mkdir(exist_ok=True)
        (commands / "ray").unlink(missing_ok=True)
        (commands / "ray").symlink_to(COMMAND)
        environment = self._environment()
        server = [str(self._programs / "python"), str(SERVER), f"{SHORT_FOLDER}/command.sock"]
        for words, name in ((START.split(), "ray.log"), (server, "ray-command.log")):
            program = [str(self._programs / words[0]), *words[1:]] if words[0] == "ray" else words
            self._room.run(program, environment, self._logs / name, functools.partial(self._ended, name))
        answered = wait_until(lambda: bool(self._ends) or self._answers(), READY_SECONDS, 0.1)
        if self._ends or not answered:
            raise LabError(self._ends[0] if self._ends else f"it did not answer within {READY_SECONDS:.0f} s")
        log.info("Ray is ready after %.1f s", time.monotonic() - began)

    def _ended(self, name: str, code: int) -> None:
        self._ends.append(f"{name.removesuffix('.log')} ended with exit code {code}; see {name}")
        if self._settled.is_set() and not self._problem:
            # The lab's status tells when a program has ended; without Ray this one is of no use.
            log.error(self._ends[-1])
            os._exit(1)

    def _environment(self) -> dict[str, str]:
        """Nothing of the checks' own Python: entrypoints find Ray's."""
        path = [f"{SHORT_FOLDER}/bin", str(self._programs), os.environ.get("PATH", os.defpath)]
        kept = {name: os.environ[name] for name in HOST_WORDS if name in os.environ}
        return {**kept, **SETTINGS, "PATH": os.pathsep.join(path), "RAY_COMMAND_SOCKET": f"{SHORT_FOLDER}/command.sock"}

    def _answers(self) -> bool:
        """Whether the job API does: it is the last to come."""
        with contextlib.suppress(OSError):
            return " 200 " in self.ask("GET", "/api/jobs/")
        return False
