# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans through V1: what is there is compared as a whole, and replaced, made again, or left as it is."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.job import desired_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.service import desired_service
from ansible_collections.kuberay.core.plugins.module_utils._errors import NeedsRecreate, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._plan.job import how_to_recreate
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.recreate import settled
from ansible_collections.kuberay.core.plugins.module_utils._plan.whole import plan_whole
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit import templates
from tests.unit.builders import job_options, options, service_options
from tests.unit.v1.server import sent_and_back
from tests.unit.v1.tasks import DATA, WORKER, base, with_option

Json = dict[str, Any]
_WISHES: dict[str, Any] = {
    CLUSTER.name: (options, desired_cluster),
    JOB.name: (job_options, desired_job),
    SERVICE.name: (service_options, desired_service),
}
KINDS = pytest.mark.parametrize("kind", [CLUSTER, JOB, SERVICE])
IMAGES = {CLUSTER.name: "head_group.image", JOB.name: "cluster.head_group.image", SERVICE.name: "cluster.image"}


def _plan(kind: Kind, task: Json, live: Json | None, read: list[str] | None = None) -> Plan:
    """The plan of a task whose templates the server expands; ``read`` collects those that are looked into."""
    checked, desired = _WISHES[kind.name]
    given = checked(**copy.deepcopy(task))

    def look(name: str) -> Json:
        if read is not None:
            read.append(name)
        return DATA[name]

    return plan_whole(kind, live, desired(given, "ray", live, lambda _name: None), given, look)


def _live(kind: Kind, task: Json, status: Json | None = None, **message: Any) -> Json:
    """What V1 tells of the object that a task has made."""
    told = sent_and_back(kind, to_message(kind, _plan(kind, task, None).target or {}))
    live = to_resource(kind, {**told, **message})
    return {**live, "status": {**live.get("status", {}), **(status or {})}}


@KINDS
def test_a_new_object_is_made_without_looking_into_its_templates(kind: Kind) -> None:
    read: list[str] = []
    plan = _plan(kind, base(kind), None, read)
    assert (plan.action, read) == ("create", [])
    assert to_message(kind, plan.target or {})["clusterSpec"]["headGroupSpec"]["computeTemplate"] == "small"


@KINDS
def test_a_second_run_is_no_change_and_looks_into_nothing(kind: Kind) -> None:
    read: list[str] = []
    plan = _plan(kind, base(kind), _live(kind, base(kind)), read)
    assert (plan.action, plan.changes, read) == ("none", [], [])


@pytest.mark.parametrize("kind", [CLUSTER, JOB])
def test_clusters_and_jobs_are_never_changed(kind: Kind) -> None:
    live = _live(kind, base(kind))
    plan = _plan(kind, with_option(base(kind), IMAGES[kind.name], "other"), live)
    with pytest.raises(NeedsRecreate, match=f"image: KubeRay's APIServer V1 changes no {kind.name}"):
        settled(plan, live, "never", lambda one: one)
    again = settled(plan, live, "when_needed", lambda one: one)
    assert again.action == "recreate"
    said = to_message(kind, again.target or {})
    assert said["clusterSpec"]["headGroupSpec"]["image"] == "other"
    assert "ray.io/creation-timestamp" not in said.get("annotations", {})


def test_a_cluster_that_is_made_again_keeps_what_nobody_meant_to_empty() -> None:
    task = with_option(base(CLUSTER), "labels", {"ray.io/user": "me", "ray.io/environment": "TESTING"})
    live = _live(CLUSTER, with_option(task, "annotations", {"a": "b"}))
    again = settled(_plan(CLUSTER, base(CLUSTER), live), live, "always", lambda one: one)
    said = to_message(CLUSTER, again.target or {})
    assert (said["user"], said["environment"]) == ("me", 1)
    assert "kuberay.core/wish" in said["annotations"]


@pytest.mark.parametrize(
    ("status", "rerun", "action"),
    [
        ({"jobDeploymentStatus": "Complete", "jobStatus": "SUCCEEDED"}, "never", "none"),
        ({"jobDeploymentStatus": "Complete", "jobStatus": "SUCCEEDED"}, "always", "recreate"),
        ({"jobDeploymentStatus": "Failed", "jobStatus": "FAILED"}, "on_failure", "recreate"),
        ({"jobDeploymentStatus": "Running", "jobStatus": "RUNNING"}, "always", "none"),
    ],
)
def test_a_job_is_one_shot_as_it_is_everywhere(status: Json, rerun: str, action: str) -> None:
    task = {**base(JOB), "rerun": rerun, "active_deadline_seconds": 60}
    live = _live(JOB, task, status)
    plan = settled(_plan(JOB, task, live), live, how_to_recreate(job_options(**task), live), lambda one: one)
    assert plan.action == action
    if action == "recreate":
        # V1 never tells it: the wish does.
        assert (plan.target or {})["spec"]["activeDeadlineSeconds"] == 60


def test_a_service_is_replaced_as_a_whole_in_the_order_that_is_there() -> None:
    one, two = WORKER, {**WORKER, "group_name": "two"}
    live = _live(SERVICE, with_option(base(SERVICE), "cluster.worker_groups", [one, two]), user="me")
    task = with_option(base(SERVICE), "cluster.worker_groups", [two, one])
    assert _plan(SERVICE, task, live).action == "none"
    plan = _plan(SERVICE, with_option(task, "cluster.image", "other"), live)
    assert (plan.action, plan.refused) == ("patch", [])
    said = to_message(SERVICE, plan.target or {})
    assert said["user"] == "me"
    assert [group["groupName"] for group in said["clusterSpec"]["workerGroupSpec"]] == ["one", "two"]
    assert said["clusterSpec"]["headGroupSpec"]["image"] == "other"
    assert {change.path.rpartition(".")[2] for change in plan.changes} == {"image"}


def test_a_service_tells_which_way_its_change_takes() -> None:
    status = {"activeServiceStatus": {"rayClusterName": "demo-a"}}
    live = _live(SERVICE, base(SERVICE), status)
    config = {"applications": [{"name": "b", "import_path": "m:app"}]}
    assert _plan(SERVICE, with_option(base(SERVICE), "serve_config", config), live).rollout == "in_place"
    assert _plan(SERVICE, with_option(base(SERVICE), "cluster.image", "other"), live).rollout == "new_cluster"


def test_a_part_of_a_wish_is_laid_over_what_is_there() -> None:
    live = _live(SERVICE, with_option(base(SERVICE), "cluster.head_group.env", {"A": "1"}))
    config = {"applications": [{"name": "b", "import_path": "m:app"}]}
    plan = _plan(SERVICE, {"state": "patched", "serve_config": config}, live)
    assert [change.path for change in plan.changes] == ["spec.serveConfigV2"]
    before, said = to_message(SERVICE, live), to_message(SERVICE, plan.target or {})
    assert {**said, "serveConfigV2": ""} == {**before, "serveConfigV2": ""}
    assert _plan(SERVICE, {"state": "patched"}, live).action == "none"


def test_groups_that_are_not_named_stay_where_they_are_not_to_be_purged() -> None:
    live = _live(CLUSTER, base(CLUSTER))
    none = with_option(base(CLUSTER), "worker_groups", [])
    assert _plan(CLUSTER, none, live).refused
    assert _plan(CLUSTER, {**none, "purge_worker_groups": False}, live).action == "none"


def test_a_template_is_made_again_when_it_means_something_else() -> None:
    there, same, other = (templates.desired(**one) for one in ({}, {}, {"cpu": 3}))
    live = to_resource(TEMPLATE, to_message(TEMPLATE, there))
    given = templates.options()
    assert plan_whole(TEMPLATE, live, same, given, DATA.__getitem__).action == "none"
    plan = plan_whole(TEMPLATE, live, other, given, DATA.__getitem__)
    assert (plan.action, [reason["path"] for reason in plan.reasons()]) == ("recreate", ["data.cpu"])
    assert settled(plan, live, "never", lambda one: one).target == other


@pytest.mark.parametrize("there", [True, False])
def test_what_v1_cannot_do_is_refused_whether_it_is_a_change_or_not(there: bool) -> None:
    live = _live(CLUSTER, base(CLUSTER)) if there else None
    with pytest.raises(OptionError, match="V1 has no field for it"):
        _plan(CLUSTER, with_option(base(CLUSTER), "suspend", True), live)
    with pytest.raises(OptionError, match="whether a dashboard answers"):
        _plan(CLUSTER, with_option(base(CLUSTER), "wait_for", "dashboard"), live)


@pytest.mark.parametrize(("cpu", "fits"), [("2", True), ("3", False)])
def test_a_template_is_looked_into_where_its_group_has_something_besides(cpu: str, fits: bool) -> None:
    amounts = {"cpu": cpu, "memory": "4Gi"}
    container = {"name": "ray-head", "resources": {"limits": amounts, "requests": amounts}}
    task = with_option(base(CLUSTER), "head_group.template", {"spec": {"containers": [container]}})
    read: list[str] = []
    if fits:
        assert _plan(CLUSTER, task, None, read).action == "create"
    else:
        with pytest.raises(OptionError, match="V1 has what the compute template says"):
            _plan(CLUSTER, task, None, read)
    assert read == ["small"]


def test_what_v1_never_tells_is_warned_about_once() -> None:
    task = with_option(base(JOB), "active_deadline_seconds", 60)
    for live in (None, _live(JOB, task)):
        (warning,) = _plan(JOB, task, live).warnings
        assert "a later change of it alone will not be seen" in warning


def test_a_field_that_the_server_is_too_old_for_is_refused() -> None:
    task = {**with_option(base(JOB), "active_deadline_seconds", 60), "kuberay_version": "1.3.0"}
    with pytest.raises(OptionError, match="V1 has it since KubeRay"):
        _plan(JOB, task, None)
