# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A side watch: what became of the pods of a namespace, and when, by a clock that only goes forward."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from tests.integration.patience import SECONDS
from tests.lab.operator.api import PODS, Api

Json = dict[str, Any]
Pods = list[Json]
# How long the watch itself runs; tests that take longer would see nothing more.
WATCH_SECONDS = 3600


class PodWatch:
    """Follows all pods of a namespace from its own connection, and remembers every state that it saw."""

    def __init__(self, kubeconfig: str, namespace: str) -> None:
        self._api = Api(kubeconfig)
        self._namespace = namespace
        self._lock = threading.Lock()
        self._closed = threading.Event()
        first = self._api.list(PODS, namespace=namespace)
        pods = {pod["metadata"]["uid"]: pod for pod in first["items"]}
        self._states: list[tuple[float, dict[str, Json]]] = [(time.monotonic(), pods)]
        version = first["metadata"]["resourceVersion"]
        threading.Thread(target=self._follow, args=(version,), name="pod-watch", daemon=True).start()

    def close(self) -> None:
        """Be done: how the watch ends does not matter any more."""
        self._closed.set()

    def pods(self) -> Pods:
        """The pods as the API server has them now: a read of its own, not what the watch saw last."""
        return list(self._api.list(PODS, namespace=self._namespace)["items"])

    def right_since(self, right: Callable[[Pods], bool], seconds: float = SECONDS) -> float:
        """Since when, without a break, the pods have been right; the watch may take a moment to see that they are."""
        end = time.monotonic() + seconds
        while True:
            with self._lock:
                states = list(self._states)
            since = None
            for at, pods in reversed(states):
                if not right(list(pods.values())):
                    break
                since = at
            if since is not None:
                return since
            assert time.monotonic() < end, "the side watch has not seen the pods that were read"
            time.sleep(0.01)

    def _follow(self, version: str) -> None:
        query = {
            "resourceVersion": version,
            "timeoutSeconds": str(WATCH_SECONDS),
            "fieldSelector": f"metadata.namespace={self._namespace}",
        }
        try:
            for event in self._api.watch(PODS, query):
                if event["type"] in ("ADDED", "MODIFIED", "DELETED"):
                    self._see(time.monotonic(), event["type"], event["object"])
        except Exception:
            # The lab may end before us.
            if not self._closed.is_set():
                raise

    def _see(self, at: float, sort: str, pod: Json) -> None:
        with self._lock:
            pods = dict(self._states[-1][1])
            pods.pop(pod["metadata"]["uid"], None)
            if sort != "DELETED":
                pods[pod["metadata"]["uid"]] = pod
            self._states.append((at, pods))
