# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one watch has seen: the cache from which a controller reads.

Controllers decide on this cache, not on the API server, and that is the root of several of KubeRay's unkind facts:
status lags the write, and a status that changes there and back faster than its own echo is never corrected.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

import urllib3

from .api import Api, ApiError
from .objects import Json, Key, Resource, annotations_of, key_of, labels_of

WATCH_SECONDS = 300
RETRY_SECONDS = 0.5

# The echo of a status write reaches the cache this much later. Go's informers need a few milliseconds; a little more
# shows the same order of events on a slow machine. The annotation widens it for one object, so that a test can
# bring about on purpose what the real operator does by chance.
ECHO_LAG_SECONDS = 0.02
ECHO_LAG_ANNOTATION = "lab.kuberay.core/echo-lag"

Handler = Callable[[Json | None, Json | None], None]
log = logging.getLogger(__name__)


class Store:
    """A list and watch of one resource, kept in memory."""

    def __init__(self, api: Api, resource: Resource, label_selector: str = "", echo_lag: bool = False) -> None:
        self.resource = resource
        self.synced = threading.Event()
        self._api = api
        self._query = {"labelSelector": label_selector} if label_selector else {}
        self._objects: dict[str, dict[str, Json]] = {}
        self._handlers: list[Handler] = []
        self._lock = threading.Lock()
        self._late = _Late(self._apply_late) if echo_lag else None

    def subscribe(self, handler: Handler) -> None:
        """Call the handler with (old, new) for each change; None stands for absent."""
        self._handlers.append(handler)

    def get(self, key: Key) -> Json | None:
        """An object as last seen. Nobody may change it."""
        with self._lock:
            return self._objects.get(key.namespace, {}).get(key.name)

    def select(self, namespace: str, labels: dict[str, str]) -> list[Json]:
        """The objects of a namespace that carry these labels. Nobody may change them."""
        with self._lock:
            objects = list(self._objects.get(namespace, {}).values())
        return [obj for obj in objects if labels.items() <= labels_of(obj).items()]

    def everywhere(self) -> list[Json]:
        """The objects of all namespaces. Nobody may change them."""
        with self._lock:
            return [obj for objects in self._objects.values() for obj in objects.values()]

    def run(self, stop: threading.Event) -> None:
        """List and watch until told to stop."""
        if self._late:
            threading.Thread(target=self._late.run, args=(stop,), daemon=True).start()
        while not stop.is_set():
            try:
                version = self._list()
                self.synced.set()
                self._watch(version, stop)
            except (ApiError, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if not stop.wait(RETRY_SECONDS):
                    log.info("watch of %s starts again: %s", self.resource.plural, error)

    def _list(self) -> str:
        answer = self._api.list(self.resource, self._query)
        fresh = {key_of(item): item for item in answer.get("items") or []}
        with self._lock:
            known = [key_of(obj) for objects in self._objects.values() for obj in objects.values()]
        for key in known:
            if key not in fresh:
                self._apply(key, None)
        for key, item in fresh.items():
            item.update(apiVersion=self.resource.api_version, kind=self.resource.kind)
            self._apply(key, item)
        return str(answer["metadata"]["resourceVersion"])

    def _watch(self, version: str, stop: threading.Event) -> None:
        while not stop.is_set():
            query = {**self._query, "resourceVersion": version, "timeoutSeconds": str(WATCH_SECONDS)}
            for event in self._api.watch(self.resource, query):
                if stop.is_set():
                    return
                obj = event["object"]
                if event["type"] == "ERROR":
                    raise ApiError(int(obj.get("code", 500)), str(obj.get("message", "")))
                version = obj["metadata"]["resourceVersion"]
                if event["type"] != "BOOKMARK":
                    self._receive(event["type"], obj)

    def _receive(self, kind: str, obj: Json) -> None:
        key = key_of(obj)
        old = self.get(key)
        if self._late and kind == "MODIFIED" and old and not meaningful(old, obj):
            self._late.add(_lag(obj), key, obj)
        else:
            self._apply(key, None if kind == "DELETED" else obj)

    def _apply_late(self, key: Key, new: Json) -> None:
        old = self.get(key)
        if old and old["metadata"]["uid"] == new["metadata"]["uid"]:
            self._apply(key, new)

    def _apply(self, key: Key, new: Json | None) -> None:
        with self._lock:
            objects = self._objects.setdefault(key.namespace, {})
            old = objects.get(key.name)
            if new is None:
                objects.pop(key.name, None)
            elif old and _version(new) <= _version(old):
                return
            else:
                objects[key.name] = new
        if old is not None or new is not None:
            for handler in self._handlers:
                handler(old, new)


class _Late:
    """Hands echoes over after their lag; one that was overtaken or whose object is gone is dropped."""

    def __init__(self, apply: Callable[[Key, Json], None]) -> None:
        self._apply = apply
        self._heap: list[tuple[float, int, Key, Json]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()

    def add(self, lag: float, key: Key, obj: Json) -> None:
        """Hand this object over when its lag is over."""
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + lag, next(self._order), key, obj))
            self._wake.notify()

    def run(self, stop: threading.Event) -> None:
        """Hand over what is due until told to stop."""
        while not stop.is_set():
            with self._wake:
                rest = self._heap[0][0] - time.monotonic() if self._heap else 1.0
                if rest > 0:
                    self._wake.wait(min(rest, 1.0))
                    continue
                _, _, key, obj = heapq.heappop(self._heap)
            self._apply(key, obj)


def meaningful(old: Json, new: Json) -> bool:
    """Whether the change is more than an echo of a status: what the real operator's watch lets through."""
    return (
        old["metadata"]["uid"] != new["metadata"]["uid"]
        or old["metadata"].get("generation") != new["metadata"].get("generation")
        or labels_of(old) != labels_of(new)
        or annotations_of(old) != annotations_of(new)
    )


def _lag(obj: Json) -> float:
    try:
        return float(annotations_of(obj).get(ECHO_LAG_ANNOTATION, ECHO_LAG_SECONDS))
    except ValueError:
        return ECHO_LAG_SECONDS


def _version(obj: Json) -> int:
    return int(obj["metadata"]["resourceVersion"])
