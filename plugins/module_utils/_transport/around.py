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


def pods(session: Session, ref: Ref, resource: Resource) -> list[Resource]:
    """A GET for each sort of pods."""
    return [pod for feed in _pod_feeds(ref, resource).values() for pod in _items(session, feed)]


def events(session: Session, ref: Ref) -> list[Resource]:
    """One GET."""
    return _items(session, _events_feed(ref))


def snapshots(session: Session, ref: Ref, collection: str, deadline: Deadline) -> Iterator[Snapshot | None]:
    """A list and a watch each for the object, its events, and each sort of its pods, as they become known."""
    session.limit = deadline
    query = {"fieldSelector": f"metadata.name={ref.name}"}
    always = {"object": Feed(collection, query), "events": _events_feed(ref)}
    follower = Follower(session, {**always, **_pod_feeds(ref, None)})
    try:
        for snapshot in follower.snapshots(deadline):
            yield None if snapshot is None else _with_pods(snapshot, always)
            resource = next(iter((snapshot or {}).get("object") or []), None)
            if resource is not None:
                follower.follow({**always, **_pod_feeds(ref, resource)})
    finally:
        follower.close()
        session.limit = None


def _items(session: Session, feed: Feed) -> list[Resource]:
    return list(session.request("GET", feed.path, query=feed.query).body.get("items") or [])


def _pod_feeds(ref: Ref, resource: Resource | None) -> dict[str, Feed]:
    """A feed for each sort of pods, by its selector."""
    path = f"/api/v1/namespaces/{ref.namespace}/pods"
    selectors = ref.kind.pod_selectors(ref.name, resource)
    return {selector: Feed(path, {"labelSelector": selector}, required=False) for selector in selectors}


def _with_pods(snapshot: Snapshot, always: Collection[str]) -> Snapshot:
    """A snapshot with the pods of all sorts as one list; None where none of them may be seen."""
    lists = [found for name, found in snapshot.items() if name not in always and found is not None]
    everything = [pod for found in lists for pod in found] if lists else None
    return {**{name: snapshot[name] for name in always}, "pods": everything}


def _events_feed(ref: Ref) -> Feed:
    about = f"regarding.kind={ref.kind.name},regarding.name={ref.name}"
    return Feed(f"/apis/events.k8s.io/v1/namespaces/{ref.namespace}/events", {"fieldSelector": about}, required=False)
