# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the kubelet, joined: watches, the one Ray, who finds it under which address, and who submits to it."""

from __future__ import annotations

import functools
import socket
import threading
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.kubelet import names
from tests.lab.kubelet.directory import Directory
from tests.lab.kubelet.farewell import Farewell
from tests.lab.kubelet.rayhead import RayHead
from tests.lab.kubelet.submitters import Submitters
from tests.lab.kubelet.switchboard import Refused
from tests.lab.layout import Layout
from tests.lab.operator.api import PODS, RAY_JOBS, SERVICES, Api
from tests.lab.operator.store import Store
from tests.lab.operator.words import HEAD, NODE_TYPE, ORIGIN_KIND


class Kubelet:
    """Answers for pods."""

    def __init__(self, data: Path) -> None:
        layout = Layout(data)
        api = Api(str(layout.kubeconfig))
        heads = Store(api, PODS, f"{NODE_TYPE}={HEAD}")
        jobs = Store(api, PODS, f"{ORIGIN_KIND}=RayJob")
        services = Store(api, SERVICES)
        ray_jobs = Store(api, RAY_JOBS)
        self._stores = [heads, jobs, services, ray_jobs]
        self._directory = Directory(heads, services)
        self._ray = RayHead(layout.room, layout.logs, functools.partial(names.serve, resolve=self._directory.resolve))
        self._submitters = Submitters(api, [heads, jobs], self._ray)
        self._farewell = Farewell(heads, ray_jobs, self._ray)
        # While its cluster is made Ray starts: an operator that dials it has no patience for that.
        ray_jobs.subscribe(lambda _old, new: self._ray.expect() if new else None)

    def connect(self, client: socket.socket, address: str, port: int) -> None:
        """Hand a client over to Ray, if there is Ray at this address."""
        own = self._directory.port(address, port)
        try:
            self._ray.dial(client, address, own)
        except LabError as problem:
            raise Refused(str(problem)) from problem

    def run(self) -> None:
        """Until the end of this process."""
        for store in self._stores:
            threading.Thread(target=store.run, args=(threading.Event(),), daemon=True).start()
        self._ray.serve()
