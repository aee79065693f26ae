# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab as seen by those who use it: start, look, stop.

with Lab(LabOptions(data=folder, tied=True)) as lab:
    subprocess.run(["kubectl", "get", "nodes"], env=lab.environment())
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from tests.lab import build, control
from tests.lab.errors import LabError
from tests.lab.layout import Layout, State
from tests.lab.options import LabOptions
from tests.lab.processes import tail, wait_until

__all__ = ["Lab", "LabError", "LabOptions", "Status"]

START_SECONDS = 600.0
STOP_SECONDS = 40.0
LOCK_SECONDS = 60.0
# What another operator, APIServer or other CRDs would change: a running lab is not the wished one then.
IDENTIFYING = ("operator", "crds", "feature_gates", "apiserver", "apiserver_args")


def _silent(line: str) -> None:
    """Progress that nobody wants to see."""


@dataclass(frozen=True)
class Status:
    """Whether all is well, and what is not."""

    state: State | None
    problems: list[str]

    @property
    def healthy(self) -> bool:
        return self.state is not None and not self.problems


class Lab:
    """One lab, running or not, in one data folder."""

    def __init__(self, options: LabOptions | None = None, say: Callable[[str], None] = _silent) -> None:
        self.options = options or LabOptions()
        self.layout = Layout(self.options.data.resolve())
        self.say = say
        self._tie: socket.socket | None = None

    @property
    def data(self) -> Path:
        return self.layout.data

    @property
    def kubeconfig(self) -> Path:
        return self.layout.kubeconfig

    def environment(self) -> dict[str, str]:
        """This process's environment, pointed at the lab, with the lab's programs first on PATH."""
        path = [*map(str, build.folders()), os.environ.get("PATH", os.defpath)]
        return {
            **control.clean_environment(os.environ),
            "KUBECONFIG": str(self.kubeconfig),
            "K8S_AUTH_KUBECONFIG": str(self.kubeconfig),
            "KUBERAY_LAB_DATA": str(self.data),
            "PATH": os.pathsep.join(path),
        }

    # -- looking -----------------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """What the record says, checked against the processes and the API server."""
        state = State.load(self.layout.state)
        if state is None:
            return Status(None, ["not running"])
        if not state.supervisor.alive():
            return Status(state, ["its supervisor has died; `up` repairs it"])
        problems = [self._what_ended(name, entry.ended) for name, entry in state.processes.items() if entry.ended]
        if not state.ready:
            problems.append("not ready yet")
        elif not problems and not control.api(self.layout, state.ports).ready():
            problems.append("the API server is not ready")
        return Status(state, problems)

    def _what_ended(self, name: str, how: str) -> str:
        log = self.layout.log(name)
        return f"{name} {how}; the end of {log}:\n{tail(log)}"

    # -- starting ----------------------------------------------------------------------------------------------------

    def start(self) -> bool:
        """Start or repair the lab. False if it was running already, as wished."""
        self.layout.logs.mkdir(parents=True, exist_ok=True)
        with self._only_one():
            found = self.status()
            if found.healthy and found.state:
                self._check_same(found.state)
                return False
            self._clear(found.state)
            build.build(self.say)
            self._launch()
        return True

    def _check_same(self, state: State) -> None:
        wished = self.options.told()
        other = [f"{key} {state.options.get(key)}" for key in IDENTIFYING if state.options.get(key) != wished[key]]
        if other:
            raise LabError(
                f"the lab in {self.data} runs already, but with {' and '.join(other)}: end it first (`down`)"
            )

    def _launch(self) -> None:
        """Start the supervisor and follow it until the lab is ready."""
        ours, theirs = socket.socketpair()
        wanted = replace(self.options, data=self.data)
        with self.layout.log("supervisor").open("ab") as output, theirs:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "tests.lab.supervisor", wanted.to_json(), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.data,
                env=control.with_checkout(os.environ),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        try:
            self._follow(ours)
        except BaseException:
            # The supervisor sees the socket close and ends the lab; Ctrl-C is over when nothing is left.
            ours.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                supervisor.wait(STOP_SECONDS)
            raise
        if self.options.tied:
            self._tie = ours
        else:
            ours.close()
        # The supervisor outlives us on purpose: Python need not warn of that.
        supervisor.returncode = 0

    def _follow(self, supervisor: socket.socket) -> None:
        deadline = time.monotonic() + START_SECONDS
        with supervisor.makefile("r", encoding="utf-8") as lines:
            supervisor.settimeout(START_SECONDS)
            for line in lines:
                message = json.loads(line)
                if message.get("ready"):
                    return
                if "failed" in message:
                    raise LabError(message["failed"])
                self.say(message["say"])
                if time.monotonic() > deadline:
                    raise LabError(f"the lab was not ready within {START_SECONDS:.0f} s")
        log = self.layout.log("supervisor")
        raise LabError(f"the supervisor ended; the end of {log}:\n{tail(log)}")

    # -- stopping ----------------------------------------------------------------------------------------------------

    def stop(self) -> bool:
        """End the lab and forget its data (logs stay). False if there was nothing to end."""
        if not self.data.exists():
            return False
        with self._only_one():
            state = State.load(self.layout.state)
            self._clear(state)
            if self._tie:
                self._tie.close()
                self._tie = None
            for folder in (self.layout.store, self.layout.pki.folder, self.layout.room):
                shutil.rmtree(folder, ignore_errors=True)
            for file in (self.kubeconfig, self.layout.egress, self.layout.state):
                file.unlink(missing_ok=True)
        return state is not None

    def _clear(self, state: State | None) -> None:
        """End whatever the record names; a record that is older than the machine's boot names nothing that lives."""
        if state is None:
            return
        state.supervisor.end(STOP_SECONDS)
        # They die with their supervisor; this waits for it, and forces it where the kernel did not.
        identities = [entry.identity for entry in state.processes.values()]
        wait_until(lambda: not any(identity.alive() for identity in identities), 2.0)
        for identity in identities:
            identity.end(0.0)

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        """One command at a time starts or stops a lab; the kernel drops the lock of a command that was killed."""
        with self.layout.lock.open("w") as lock:

            def locked() -> bool:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                return True

            if not wait_until(locked, LOCK_SECONDS, 0.1):
                raise LabError(f"another command has been starting or stopping the lab in {self.data} for a minute")
            yield

    def __enter__(self) -> Lab:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
