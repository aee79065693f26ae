# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX has them run: by ansible-runner, where there is the published archive and what it asks for."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import yaml

from tests.checks import tables, tree, venvs
from tests.integration.playbook import PATIENCE

Json = dict[str, Any]
IDENT = "1"
# AWX asks now and then whether somebody has cancelled, by such a callback. At this verbosity, events tell the most.
RUN = f"""
import os, sys, ansible_runner
folder, playbook = sys.argv[1:]
asked = os.path.join(folder, "cancel")
ansible_runner.run(private_data_dir=folder, playbook=playbook, ident="{IDENT}", quiet=True, verbosity=4,
                   cancel_callback=lambda: os.path.exists(asked))
"""
# What AWX's playbook gives the inventory's only host; AWX hands an inventory on as a script.
HOST = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
INVENTORY = {"all": {"hosts": ["localhost"]}, "_meta": {"hostvars": {"localhost": HOST}}}


# What a credential puts into a job's environment.
Credential = Mapping[str, str]


def bearer(host: str, token: str, authority: Path) -> Credential:
    """AWX's own type "OpenShift or Kubernetes API Bearer Token"."""
    verified = {"K8S_AUTH_VERIFY_SSL": "True", "K8S_AUTH_SSL_CA_CERT": str(authority)}
    return {"K8S_AUTH_HOST": host, "K8S_AUTH_API_KEY": token, **verified}


def of_type(folder: Path, files: Path, **fields: str) -> Credential:
    """A type of ours: its injectors are templates of the fields that were filled in, and of the files' paths."""
    injectors = yaml.safe_load((folder / "injectors.yml").read_text("utf-8"))
    names = {}
    for label, text in injectors["file"].items():
        name = label.removeprefix("template.")
        _write(files / name, jinja2.Template(text).render(fields))
        names[name] = str(files / name)
    told = {**fields, "tower": {"filename": names}}
    return {name: jinja2.Template(text).render(told) for name, text in injectors["env"].items()}


@dataclass(frozen=True)
class Engine:
    """An execution environment: the programs of ``.venv/ee``, and collections installed where nothing else is."""

    programs: Path
    collections: Path

    @classmethod
    def made(cls, folder: Path) -> Engine:
        """Build the archive and install it; what the roles need besides, modules and playbooks do without."""
        engine = cls(venvs.ensure(tables.EE, print), folder / "collections")
        engine._galaxy(folder, "build", "--output-path", str(folder), str(tree.ROOT))
        (archive,) = folder.glob("*.tar.gz")
        engine._galaxy(folder, "install", "--offline", "--no-deps", "-p", str(engine.collections), str(archive))
        return engine

    @property
    def core(self) -> Path:
        """The collection, as it was published."""
        return self.collections / "ansible_collections" / "kuberay" / "core"

    def environment(self, home: Path) -> dict[str, str]:
        """All of it: nothing of this machine's, of the checkout's or of the tests' own environment."""
        return {
            "PATH": f"{self.programs}{os.pathsep}{os.defpath}",
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
        }

    def job(self, folder: Path, playbook: str, answers: Json, credential: Credential, project: Path) -> Job:
        """A job, with the folder that AWX makes for it."""
        inventory = folder / "inventory" / "hosts"
        _write(inventory, f"#!/bin/sh\ncat <<'END'\n{json.dumps(INVENTORY)}\nEND\n")
        inventory.chmod(0o700)
        _write(folder / "env" / "envvars", json.dumps(dict(credential)))
        # Whatever somebody has typed is no template.
        mark = {True: "!unsafe ", False: ""}
        lines = [f"{name}: {mark[isinstance(said, str)]}{json.dumps(said)}\n" for name, said in answers.items()]
        _write(folder / "env" / "extravars", "---\n" + "".join(lines))
        (folder / "project").symlink_to(project)
        return Job(self, folder, playbook)

    def _galaxy(self, folder: Path, *words: str) -> None:
        program = [str(self.programs / "ansible-galaxy"), "collection", *words]
        subprocess.run(program, check=True, capture_output=True, cwd=folder, env=self.environment(folder))


def _parent(pid: int) -> int:
    """The parent of a process; what its name is does not matter."""
    return int(Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1])


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


@dataclass
class Job:
    """One run of a playbook. Everything that belongs to it is below its folder, which is its HOME, too."""

    engine: Engine
    folder: Path
    playbook: str
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> Job:
        program, environment = str(self.engine.programs / "python"), self.engine.environment(self.folder)
        words = [program, "-c", RUN, str(self.folder), self.playbook]
        log = (self.folder / "log").open("wb")
        self._process = subprocess.Popen(
            words, env=environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
        )
        return self

    def end(self) -> Job:
        """Wait for the end of ansible-runner itself."""
        if self._process is not None:
            self._process.wait(PATIENCE)
        return self

    def run(self) -> Job:
        return self.start().end()

    @property
    def pid(self) -> int:
        """ansible-runner's."""
        assert self._process is not None
        return self._process.pid

    def child(self) -> int:
        """The process of ansible-playbook."""
        (found,) = (pid for pid in self.processes() if _parent(pid) == self.pid)
        return found

    def cancel(self) -> None:
        """As AWX does for somebody who cancels the job."""
        (self.folder / "cancel").touch()

    def processes(self) -> dict[int, str]:
        """What runs of it, however it was started: process ids and command lines."""
        mark = f"HOME={self.folder}".encode()
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts" / IDENT

    @property
    def status(self) -> str:
        return self._text("status")

    @property
    def stdout(self) -> str:
        return self._text("stdout")

    def _text(self, name: str) -> str:
        file = self.artifacts / name
        return file.read_text("utf-8", errors="replace") if file.exists() else ""

    @property
    def events(self) -> list[Json]:
        """In the order in which AWX gets them."""
        files = (self.artifacts / "job_events").glob("*-*.json")
        found = [json.loads(file.read_text("utf-8")) for file in files]
        return sorted(found, key=lambda event: int(event["counter"]))

    def results(self) -> dict[str, Json]:
        """What each task has returned."""
        data = [event.get("event_data", {}) for event in self.events]
        return {one["task"]: one["res"] for one in data if "res" in one}

    def left_for_later(self) -> Json:
        """What the next steps of a workflow get."""
        found: Json = self.events[-1]["event_data"]["artifact_data"]
        return found

    def __str__(self) -> str:
        return f"{self.playbook}: {self.status}\n{self.stdout}\n{(self.folder / 'log').read_text('utf-8')}"
