# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lookout for planted secrets: on disk and in the process list while a play runs, and in what it has told."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.integration.patience import SECONDS
from tests.integration.playbook import Play, Run

# Files below a run's folder that are not ours to keep clean: the playbook, where secrets come from, and the programs
# that Ansible makes of shipped modules, in its own temporary folder first and then where they run. A task's arguments
# are a part of them. With pipelining, which Ansible leaves off, they would go through a pipe instead.
PLAYBOOK = "playbook.yml"
PROGRAM = b"#!"


class Lookout:
    """Where secrets were seen: ``found`` has a line for each secret (by its label) in each place."""

    def __init__(self, play: Play, secrets: dict[str, str]) -> None:
        self._play = play
        self._secrets = {label: secret.encode() for label, secret in secrets.items()}
        self._known: dict[Path, tuple[int, int]] = {}
        self._over = threading.Event()
        self.found: set[str] = set()
        self.rounds = 0
        self.processes: set[str] = set()

    def watch(self) -> None:
        """Look around until it is over, and once more then."""
        while not self._over.wait(0.05):
            self._look()
        self._look()

    def end(self) -> None:
        self._over.set()

    def told(self, run: Run) -> None:
        """Look through what a run has printed and returned."""
        for place, text in (("stdout", run.stdout), ("stderr", run.stderr)):
            self._search(place, text.encode())
        for outcome in run.outcomes:
            self._search(f"result of {outcome.name}", repr(outcome.result).encode())

    def _look(self) -> None:
        self.rounds += 1
        for file in self._files():
            try:
                stat = file.stat()
                if self._known.get(file) != (stat.st_mtime_ns, stat.st_size):
                    self._known[file] = stat.st_mtime_ns, stat.st_size
                    content = file.read_bytes()
                    if not content.startswith(PROGRAM):
                        self._search(str(file.relative_to(self._play.folder)), content)
            except OSError:
                continue
        for pid in self._play.processes():
            for part in ("cmdline", "environ"):
                try:
                    content = Path(f"/proc/{pid}/{part}").read_bytes()
                except OSError:
                    continue
                self._search(f"{part} of a process", content)
                if part == "cmdline":
                    self.processes.add(content.replace(b"\0", b" ").decode("utf-8", "replace"))

    def _files(self) -> Iterator[Path]:
        for path in self._play.folder.rglob("*"):
            if path.is_file() and path.name != PLAYBOOK:
                yield path

    def _search(self, place: str, content: bytes) -> None:
        self.found.update(f"{label}: {place}" for label, secret in self._secrets.items() if secret in content)


@contextmanager
def on_the_lookout(play: Play, secrets: dict[str, str]) -> Iterator[Lookout]:
    """A lookout from before the play until after it."""
    lookout = Lookout(play, secrets)
    thread = threading.Thread(target=lookout.watch, daemon=True)
    thread.start()
    try:
        yield lookout
    finally:
        lookout.end()
        thread.join(SECONDS)


def mentioned(secrets: dict[str, str], texts: Iterable[str]) -> set[str]:
    """The labels of the secrets that some of the texts hold."""
    joined = "\n".join(texts)
    return {label for label, secret in secrets.items() if secret in joined}
