# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays as data, run by a real ``ansible-playbook`` process; results as data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Json = dict[str, Any]
HERE = Path(__file__).resolve().parent
PROGRAM = Path(sys.executable).with_name("ansible-playbook")
GROUP = "group/kuberay.core.kuberay"
SWITCH = "kuberay_run_in_process"
# Seconds for a play. Far more than any takes: how fast this machine is has nothing to do with what a play shows.
PATIENCE = 900
# Never the way to a cluster or a proxy that the machine happens to know.
_UNWANTED = ("K8S_AUTH_", "KUBERAY_", "KUBECONFIG", "KUBERNETES_")


@dataclass(frozen=True)
class Outcome:
    """What one task gave: ``status`` is ok, failed, skipped or unreachable; the times are the clock's."""

    name: str
    status: str
    began: float
    ended: float
    result: Json

    def __getitem__(self, key: str) -> Any:
        return self.result[key]

    @property
    def failed(self) -> bool:
        return self.status != "ok"

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))


@dataclass(frozen=True)
class Run:
    """What a play gave. ``run["name"]`` is the outcome of the task of that name, which has to be the only one."""

    code: int
    stdout: str
    stderr: str
    outcomes: list[Outcome]

    def __getitem__(self, name: str) -> Outcome:
        found = [outcome for outcome in self.outcomes if outcome.name == name]
        assert len(found) == 1, f"{len(found)} outcomes of the task {name!r}:\n{self}"
        return found[0]

    def __str__(self) -> str:
        return f"exit code {self.code}\n{self.stdout}\n{self.stderr}"


@dataclass
class Play:
    """A play to be run in ``folder``, which is its own: everything that the run writes is below it."""

    folder: Path
    tasks: Sequence[Json]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    connection: Mapping[str, Any] = field(default_factory=dict)
    in_process: bool | None = None
    check: bool = False
    diff: bool = False
    verbosity: int = 0
    variables: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    # Playbooks of the collection, by name, in place of a play of these tasks.
    books: Sequence[str] = ()

    @property
    def temporary(self) -> Path:
        """The run's TMPDIR."""
        return self.folder / "tmp"

    def start(self) -> subprocess.Popen[str]:
        """Start it, in a session of its own."""
        self.temporary.mkdir(parents=True)
        return subprocess.Popen(
            self._command(),
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "stdout").open("w"),
            stderr=(self.folder / "stderr").open("w"),
            text=True,
            cwd=self.folder,
            env=self._environment(),
            start_new_session=True,
        )

    def run(self, seconds: float = PATIENCE) -> Run:
        """Run it to its end; one that takes longer is killed and fails the test."""
        return side_by_side({"only": self}, seconds)["only"]

    def finished(self, code: int) -> Run:
        """What there is to read of a run that has ended."""
        lines = self._results.read_text(encoding="utf-8").splitlines() if self._results.exists() else []
        outcomes = [Outcome(**json.loads(line)) for line in lines]
        return Run(code, self._text("stdout"), self._text("stderr"), outcomes)

    def left_behind(self) -> list[str]:
        """Files in TMPDIR, and folders that are ours."""
        found = self.temporary.rglob("*")
        return sorted(str(path) for path in found if path.is_file() or path.name.startswith("kuberay"))

    def processes(self) -> dict[int, str]:
        """What still runs of it: process ids and command lines."""
        mark = f"KUBERAY_TEST_RESULTS={self._results}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
            except OSError:
                continue
        return found

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8", errors="replace")

    @property
    def _results(self) -> Path:
        return self.folder / "results"

    def _command(self) -> list[str]:
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {GROUP: dict(self.connection)},
            **self.keywords,
            "tasks": list(self.tasks),
        }
        book, inventory = self.folder / "playbook.yml", self.folder / "inventory.yml"
        book.write_text(json.dumps([play]), encoding="utf-8")
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        inventory.write_text(json.dumps({"all": {"hosts": {"localhost": local}}}), encoding="utf-8")
        variables = dict(self.variables)
        if self.in_process is not None:
            variables[SWITCH] = self.in_process
        words = [str(PROGRAM), "-i", str(inventory), *(self.books or [str(book)])]
        words += ["--check"] * self.check + ["--diff"] * self.diff + ["-v"] * self.verbosity
        return words + (["-e", json.dumps(variables)] if variables else [])

    def _environment(self) -> dict[str, str]:
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_UNWANTED) and not name.lower().endswith("_proxy")
        }
        return {
            **own,
            "HOME": str(self.folder),
            "TMPDIR": str(self.temporary),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote"),
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "result_lines",
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection"),
            "KUBERAY_TEST_RESULTS": str(self._results),
            **self.environment,
        }


def side_by_side(plays: Mapping[Key, Play], seconds: float = PATIENCE) -> dict[Key, Run]:
    """Run plays at the same time, each to its end; where one takes longer, all are ended."""
    started: dict[Key, subprocess.Popen[str]] = {}
    deadline = time.monotonic() + seconds
    try:
        for key, play in plays.items():
            started[key] = play.start()
        for key, process in started.items():
            try:
                process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                told = plays[key].finished(-9)
                raise AssertionError(f"the play {key} took more than {seconds} s:\n{told}") from None
    finally:
        for process in started.values():
            if process.poll() is None:
                process.kill()
                process.wait()
    return {key: plays[key].finished(process.returncode) for key, process in started.items()}
