# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a wait goes on after there is nothing to wait for: from the last pod's readiness to the task's result.

The time in a pod's Ready condition has whole seconds only, so the pods are watched from the side.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.integration.modules.room import SHIPPED
from tests.integration.modules.words import group, manage, wish
from tests.integration.playbook import Play
from tests.lab.pki import Pki
from tests.lab.ports import LOOPBACK

Json = dict[str, Any]
# Long enough that the wait has settled before the pods are ready; see tests/lab/kwok/pods.yaml.
SLOW = {"lab.kuberay.core/fails": "slow-start", "lab.kuberay.core/seconds": "1"}
CREATE, SCALE = "a head and three workers, made", "two workers more"
_SECONDS = 300


class PodWatch:
    """When each pod of a namespace was first seen ready, by this machine's clock."""

    def __init__(self, pki: Pki, port: int, namespace: str) -> None:
        tls = ssl.create_default_context(cafile=str(pki.crt("ca")))
        tls.load_cert_chain(pki.crt("admin"), pki.key("admin"))
        server = http.client.HTTPSConnection(LOOPBACK, port, timeout=2 * _SECONDS, context=tls)
        # The server ends it in time, and with it the thread.
        server.request("GET", f"/api/v1/namespaces/{namespace}/pods?watch=true&timeoutSeconds={_SECONDS}")
        self._ready: dict[str, float] = {}
        self._answer = server.getresponse()
        assert self._answer.status == 200, self._answer.read()
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        for line in self._answer:
            now, pod = time.time(), json.loads(line)["object"]
            conditions = pod.get("status", {}).get("conditions") or []
            if any(one["type"] == "Ready" and one["status"] == "True" for one in conditions):
                self._ready.setdefault(pod["metadata"]["name"], now)

    def last_ready(self, began: float, ended: float) -> float:
        """When the last of the pods that became ready in that time did."""
        return max(moment for moment in self._ready.values() if began <= moment < ended)


@dataclass(frozen=True)
class Waits:
    """Waits of both kinds, one cluster after the other."""

    kubeconfig: Path
    namespace: str
    rounds: int

    def late(self, folder: Path, watch: PodWatch, way: str) -> dict[str, list[float]]:
        """Seconds from the last wanted pod's readiness to the result, by what was waited for."""
        connection = {"kubeconfig": str(self.kubeconfig), "namespace": self.namespace}
        play = Play(folder, list(self._tasks()), connection=connection, in_process=False if way == SHIPPED else None)
        run = play.run(_SECONDS)
        assert run.code == 0, str(run)
        late: dict[str, list[float]] = {CREATE: [], SCALE: []}
        for outcome, following in pairwise(run.outcomes):
            if outcome.name in late:
                late[outcome.name].append(outcome.ended - watch.last_ready(outcome.began, following.began))
        return late

    def _tasks(self) -> Iterator[Json]:
        for number in range(self.rounds):
            name = f"wait-{number}"
            yield manage(CREATE, name, **wish(group("small", 3, annotations=SLOW)))
            yield manage(SCALE, name, **wish(group("small", 5, annotations=SLOW)))
            yield manage("delete", name, state="absent")
