# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Ray a head pod leads to: all share one, except those of RayServices."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tests.lab.errors import LabError
from tests.lab.kubelet.directory import answers
from tests.lab.kubelet.rayhead import RayHead
from tests.lab.operator.objects import Json, labels_of
from tests.lab.operator.store import Store
from tests.lab.operator.words import SERVE

AGAIN_SECONDS = 1.0


class Heads:
    """The Rays of head pods. One of its own begins when its pod is ready, and ends when that is gone."""

    def __init__(self, pods: Store, shared: RayHead, make: Callable[[Json], RayHead]) -> None:
        self._shared = shared
        self._make = make
        self._lock = threading.Lock()
        self._own: dict[str, RayHead] = {}
        pods.subscribe(self._changed)

    def of(self, pod: Json) -> RayHead:
        """The Ray behind a head pod."""
        if not has_own(pod):
            return self._shared
        with self._lock:
            own = self._own.get(pod["metadata"]["uid"])
        if own is None:
            raise LabError(f"no Ray for {pod['metadata']['name']}")
        return own

    def hang_up(self, address: str) -> None:
        """End all connections that were made under an address, wherever they lead."""
        with self._lock:
            own = list(self._own.values())
        for head in (self._shared, *own):
            head.hang_up(address)

    def _changed(self, old: Json | None, new: Json | None) -> None:
        if old and (new is None or new["metadata"]["uid"] != old["metadata"]["uid"]):
            with self._lock:
                gone = self._own.pop(old["metadata"]["uid"], None)
            if gone:
                gone.stop()
        if new and has_own(new) and answers(new):
            first = self._begin(new, None)
            if first:
                threading.Thread(target=self._run, args=(new, first), daemon=True).start()

    def _run(self, pod: Json, first: RayHead) -> None:
        """Ray until its pod has gone: one that fails is started again, as a container is."""
        own: RayHead | None = first
        while own:
            own.serve()
            time.sleep(AGAIN_SECONDS)
            own = self._begin(pod, own)

    def _begin(self, pod: Json, failed: RayHead | None) -> RayHead | None:
        """A Ray in place of the one that failed; none where that is not the pod's any more."""
        uid = pod["metadata"]["uid"]
        with self._lock:
            if self._own.get(uid) is not failed:
                return None
            own = self._own[uid] = self._make(pod)
        own.expect()
        return own


def has_own(pod: Json) -> bool:
    """Whether the pod's cluster belongs to a RayService: the operator labels only these pods so."""
    return SERVE in labels_of(pod)
