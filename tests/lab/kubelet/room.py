# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The room in which the programs of pods run, seen from outside. What it is made of is told in inside.py."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lab.errors import LabError
from tests.lab.kubelet.inside import MESSAGE_BYTES
from tests.lab.processes import die_with_parent

START_SECONDS = 60.0
CLOSE_SECONDS = 5.0
WALLS = ("--user", "--map-root-user", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc")
FILES = {"resolv.conf": "nameserver 127.0.0.1\n", "nsswitch.conf": "hosts: files dns\n"}

OnEnd = Callable[[int], None]
OnLost = Callable[[str], None]


class Room:
    """Runs programs and reaches ports in there. Opened once, by the thread that lives as long as this process."""

    def __init__(self, folder: Path, lost: OnLost) -> None:
        self.folder = folder
        self._lost = lost
        self._control: socket.socket | None = None
        self._walls: subprocess.Popen[bytes] | None = None
        self._hearing = threading.Thread(target=self._hear, name="room", daemon=True)
        self._closed = False
        self._numbers = itertools.count(1)
        self._waiting: dict[int, OnEnd] = {}

    def open(self) -> socket.socket:
        """Make the room; the answer is the socket at which its names are asked for."""
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.lab.kubelet.inside", str(theirs.fileno()), str(self.folder)]
        with theirs:
            try:
                self._walls = subprocess.Popen(
                    ["unshare", *WALLS, *command],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    preexec_fn=die_with_parent(),
                )
            except OSError as problem:
                raise LabError(f"cannot run unshare (util-linux): {problem.strerror}") from problem
        ours.settimeout(START_SECONDS)
        try:
            told, fds, _, _ = socket.recv_fds(ours, MESSAGE_BYTES, 1)
        except TimeoutError as problem:
            raise LabError(f"no namespaces within {START_SECONDS:.0f} s") from problem
        message = json.loads(told or b'{"failed": "this kernel or container allows no user namespaces"}')
        if not message.get("ready"):
            raise LabError(f"Ray needs a network namespace of its own: {message['failed']}")
        ours.settimeout(None)
        self._control = ours
        self._hearing.start()
        return socket.socket(fileno=fds[0])

    def close(self) -> None:
        """End all that runs in there, and return when it has ended."""
        self._closed = True
        if self._walls:
            self._walls.kill()
            self._walls.wait()
        if self._control:
            self._hearing.join(CLOSE_SECONDS)
            self._control.close()

    def dial(self, client: socket.socket, address: str, port: int) -> None:
        """Hand a client over to a port in there; it hears CONNECTED or a refusal first."""
        with client:
            self._tell(client.fileno(), dial=[address, port])

    def hang_up(self, address: str) -> None:
        """End all connections to an address."""
        self._tell(hang_up=address)

    def run(self, words: list[str], environment: dict[str, str], log: Path, on_end: OnEnd) -> int:
        """Start a program; the number is what ends it."""
        number = next(self._numbers)
        self._waiting[number] = on_end
        log.parent.mkdir(parents=True, exist_ok=True)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            self._tell(output, run=number, words=words, environment=environment)
        finally:
            os.close(output)
        return number

    def end(self, number: int) -> None:
        """End a program and what it started."""
        self._tell(end=number)

    def _tell(self, *fds: int, **message: Any) -> None:
        if self._control is None:
            raise LabError("the room is not open")
        socket.send_fds(self._control, [json.dumps(message).encode()], list(fds))

    def _hear(self) -> None:
        while self._control:
            with contextlib.suppress(OSError):
                heard = self._control.recv(MESSAGE_BYTES)
                if heard:
                    message = json.loads(heard)
                    self._waiting.pop(message["ended"])(message["code"])
                    continue
            if not self._closed:
                self._lost("its room has ended")
            return
