# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several lists of objects kept up to date by watches, as one stream of snapshots.

Each list has a thread of its own (list, watch from there, list again when the watch breaks). Where there are no watches
it lists again and again, sooner after a change. Threads are daemons and are never waited for: closing the follower
closes their connections.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError, KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._threads import start_thread
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Snapshot
from ansible_collections.kuberay.core.plugins.module_utils._transport.pace import Pace
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import as_it_is

HEARTBEAT_SECONDS = 0.25
_RETRY_SECONDS = 0.5


@dataclass
class Feed:
    """One list: where it is, and what it holds now by uid (None before the first answer).

    ``version`` is the newest resourceVersion that it has seen, ``changes`` counts what happened to it; ``read`` makes
    an item what it is taken for, and ``pause`` is how long to rest before it is listed again.
    """

    path: str
    query: dict[str, Any]
    required: bool = True
    read: Callable[[dict[str, Any]], dict[str, Any]] = as_it_is
    pause: float = _RETRY_SECONDS
    pace: Pace = field(default_factory=Pace)
    items: dict[str, dict[str, Any]] | None = None
    version: int = 0
    changes: int = 0
    response: Any = None
    failure: KubeRayError | None = None
    closed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class Follower:
    """Follows feeds until it is closed. A feed that is not ``required`` may be forbidden; it is None then.

    ``changed`` is called, from another thread, each time that something changes. ``watches`` says whether the server
    has watches.
    """

    def __init__(
        self,
        session: Session,
        feeds: Mapping[str, Feed],
        changed: Callable[[], None] = lambda: None,
        watches: bool = True,
    ) -> None:
        self._session = session
        self._watches = watches
        self._tell = changed
        self._feeds: dict[str, Feed] = {}
        self._closed = threading.Event()
        self._changed: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.follow(feeds)

    def follow(self, feeds: Mapping[str, Feed]) -> None:
        """Follow these feeds: start those whose names are new, and end those that are not among them."""
        for name in [name for name in self._feeds if name not in feeds]:
            self._end(self._feeds.pop(name))
        for name, feed in feeds.items():
            if name not in self._feeds:
                self._feeds[name] = feed
                start_thread(f"kuberay-{name}", self._run, feed)

    def snapshots(self, deadline: Deadline) -> Iterator[Snapshot | None]:
        """Each new state of all feeds together, and None when nothing changed for a heartbeat."""
        while not deadline.passed():
            changed = self._wait(min(HEARTBEAT_SECONDS, deadline.left()))
            for feed in self._feeds.values():
                if feed.failure is not None and feed.required:
                    raise feed.failure
            if all(feed.items is not None or feed.failure is not None for feed in self._feeds.values()) and changed:
                yield self._snapshot()
            else:
                yield None

    def close(self) -> None:
        """Stop following; the threads end by themselves."""
        self._closed.set()
        for feed in self._feeds.values():
            self._end(feed)

    def _end(self, feed: Feed) -> None:
        with feed.lock:
            feed.closed = True
            _cut(feed.response)

    def _snapshot(self) -> Snapshot:
        state: Snapshot = {}
        for name, feed in self._feeds.items():
            with feed.lock:
                state[name] = None if feed.failure is not None else list((feed.items or {}).values())
        return state

    def _wait(self, seconds: float) -> bool:
        """Whether something changed within ``seconds``; what changed at once counts as one change."""
        try:
            self._changed.get(timeout=max(seconds, 0.01))
        except queue.Empty:
            return False
        while not self._changed.empty():
            self._changed.get()
        return True

    def _run(self, feed: Feed) -> None:
        while not feed.closed:
            try:
                self._follow(feed)
            except ApiError as error:
                if error.status in (401, 403, 404):
                    feed.failure = error
                    self._say()
                    return
            except Exception:  # noqa: S110
                # No connection; or a response that was closed under us, which fails in ways of its own.
                pass
            # A watch that ended well is followed by a rest too: a server may end each one at once.
            self._closed.wait(feed.pause)

    def _follow(self, feed: Feed) -> None:
        body = self._session.request("GET", feed.path, query=feed.query).body
        found = {item["metadata"]["uid"]: feed.read(item) for item in body.get("items") or []}
        changed = found != feed.items
        with feed.lock:
            feed.items = found
            _note(feed, body)
        if changed or self._watches:
            self._say()
        if not self._watches:
            feed.pause = feed.pace.after(changed)
            return
        query = {**feed.query, "resourceVersion": body["metadata"].get("resourceVersion")}
        for event in self._session.stream(feed.path, query, lambda response: self._opened(feed, response)):
            if event["type"] == "ERROR":
                return
            self._apply(feed, event["type"], event["object"])

    def _opened(self, feed: Feed, response: Any) -> None:
        with feed.lock:
            feed.response = response
            if feed.closed:
                _cut(response)

    def _apply(self, feed: Feed, sort: str, item: dict[str, Any]) -> None:
        with feed.lock:
            if feed.items is None:
                feed.items = {}
            if sort == "DELETED":
                feed.items.pop(item["metadata"]["uid"], None)
            else:
                feed.items[item["metadata"]["uid"]] = item
            _note(feed, item)
        self._say()

    def _say(self) -> None:
        self._changed.put(None)
        self._tell()


def _note(feed: Feed, seen: dict[str, Any]) -> None:
    """Remember that a list or an object has come."""
    version = str(seen["metadata"].get("resourceVersion"))
    feed.version = max(feed.version, int(version) if version.isdigit() else 0)
    feed.changes += 1


def _cut(response: Any) -> None:
    """End a watch from outside. Closing the response would wait for the thread that reads it; its socket may be shut.

    Past the TLS layer: SSLSocket.shutdown takes that layer away from under the reader.
    """
    sock = getattr(getattr(response, "connection", None), "sock", None)
    if sock is not None:
        with contextlib.suppress(OSError, TypeError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)
