# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one process that holds a lab's programs: starts them in order, watches them, ends them in order.

It is detached from the command that starts it, and tied to it by a socket: as long as the lab is not ready (or, for
``run`` and the tests, as long as it exists) the end of the starter is the end of the lab. All programs die with this
process, however it dies. It has one thread, because the kernel ties a child to its parent's thread.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from tests.lab import build, control, programs, services
from tests.lab.errors import LabError
from tests.lab.kubelet.switchboard import write_egress
from tests.lab.layout import Layout, Running, State
from tests.lab.options import LabOptions
from tests.lab.ports import Ports
from tests.lab.processes import Identity, spawn, tail, wait_until

# Seconds in which a program must become ready, and in which it must end when asked to.
READY_SECONDS = 300.0
END_SECONDS = 8.0
# How often it looks whether its folder is still there; all else wakes it.
WATCH_SECONDS = 2.0


class Ended(Exception):
    """The lab is to end: a signal came, or the starter has gone."""


class Supervisor:
    """Starts, watches and ends the programs of one lab."""

    def __init__(self, options: LabOptions, starter: socket.socket) -> None:
        self.options = options
        self.layout = Layout(options.data)
        self.starter: socket.socket | None = starter
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = ""
        before = State.load(self.layout.state)
        self.ports = Ports()
        wished = before.ports if before else {}
        me = Identity.of(os.getpid())
        assert me is not None
        self.state = State(
            supervisor=me,
            started=time.time(),
            options=options.told(),
            ports={name: self.ports.take(wished.get(name)) for name in programs.PORTS},
            versions=build.versions(),
        )
        self.wakeup = self._hear_signals()

    def run(self) -> int:
        """The supervisor's life. The exit code says whether the lab ever ran."""
        failure = ""
        try:
            self._start()
            self._tell(ready=True)
            if not self.options.tied and self.starter:
                self.starter.close()
                self.starter = None
            while self.layout.state.exists():
                self._pause(WATCH_SECONDS)
            raise Ended(f"{self.layout.data} has been removed")
        except Ended as reason:
            print(f"ending: {reason}", flush=True)
        except (LabError, OSError) as problem:
            failure = str(problem)
        self._stop()
        self.layout.state.unlink(missing_ok=True)
        if self.options.ephemeral:
            shutil.rmtree(self.layout.data, ignore_errors=True)
        if failure:  # told last: the starter may look for leftovers at once
            self._tell(failed=failure)
        return 1 if failure else 0

    # -- starting ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        layout, state = self.layout, self.state
        self._save()
        layout.pki.create()
        layout.pki.write_kubeconfig(layout.kubeconfig, state.url)
        write_egress(layout.egress, state.ports["kubelet"])
        plan = programs.control_plane(layout, state.ports)
        for name in ("etcd", "kube-apiserver"):
            self._launch(plan[name])
            self._await(f"{name} is ready", name, control.answers(plan[name].health, layout.pki))
        # None of these looks for kinds: they start while the CRDs are being installed.
        for name in ("kube-scheduler", "kwok", "kubelet"):
            self._launch(plan[name])
        api = control.api(layout, state.ports)
        self._tell(say="installing CRDs and nodes")
        self._await("the CRDs are established", "kube-apiserver", control.install(api, self.options, state))
        # Only now: the garbage collector looks for new kinds no more often than every half minute.
        self._launch(plan["kube-controller-manager"])
        options = self.options
        kuberay = [
            programs.operator(options.operator, options.feature_gates, layout, state.ports),
            programs.apiserver(options.apiserver, options.apiserver_args, layout, state.ports),
        ]
        wanted = [program for program in kuberay if program]
        for program in wanted:
            self._launch(program)
        rest = [plan[name] for name in ("kube-controller-manager", "kube-scheduler", "kwok", "kubelet")]
        for program in [*rest, *wanted]:
            if program.health:
                self._await(f"{program.name} is ready", program.name, control.answers(program.health, layout.pki))
        self._await("pods can be placed", "kube-controller-manager", lambda: control.usable(api))
        if options.apiserver != programs.NONE:
            services.lead_to_apiserver(api, state.ports["apiserver"])
        state.ready = True
        self._save()

    def _launch(self, program: programs.Program) -> None:
        environment = {**control.clean_environment(os.environ), **program.environment}
        child = spawn(program.command, self.layout.log(program.name), environment, self.layout.data)
        self.children[program.name] = child
        identity = Identity.of(child.pid) or Identity(child.pid, 0)
        self.state.processes[program.name] = Running(identity)
        self._save()

    def _await(self, what: str, name: str, true: Callable[[], bool]) -> None:
        """Wait until true; fail when the program ends or the time is over."""
        deadline = time.monotonic() + READY_SECONDS
        while not true():
            ended = next((f"{n} {r.ended}" for n, r in self.state.processes.items() if r.ended), "")
            if ended or time.monotonic() > deadline:
                culprit = ended.split()[0] if ended else name
                reason = ended or f"not so within {READY_SECONDS:.0f} s"
                log = self.layout.log(culprit)
                raise LabError(f"waiting until {what}: {reason}. The end of {log}:\n{tail(log)}")
            self._pause(0.05)
        self._tell(say=what)

    # -- watching ----------------------------------------------------------------------------------------------------

    def _hear_signals(self) -> int:
        """Every signal makes the returned descriptor readable, so that a pause ends at once."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        return reader

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = f"received {signal.Signals(number).name}"

    def _pause(self, seconds: float) -> None:
        """Sleep, but look after children, signals and the starter."""
        watched: list[int | socket.socket] = [self.wakeup, *([self.starter] if self.starter else [])]
        readable, _, _ = select.select(watched, [], [], seconds)
        if self.wakeup in readable:
            os.read(self.wakeup, 4096)
        if self.starter in readable and self.starter and not self._hears_starter(self.starter):
            raise Ended("the command that started the lab has gone")
        self._reap()
        if self.stopping:
            raise Ended(self.stopping)

    @staticmethod
    def _hears_starter(starter: socket.socket) -> bool:
        try:
            return bool(starter.recv(4096))
        except OSError:
            return False

    def _reap(self) -> None:
        """Write down a program that ended without being asked to; the others go on, so that one can look."""
        for name, child in self.children.items():
            running = self.state.processes[name]
            if running.ended is None and child.poll() is not None:
                code = child.returncode
                how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
                running.ended = f"{how} at {time.strftime('%H:%M:%S')}"
                print(f"{name} {running.ended}", flush=True)
                self._save()

    def _save(self) -> None:
        self.state.save(self.layout.state)

    def _tell(self, **message: Any) -> None:
        """A line to the starter, while there is one."""
        if self.starter:
            try:
                self.starter.sendall(json.dumps(message).encode() + b"\n")
            except OSError:
                pass  # it has gone: the next pause says so

    # -- ending ------------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """Clients, then the API server, then its store: without the store the API server would never end."""
        clients = [name for name in self.children if name not in ("etcd", "kube-apiserver")]
        for group in (clients, ["kube-apiserver"], ["etcd"]):
            self._end([self.children[name] for name in group if name in self.children])

    @staticmethod
    def _end(group: list[subprocess.Popen[bytes]]) -> None:
        for child in group:
            if child.poll() is None:
                child.terminate()
        wait_until(lambda: all(child.poll() is not None for child in group), END_SECONDS)
        for child in group:
            if child.poll() is None:
                child.kill()
                child.wait()


def main() -> int:
    """Started by `Lab.start` only: the options and the number of the socket come as arguments."""
    options = LabOptions.from_json(sys.argv[1])
    starter = socket.socket(fileno=int(sys.argv[2]))
    starter.set_inheritable(False)
    return Supervisor(options, starter).run()


if __name__ == "__main__":
    sys.exit(main())
