# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait for a RayService is never over before what our write asked for has come, and ends on what cannot come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import WaitFailed, WaitTimeout
from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE as KIND
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation, Rollout
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import is_submitted
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import signs
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref
from ansible_collections.kuberay.core.plugins.module_utils._wait.patience import GRACE_SECONDS, fatal
from ansible_collections.kuberay.core.plugins.module_utils._wait.service import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Waiter

from tests.unit.builders import condition, pod, service, serving, waiting

Json = dict[str, Any]
READY = SERVICE.levels["ready"]
SUBMITS, NEW = Rollout("9", submits=True), Rollout("9", leaves=frozenset({"demo-a"}))
CONFIG: Json = {"import_path": "m:app"}


def _event(reason: str = "UpdatedServeApplications", version: str = "9", **more: Any) -> Json:
    regarding = {"uid": "u-1", "resourceVersion": version}
    return {"metadata": {"name": "e"}, "reason": reason, "note": "because", "regarding": regarding, **more}


def _serve(status: str = "RUNNING", **config: Any) -> Json:
    return {"default": {"status": status, "deployed_app_config": {**CONFIG, "route_prefix": "/", **config}}}


@pytest.mark.parametrize(
    ("seen", "reached"),
    [
        ({}, True),
        # The old applications run, and the status has caught up.
        ({"rollout": SUBMITS}, False),
        ({"rollout": SUBMITS, "submitted": 1.0}, False),
        ({"rollout": SUBMITS, "submitted": 1.0, "serve": _serve("DEPLOYING")}, False),
        ({"rollout": SUBMITS, "submitted": 1.0, "serve": _serve(import_path="m:other")}, False),
        ({"rollout": SUBMITS, "submitted": 1.0, "serve": {}}, False),
        ({"rollout": SUBMITS, "submitted": 1.0, "serve": _serve()}, True),
        # Ray may not be asked: the operator has looked again since.
        ({"rollout": SUBMITS, "submitted": 5.0}, True),
        # Ray's own word is newer than the operator's, unless it is in words of Ray's.
        ({"rollout": SUBMITS, "submitted": 30.0, "shown": 30.0, "serve": _serve("DEPLOYING")}, False),
        ({"rollout": SUBMITS, "submitted": 6.0, "shown": 8.0, "serve": _serve(import_path="m:other")}, False),
        ({"rollout": SUBMITS, "submitted": 18.0, "shown": 20.0, "serve": _serve(import_path="m:other")}, True),
        # Nothing tells, neither events nor Ray.
        ({"rollout": SUBMITS, "shown": 19.0}, False),
        ({"rollout": SUBMITS, "shown": 20.0}, True),
        # Another cluster has to serve, or none is coming.
        ({"rollout": NEW, "shown": 1.0}, False),
        ({"rollout": NEW, "shown": 5.0}, True),
        ({"rollout": Rollout("9", leaves=frozenset({"demo-z"})), "shown": 0.0}, True),
    ],
)
def test_ready_is_never_early(seen: Json, reached: bool) -> None:
    assert READY.reached(Observation(service(serving()), **seen)) is reached


@pytest.mark.parametrize(
    ("seen", "asks"),
    [
        ({"events": []}, False),
        ({"events": [], "rollout": SUBMITS}, False),
        ({"events": [], "rollout": SUBMITS, "submitted": 0.1}, True),
        # Events may not be read, or do not tell since when.
        ({"events": None, "rollout": SUBMITS}, True),
        ({"events": [], "rollout": Rollout("", submits=True)}, True),
    ],
)
def test_ray_is_asked_only_when_its_word_is_missing(seen: Json, asks: bool) -> None:
    assert READY.asks_serve(Observation(service(serving()), **seen)) is asks
    assert READY.asks_serve(Observation(service(serving(default="DEPLOYING")), **seen)) is False


@pytest.mark.parametrize(
    ("event", "submitted"),
    [
        (_event(), True),
        (_event(version="10"), True),
        (_event(version="8"), False),
        (_event("CreatedService"), False),
        (_event(regarding={"uid": "another", "resourceVersion": "9"}), False),
        (_event(regarding={"uid": "u-1"}), False),
    ],
)
def test_a_submission_is_one_since_our_write(event: Json, submitted: bool) -> None:
    assert is_submitted(Observation(service(), events=[event], rollout=SUBMITS)) is submitted


def _sorts(status: Json | None = None, **seen: Any) -> list[str]:
    return [sign.sort for sign in signs(Observation(service(status), **seen))]


@pytest.mark.parametrize("status", ["DEPLOY_FAILED", "UNHEALTHY"])
def test_an_application_that_fails_is_a_sign_once_it_is_the_one_that_was_asked_for(status: str) -> None:
    broken = serving(default=status)
    assert _sorts(broken) == [status]
    assert _sorts(broken, rollout=SUBMITS) == [f"before {status}"]
    assert _sorts(broken, rollout=SUBMITS, submitted=0.1) == [status]
    assert _sorts(broken, rollout=NEW) == [f"before {status}"]
    pending = {**broken, "pendingServiceStatus": {**broken["activeServiceStatus"], "rayClusterName": "demo-b"}}
    assert _sorts(pending, rollout=NEW) == [status]
    assert _sorts({**broken, "pendingServiceStatus": {"rayClusterName": "demo-b"}}) == []
    assert f"before {status}" not in GRACE_SECONDS


def test_what_the_operator_tried_in_vain_is_a_sign_until_it_works() -> None:
    failed = _event("FailedToUpdateServeApplications", eventTime="2026-01-01T00:00:02Z")
    assert _sorts(events=[failed], rollout=SUBMITS) == ["ServeNotReached"]


@pytest.mark.parametrize(
    ("err", "sort"),
    [
        ("UpdateDeployments fail: 400 Bad Request applications: not a list", "FailedToUpdateServeApplications"),
        ("error converting YAML to JSON: yaml: line 1", "FailedToUpdateServeApplications"),
        ("error unmarshaling JSON: json: cannot unmarshal array", "FailedToUpdateServeApplications"),
        ("UpdateDeployments fail: 503 Service Unavailable", "ServeNotReached"),
        ("Put http://demo-head-svc:8265/api/serve/applications/: connect: connection refused", "ServeNotReached"),
    ],
)
def test_a_dashboard_that_does_not_answer_yet_is_no_word_against_the_config(err: str, sort: str) -> None:
    failed = {
        **_event("FailedToUpdateServeApplications", eventTime="2026-01-01T00:00:02Z"),
        "note": f"Failed to update serve applications: {err}",
    }
    assert _sorts(events=[failed], rollout=SUBMITS) == [sort]
    assert _sorts(events=[failed, _event(eventTime="2026-01-01T00:00:01Z")], rollout=SUBMITS) != []
    assert _sorts(events=[failed, _event(eventTime="2026-01-01T00:00:03Z")], rollout=SUBMITS) == []
    assert _sorts(events=[_event("FailedToCreateRayCluster", eventTime="t")], rollout=SUBMITS) == ["FailedTo"]
    assert _sorts(events=[_event("FailedToCreateRayCluster", "8", eventTime="t")], rollout=SUBMITS) == []


def test_a_refusal_is_told_by_an_event_since_our_write_and_by_a_condition() -> None:
    refused = _event("InvalidRayServiceSpec", "10")
    assert _sorts(events=[refused], rollout=SUBMITS) == ["refused"]
    assert _sorts(events=[refused]) == []
    status = {"conditions": [condition("Ready", "False", reason="ValidationFailed", message="because")]}
    assert _sorts(status) == ["ValidationFailed"]


def test_pods_of_a_cluster_that_is_left_behind_are_no_matter() -> None:
    old, new = waiting("ImagePullBackOff"), waiting("ImagePullBackOff")
    old["metadata"]["labels"]["ray.io/cluster"] = "demo-a"
    new["metadata"]["labels"]["ray.io/cluster"] = "demo-b"
    assert _sorts(pods=[old], rollout=NEW) == []
    assert _sorts(pods=[old]) == _sorts(pods=[new], rollout=NEW) == ["ImagePullBackOff"]


def test_a_service_that_was_given_up_ends_the_wait_at_once() -> None:
    status = {"conditions": [condition("Ready", "False", reason="InitializingTimeout", message="5m are over")]}
    found = fatal(Observation(service(status)), READY.concerns)
    assert found is not None
    assert "recreate=when_needed" in found.message
    assert fatal(Observation(service(status)), SERVICE.levels["gone"].concerns) is None


class Shown:
    """Shows these snapshots, each for a moment, then the last one; Ray says this about the applications."""

    def __init__(self, snapshots: list[Json], serve: list[Json | None]) -> None:
        self.snapshots = snapshots
        self.serve = serve
        self.asked = 0

    def follow(self, _ref: Ref, deadline: Deadline) -> Iterator[Json | None]:
        yield from self.snapshots
        while not deadline.passed():
            time.sleep(0.01)
            yield None

    def serve_applications(self, _ref: Ref, _resource: Json) -> Json | None:
        self.asked += 1
        return self.serve[min(self.asked, len(self.serve)) - 1]


def _wait(*snapshots: Json, serve: list[Json | None], seconds: float, rollout: Rollout) -> tuple[Observation, Shown]:
    shown = Shown(list(snapshots), serve)
    waiter = Waiter(shown, Ref(KIND, "ray", "demo"), SERVICE, Context())  # type: ignore[arg-type]
    return waiter.wait("ready", Deadline.after(seconds), 1, rollout=rollout), shown


def _snapshot(status: Json, *events: Json) -> Json:
    return {"object": [service(status)], "pods": [pod("head")], "events": list(events)}


def test_a_wait_for_another_config_is_over_when_ray_runs_it() -> None:
    old, new = _snapshot(serving()), _snapshot(serving(), _event())
    seen, shown = _wait(old, new, serve=[None, _serve("DEPLOYING"), _serve()], seconds=5, rollout=SUBMITS)
    assert (shown.asked, seen.serve) == (3, _serve())
    with pytest.raises(WaitTimeout):
        _wait(old, serve=[_serve()], seconds=0.1, rollout=SUBMITS)


def test_a_wait_does_not_give_up_on_the_applications_before_the_change() -> None:
    broken = serving(default="DEPLOY_FAILED")
    began = time.monotonic()
    with pytest.raises(WaitTimeout, match="DEPLOY_FAILED"):
        _wait(_snapshot(broken), serve=[], seconds=0.3, rollout=SUBMITS)
    with pytest.raises(
        WaitFailed, match=r"^RayService ray/demo cannot become ready: application default: DEPLOY_FAILED"
    ):
        _wait(_snapshot(broken, _event()), serve=[], seconds=30, rollout=SUBMITS)
    assert GRACE_SECONDS["DEPLOY_FAILED"] <= time.monotonic() - began < 15
