# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that V1 of KubeRay's APIServer has, from a playbook: made, left alone, changed, read and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.apiserver_harness import client_of, front_of, has_stand_in
from tests.integration.modules.door import Door, passed_on, recorded
from tests.integration.modules.room import SHIPPED, Room, Stage, new_room
from tests.integration.modules.words import (
    CHECK,
    DIFF,
    IMAGE,
    MAY_FAIL,
    SIZED_HEAD,
    SIZED_WORKERS,
    VERSION,
    apply,
    cronjob,
    greets,
    info,
    job,
    job_info,
    manage,
    manage_template,
    service,
    service_info,
    template_info,
)
from tests.integration.modules.words import SIZED_CLUSTER as ALONE
from tests.integration.playbook import Run
from tests.lab.api import Api
from tests.lab.lab import Lab

Json = dict[str, Any]
CLUSTER: Json = {**ALONE, "worker_groups": [SIZED_WORKERS]}
SHARED = {"ray.io/cluster": "shared"}
SAYS = "python -c 'print(6 * 7)'"
# Each is what a door asks when nothing is to be done.
READS = {
    "template again": ["GET compute_templates"],
    "cluster again": ["GET clusters"],
    "service again": ["GET services"],
    # A finished job gives its log, too.
    "job again": ["GET jobs", "GET jobsubmissions"],
    "joined again": ["GET jobs", "GET jobsubmissions"],
}


@pytest.fixture(scope="module")
def door(lab: Lab) -> Iterator[Door]:
    """The lab's own APIServer, recorded."""
    with recorded(passed_on(client_of(lab))) as found:
        yield found


@pytest.fixture(scope="module")
def life(stage: Stage, door: Door) -> Run:
    """One playbook of everything."""
    evening = greets("good evening")
    return stage.succeed(
        manage_template("predict template", "small", CHECK, cpu=1, memory=2),
        manage_template("template", "small", cpu=1, memory=2),
        manage_template("template again", "small", cpu=1, memory=2),
        manage_template("big", "big", cpu=1, memory=2, tolerations=[{"key": "gpu", "effect": "NoSchedule"}]),
        manage_template("predict bigger", "big", CHECK, cpu=2, memory=4),
        manage_template("bigger", "big", DIFF, cpu=2, memory=4),
        manage("predict cluster", "shared", CHECK, **CLUSTER),
        manage("cluster", "shared", **CLUSTER),
        manage("cluster again", "shared", **CLUSTER),
        manage("cluster changed", "shared", MAY_FAIL, **{**CLUSTER, "worker_groups": []}),
        job("job", "own", entrypoint=SAYS, cluster=ALONE),
        job("job again", "own", entrypoint=SAYS, cluster=ALONE),
        job("joined", "joined", entrypoint=SAYS, cluster_selector=SHARED),
        job("joined again", "joined", entrypoint=SAYS, cluster_selector=SHARED),
        job("rerun", "joined", entrypoint=SAYS, cluster_selector=SHARED, rerun="always"),
        service("predict service", "serve", CHECK, cluster=ALONE),
        service("service", "serve", cluster=ALONE),
        service("service again", "serve", cluster=ALONE),
        service("predict change", "serve", CHECK, cluster=ALONE, serve_config=evening),
        service("change", "serve", DIFF, cluster=ALONE, serve_config=evening),
        service("patch", "serve", state="patched", serve_config=greets("hello")),
        template_info("templates", gather=["used_by"]),
        info("clusters", name="shared", gather=["events", "pods", "external"]),
        job_info("jobs"),
        service_info("services", name="serve"),
        cronjob("cron job", "cron", MAY_FAIL),
        *deletes(""),
        *deletes(" again"),
        connection=door.connection(stage.room.name),
    )


def deletes(again: str) -> list[Json]:
    """The end of all."""
    return [
        service(f"delete service{again}", "serve", state="absent"),
        job(f"delete job{again}", "own", state="absent"),
        job(f"delete joined{again}", "joined", state="absent"),
        manage(f"delete cluster{again}", "shared", state="absent"),
        manage_template(f"delete template{again}", "small", state="absent"),
    ]


@pytest.mark.parametrize("task", READS)
def test_a_second_run_changes_nothing_and_asks_once(life: Run, door: Door, task: str) -> None:
    again, first = life[task].result, life[task.removesuffix(" again")].result
    assert (again["changed"], again["action"], again["reasons"]) == (False, "none", [])
    assert door.requests(life, task) == READS[task]
    kind = next(key for key in ("template", "cluster", "job", "service") if key in first)
    gathered = {"events": None}
    assert {**again[kind], **gathered} == {**first[kind], **gathered}


@pytest.mark.parametrize(
    ("task", "asked"),
    [
        ("template", ["GET compute_templates", "POST compute_templates"]),
        ("bigger", ["GET compute_templates", "DELETE compute_templates", "GET compute_templates"]),
        ("cluster", ["GET clusters", "POST clusters"]),
        ("job", ["GET jobs", "POST jobs"]),
        ("service", ["GET services", "POST services"]),
        ("change", ["GET services", "PUT services"]),
        ("patch", ["GET services", "PUT services"]),
    ],
)
def test_what_is_written_costs_two_requests_besides_the_wait(
    life: Run, door: Door, task: str, asked: list[str]
) -> None:
    assert life[task]["changed"] is True
    requests = door.requests(life, task)
    assert requests[: len(asked)] == asked
    assert [one for one in requests[len(asked) :] if not one.startswith("GET")] == (
        ["POST compute_templates"] if task == "bigger" else []
    )


@pytest.mark.parametrize(
    ("prediction", "done"),
    [
        ("predict template", "template"),
        ("predict bigger", "bigger"),
        ("predict cluster", "cluster"),
        ("predict service", "service"),
        ("predict change", "change"),
    ],
)
def test_check_mode_agrees_with_the_run_and_only_reads(life: Run, door: Door, prediction: str, done: str) -> None:
    told, came = life[prediction].result, life[done].result
    assert [told[key] for key in ("changed", "action", "reasons")] == [
        came[key] for key in ("changed", "action", "reasons")
    ]
    assert {one.split()[0] for one in door.requests(life, prediction)} == {"GET"}


def test_a_template_that_differs_is_made_again(life: Run) -> None:
    made = life["bigger"].result
    assert made["action"] == "recreate"
    assert {reason["path"] for reason in made["reasons"]} == {"data.cpu", "data.memory", "data.tolerations"}
    templates = {one["name"]: one for one in life["templates"]["templates"]}
    assert (templates["big"]["cpu"], templates["small"]["memory"]) == (2, 2)
    users = {(one["kind"], one["name"]) for one in templates["small"]["used_by"]}
    assert {("RayCluster", "shared"), ("RayJob", "own"), ("RayService", "serve")} <= users
    assert templates["big"]["used_by"] == []


def test_a_cluster_is_ready_and_what_v1_does_not_tell_is_null(life: Run) -> None:
    facts = life["cluster"]["cluster"]
    assert (facts["state"], facts["uid"], facts["ray_version"]) == ("ready", None, VERSION)
    assert facts["workers"] == {"wanted": 1, **dict.fromkeys(("desired", "available", "ready", "min", "max"))}
    assert facts["worker_groups"][0]["compute_template"] == "small"
    assert facts["endpoints"]["dashboard"] == f"http://shared-head-svc.{facts['namespace']}.svc:8265"
    (read,) = life["clusters"]["clusters"]
    assert (read["pods"], read["external_endpoints"]["ingress"]) == (None, None)
    assert "CreatedHeadPod" in [event["reason"] for event in read["events"]]


def test_what_v1_does_not_change_is_told_with_what_to_do(life: Run, door: Door) -> None:
    outcome = life["cluster changed"]
    assert (outcome.failed, outcome["error"]["kind"], outcome["changed"]) == (True, "needs_recreate", False)
    assert "workerGroupSpecs" in outcome.message
    assert "changes no RayCluster" in outcome.message
    assert door.requests(life, "cluster changed") == ["GET clusters"]


def test_jobs_run_on_a_cluster_of_their_own_and_on_a_shared_one(life: Run, lab: Lab) -> None:
    for task in ("job", "joined", "rerun"):
        facts = life[task]["job"]
        assert (facts["state"], facts["status"]) == ("succeeded", "SUCCEEDED"), task
        # KubeRay's own server looks the dashboard up by a name that is known inside of Kubernetes only.
        assert (facts["log"] or "").splitlines()[-1:] == (["42"] if has_stand_in(lab) else [])
    assert life["joined"]["job"]["cluster_name"] == "shared"
    assert life["rerun"]["action"] == "recreate"
    assert life["rerun"]["job"]["submission_id"] != life["joined"]["job"]["submission_id"]
    assert {one["name"] for one in life["jobs"]["jobs"]} == {"own", "joined"}


def test_a_service_is_served_and_changed_in_place(life: Run) -> None:
    made, changed, patched = (life[task].result for task in ("service", "change", "patch"))
    assert (made["service"]["state"], made["service"]["serving"]) == ("ready", True)
    assert [(one["name"], one["status"]) for one in made["service"]["applications"]] == [("greeting", "RUNNING")]
    for one in (changed, patched):
        assert (one["action"], one["rollout"]) == ("patch", "in_place")
        assert [reason["path"] for reason in one["reasons"]] == ["spec.serveConfigV2"]
        assert one["service"]["active_cluster"]["name"] == made["service"]["active_cluster"]["name"]
    (read,) = life["services"]["services"]
    assert read == {**patched["service"], "events": None}


def test_cron_jobs_are_refused_by_name(life: Run, door: Door) -> None:
    assert life["cron job"].failed
    assert "V1 has no RayCronJob" in life["cron job"].message
    assert door.requests(life, "cron job") == []


@pytest.mark.parametrize("thing", ["service", "job", "joined", "cluster", "template"])
def test_what_is_deleted_is_gone(life: Run, door: Door, thing: str) -> None:
    assert (life[f"delete {thing}"]["action"], life[f"delete {thing}"]["changed"]) == ("delete", True)
    again = life[f"delete {thing} again"]
    assert (again["action"], again["changed"]) == ("none", False)
    assert len(door.requests(life, f"delete {thing} again")) == 1


REFUSED: dict[str, tuple[Json, list[str]]] = {
    "suspend": ({"suspend": True}, ["suspend: V1 has no field for it", "kubernetes or apiserver_v2"]),
    "resources": (
        {"head_group": {"resources": {"cpu": 1, "memory": "1Gi"}, "ray_start_params": SIZED_HEAD["ray_start_params"]}},
        ["head_group.resources", "head_group.compute_template"],
    ),
    "no parameters": ({"head_group": {"compute_template": "small"}}, ["head_group.ray_start_params"]),
    "a template's own and more": (
        {"head_group": {**SIZED_HEAD, "tolerations": [{"key": "a", "operator": "Exists"}]}},
        ["head_group.tolerations"],
    ),
    "no such template": ({"head_group": {**SIZED_HEAD, "compute_template": "none"}}, ["no compute template 'none'"]),
    "dashboard": ({"wait_for": "dashboard"}, ["wait_for: whether a dashboard answers"]),
}


@pytest.fixture(scope="module")
def refused(lab_api: Api, stage: Stage, door: Door) -> Iterator[Run]:
    with new_room(lab_api) as room:
        yield stage.run(
            manage_template("template", "small", cpu=1, memory=2),
            *(manage(f"{label}{mode}", "refused", {**keywords, **MAY_FAIL}, **{**ALONE, **asked})
              for label, (asked, _words) in REFUSED.items()
              for mode, keywords in (("", {}), (" in check mode", CHECK))),
            manage("label", "x", MAY_FAIL, state="absent", delete_options={"propagation_policy": "Orphan"}),
            info("selected", MAY_FAIL, label_selectors=["a=b"]),
            connection=door.connection(room.name),
        )  # fmt: skip


@pytest.mark.parametrize("mode", ["", " in check mode"])
@pytest.mark.parametrize("label", REFUSED)
def test_what_v1_cannot_do_is_refused_before_anything_is_written(
    refused: Run, door: Door, label: str, mode: str
) -> None:
    outcome = refused[f"{label}{mode}"]
    assert (outcome.failed, outcome["error"]["kind"], outcome["changed"]) == (True, "option", False), outcome
    for words in REFUSED[label][1]:
        assert words in outcome.message
    asked = {one.split()[0] for one in door.requests(refused, f"{label}{mode}")}
    assert asked == ({"GET", "POST"} if label == "no such template" and not mode else {"GET"})


def test_selectors_are_refused_by_name(refused: Run, door: Door) -> None:
    assert "label_selectors: KubeRay's APIServer V1 has none" in refused["selected"].message
    assert door.requests(refused, "selected") == []


@pytest.fixture(scope="module", params=["0.6", "1.0.0-rc.1", "1.7"])
def old(request: pytest.FixtureRequest, lab: Lab, lab_api: Api, stage: Stage) -> Iterator[tuple[str, Run, Door]]:
    """A short life on a server of another release; as a shipped module, so that each task finds the base path anew."""
    with new_room(lab_api) as room, recorded(front_of(lab, request.param).answer) as door:
        short = {**ALONE, "worker_groups": [{**SIZED_WORKERS, "replicas": 1, "max_replicas": 2}], "wait": False}
        yield request.param, stage.succeed(
            manage_template("template", "small", cpu=1, memory=2),
            manage("cluster", "short", **short),
            manage("cluster again", "short", **short),
            manage("delete", "short", state="absent"),
            way=SHIPPED,
            connection=door.connection(room.name),
        ), door  # fmt: skip


def test_older_servers_cost_one_request_more(old: tuple[str, Run, Door]) -> None:
    release, life, door = old
    more = [] if release == "1.7" else ["GET clusters"]
    assert life["cluster"]["action"] == "create"
    assert (life["cluster again"]["action"], life["cluster again"]["reasons"]) == ("none", [])
    assert door.requests(life, "cluster again") == [*more, "GET clusters"]
    assert door.requests(life, "cluster") == [*more, "GET clusters", "POST clusters"]
    assert life["delete"]["action"] == "delete"


def sized(name: str, **metadata: Any) -> Json:
    """A RayCluster of a compute template, as others would write it."""
    template = {
        "metadata": {"annotations": {"ray.io/compute-template": "small"}},
        "spec": {"containers": [{"name": "ray-head", "image": IMAGE}]},
    }
    spec = {
        "rayVersion": VERSION,
        "headGroupSpec": {"rayStartParams": SIZED_HEAD["ray_start_params"], "template": template},
    }
    return {"apiVersion": "ray.io/v1", "kind": "RayCluster", "metadata": {"name": name, **metadata}, "spec": spec}


def test_many_objects_are_applied_together(lab_api: Api, stage: Stage, door: Door) -> None:
    two = [sized("one"), sized("two")]
    with new_room(lab_api) as room:
        run = stage.run(
            manage_template("template", "small", cpu=1, memory=2),
            apply("make", *two),
            apply("again", *two),
            apply("cron", sized("three"), {"kind": "RayCronJob", "metadata": {"name": "c"}}, keywords=MAY_FAIL),
            apply("end", *two, state="absent"),
            connection=door.connection(room.name),
        )
        assert run.code == 0, str(run)
        assert run["make"]["counts"]["create"] == 2
        assert [one["cluster"]["state"] for one in run["make"]["results"]] == ["ready", "ready"]
        assert (run["again"]["changed"], run["again"]["counts"]["none"]) == (False, 2)
        assert door.requests(run, "again") == ["GET clusters"]
        assert "V1 has no RayCronJob" in run["cron"].message
        assert run["end"]["counts"]["delete"] == 2
        assert room.get("one") is None


def test_another_config_map_is_no_template(lab_api: Api, stage: Stage, door: Door) -> None:
    with new_room(lab_api) as room:
        room.create("configmaps", {"metadata": {"name": "mine"}, "data": {"cpu": "three"}})
        run = stage.run(
            manage_template("absent", "mine", state="absent"),
            manage_template("present", "mine", MAY_FAIL, cpu=1, memory=2),
            connection=door.connection(room.name),
        )
        assert run["absent"]["changed"] is False
        assert "is no compute template" in run["present"].message
        assert Room(lab_api, room.name).get("mine", "configmaps")["data"] == {"cpu": "three"}
