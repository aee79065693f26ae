# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the kubelet, joined: watches, Rays, who finds them under which address, and who submits to them."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.kubelet.directory import Directory
from tests.lab.kubelet.farewell import Farewell
from tests.lab.kubelet.heads import Heads
from tests.lab.kubelet.servehead import ServeHead
from tests.lab.kubelet.sharedhead import SharedHead
from tests.lab.kubelet.submitters import Submitters
from tests.lab.kubelet.switchboard import Refused
from tests.lab.layout import Layout
from tests.lab.operator.api import PODS, RAY_JOBS, SERVICES, Api
from tests.lab.operator.objects import Json, key_of
from tests.lab.operator.store import Store
from tests.lab.operator.words import HEAD, NODE_TYPE, ORIGIN_KIND, SERVE, WORKER


class Kubelet:
    """Answers for pods."""

    def __init__(self, data: Path) -> None:
        self._layout = Layout(data)
        api = Api(str(self._layout.kubeconfig))
        heads = Store(api, PODS, f"{NODE_TYPE}={HEAD}")
        workers = Store(api, PODS, f"{NODE_TYPE}={WORKER},{SERVE}")
        jobs = Store(api, PODS, f"{ORIGIN_KIND}=RayJob")
        services = Store(api, SERVICES)
        ray_jobs = Store(api, RAY_JOBS)
        self._stores = [heads, workers, jobs, services, ray_jobs]
        self._directory = Directory(heads, workers, services)
        self._ray = SharedHead(self._layout.room, self._layout.logs, self._directory.resolve)
        self._heads = Heads(heads, self._ray, self._own)
        self._submitters = Submitters(api, [heads, jobs], self._ray)
        self._farewell = Farewell([heads, workers], ray_jobs, self._heads, self._ray)
        # While its cluster is made Ray starts: an operator that dials it has no patience for that.
        ray_jobs.subscribe(lambda _old, new: self._ray.expect() if new else None)

    def connect(self, client: socket.socket, address: str, port: int) -> None:
        """Hand a client over to Ray, if there is Ray at this address."""
        head, own = self._directory.find(address, port)
        try:
            self._heads.of(head).dial(client, address, own)
        except LabError as problem:
            raise Refused(str(problem)) from problem

    def run(self) -> None:
        """Until the end of this process."""
        for store in self._stores:
            threading.Thread(target=store.run, args=(threading.Event(),), daemon=True).start()
        self._ray.serve()

    def _own(self, pod: Json) -> ServeHead:
        namespace, name = key_of(pod)
        folder = self._layout.room / "own" / pod["metadata"]["uid"]
        return ServeHead(f"ray-{namespace}-{name}", folder, self._layout.logs, self._directory.resolve)
