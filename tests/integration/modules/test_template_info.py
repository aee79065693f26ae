# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_template_info: one, a namespace, all, a selection, and who was sized by each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.modules.room import Room, Stage, new_room
from tests.integration.modules.words import MAY_FAIL, VERSION, manage, manage_template, manifest, template_info
from tests.integration.playbook import Run
from tests.integration.wire import Answer, Request
from tests.lab.api import Api

pytestmark = pytest.mark.usefixtures("everywhere")

Json = dict[str, Any]
SMALL: Json = {"cpu": 1, "memory": 1}


def from_template(spec: Json, name: str) -> Json:
    """A cluster's spec whose worker groups were made from a template."""
    for group in spec["workerGroupSpecs"]:
        group["template"]["metadata"] = {"annotations": {"ray.io/compute-template": name}}
    return spec


def job(name: str, template: str) -> Json:
    spec = {"entrypoint": "true", "suspend": True, "rayClusterSpec": from_template(manifest("", "w")["spec"], template)}
    return {"apiVersion": "ray.io/v1", "kind": "RayJob", "metadata": {"name": name}, "spec": spec}


def service(name: str, template: str) -> Json:
    spec = {"serveConfigV2": "", "rayClusterConfig": from_template(manifest("", "w", "x")["spec"], template)}
    return {"apiVersion": "ray.io/v1", "kind": "RayService", "metadata": {"name": name}, "spec": spec}


def names(run: Run, task: str) -> list[str]:
    return [facts["name"] for facts in run[task]["templates"]]


def users(run: Run, task: str) -> dict[str, Any]:
    """By template: each user's kind, name and groups."""
    return {
        facts["name"]: [(one["kind"], one["name"], one["groups"]) for one in facts["used_by"]]
        for facts in run[task]["templates"]
    }


@pytest.fixture(scope="module")
def neighbour(lab_api: Api) -> Any:
    with new_room(lab_api) as other:
        yield other


@pytest.fixture(scope="module")
def looks(stage: Stage, neighbour: Room) -> Run:
    """One play of every look."""
    stage.room.create("rayjobs", job("job", "used"))
    stage.room.create("rayservices", service("service", "used"))
    neighbour.create("rayjobs", job("far-job", "used"))
    return stage.succeed(
        manage_template("used", "used", labels={"team": "vision"}, **SMALL),
        manage_template("idle", "idle", **SMALL),
        manage_template("far", "used", namespace=neighbour.name, labels={"team": "vision"}, **SMALL),
        manage(
            "cluster",
            "cluster",
            ray_version=VERSION,
            head_group={"compute_template": "used"},
            worker_groups=[{"group_name": "w", "max_replicas": 1, "compute_template": "used"}],
            wait=False,
        ),
        template_info("one", name="used"),
        template_info("namespace"),
        template_info("named namespace", namespace=neighbour.name, gather=["used_by"]),
        template_info("everywhere", all_namespaces=True, label_selectors=["team=vision"], gather=["used_by"]),
        template_info("selected", label_selectors=["team!=vision"]),
        template_info("by field", field_selectors=["metadata.name=idle"]),
        template_info("users", gather=["used_by"]),
        template_info("missing", name="nobody", gather=["used_by"]),
        template_info("nowhere", namespace="nowhere-at-all"),
        template_info("contradiction", MAY_FAIL, name="used", all_namespaces=True),
    )


def test_one_template_is_one_request_and_its_facts(looks: Run, stage: Stage) -> None:
    assert [one.method for one in stage.requests(looks, "one")] == ["GET"]
    (facts,) = looks["one"]["templates"]
    assert facts == looks["used"]["template"]
    assert facts["used_by"] is None
    assert looks["one"]["changed"] is False


def test_a_namespace_all_of_them_and_a_selection(looks: Run, neighbour: Room) -> None:
    assert names(looks, "namespace") == ["idle", "used"]
    assert names(looks, "named namespace") == ["used"]
    assert neighbour.name in [facts["namespace"] for facts in looks["everywhere"]["templates"]]
    assert names(looks, "selected") == names(looks, "by field") == ["idle"]
    assert names(looks, "missing") == names(looks, "nowhere") == []


def test_who_uses_each_costs_a_list_for_each_kind(looks: Run, stage: Stage) -> None:
    found = users(looks, "users")
    assert found["idle"] == []
    # The service's own cluster is there as soon as the operator has made it.
    assert [one for one in found["used"] if one[0] != "RayCluster" or one[1] == "cluster"] == [
        ("RayCluster", "cluster", ["head", "w"]),
        ("RayJob", "job", ["w"]),
        ("RayService", "service", ["w", "x"]),
    ]
    kinds = [one.kind for one in stage.requests(looks, "users")]
    assert kinds == ["configmaps", "rayclusters", "rayjobs", "rayservices"]
    assert [one.kind for one in stage.requests(looks, "missing")] == ["configmaps"]


def test_a_namesake_in_another_namespace_has_its_own_users(looks: Run, stage: Stage, neighbour: Room) -> None:
    assert users(looks, "named namespace") == {"used": [("RayJob", "far-job", ["w"])]}
    by_namespace = {facts["namespace"]: facts["used_by"] for facts in looks["everywhere"]["templates"]}
    assert [one["name"] for one in by_namespace[neighbour.name]] == ["far-job"]
    assert {"cluster", "job", "service"} <= {one["name"] for one in by_namespace[stage.room.name]}


def test_a_name_in_all_namespaces_is_refused(looks: Run, stage: Stage) -> None:
    assert "all_namespaces excludes name" in looks["contradiction"].message
    assert stage.requests(looks, "contradiction") == []


def test_a_kind_that_is_not_installed_has_no_users(looks: Run, stage: Stage) -> None:
    def fault(request: Request, _ask: Callable[[], Answer]) -> Answer | None:
        return (404, {}, b"404 page not found") if request.kind in ("rayjobs", "rayservices") else None

    stage.wire.fault = fault
    try:
        run = stage.succeed(template_info("users", name="used", gather=["used_by"]))
    finally:
        stage.wire.fault = None
    assert {one[0] for one in users(run, "users")["used"]} == {"RayCluster"}


def test_who_may_not_see_the_users_is_told(looks: Run, stage: Stage) -> None:
    def fault(request: Request, _ask: Callable[[], Answer]) -> Answer | None:
        body = b'{"kind":"Status","reason":"Forbidden","message":"cannot list rayjobs"}'
        return (403, {"Content-Type": "application/json"}, body) if request.kind == "rayjobs" else None

    stage.wire.fault = fault
    try:
        run = stage.succeed(template_info("users", MAY_FAIL, gather=["used_by"]))
    finally:
        stage.wire.fault = None
    assert run["users"]["error"]["status"] == 403
    assert "Reading who uses compute templates in namespace" in run["users"].message
    assert "cannot list rayjobs" in run["users"].message


def test_a_broken_template_is_no_end_of_a_list(looks: Run, stage: Stage) -> None:
    labels = {"ray.io/config-type": "compute-template"}
    stage.room.create("configmaps", {"metadata": {"name": "broken", "labels": labels}, "data": {"cpu": "lots"}})
    run = stage.succeed(template_info("look"), manage_template("mend", "broken", **SMALL))
    assert {facts["name"]: facts["cpu"] for facts in run["look"]["templates"]}["broken"] is None
    assert (run["mend"]["action"], run["mend"]["template"]["cpu"]) == ("patch", 1)
