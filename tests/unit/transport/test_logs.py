# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a job's log, from whoever still has it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._kinds import JOB
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubernetes import KubernetesTransport
from ansible_collections.kuberay.core.plugins.module_utils._transport.logs import LINES

from tests.unit.builders import job
from tests.unit.web import Web, drop, say, web

Json = dict[str, Any]
REF = Ref(JOB, "ray", "demo")
STATUS = {"dashboardURL": "demo-x-head-svc.ray.svc.cluster.local:8265", "jobId": "demo-1"}
PROXY = "/api/v1/namespaces/ray/services/demo-x-head-svc:8265/proxy/api/jobs/demo-1/logs"
PODS = "/api/v1/namespaces/ray/pods"
NOT_THERE = say(404, {"kind": "Status", "reason": "NotFound"})


def _log(server: Web, status: Json = STATUS) -> str | None:
    door = KubernetesTransport(Credentials(server.url, None, lambda: None), Context())
    return door.job_log(REF, job(status))


def _paths(server: Web) -> list[str]:
    return [request.path for request in server.requests]


def test_the_dashboard_has_it() -> None:
    with web(say(200, {"logs": "one\ntwo\n"})) as server:
        assert _log(server) == "one\ntwo"
    assert _paths(server) == [PROXY]


def test_only_the_last_lines_are_kept() -> None:
    with web(say(200, {"logs": "\n".join(map(str, range(500)))})) as server:
        assert (_log(server) or "").splitlines() == [str(number) for number in range(500 - LINES, 500)]


@pytest.mark.parametrize("answer", [NOT_THERE, say(200, b"<html>"), say(200, {"detail": "x"}), say(500, b"no"), drop])
def test_where_the_dashboard_is_gone_the_youngest_submitter_has_it(answer: Any) -> None:
    pods = [
        {"metadata": {"name": "old", "creationTimestamp": "2026-01-01T00:00:00Z"}},
        {"metadata": {"name": "young", "creationTimestamp": "2026-01-02T00:00:00Z"}},
    ]
    with web(answer, say(200, {"items": pods}), say(200, b"from the pod\n")) as server:
        assert _log(server) == "from the pod"
    assert _paths(server) == [PROXY, PODS, f"{PODS}/young/log"]
    selector = "ray.io/originated-from-cr-name=demo,ray.io/originated-from-crd=RayJob"
    assert server.requests[1].query == {"labelSelector": selector}


@pytest.mark.parametrize("pods", [say(200, {"items": []}), say(403, {"reason": "Forbidden"})])
def test_where_nobody_has_it_there_is_none(pods: Any) -> None:
    with web(NOT_THERE, pods) as server:
        assert _log(server) is None
    with web(pods) as server:
        assert _log(server, {}) is None
    assert _paths(server) == [PODS]


def test_what_a_container_said_before_it_crashed() -> None:
    with web(say(200, b"boom\n")) as server:
        door = KubernetesTransport(Credentials(server.url, None, lambda: None), Context())
        assert door.pod_log("ray", "demo-head-x", "ray-head") == "boom\n"
    assert _paths(server) == [f"{PODS}/demo-head-x/log"]
    assert server.requests[0].query == {"container": "ray-head", "previous": "true", "tailLines": str(LINES)}


@pytest.mark.parametrize("answer", [say(400, {"kind": "Status"}), drop])
def test_a_container_without_a_former_life_said_nothing(answer: Any) -> None:
    with web(answer) as server:
        door = KubernetesTransport(Credentials(server.url, None, lambda: None), Context())
        assert door.pod_log("ray", "demo-head-x", "ray-head") is None
