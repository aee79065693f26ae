# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that cost requests, the older API version, the level of the dashboard, and the operator's rules by option."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.modules.room import Stage, outside_the_wait
from tests.integration.modules.test_faults import faulty
from tests.integration.modules.words import MAY_FAIL, group, info, manage, wish
from tests.integration.wire import Answer, Request

Json = dict[str, Any]
OLD: Json = {"api_version": "ray.io/v1alpha1"}
NOT_SERVED: Answer = (404, {"Content-Type": "text/plain"}, b"404 page not found\n")
ANSWER: Answer = (200, {"Content-Type": "application/json"}, b'{"version": "4"}')


def test_what_is_gathered_is_read_and_no_more(stage: Stage) -> None:
    ours = wish(group("small"), head={"service_type": "NodePort"})
    run = stage.succeed(
        manage("make", "gathered", **ours),
        manage("plain", "gathered", **ours),
        manage("all", "gathered", gather=["events", "pods", "external"], **ours),
        info("looked", name="gathered", gather=["external"]),
    )
    plain, found = run["plain"]["cluster"], run["all"]["cluster"]
    assert (plain["events"], plain["pods"], plain["external_endpoints"]["ingress"]) == (None, None, None)
    assert outside_the_wait(stage.requests(run, "plain")) == ["GET rayclusters"]
    assert [f"{one.method} {one.kind}" for one in stage.requests(run, "all")] == [
        "GET rayclusters",
        "GET events",
        "GET pods",
        "GET services",
    ]
    assert "CreatedHeadPod" in [event["reason"] for event in found["events"]]
    assert sorted(pod["group"] for pod in found["pods"]) == ["head", "small"]
    service = stage.room.get("gathered-head-svc", "services")
    ports = {port["name"]: str(port["nodePort"]) for port in service["spec"]["ports"]}
    assert found["external_endpoints"]["node_ports"] == ports
    assert run["looked"]["clusters"][0]["external_endpoints"] == found["external_endpoints"]


def test_the_older_version_is_written_through_the_newer_where_that_is_served(stage: Stage, way: str) -> None:
    name = f"older-{way.split()[0]}"
    ours = {**wish(group("small")), "managed_by": "ray.io/kuberay-operator"}
    run = stage.succeed(manage("make", name, wait=False, **OLD, **ours), manage("same", name, **OLD, **ours), way=way)
    assert run["make"]["cluster"]["api_version"] == "ray.io/v1"
    assert "ray.io/v1alpha1 is deprecated" in run["make"]["deprecations"][0]["msg"]
    assert run["make"]["deprecations"][0]["version"] == "2.0.0"
    assert run["same"]["changed"] is False
    assert all("/v1alpha1/" not in one.path for one in stage.requests(run, "make"))


def test_the_older_version_is_used_where_there_is_no_other(stage: Stage) -> None:
    def old_server(request: Request, _ask: Callable[[], Answer]) -> Answer | None:
        return NOT_SERVED if request.path.startswith("/apis/ray.io/v1/") else None

    with faulty(stage.wire, old_server):
        run = stage.succeed(
            manage("make", "ancient", **OLD, **wish(group("small"))),
            manage("same", "ancient", **OLD, **wish(group("small"))),
            info("read", **OLD, name="ancient"),
            manage("newer", "ancient", MAY_FAIL, **wish(group("small"))),
            manage("delete", "ancient", **OLD, state="absent"),
        )
    assert (run["make"]["cluster"]["api_version"], run["make"]["cluster"]["state"]) == ("ray.io/v1alpha1", "ready")
    assert run["same"]["changed"] is False
    assert run["read"]["clusters"][0]["api_version"] == "ray.io/v1alpha1"
    assert "does not serve ray.io/v1 rayclusters" in run["newer"].message
    assert stage.room.get("ancient") is None


def test_the_dashboard_is_waited_for_through_the_service_proxy(stage: Stage) -> None:
    """Nothing answers behind the lab's pods here, so the wire does, on the third time."""
    asked: list[str] = []

    def dashboard(request: Request, _ask: Callable[[], Answer]) -> Answer | None:
        if "/proxy/" not in request.path:
            return None
        asked.append(request.path)
        return ANSWER if len(asked) > 2 else NOT_SERVED[:1] + ({"Content-Type": "application/json"}, STATUS)

    with faulty(stage.wire, dashboard):
        run = stage.succeed(manage("wait", "answering", wait_for="dashboard", **wish(group("small"))))
    assert len(asked) == 3
    assert set(asked) == {f"/api/v1/namespaces/{stage.room.name}/services/answering-head-svc:8265/proxy/api/version"}
    assert run["wait"]["cluster"]["head"]["ready"] is True


STATUS = b'{"kind": "Status", "reason": "NotFound"}'
BAD = wish(group("small"), spec={"headGroupSpec": {"rayStartParams": {"labels": "a=b"}}})


# The mode, the version as far as it is known, and whether the task fails or warns.
MODES: dict[str, tuple[Json, bool, bool]] = {
    "strict": ({"kuberay_version": "1.7.0"}, True, False),
    # KubeRay 1.4 takes it, so a version that is not known is no reason to fail.
    "strict-unknown": ({}, False, True),
    "strict-older": ({"kuberay_version": "1.4.0"}, False, False),
    "warn": ({"kuberay_version": "1.7.0", "validate": "warn"}, False, True),
    "off": ({"kuberay_version": "1.7.0", "validate": "off"}, False, False),
}


@pytest.mark.parametrize("mode", MODES)
def test_the_operators_rules_are_looked_at_as_the_options_say(stage: Stage, mode: str) -> None:
    options, fails, warns = MODES[mode]
    run = stage.succeed(manage("make", f"ruled-{mode}", MAY_FAIL, wait=False, **options, **BAD))
    outcome = run["make"]
    assert outcome.failed is fails
    assert (stage.room.get(f"ruled-{mode}") is None) is fails
    told = [text for text in outcome.result.get("warnings", []) if "rayStartParams" in text]
    assert bool(told) is warns
    assert ("rayStartParams" in outcome.message) is fails
