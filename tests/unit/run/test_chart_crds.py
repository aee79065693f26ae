# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart's CRDs on a server that answers as it is told to."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    ApiError,
    BeingDeleted,
    ConnectionFailed,
    KubeRayError,
    OptionError,
    VersionsDropped,
    WaitTimeout,
)
from ansible_collections.kuberay.core.plugins.module_utils._run.chart_crds import run_chart_crds

from tests.unit.web import Answer, Request, Web, say, web

Json = dict[str, Any]
NAME = "xs.ray.io"
PLACE = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{NAME}"
CRD: Json = {"metadata": {"name": NAME}, "spec": {"group": "ray.io", "versions": [{"name": "v1"}]}}
FIELDS = {"served": True, "schema": {"type": "object"}}
SERVED = {"conditions": [{"type": "Established", "status": "True"}], "storedVersions": ["v1"]}
# With what Kubernetes adds.
STANDING: Json = {
    "metadata": {"name": NAME, "uid": "1", "resourceVersion": "7"},
    "spec": {**CRD["spec"], "conversion": {"strategy": "None"}},
    "status": SERVED,
}
OTHER: Json = {**STANDING, "spec": {**STANDING["spec"], "versions": [{"name": "v1", "deprecated": True}]}}
GONE = say(404, {"reason": "NotFound", "message": "there is none"})


def _run(server: Web, crds: str = "", **mode: bool) -> Json:
    options = {"host": server.url, "api_key": "t", "wait_timeout": 0, "crds": crds or yaml.safe_dump_all([CRD, None])}
    return run_chart_crds(options, Context(**mode))


def _shown(request: Request) -> tuple[str, str]:
    return request.method, request.path


def test_new_crds_are_applied_and_waited_for() -> None:
    with web(GONE, say(201, {**STANDING, "status": {}}), say(200, STANDING)) as server:
        result = _run(server, diff=True)
    assert (result["changed"], result["crds"], result["changed_crds"]) == (True, {NAME: ["v1"]}, [NAME])
    assert (result["diff"]["before"], result["diff"]["after"]) == ("", f"{NAME}: v1\n")
    assert [_shown(request) for request in server.requests] == [("GET", PLACE), ("PATCH", PLACE), ("GET", PLACE)]
    applied = server.requests[1]
    assert applied.query == {"fieldManager": "kuberay.core", "force": "true"}
    assert applied.headers["Content-Type"] == "application/apply-patch+yaml"
    assert json.loads(applied.body) == CRD


def test_what_stands_is_read_and_no_more() -> None:
    with web(say(200, STANDING)) as server:
        assert _run(server, diff=True) == {"changed": False, "crds": {NAME: ["v1"]}, "changed_crds": []}
    assert len(server.requests) == 1


def test_check_mode_asks_what_would_be() -> None:
    with web(say(200, OTHER), say(200, STANDING)) as server:
        assert _run(server, check_mode=True)["changed_crds"] == [NAME]
    assert server.requests[1].query["dryRun"] == "All"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("live", "made", "is_changed"),
    [
        (OTHER, STANDING, True),
        # Nothing to bring, but to wait for.
        ({**STANDING, "status": {}}, {**STANDING, "metadata": {**STANDING["metadata"], "generation": 2}}, False),
    ],
)
def test_what_came_of_it_is_told(live: Json, made: Json, is_changed: bool) -> None:
    with web(say(200, live), say(200, made), say(200, STANDING)) as server:
        assert _run(server)["changed"] is is_changed
    assert len(server.requests) == 3


def test_a_stored_version_is_not_dropped() -> None:
    live = say(200, {**OTHER, "status": {**SERVED, "storedVersions": ["v1", "v2"]}})
    with web(live) as server, pytest.raises(VersionsDropped) as told:
        _run(server)
    assert told.value.message == f"{NAME}: objects are, or were, stored as v2, and the chart has only v1"
    assert len(server.requests) == 1


def test_what_is_being_deleted_is_not_relied_on() -> None:
    going = {**STANDING, "metadata": {**STANDING["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    with web(say(200, going)) as server, pytest.raises(BeingDeleted, match=f"{NAME}: being deleted"):
        _run(server)
    assert len(server.requests) == 1


def test_a_date_is_a_text() -> None:
    dated = {**CRD, "metadata": {"name": NAME, "annotations": {"built": date(2024, 5, 1)}}}
    with web(GONE, say(201, STANDING), say(200, STANDING)) as server:
        _run(server, yaml.safe_dump(dated))
    assert json.loads(server.requests[1].body)["metadata"]["annotations"] == {"built": "2024-05-01"}


@pytest.mark.parametrize(
    ("answers", "sort", "word"),
    [
        ([say(403, {"message": "may not"})], ApiError, f"Reading CustomResourceDefinition {NAME} failed: may not"),
        ([GONE, say(422, {"message": "bad"})], ApiError, f"Applying CustomResourceDefinition {NAME} failed: bad"),
        ([say(200, {"hello": "world"})], ConnectionFailed, "the answer is no such object"),
    ],
)
def test_a_refusal_says_of_what(answers: list[Answer], sort: type[KubeRayError], word: str) -> None:
    with web(*answers) as server, pytest.raises(sort, match=word) as told:
        _run(server)
    assert told.value.facts.get("changed", False) is False


def test_what_does_not_come_up_is_told_with_what_was_written() -> None:
    with web(GONE, say(201, {**STANDING, "status": {}})) as server, pytest.raises(WaitTimeout) as told:
        _run(server)
    assert f"{NAME} was not established within 0 s" in told.value.message
    assert told.value.facts == {"changed": True, "changed_crds": [NAME]}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: [", "crds: is not YAML"),
        ("a: 1", "crds: document 1 is no"),
        ("[]", "crds: document 1"),
        (f"kind: CustomResourceDefinition\n{yaml.safe_dump(CRD)}" * 2, "2 CustomResourceDefinitions .* in 1 documents"),
    ],
)
def test_what_is_no_crd_is_refused_before_anything_is_asked(text: str, word: str) -> None:
    with web(GONE) as server, pytest.raises(OptionError, match=word):
        _run(server, text)
    assert server.requests == []
