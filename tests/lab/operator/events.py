# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events, recorded as events.k8s.io/v1 does it.

Events that differ only in their note are one event to the recorder: the second makes a series of the first, and the
third and later only count in memory. So of three workers created in one go a client sees one event, with the name
of the first pod and a series with count 2.
"""

from __future__ import annotations

import logging
import queue
import socket
import threading
import time

import urllib3

from .api import EVENTS, Api, ApiError
from .objects import Json, micro_timestamp

REMEMBERED = 4096
log = logging.getLogger(__name__)


class Recorder:
    """Writes events in a thread of its own, so that no reconcile waits for them."""

    def __init__(self, api: Api, controller: str) -> None:
        self._api = api
        self._controller = controller
        self._instance = f"{controller}-{socket.gethostname()}"
        self._queue: queue.SimpleQueue[Json] = queue.SimpleQueue()
        self._seen: dict[tuple[str, ...], Json] = {}

    def normal(self, regarding: Json, reason: str, action: str, note: str) -> None:
        """Record that something went as it should."""
        self._record("Normal", regarding, reason, action, note)

    def warning(self, regarding: Json, reason: str, action: str, note: str) -> None:
        """Record that something did not."""
        self._record("Warning", regarding, reason, action, note)

    def start(self, stop: threading.Event) -> None:
        """Start writing."""
        threading.Thread(target=self._run, args=(stop,), name=f"{self._controller}-events", daemon=True).start()

    def _record(self, kind: str, regarding: Json, reason: str, action: str, note: str) -> None:
        metadata = regarding["metadata"]
        self._queue.put(
            {
                "metadata": {"name": f"{metadata['name']}.{time.time_ns():x}", "namespace": metadata["namespace"]},
                "eventTime": micro_timestamp(),
                "reportingController": self._controller,
                "reportingInstance": self._instance,
                "action": action,
                "reason": reason,
                "regarding": {
                    "apiVersion": regarding["apiVersion"],
                    "kind": regarding["kind"],
                    "name": metadata["name"],
                    "namespace": metadata["namespace"],
                    "uid": metadata["uid"],
                    "resourceVersion": metadata["resourceVersion"],
                },
                "note": note[:1024],
                "type": kind,
            }
        )

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                event = self._queue.get(timeout=1.0)
            except queue.Empty:
                continue
            try:
                self._write(event)
            except (ApiError, urllib3.exceptions.HTTPError) as error:
                log.info("event %s of %s: %s", event["reason"], event["regarding"]["name"], error)

    def _write(self, event: Json) -> None:
        regarding = event["regarding"]
        identity = (regarding["uid"], regarding["resourceVersion"], event["type"], event["reason"], event["action"])
        first = self._seen.get(identity)
        if first is None:
            self._remember(identity, event)
            self._api.create(EVENTS, event)
        elif "series" in first:
            first["series"]["count"] += 1
        else:
            first["series"] = {"count": 2, "lastObservedTime": micro_timestamp()}
            name, namespace = first["metadata"]["name"], first["metadata"]["namespace"]
            self._api.merge(EVENTS, namespace, name, {"series": first["series"]})

    def _remember(self, identity: tuple[str, ...], event: Json) -> None:
        if len(self._seen) >= REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        self._seen[identity] = event
