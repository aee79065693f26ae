# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many objects seen together: one list and one watch for all of a kind in a namespace, one for the events about them,
and one for each sort of their pods. What belongs to an object is picked out here.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Collection

from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource, Snapshot
from ansible_collections.kuberay.core.plugins.module_utils._transport.follow import Feed, Follower
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import View

Key = tuple[str, ...]


class Together:
    """See base.Watch. Safe to use from several threads."""

    def __init__(
        self, session: Session, collection: Callable[[Kind, str], str], changed: Callable[[], None], view: View
    ) -> None:
        self._collection = collection
        self._view = view
        self._sorted: dict[str, _Sorted] = {}
        self._lock = threading.Lock()
        self._follower = Follower(session, {}, changed, view.watches)

    def snapshot(self, ref: Ref, version: str = "") -> Snapshot | None:
        """The object, its events and its pods."""
        with self._lock:
            objects, events = self._objects(ref.kind, ref.namespace), self._events(ref.kind, ref.namespace)
            if objects.feed.failure is not None:
                # A copy: each who is told of it says what it was doing.
                raise copy.copy(objects.feed.failure)
            if not (objects.is_known and events.is_known and objects.is_as_new_as(version)):
                return None
            found = objects.of((ref.name,)) or []
            selectors = ref.kind.pod_selectors(ref.name, next(iter(found), None)) if self._view.pods else ()
            sorts = [(self._pods(ref.namespace, labels), values) for labels, values in map(_split, selectors)]
            if not all(pods.is_known for pods, values in sorts):
                return None
            lists = [pods.of(values) for pods, values in sorts]
            seen = [one for one in lists if one is not None]
            return {
                "object": found,
                "events": events.of((ref.name,)),
                "pods": [pod for one in seen for pod in one] if seen else None,
            }

    def keep(self, namespaces: Collection[str]) -> None:
        """End the watches in other namespaces than these."""
        with self._lock:
            left = {name: one for name, one in self._sorted.items() if one.namespace in namespaces}
            if len(left) < len(self._sorted):
                self._sorted = left
                self._follow()

    def close(self) -> None:
        """End the watches."""
        self._follower.close()

    def _objects(self, kind: Kind, namespace: str) -> _Sorted:
        return self._feed(
            namespace, Feed(self._collection(kind, namespace), {}), lambda one: (one["metadata"]["name"],)
        )

    def _events(self, kind: Kind, namespace: str) -> _Sorted:
        place = self._view.events
        about = {"fieldSelector": f"{place.about}.kind={kind.name}"}
        feed = Feed(place.path.format(namespace), about, required=False, read=place.read)
        return self._feed(namespace, feed, lambda one: (str(one["regarding"].get("name")),))

    def _pods(self, namespace: str, labels: Key) -> _Sorted:
        feed = Feed(f"/api/v1/namespaces/{namespace}/pods", {"labelSelector": ",".join(labels)}, required=False)
        return self._feed(
            namespace, feed, lambda pod: tuple(pod["metadata"]["labels"].get(label, "") for label in labels)
        )

    def _feed(self, namespace: str, feed: Feed, key: Callable[[Resource], Key]) -> _Sorted:
        """What is followed there already, or from now on."""
        name = f"{feed.path}?{feed.query}"
        if name not in self._sorted:
            self._sorted[name] = _Sorted(namespace, feed, key)
            self._follow()
        return self._sorted[name]

    def _follow(self) -> None:
        self._follower.follow({known: one.feed for known, one in self._sorted.items()})


class _Sorted:
    """What a feed holds, by what tells whose it is."""

    def __init__(self, namespace: str, feed: Feed, key: Callable[[Resource], Key]) -> None:
        self.namespace = namespace
        self.feed = feed
        self._key = key
        self._at = 0
        self._found: dict[Key, list[Resource]] = {}

    @property
    def is_known(self) -> bool:
        """Whether there was an answer, be it that the account may not see this."""
        return self.feed.items is not None or self.feed.failure is not None

    def is_as_new_as(self, version: str) -> bool:
        """Whether it has come as far as this resourceVersion."""
        return not version.isdigit() or self.feed.version >= int(version)

    def of(self, key: Key) -> list[Resource] | None:
        """What belongs to this one; None where the account may not see it."""
        if self.feed.failure is not None:
            return None
        with self.feed.lock:
            if self._at != self.feed.changes:
                self._at, self._found = self.feed.changes, {}
                for item in (self.feed.items or {}).values():
                    self._found.setdefault(self._key(item), []).append(item)
        return self._found.get(key, [])


def _split(selector: str) -> tuple[Key, Key]:
    """The labels of a selector such as ``a=x,b=y``, and their values."""
    labels, values = zip(*(pair.split("=") for pair in selector.split(",")), strict=True)
    return labels, values
