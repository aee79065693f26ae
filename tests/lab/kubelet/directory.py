# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses, ports and names lead to Ray: those of heads whose Ray container is ready."""

from __future__ import annotations

from tests.lab.kubelet.switchboard import Refused
from tests.lab.operator.objects import Json, Key, annotations_of, dig
from tests.lab.operator.store import Store

FAILS = "lab.kuberay.core/fails"
NO_DASHBOARD = "dashboard"
# The ports on which the one Ray listens, under the names that KubeRay gives them in the head container.
RAY_PORTS = {"dashboard": 8265, "serve": 8000, "gcs-server": 6379, "client": 10001}


class Directory:
    """Looks things up among the Ray pods and Services that the watches have shown."""

    def __init__(self, pods: Store, services: Store) -> None:
        self._pods = pods
        self._services = services

    def port(self, address: str, port: int) -> int:
        """The port of Ray behind a pod's address and port; Refused where nothing would answer."""
        for pod in self._pods.everywhere():
            if dig(pod, "status.podIP") == address and answers(pod):
                return _own_port(pod, port)
        raise Refused(f"{address}:{port} is no Ray head that is ready")

    def resolve(self, namespace: str, service: str) -> str | None:
        """The address behind a Service's name."""
        found = self._services.get(Key(namespace, service))
        selector = dig(found, "spec.selector")
        if not selector:
            return None
        heads = [pod for pod in self._pods.select(namespace, selector) if answers(pod)]
        return str(dig(heads[0], "status.podIP")) if heads else None


def answers(pod: Json) -> bool:
    """Whether Ray would answer in this pod."""
    if annotations_of(pod).get(FAILS) == NO_DASHBOARD or dig(pod, "status.phase") != "Running":
        return False
    ray = pod["spec"]["containers"][0]["name"]
    statuses = dig(pod, "status.containerStatuses", [])
    return any(status["name"] == ray and status.get("ready") for status in statuses)


def _own_port(pod: Json, port: int) -> int:
    """A head may call its ports what it likes; their names say what they are."""
    named = {p["containerPort"]: p.get("name") for p in pod["spec"]["containers"][0].get("ports") or []}
    return RAY_PORTS.get(named.get(port) or "", port)
