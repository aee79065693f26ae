# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a live RayService to facts, and where a wait takes it to stand."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._wait.service import SERVICE

from tests.unit.builders import condition, pod, service, serving

Json = dict[str, Any]


def _facts(status: Json | None = None, spec: Json | None = None, **seen: Any) -> Json:
    facts = service_facts(Observation(service(status, **(spec or {})), **seen))
    assert facts is not None
    return facts


def _not_ready(reason: str, message: str = "", **more: Any) -> Json:
    return {"conditions": [condition("Ready", "False", reason=reason, message=message)], **more}


def _pending(status: str, message: str = "", **more: Any) -> Json:
    told = {"default": {"status": status, "message": message, **more}}
    return _not_ready("Initializing", pendingServiceStatus={"rayClusterName": "demo-b", "applicationStatuses": told})


SUSPEND: Json = {"suspend": True}
ASLEEP: Json = {"conditions": [condition("Suspended"), condition("Ready", "False", reason="SuspendComplete")]}
GOING: Json = {"conditions": [condition("Suspending"), condition("Ready", "False", reason="SuspendInProgress")]}
OLD: Json = {**serving(), "conditions": [], "observedGeneration": 0}
EMPTIED: Json = {**serving(), **_not_ready("ZeroServeEndpoints", "dropped to 0")}


@pytest.mark.parametrize(
    ("status", "spec", "state", "levels"),
    [
        (None, {}, "provisioning", set()),
        (_pending("DEPLOYING"), {}, "provisioning", set()),
        (_pending("DEPLOY_FAILED"), {}, "failed", set()),
        (serving(), {}, "ready", {"ready"}),
        (OLD, {}, "ready", {"ready"}),
        # The status is about the spec before.
        (serving(observed=0), {}, "ready", set()),
        (serving(pending="demo-b"), {}, "upgrading", set()),
        (serving(default="UNHEALTHY"), {}, "degraded", set()),
        (serving(default="DEPLOYING"), {}, "ready", set()),
        # Another application than the one that is asked for.
        (serving(other="RUNNING"), {}, "ready", set()),
        (serving(other="DEPLOYING", default="RUNNING"), {}, "ready", {"ready"}),
        # Nothing in particular is asked for.
        (serving(other="RUNNING"), {"serveConfigV2": ""}, "ready", {"ready"}),
        (EMPTIED, {}, "degraded", set()),
        (_not_ready("InitializingTimeout"), {}, "failed", set()),
        (_not_ready("ValidationFailed"), {}, "refused", set()),
        (GOING, SUSPEND, "suspending", set()),
        (serving(), SUSPEND, "suspending", {"ready"}),
        (ASLEEP, SUSPEND, "suspended", {"suspended"}),
        (ASLEEP, {}, "provisioning", {"suspended"}),
    ],
)
def test_a_status_is_one_word_and_reaches_these_levels(
    status: Json | None, spec: Json, state: str, levels: set[str]
) -> None:
    assert _facts(status, spec)["state"] == state
    seen = Observation(service(status, **spec))
    assert {name for name, level in SERVICE.levels.items() if level.reached(seen)} == {"created", *levels}


def test_a_service_that_is_gone_has_no_facts_and_reaches_the_end_only_without_its_pods() -> None:
    assert service_facts(Observation(None)) is None
    reached = {name for name, level in SERVICE.levels.items() if level.reached(Observation(None))}
    assert reached == {"gone", "deleted"}
    assert SERVICE.levels["gone"].reached(Observation(None, [pod("head")])) is False


def test_a_service_that_goes_is_deleting() -> None:
    leaving = service(serving())
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    facts = service_facts(Observation(leaving))
    assert facts is not None
    assert (facts["state"], facts["times"]["deleted"]) == ("deleting", "2026-01-01T00:00:00Z")


def test_the_facts_are_what_the_status_says() -> None:
    status = serving("demo-a", "demo-b")
    status["lastUpdateTime"] = "u"
    status["conditions"][0]["lastTransitionTime"] = "t"
    deployments = {"B": {"status": "HEALTHY", "message": ""}, "A": {"status": "UPDATING", "message": "starting"}}
    status["activeServiceStatus"]["applicationStatuses"]["default"]["serveDeploymentStatuses"] = deployments
    status["pendingServiceStatus"].update({"targetCapacity": 40, "trafficRoutedPercent": 0})
    facts = _facts(status, pods=[pod("head")], events=[{"reason": "r", "note": "n"}])
    application = {
        "name": "default",
        "status": "RUNNING",
        "message": None,
        "deployments": [
            {"name": "A", "status": "UPDATING", "message": "starting"},
            {"name": "B", "status": "HEALTHY", "message": None},
        ],
    }
    active = {"name": "demo-a", "applications": [application], "target_capacity": None, "traffic_percent": None}
    assert (facts["active_cluster"], facts["applications"]) == (active, [application])
    assert facts["pending_cluster"] == {
        "name": "demo-b",
        "applications": [],
        "target_capacity": 40,
        "traffic_percent": 0,
    }
    assert (facts["serving"], facts["upgrading"], facts["num_serve_endpoints"]) == (True, True, 1)
    assert (facts["times"]["ready"], facts["times"]["updated"]) == ("t", "u")
    assert (facts["pods"][0]["group"], facts["events"][0]["message"]) == ("head", "n")


def test_before_a_cluster_serves_the_applications_are_those_of_the_first() -> None:
    facts = _facts(_pending("DEPLOYING"))
    assert (facts["active_cluster"], facts["pending_cluster"]["name"]) == (None, "demo-b")
    assert [one["status"] for one in facts["applications"]] == ["DEPLOYING"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (_pending("DEPLOY_FAILED", "Deploying app failed:\nTraceback\nModuleNotFoundError: no m"), "no m"),
        (
            _pending(
                "UNHEALTHY",
                "1 deployment is not well",
                serveDeploymentStatuses={"D": {"status": "UNHEALTHY", "message": "it is ill"}},
            ),
            "application default: UNHEALTHY: 1 deployment is not well; D: it is ill",
        ),
        (_pending("DEPLOYING"), None),
        (_not_ready("ValidationFailed", "too long."), "the operator refused it: too long"),
        (_not_ready("InitializingTimeout", "not ready in 5m"), "not ready in 5m"),
        (EMPTIED, "dropped to 0"),
        (serving(), None),
    ],
)
def test_the_reason_is_the_applications_own(status: Json, reason: str | None) -> None:
    told = _facts(status)["reason"]
    assert told is None if reason is None else reason in told


@pytest.mark.parametrize(
    ("spec", "serve", "proxy"),
    [
        ({}, "http://demo-serve-svc.ray.svc:8000", "demo-serve-svc:8000"),
        ({"serveService": {"metadata": {"name": "shop"}}}, "http://shop.ray.svc:8000", "shop:8000"),
        ({"serveService": {"spec": {"ports": [{"port": 80}]}}}, "http://demo-serve-svc.ray.svc:80", "svc:80"),
        (
            {"serveService": {"spec": {"ports": [{"name": "other", "port": 1}, {"name": "serve-x", "port": 2}]}}},
            "http://demo-serve-svc.ray.svc:2",
            "svc:2",
        ),
    ],
)
def test_where_the_applications_answer(spec: Json, serve: str, proxy: str) -> None:
    facts = _facts(serving(), spec)
    assert facts["endpoints"]["serve"] == serve
    assert proxy in facts["external_endpoints"]["serve_proxy"]
    assert facts["endpoints"]["dashboard"] == "http://demo-head-svc.ray.svc:8265"
    assert "demo-head-svc:8265" in facts["external_endpoints"]["service_proxy"]


def test_a_head_whose_ports_are_none_of_serves_leads_nowhere() -> None:
    live = service(serving())
    container = live["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"name": "dashboard", "containerPort": 9}]
    facts = service_facts(Observation(live))
    assert facts is not None
    assert (facts["endpoints"]["serve"], facts["external_endpoints"]["serve_proxy"]) == (None, None)
    container["ports"].append({"name": "serve", "containerPort": 7})
    facts = service_facts(Observation(live))
    assert facts is not None
    assert facts["endpoints"]["serve"].endswith(":7")


def test_the_way_in_from_outside_is_the_serve_services() -> None:
    points = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}
    ports = [{"name": "serve", "port": 8000, "nodePort": 30000}]
    found = _facts(serving(), external={"service": {"spec": {"ports": ports}, "status": points}})["external_endpoints"]
    assert (found["load_balancer"], found["node_ports"]) == ({"serve": "http://192.0.2.1:8000"}, {"serve": "30000"})


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (None, "not looked at yet"),
        (_pending("DEPLOYING"), "preparing demo-b, head ready, workers 0/1, default DEPLOYING"),
        (serving(), "serving, default RUNNING"),
        (EMPTIED, "not serving, default RUNNING"),
        (GOING, "suspending"),
        (ASLEEP, "suspended"),
    ],
)
def test_a_line_says_where_it_stands(status: Json | None, line: str) -> None:
    head = pod("head")
    head["metadata"]["labels"]["ray.io/cluster"] = "demo-b"
    assert SERVICE.describe(Observation(service(status), pods=[head])) == line
