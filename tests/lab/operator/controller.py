# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every controller shares: watches that fill a work queue, and workers that empty it."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass

import urllib3

from .api import Api, ApiError
from .events import Recorder
from .objects import Json, Key, controller_of, key_of
from .store import Store, meaningful
from .workqueue import WorkQueue

# KubeRay's own name for the period of its unconditional requeue, and its default.
REQUEUE_ENV = "RAYCLUSTER_DEFAULT_REQUEUE_SECONDS_ENV"
REQUEUE_SECONDS = 300
SOON_SECONDS = 2.0

log = logging.getLogger(__name__)


class ReconcileError(Exception):
    """A reconcile that did not reach its end; the key comes back after a back-off."""


@dataclass(frozen=True)
class Result:
    """When to look again, unless something happens before; None for not at all."""

    requeue_after: float | None = None


DONE = Result()
SOON = Result(SOON_SECONDS)


def later() -> Result:
    """The unconditional requeue."""
    try:
        return Result(float(int(os.environ.get(REQUEUE_ENV, ""))))
    except ValueError:
        return Result(float(REQUEUE_SECONDS))


class Controller:
    """A controller of one kind. Others for RayJob, RayService and RayCronJob fit in beside RayCluster's."""

    name: str

    def __init__(self, api: Api, main: Store, owned: list[Store]) -> None:
        self.api = api
        self.main = main
        self.queue = WorkQueue()
        self.recorder = Recorder(api, self.name)
        self._stores = [main, *owned]
        main.subscribe(self._main_changed)
        for store in owned:
            store.subscribe(self._owned_changed)

    def reconcile(self, key: Key) -> Result:
        """Bring the world closer to what the object says."""
        raise NotImplementedError

    def start(self, stop: threading.Event, workers: int) -> None:
        """Start the workers once all stores know the world."""
        for store in self._stores:
            while not store.synced.wait(0.5) and not stop.is_set():
                pass
        self.recorder.start(stop)
        for number in range(workers):
            name = f"{self.name}-{number}"
            threading.Thread(target=self._work, args=(stop,), name=name, daemon=True).start()

    def _main_changed(self, old: Json | None, new: Json | None) -> None:
        # A change of the status alone is nobody's business: were it otherwise, stale counts would heal themselves.
        if old is None or new is None or meaningful(old, new):
            self.queue.add(key_of(new or old or {}))

    def _owned_changed(self, old: Json | None, new: Json | None) -> None:
        # Owners are found by name: the end of a deleted namesake's pod wakes its successor.
        for obj in (old, new):
            owner = controller_of(obj) if obj else None
            if obj and owner and owner["kind"] == self.main.resource.kind:
                self.queue.add(Key(obj["metadata"]["namespace"], owner["name"]))

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            key = self.queue.get(timeout=1.0)
            if key is not None:
                self._process(key)

    def _process(self, key: Key) -> None:
        try:
            result = self.reconcile(key)
        except (ReconcileError, ApiError, urllib3.exceptions.HTTPError) as error:
            log.info("%s %s: %s", self.name, key, error)
            self.queue.add_failed(key)
        except Exception:
            log.exception("%s %s: a defect of this stand-in", self.name, key)
            self.queue.add_failed(key)
        else:
            self.queue.forget(key)
            if result.requeue_after is not None:
                self.queue.add(key, result.requeue_after)
        finally:
            self.queue.done(key)
