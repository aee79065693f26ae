# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects seen together: what belongs to each, and when that is known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB
from ansible_collections.kuberay.core.plugins.module_utils._run.kinds import NAMES, managed_kind
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session
from ansible_collections.kuberay.core.plugins.module_utils._transport.together import Together, _split
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import View

from tests.unit.web import Answer, Web, say, web

Json = dict[str, Any]
DEMO = Ref(CLUSTER, "ray", "demo")


def cluster(name: str, version: str = "5") -> Json:
    return {"metadata": {"uid": name, "name": name, "resourceVersion": version}}


def pod(name: str, **labels: str) -> Json:
    spelled = {f"ray.io/{key.replace('_', '-')}": value for key, value in labels.items()}
    return {"metadata": {"uid": name, "name": name, "resourceVersion": "6", "labels": spelled}}


def event(about: str) -> Json:
    return {"metadata": {"uid": f"e-{about}", "name": "e", "resourceVersion": "7"}, "regarding": {"name": about}}


def shelves(server: Web, clusters: Answer, pods: Answer, events: Answer, jobs: Answer | None = None) -> None:
    """Lists by their sort; watches that say nothing."""
    watch = server.watch()

    def answer(handler: Any) -> None:
        path = handler.path
        if "watch" in path:
            watch(handler)
        elif "/pods" in path:
            pods(handler)
        elif "/events" in path:
            events(handler)
        elif "/rayjobs" in path and jobs:
            jobs(handler)
        else:
            clusters(handler)

    server.answers = [answer]


def listing(*items: Json, version: str = "10") -> Answer:
    return say(200, {"metadata": {"resourceVersion": version}, "items": list(items)})


@contextmanager
def together(server: Web, changed: Callable[[], None] = lambda: None) -> Iterator[Together]:
    session = Session(Credentials(server.url, None, lambda: None), Context())
    with closing(Together(session, lambda kind, namespace: f"/{namespace}/{kind.plural}", changed, View())) as watch:
        yield watch


def snapshot(watch: Together, ref: Ref = DEMO, version: str = "") -> Json:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        seen = watch.snapshot(ref, version)
        if seen is not None:
            return seen
        time.sleep(0.01)
    raise AssertionError(f"nothing was ever known of {ref}")


def test_each_is_shown_what_is_its_own_by_one_list_of_each_sort() -> None:
    with web() as server:
        shelves(
            server,
            listing(cluster("demo"), cluster("other")),
            listing(pod("a", cluster="demo"), pod("b", cluster="other"), pod("c", cluster="demo")),
            listing(event("other")),
        )
        with together(server) as watch:
            seen, other = snapshot(watch), snapshot(watch, Ref(CLUSTER, "ray", "other"))
            nobody = snapshot(watch, Ref(CLUSTER, "ray", "nobody"))
    assert seen == {
        "object": [cluster("demo")],
        "pods": [pod("a", cluster="demo"), pod("c", cluster="demo")],
        "events": [],
    }
    assert (other["pods"], other["events"]) == ([pod("b", cluster="other")], [event("other")])
    assert nobody == {"object": [], "pods": [], "events": []}
    lists = [request.path for request in server.requests if "watch" not in request.query]
    assert sorted(lists) == sorted(set(lists))
    assert len(lists) == 3


def test_what_is_older_than_our_write_is_not_shown() -> None:
    with web() as server:
        shelves(server, listing(cluster("demo"), version="10"), listing(), listing())
        with together(server) as watch:
            assert snapshot(watch, version="10")
            assert watch.snapshot(DEMO, "11") is None


def test_what_nobody_waits_in_any_more_is_not_watched() -> None:
    elsewhere = Ref(CLUSTER, "elsewhere", "demo")
    with web() as server:
        shelves(server, listing(cluster("demo")), listing(), listing())
        with together(server) as watch:
            for ref in (DEMO, elsewhere):
                snapshot(watch, ref)
            followed = dict(watch._follower._feeds)
            watch.keep({"ray", "nowhere"})
            left = dict(watch._follower._feeds)
            assert snapshot(watch)["object"] == [cluster("demo")]
    assert (len(followed), len(left)) == (6, 3)
    assert {feed.closed for name, feed in followed.items() if name not in left} == {True}
    assert {feed.path.split("/")[-2] for feed in left.values() if feed.path.startswith("/api")} == {"ray"}


def test_pods_of_a_job_are_those_of_both_sorts() -> None:
    job = {**cluster("run"), "status": {"rayClusterName": "own"}}
    submitter = pod("s", originated_from_cr_name="run", originated_from_crd="RayJob")
    with web() as server:
        pods = [submitter, pod("a", cluster="own")]

        def listed(handler: Any) -> None:
            listing(*[one for one in pods if ("cluster" in str(one)) == ("io%2Fcluster" in handler.path)])(handler)

        shelves(server, listing(), listed, listing(), listing(job))
        with together(server) as watch:
            assert snapshot(watch, Ref(JOB, "ray", "run"))["pods"] == pods


def test_pods_that_may_not_be_seen_are_null_and_objects_that_may_not_are_an_error() -> None:
    with web() as server:
        shelves(server, listing(cluster("demo")), say(403, {"message": "no"}), say(403, {"message": "no"}))
        with together(server) as watch:
            assert snapshot(watch) == {"object": [cluster("demo")], "pods": None, "events": None}
    with web() as server:
        shelves(server, say(403, {"message": "no"}), listing(), listing())
        with together(server) as watch, pytest.raises(ApiError, match="no") as first:
            snapshot(watch)
        with pytest.raises(ApiError) as second:
            watch.snapshot(DEMO)
    assert first.value is not second.value


def test_news_are_told() -> None:
    told = threading.Event()
    with web() as server:
        shelves(server, listing(), listing(), listing())
        with together(server, told.set) as watch:
            watch.snapshot(DEMO)
            assert told.wait(5)


@pytest.mark.parametrize("kind", NAMES)
def test_every_kinds_pods_can_be_told_apart_by_labels(kind: str) -> None:
    resource = {"spec": {}, "status": {"rayClusterName": "own"}}
    for selector in managed_kind(kind).task.managed.kind.pod_selectors("demo", resource):
        labels, values = _split(selector)
        assert len(labels) == len(values) == selector.count("=")
        assert all(labels + values)
