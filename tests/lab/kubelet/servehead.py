# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Ray for one cluster of a RayService: Serve is one to a Ray, and each of these clusters has its own."""

from __future__ import annotations

import shutil
import socket
import threading
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.kubelet.rayhead import DASHBOARD, RayHead

APPLICATIONS = Path(__file__).parents[1] / "applications"
# No worker waits for work that may never come: Serve starts what it needs.
SETTINGS = {"RAY_prestart_worker_first_driver": "0", "PYTHONPATH": str(APPLICATIONS), "PYTHONDONTWRITEBYTECODE": "1"}
# More at once only get into each other's way, until one of them gives up.
STARTS = threading.BoundedSemaphore(2)


class ServeHead(RayHead):
    """One Ray of many. It ends with its head pod, or when it fails, and takes what it has written with it."""

    def serve(self) -> None:
        super().serve()
        shutil.rmtree(self._room.folder, ignore_errors=True)

    def _start(self) -> None:
        with STARTS:
            super()._start()

    def _fail(self, problem: str) -> None:
        super()._fail(problem)
        self._over.set()

    def dial(self, client: socket.socket, address: str, port: int) -> None:
        """Only its dashboard is worth a wait: the operator asks its proxy all the time whether it is there yet."""
        if port != DASHBOARD and not self._settled.is_set():
            raise LabError(f"{self.name} is starting")
        super().dial(client, address, port)

    def _environment(self) -> dict[str, str]:
        return {**super()._environment(), **SETTINGS}
