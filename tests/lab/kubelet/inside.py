# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first process of the room in which the programs of pods run: `python -m tests.lab.kubelet.inside FD FOLDER`.

The room is a network, a process tree and a mount table of its own, made by `unshare`. Ray insists on listening on every
address; here that is nobody's but ours, its usual ports are free, and each pod's address leads to it. When this process
ends, however that happens, the kernel ends all others in the room: nothing that Ray starts can outlive the lab.

It does what the outer side (room.py) says over a socket and knows nothing of Ray or Kubernetes.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.lab.kubelet.relay import CONNECTED, refusal, relay
from tests.lab.nodes import POD_RANGE

MESSAGE_BYTES = 1 << 18
DIAL_SECONDS = 5.0
# Where the folder of the room can be reached under a name that leaves room for Ray's long socket names.
SHORT_FOLDER = "/dev/shm/ray"
STEPS = (
    "ip link set lo up",
    f"ip route add local {POD_RANGE} dev lo",
    "mount -t tmpfs tmpfs /dev/shm",
    f"mkdir {SHORT_FOLDER}",
    f"mount --bind {{folder}} {SHORT_FOLDER}",
    "mount --bind {folder}/resolv.conf /etc/resolv.conf",
    "mount --bind {folder}/nsswitch.conf /etc/nsswitch.conf",
)


class Inside:
    """The servant of the outer side."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._lock = threading.Lock()
        self._children: dict[int, int] = {}
        self._clients: dict[str, set[socket.socket]] = {}

    def tell(self, *fds: int, **message: Any) -> None:
        """A message to the outer side, perhaps with open files."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [json.dumps(message).encode()], list(fds))

    def serve(self) -> None:
        """Do what is asked until the outer side has gone."""
        threading.Thread(target=self._reap, daemon=True).start()
        while True:
            text, fds, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1)
            if not text:
                return
            message = json.loads(text)
            if "dial" in message:
                client = socket.socket(fileno=fds[0])
                threading.Thread(target=self._dial, args=(client, *message["dial"]), daemon=True).start()
            elif "hang_up" in message:
                self._hang_up(message["hang_up"])
            elif "run" in message:
                self._run(message["run"], message["words"], message["environment"], fds[0])
            elif "end" in message:
                self._end(message["end"])

    def _dial(self, client: socket.socket, address: str, port: int) -> None:
        try:
            pod = socket.create_connection((address, port), DIAL_SECONDS)
        except OSError as problem:
            with client, contextlib.suppress(OSError):
                client.sendall(refusal("502 Bad Gateway", f"{address}:{port}: {problem}"))
            return
        pod.settimeout(None)
        with self._lock:
            self._clients.setdefault(address, set()).add(client)
        with contextlib.suppress(OSError):
            client.sendall(CONNECTED)
        relay(client, pod)
        with self._lock:
            self._clients.get(address, set()).discard(client)

    def _hang_up(self, address: str) -> None:
        with self._lock:
            for client in self._clients.pop(address, set()):
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)

    def _run(self, number: int, words: list[str], environment: dict[str, str], output: int) -> None:
        with self._lock:
            try:
                child = subprocess.Popen(
                    words,
                    env=environment,
                    cwd=SHORT_FOLDER,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as problem:
                os.write(output, f"{words[0]}: {problem.strerror}\n".encode())
                self.tell(ended=number, code=128)
            else:
                self._children[child.pid] = number
                child.returncode = 0  # not its own to wait for: the reaper does
            finally:
                os.close(output)

    def _end(self, number: int) -> None:
        with self._lock:
            for pid in [pid for pid, one in self._children.items() if one == number]:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Every orphan of the room becomes a child of this process."""
        while True:
            try:
                pid, status = os.waitpid(-1, 0)
            except ChildProcessError:
                time.sleep(0.05)
                continue
            with self._lock:
                number = self._children.pop(pid, None)
            if number is not None:
                self.tell(ended=number, code=os.waitstatus_to_exitcode(status))


def _furnish(folder: Path) -> str:
    """What went wrong; empty if nothing did."""
    for step in STEPS:
        words = [word.format(folder=folder) for word in step.split()]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            return f"{' '.join(words)}: {done.stderr.strip()}"
    return ""


def main() -> None:
    """Started by room.py only."""
    control = socket.socket(fileno=int(sys.argv[1]))
    it = Inside(control)
    problem = _furnish(Path(sys.argv[2]))
    if problem:
        it.tell(failed=problem)
        return
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    it.tell(names.fileno(), ready=True)
    it.serve()


if __name__ == "__main__":
    try:
        main()
    finally:
        os._exit(0)
