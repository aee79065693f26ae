# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses, ports and names lead to Ray: those of heads whose Ray container is ready, and of Serve's workers."""

from __future__ import annotations

from tests.lab.kubelet.switchboard import Refused
from tests.lab.operator.objects import Json, Key, annotations_of, dig, labels_of
from tests.lab.operator.store import Store
from tests.lab.operator.words import CLUSTER

FAILS = "lab.kuberay.core/fails"
NO_DASHBOARD = "dashboard"
# The ports on which Ray listens, under the names that KubeRay gives them in the head container. Where Serve listens its
# config says, so that no name can stand for it.
RAY_PORTS = {"dashboard": 8265, "gcs-server": 6379, "client": 10001}
SERVE_PORT = 8000


class Directory:
    """Looks things up among the Ray pods and Services that the watches have shown."""

    def __init__(self, heads: Store, workers: Store, services: Store) -> None:
        self._heads = heads
        self._workers = workers
        self._services = services

    def find(self, address: str, port: int) -> tuple[Json, int]:
        """The head pod and the port of Ray behind a pod's address and port; Refused where nothing would answer."""
        for pod in self._heads.everywhere():
            if dig(pod, "status.podIP") == address and answers(pod):
                return pod, _own_port(pod, port)
        for worker in self._workers.everywhere():
            if dig(worker, "status.podIP") == address and answers(worker) and port == _serve_port(worker):
                return self._head_of(worker), port
        raise Refused(f"{address}:{port} is no Ray head that is ready")

    def resolve(self, namespace: str, service: str) -> str | None:
        """The address behind a Service's name."""
        found = self._services.get(Key(namespace, service))
        selector = dig(found, "spec.selector")
        if not selector:
            return None
        heads = [pod for pod in self._heads.select(namespace, selector) if answers(pod)]
        return str(dig(heads[0], "status.podIP")) if heads else None

    def _head_of(self, worker: Json) -> Json:
        """A worker has no Ray: what would be its proxy is that of its head."""
        cluster = labels_of(worker).get(CLUSTER, "")
        heads = self._heads.select(worker["metadata"]["namespace"], {CLUSTER: cluster})
        if not heads or not answers(heads[0]):
            raise Refused(f"{worker['metadata']['name']} has no head that is ready")
        return heads[0]


def answers(pod: Json) -> bool:
    """Whether Ray would answer in this pod."""
    if annotations_of(pod).get(FAILS) == NO_DASHBOARD or dig(pod, "status.phase") != "Running":
        return False
    ray = pod["spec"]["containers"][0]["name"]
    statuses = dig(pod, "status.containerStatuses", [])
    return any(status["name"] == ray and status.get("ready") for status in statuses)


def _own_port(pod: Json, port: int) -> int:
    """A head may call its ports what it likes; their names say what they are."""
    return RAY_PORTS.get(next((name for name, number in _ports(pod).items() if number == port), ""), port)


def _serve_port(pod: Json) -> int:
    return _ports(pod).get("serve", SERVE_PORT)


def _ports(pod: Json) -> dict[str, int]:
    return {p.get("name", ""): p["containerPort"] for p in pod["spec"]["containers"][0].get("ports") or []}
