# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ray that all clusters share, except those whose Serve needs one of its own; and what is run beside it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from tests.lab.kubelet.inside import SHORT_FOLDER
from tests.lab.kubelet.names import Resolve
from tests.lab.kubelet.rayhead import RayHead
from tests.lab.kubelet.room import OnEnd

COMMAND = Path(__file__).with_name("ray_command.py")
SERVER = Path(__file__).with_name("ray_server.py")
SOCKET = f"{SHORT_FOLDER}/command.sock"

log = logging.getLogger(__name__)


class SharedHead(RayHead):
    """The one Ray for jobs. It stays as long as the lab."""

    ready_path = "/api/jobs/"

    def __init__(self, folder: Path, logs: Path, resolve: Resolve) -> None:
        super().__init__("ray", folder, logs, resolve)

    def run(self, words: list[str], environment: dict[str, str], log_name: str, on_end: OnEnd) -> int:
        """Run a program beside Ray, with Ray's own programs on its PATH."""
        self.want()
        return self._room.run(words, {**self._environment(), **environment}, self._logs / log_name, on_end)

    def end(self, number: int) -> None:
        """End such a program."""
        self._room.end(number)

    def _commands(self, programs: Path) -> dict[str, list[str]]:
        commands = self._room.folder / "bin"
        commands.mkdir(exist_ok=True)
        (commands / "ray").unlink(missing_ok=True)
        (commands / "ray").symlink_to(COMMAND)
        return {**super()._commands(programs), "ray-command.log": [str(programs / "python"), str(SERVER), SOCKET]}

    def _environment(self) -> dict[str, str]:
        own = super()._environment()
        return {**own, "PATH": os.pathsep.join([f"{SHORT_FOLDER}/bin", own["PATH"]]), "RAY_COMMAND_SOCKET": SOCKET}

    def _lost(self, how: str) -> None:
        # The lab's status tells when a program has ended; without this Ray this one is of no use.
        log.error(how)
        os._exit(1)
