# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_apply: a task on many objects. Each goes the way of a task on one; they read and wait together."""

from __future__ import annotations

import copy
import queue
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import given_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.manifests import each_manifest
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import left_out
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    ApiError,
    ConnectionFailed,
    KubeRayError,
    OptionError,
    SomeFailed,
    Stopped,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import OLD_API_VERSION
from ansible_collections.kuberay.core.plugins.module_utils._run.item import Item
from ansible_collections.kuberay.core.plugins.module_utils._run.kinds import NAMES, managed_kind
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ensure_meant
from ansible_collections.kuberay.core.plugins.module_utils._threads import Crew
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.many import Listed, listed
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport
from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Goal

Json = dict[str, Any]
_ACTIONS = ("none", "create", "patch", "recreate", "delete")
_OTHERS = "kubernetes.core.k8s manages other kinds"
# What looks at all that is waited for: at most so often, and at least so often.
_LOOK_SECONDS, _HEARTBEAT_SECONDS = 0.1, 0.25
# Namespaces that are waited in at a time: each one is a connection for the objects, the events and the pods of a kind.
_WATCHED = 16
# In how many turns a thread gets its share of a step, at least: one with slow objects leaves the rest to the others.
_TURNS = 4
# After so many objects in a row to which no connection could be had, the others are not tried any more.
_LOST = 3
_SHOWN = 3
_NOT_TRIED, _NOT_AWAITED = "was not tried, because {}", "was written and is not waited for, because {}"


def run_apply(options: Json, context: Context) -> Json:
    """Bring every object of a list into the wished state; the result is documented in RETURN of kuberay_apply."""
    ensure_meant(options)
    if options["parallel"] < 1:
        raise OptionError(f"parallel: {options['parallel']} is no number of objects to be written at a time")
    manifests = [(path, thing) for path, thing in each_manifest(options["definition"], "definition") if thing]
    _ensure_ours(manifests)
    ended = threading.Event()
    own = replace(context, wanted=lambda: not ended.is_set() and context.wanted())
    transport = open_transport({**options, "api_version": _api_version(options, manifests)}, own)
    items = list(_items(options, manifests, transport.default_namespace))
    fleet = _Fleet(items, options, own, transport)
    try:
        fleet.walk()
    finally:
        # Threads are not waited for. Whatever they are doing, none of them writes from here on.
        ended.set()
        fleet.close()
    return _result(items, context)


def _ensure_ours(manifests: list[tuple[str, Json]]) -> None:
    """Refuse what is no object of KubeRay's, by name, all at once."""
    foreign = []
    for path, thing in manifests:
        kind = thing.get("kind")
        if kind not in NAMES:
            named = thing.get("metadata") if isinstance(thing.get("metadata"), dict) else {}
            what = f"{kind} {(named or {}).get('name', '')}".strip() if kind else "there is none"
            foreign.append(f"{path}.kind: {what}")
    if foreign:
        raise OptionError(
            f"{_some(foreign)}. Only {', '.join(NAMES)} are managed here; {_OTHERS}. Nothing was written",
            details=foreign,
        )


def _api_version(options: Json, manifests: list[tuple[str, Json]]) -> Any:
    """The older version is allowed where a manifest asks for it."""
    asked = any(thing.get("apiVersion") == OLD_API_VERSION for path, thing in manifests)
    return OLD_API_VERSION if asked else options["api_version"]


def _items(options: Json, manifests: list[tuple[str, Json]], namespace: str) -> Iterator[Item]:
    """The objects with their options; OptionError where one cannot be told from another, or has no name."""
    kinds = {name: managed_kind(name) for name in {thing["kind"] for path, thing in manifests}}
    usual = {name: kind.options({**options, "name": None, "namespace": None}) for name, kind in kinds.items()}
    default = namespace if left_out(options["namespace"]) else options["namespace"]
    places: dict[str, str] = {}
    for path, thing in manifests:
        kind = kinds[thing["kind"]]
        try:
            given = given_object({**usual[thing["kind"]], "definition": thing}, kind.task.managed.kind)
            ref = Ref(kind.task.managed.kind, given["namespace"] or default, given["name"])
        except OptionError as error:
            error.message = error.message.removeprefix("definition")
            error.message = f"{path}{error.message}" if error.message[:1] in ".:" else f"{path}: {error.message}"
            raise
        first = places.setdefault(str(ref), path)
        if first != path:
            raise OptionError(f"{path}: {ref} is there twice, here and as {first}")
        yield Item(kind, ref, given)


class _Fleet:
    """Many objects on their way. Their steps are gone side by side; this thread hands them out, and waits for all."""

    def __init__(self, items: list[Item], options: Json, context: Context, transport: Transport) -> None:
        self._items = items
        self._context = context
        self._transport = transport
        self._fails_fast = bool(options["fail_fast"])
        self._plans = options["state"] != "absent"
        # Items that have gone a step; none where a watch has seen something.
        self._news: queue.SimpleQueue[list[Item]] = queue.SimpleQueue()
        self._parallel = options["parallel"]
        self._crew = Crew("kuberay-item", self._parallel)
        self._watch = transport.watch(lambda: self._news.put([]))
        self._under_way: set[Item] = set()
        self._waiting: list[Item] = []
        self._lost = 0
        self._why_stopped = ""
        self._began = time.monotonic()
        self._line = ""

    def walk(self) -> None:
        """The whole way of all objects."""
        known = self._listed()
        transport = Listed(self._transport, known, self._watch)
        for item in self._items:
            item.prepare(self._context, transport)
        if self._plans:
            # All plans before the first write, so that nothing is written where fail_fast refuses one of them.
            self._go(lambda item: item.task.foresee)
        self._go(lambda item: item.task.begin)

    def close(self) -> None:
        """End the threads and the watches."""
        self._crew.close()
        self._watch.close()

    def _listed(self) -> dict[str, Json | None]:
        """What lists tell of the objects; who may not be read at all fails here."""
        known: dict[str, Json | None] = {}
        places: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in self._items:
            places[item.ref.kind.name, item.ref.namespace].append(item)
        for (name, namespace), items in places.items():
            kind = items[0].ref.kind
            try:
                found = listed(self._transport, kind, namespace, {item.ref.name for item in items})
                known.update({str(Ref(kind, namespace, one)): resource for one, resource in found.items()})
            except KubeRayError as error:
                error.while_doing(f"Reading {name}s in namespace {namespace} through {self._transport.name}")
                if not isinstance(error, ApiError):
                    raise
                for item in items:
                    item.fail(copy.copy(error))
                self._stop_if_asked(items[0])
        return known

    def _go(self, step: Callable[[Item], Callable[[], Goal | None]]) -> None:
        """Have every object go a step, and wait for what has to be waited for."""
        todo = [item for item in self._items if item.error is None]
        # A few at a time: of a hundred plans that ask nobody anything, handing each out is a third of the work.
        some = max(1, len(todo) // (_TURNS * self._parallel))
        for first in range(0, len(todo), some):
            self._hand_out({item: step(item) for item in todo[first : first + some]})
        looked = 0.0
        while self._under_way or self._waiting:
            changed = self._take_news(_HEARTBEAT_SECONDS if self._waiting else 1.0)
            self._context.ensure_wanted()
            if self._waiting and time.monotonic() - looked >= (_LOOK_SECONDS if changed else _HEARTBEAT_SECONDS):
                self._look_around()
                looked = time.monotonic()

    def _hand_out(self, steps: Mapping[Item, Callable[[], Goal | None]]) -> None:
        self._under_way.update(steps)
        self._crew.give(lambda: self._work(steps))

    def _work(self, steps: Mapping[Item, Callable[[], Goal | None]]) -> None:
        """In a thread of the crew."""
        for item, step in steps.items():
            if self._why_stopped:
                item.stop(_NOT_TRIED.format(self._why_stopped))
            else:
                item.go(step)
                # Here, and not when it arrives: this thread goes on with the next one at once.
                self._stop_if_asked(item)
        self._news.put(list(steps))

    def _take_news(self, seconds: float) -> bool:
        """Take over which objects have gone their step; whether anything has happened."""
        try:
            news = self._news.get(timeout=seconds)
        except queue.Empty:
            return False
        while True:
            for item in news:
                self._arrived(item)
            try:
                news = self._news.get_nowait()
            except queue.Empty:
                return True

    def _arrived(self, item: Item) -> None:
        self._under_way.remove(item)
        if item.goal is not None and self._why_stopped:
            item.stop(_NOT_AWAITED.format(self._why_stopped))
        elif item.goal is not None:
            self._waiting.append(item)

    def _look_around(self) -> None:
        """Look at all that is waited for, a few namespaces at a time."""
        namespaces = list(dict.fromkeys(item.ref.namespace for item in self._waiting))[:_WATCHED]
        still = []
        for item in self._waiting:
            step = item.look(self._watch.snapshot) if item.ref.namespace in namespaces else None
            if step is not None:
                item.goal = None
                self._hand_out({item: step})
            elif item.error is None:
                still.append(item)
            else:
                self._stop_if_asked(item)
        self._waiting = still
        self._watch.keep({item.ref.namespace for item in (*still, *self._under_way)})
        self._tell()
        if self._why_stopped:
            for item in self._waiting:
                item.stop(_NOT_AWAITED.format(self._why_stopped))
            self._waiting = []

    def _stop_if_asked(self, item: Item) -> None:
        """Begin nothing further where the failure of one is to be that of all."""
        self._lost = self._lost + 1 if isinstance(item.error, ConnectionFailed) else 0
        if item.error is None or self._why_stopped:
            return
        if self._fails_fast:
            self._why_stopped = f"{item.ref} failed and fail_fast is set"
        elif self._lost >= _LOST:
            self._why_stopped = f"there was no connection for {_LOST} objects in a row"

    def _tell(self) -> None:
        """A line each time that fewer are waited for."""
        if not self._waiting:
            return
        done = len(self._items) - len(self._waiting) - len(self._under_way)
        line = f"{done} of {len(self._items)} done, waiting for {_some([item.ref.name for item in self._waiting])}"
        if line != self._line:
            self._line = line
            self._context.progress(f"{line} ({time.monotonic() - self._began:.0f} s)")


def _result(items: list[Item], context: Context) -> Json:
    """What is told of all together; SomeFailed where one has failed."""
    for text, refs in _warnings(items).items():
        more = f" and {len(refs) - 1} more" if len(refs) > 1 else ""
        context.warn_once(f"{refs[0]}{more}: {text}")
    results = [item.told(context.diff) for item in items]
    failed = [item for item in items if item.error is not None]
    counted = Counter(item.action for item in items if item.error is None)
    result: Json = {
        "changed": any(item.changed for item in items),
        "counts": {**{action: counted[action] for action in _ACTIONS}, "failed": len(failed)},
        "results": results,
    }
    if context.diff:
        result["diff"] = [one["diff"] for one in results if one["diff"]["before"] or one["diff"]["after"]]
    if failed:
        causes = [item.cause for item in failed if not isinstance(item.error, Stopped)]
        told = f"{len(failed)} of {len(items)} objects failed: {_some(causes)}. results tells of each"
        raise SomeFailed(told, details=[_cause(item) for item in failed], facts=result)
    return result


def _cause(item: Item) -> Json:
    return {**item.about, "message": item.cause}


def _warnings(items: list[Item]) -> dict[str, list[Ref]]:
    """Each warning once, with those whom it is about."""
    found: dict[str, list[Ref]] = defaultdict(list)
    for item in items:
        for text in item.warnings:
            found[text.removeprefix(f"{item.ref}: ")].append(item.ref)
    return found


def _some(texts: list[str]) -> str:
    """The first of them, and how many more there are."""
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
