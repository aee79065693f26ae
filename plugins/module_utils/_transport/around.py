# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An object with what is around it, its events and its pods: read once, or followed."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ansible_collections.kuberay.core.plugins.module_utils._context import Deadline
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource, Snapshot
from ansible_collections.kuberay.core.plugins.module_utils._transport.follow import Feed, Follower
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import EventsPlace, View


def pods(session: Session, ref: Ref, resource: Resource) -> list[Resource]:
    """A GET for each sort of pods."""
    return [pod for feed in _pod_feeds(ref, resource).values() for pod in _items(session, feed)]


def events(session: Session, ref: Ref, place: EventsPlace) -> list[Resource]:
    """One GET."""
    return _items(session, _events_feed(ref, place))


def snapshots(session: Session, ref: Ref, collection: str, deadline: Deadline, view: View) -> Iterator[Snapshot | None]:
    """A list and a watch each for the object, its events, and each sort of its pods, as they become known."""
    session.limit = deadline
    query = {"fieldSelector": f"metadata.name={ref.name}"}
    always = {"object": Feed(collection, query), "events": _events_feed(ref, view.events)}
    pod_feeds = _pod_feeds if view.pods else _no_feeds
    follower = Follower(session, {**always, **pod_feeds(ref, None)}, watches=view.watches)
    try:
        for snapshot in follower.snapshots(deadline):
            yield None if snapshot is None else _with_pods(snapshot, always)
            resource = next(iter((snapshot or {}).get("object") or []), None)
            if resource is not None:
                follower.follow({**always, **pod_feeds(ref, resource)})
    finally:
        follower.close()
        session.limit = None


def _items(session: Session, feed: Feed) -> list[Resource]:
    return [feed.read(item) for item in session.request("GET", feed.path, query=feed.query).body.get("items") or []]


def _pod_feeds(ref: Ref, resource: Resource | None) -> dict[str, Feed]:
    """A feed for each sort of pods, by its selector."""
    path = f"/api/v1/namespaces/{ref.namespace}/pods"
    selectors = ref.kind.pod_selectors(ref.name, resource)
    return {selector: Feed(path, {"labelSelector": selector}, required=False) for selector in selectors}


def _no_feeds(_ref: Ref, _resource: Resource | None) -> dict[str, Feed]:
    return {}


def _with_pods(snapshot: Snapshot, always: Collection[str]) -> Snapshot:
    """A snapshot with the pods of all sorts as one list; None where none of them may be seen."""
    lists = [found for name, found in snapshot.items() if name not in always and found is not None]
    everything = [pod for found in lists for pod in found] if lists else None
    return {**{name: snapshot[name] for name in always}, "pods": everything}


def _events_feed(ref: Ref, place: EventsPlace) -> Feed:
    about = f"{place.about}.kind={ref.kind.name},{place.about}.name={ref.name}"
    return Feed(place.path.format(ref.namespace), {"fieldSelector": about}, required=False, read=place.read)
