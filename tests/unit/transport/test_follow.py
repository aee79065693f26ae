# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are kept up to date by watches of a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError
from ansible_collections.kuberay.core.plugins.module_utils._transport import follow
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.follow import Feed, Follower
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

from tests.unit.web import Answer, Web, drop, say, web

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(follow, "_RETRY_SECONDS", 0.05)


def _item(uid: str, version: str = "1") -> Json:
    return {"metadata": {"uid": uid, "resourceVersion": version}}


def _list(*items: Json, version: str = "10") -> Answer:
    return say(200, {"metadata": {"resourceVersion": version}, "items": list(items)})


def _event(sort: str, item: Json) -> Json:
    return {"type": sort, "object": item}


@contextmanager
def _following(server: Web, **feeds: Feed) -> Iterator[Follower]:
    session = Session(Credentials(server.url, None, lambda: None), Context())
    with closing(Follower(session, feeds or {"object": Feed("/objects", {"fieldSelector": "f"})})) as follower:
        yield follower


def _until(follower: Follower, uids: list[str] | None, name: str = "object", seconds: float = 5) -> Json:
    """The first snapshot in which a feed holds these items."""
    for snapshot in follower.snapshots(Deadline.after(seconds)):
        if snapshot is not None:
            items = snapshot[name]
            if (None if items is None else [item["metadata"]["uid"] for item in items]) == uids:
                return snapshot
    raise AssertionError(f"{name} never held {uids}")


def test_a_list_and_what_happens_to_it_make_the_snapshots() -> None:
    with web(_list(_item("a"))) as server:
        server.answers.append(
            server.watch(
                _event("ADDED", _item("b")), _event("MODIFIED", _item("a", "2")), _event("DELETED", _item("b"))
            )
        )
        with _following(server) as follower:
            deadline = time.monotonic() + 5
            snapshot: Json = {}
            while snapshot.get("object") != [_item("a", "2")] and time.monotonic() < deadline:
                snapshot = _until(follower, ["a"])
    assert snapshot == {"object": [_item("a", "2")]}


def test_a_watch_begins_where_the_list_ended() -> None:
    with web(_list(version="42")) as server:
        server.answers.append(server.watch(_event("ADDED", _item("a"))))
        with _following(server) as follower:
            _until(follower, ["a"])
    listed, watched = server.requests[:2]
    assert listed.query == {"fieldSelector": "f"}
    assert (watched.query["watch"], watched.query["resourceVersion"]) == ("true", "42")
    assert watched.query["fieldSelector"] == "f"


def test_nothing_new_is_a_heartbeat() -> None:
    with web(_list()) as server:
        server.answers.append(server.watch())
        with _following(server) as follower:
            _until(follower, [])
            assert next(follower.snapshots(Deadline.after(5))) is None


def test_a_watch_that_ends_is_begun_anew_from_a_list() -> None:
    with web(_list(_item("a"))) as server:
        server.answers += [server.watch(hold=False), _list(_item("b")), server.watch()]
        with _following(server) as follower:
            _until(follower, ["b"])


def test_a_history_that_is_gone_is_read_anew() -> None:
    gone = {"kind": "Status", "code": 410, "reason": "Expired"}
    with web(_list(_item("a"))) as server:
        server.answers += [server.watch(_event("ERROR", gone)), _list(_item("b")), server.watch()]
        with _following(server) as follower:
            _until(follower, ["b"])


@pytest.mark.parametrize("trouble", [say(503), say(500, b"<html>"), say(200, b"<html>"), drop])
def test_a_server_that_stumbles_is_followed_on(trouble: Answer) -> None:
    with web(trouble) as server:
        server.answers += [_list(_item("a")), trouble, _list(_item("b")), server.watch()]
        with _following(server) as follower:
            _until(follower, ["b"], seconds=10)


def test_a_server_that_ends_every_watch_at_once_is_not_hammered() -> None:
    with web(_list()) as server:
        server.answers = [server.watch(b'{"metadata": {}, "items": []}', hold=False)]
        with _following(server) as follower:
            list(follower.snapshots(Deadline.after(0.5)))
    assert 2 <= len(server.requests) < 30


def test_what_must_be_seen_and_may_not_is_an_error() -> None:
    with (
        web(say(403, {"message": "no"})) as server,
        _following(server) as follower,
        pytest.raises(ApiError, match="no"),
    ):
        list(follower.snapshots(Deadline.after(5)))


def test_what_may_be_seen_and_is_forbidden_is_null_and_not_empty() -> None:
    feeds = {"object": Feed("/objects", {}), "pods": Feed("/pods", {}, required=False)}
    with web(_list(_item("a"))) as server:
        watch, listed, refused = server.watch(), server.answers[0], say(403)

        def answer(handler: Any) -> None:
            (refused if handler.path.startswith("/pods") else watch if "watch" in handler.path else listed)(handler)

        server.answers = [answer]
        with _following(server, **feeds) as follower:
            snapshot = _until(follower, ["a"])
    assert snapshot["pods"] is None


def test_snapshots_begin_when_every_feed_has_answered() -> None:
    with web(_list(_item("a"))) as server:
        watch, listed = server.watch(), server.answers[0]

        def answer(handler: Any) -> None:
            if handler.path.startswith("/pods"):
                time.sleep(0.3)
            (watch if "watch" in handler.path else listed)(handler)

        server.answers = [answer]
        with _following(server, object=Feed("/objects", {}), pods=Feed("/pods", {}, required=False)) as follower:
            first = next(one for one in follower.snapshots(Deadline.after(5)) if one is not None)
    assert first == {"object": [_item("a")], "pods": [_item("a")]}


def test_following_ends_at_the_deadline() -> None:
    with web(_list()) as server:
        server.answers = [server.hang]
        with _following(server) as follower:
            began = time.monotonic()
            assert set(follower.snapshots(Deadline.after(0.3))) == {None}
            assert 0.2 < time.monotonic() - began < 3


def test_closing_while_a_watch_is_read_returns_at_once_and_ends_its_thread() -> None:
    others = set(threading.enumerate())
    with web(_list(_item("a"))) as server:
        server.answers.append(server.watch())
        with _following(server) as follower:
            _until(follower, ["a"])
            deadline = time.monotonic() + 5
            while len(server.requests) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.1)
            began = time.monotonic()
            follower.close()
            assert time.monotonic() - began < 0.5
            while _threads(others) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert _threads(others) == []


def _threads(others: set[threading.Thread]) -> list[str]:
    return [one.name for one in threading.enumerate() if one not in others and one.name.startswith("kuberay-")]


def test_feeds_come_and_go_while_others_are_followed() -> None:
    lists = {"/objects": _list(_item("a")), "/pods": _list(_item("b"))}
    with web() as server:
        watch = server.watch()
        # By its path: the first feed's watch may come after the second feed's list.
        server.answers = [
            lambda handler: (watch if "watch=" in handler.path else lists[handler.path.partition("?")[0]])(handler)
        ]
        first, second = Feed("/objects", {}), Feed("/pods", {})
        with _following(server, object=first) as follower:
            _until(follower, ["a"])
            follower.follow({"object": first, "pods": second})
            assert _until(follower, ["b"], "pods")["object"] == [_item("a")]
            follower.follow({"object": Feed("/objects", {})})
            assert second.closed
            assert not first.closed
