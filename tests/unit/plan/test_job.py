# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a RayJob: one shot, which takes few changes once it has begun."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import NeedsRecreate
from ansible_collections.kuberay.core.plugins.module_utils._plan.job import how_to_recreate, plan_job
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import QUEUE_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.recreate import settled

from tests.unit.builders import IMAGE, desired_demo_job, job, job_options, stored

Json = dict[str, Any]
NEW, ASLEEP = {"jobDeploymentStatus": ""}, {"jobDeploymentStatus": "Suspended"}
STARTING = {"jobDeploymentStatus": "Initializing"}
RUNNING = {"jobDeploymentStatus": "Running", "jobStatus": "RUNNING"}
DONE = {"jobDeploymentStatus": "Complete", "jobStatus": "SUCCEEDED"}
STOPPED = {"jobDeploymentStatus": "Complete", "jobStatus": "STOPPED"}
# On a deadline Ray's own status stays what it was.
LATE = {"jobDeploymentStatus": "Failed", "jobStatus": "RUNNING", "reason": "DeadlineExceeded"}
REFUSED = {"jobDeploymentStatus": "ValidationFailed"}


def _live(status: Json, **task: Any) -> Json:
    live = stored(desired_demo_job(**task))
    # As the CRD and the operator leave it.
    live["spec"].update({"submissionMode": "K8sJobMode", "backoffLimit": 0, "ttlSecondsAfterFinished": 0})
    return {**live, "status": status}


def _plan(live: Json, **task: Any) -> Plan:
    return plan_job(live, desired_demo_job(live, **task))


@pytest.mark.parametrize("status", [NEW, STARTING, RUNNING, DONE, LATE, REFUSED, ASLEEP])
def test_the_same_job_again_is_no_change_whatever_became_of_it(status: Json) -> None:
    plan = _plan(_live(status))
    assert (plan.action, plan.refused) == ("none", [])


@pytest.mark.parametrize("status", [NEW, RUNNING, DONE])
def test_texts_that_say_the_same_are_no_change(status: Json) -> None:
    live = _live(status, runtime_env="pip:\n  - a\nenv_vars: {B: c}\n", entrypoint_resources='{"x":1, "a": 2}')
    plan = _plan(live, runtime_env={"env_vars": {"B": "c"}, "pip": ["a"]}, entrypoint_resources={"a": 2, "x": 1})
    assert (plan.action, plan.changes, plan.refused) == ("none", [], [])


@pytest.mark.parametrize("status", [NEW, ASLEEP])
def test_a_job_that_has_not_begun_takes_any_change(status: Json) -> None:
    plan = _plan(_live(status), entrypoint="false", runtime_env={"pip": ["a"]})
    assert (plan.action, plan.refused) == ("patch", [])


@pytest.mark.parametrize("status", [STARTING, RUNNING, DONE, LATE, REFUSED])
@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"entrypoint": "false"}, "spec.entrypoint"),
        ({"runtime_env": {"pip": ["a"]}}, "spec.runtimeEnvYAML"),
        ({"cluster": {"image": "other"}}, "spec.rayClusterSpec.headGroupSpec.template"),
        ({"submission_mode": "HTTPMode"}, "spec.submissionMode"),
    ],
)
def test_what_an_attempt_was_begun_with_is_not_changed_under_it(status: Json, change: Json, path: str) -> None:
    (told,) = _plan(_live(status), **change).refused
    assert path in told
    assert "the job has begun with what it was" in told


@pytest.mark.parametrize(
    "change",
    [
        {"shutdown_after_job_finishes": True, "ttl_seconds_after_finished": 9},
        {"deletion_strategy": {"deletion_rules": [{"policy": "DeleteSelf", "job_status": "FAILED"}]}},
        {"labels": {"a": "b"}},
    ],
)
def test_what_becomes_of_a_job_afterwards_can_be_said_at_any_time(change: Json) -> None:
    for status in (RUNNING, DONE):
        plan = _plan(_live(status), **change)
        assert (plan.action, plan.refused) == ("patch", [])


@pytest.mark.parametrize("change", [{"suspend": True}, {"active_deadline_seconds": 9}, {"backoff_limit": 3}])
def test_what_a_running_job_takes_comes_too_late_for_one_that_is_over(change: Json) -> None:
    assert _plan(_live(RUNNING), **change).refused == []
    (told,) = _plan(_live(DONE), **change).refused
    assert "the job is over" in told


def test_a_job_that_somebody_else_submits_is_told_its_id_later() -> None:
    live = _live({"jobDeploymentStatus": "Waiting"}, submission_mode="InteractiveMode")
    live["spec"]["submissionMode"] = "InteractiveMode"
    assert _plan(live, submission_mode="InteractiveMode", job_id="mine").refused == []
    assert _plan(_live(RUNNING), job_id="mine").refused


def test_who_looks_after_it_is_fixed() -> None:
    task = {"managed_by": "ray.io/kuberay-operator"}
    (told,) = _plan(_live(NEW, **task), managed_by="kueue.x-k8s.io/multikueue").refused
    assert "spec.managedBy cannot be changed" in told


@pytest.mark.parametrize("kueue", [True, False])
def test_kueue_decides_whether_its_job_is_suspended(kueue: bool) -> None:
    labels = {"labels": {QUEUE_LABEL: "q"}} if kueue else {}
    live = _live(ASLEEP, suspend=False, **labels)
    live["spec"]["suspend"] = True
    assert _plan(live, suspend=False, **labels).changed is not kueue


def test_waking_a_job_shows() -> None:
    plan = _plan(_live(ASLEEP, suspend=True), suspend=False)
    assert (plan.action, plan.shows) == ("patch", True)


@pytest.mark.parametrize(
    ("rerun", "again"),
    [("never", []), ("on_failure", [STOPPED, LATE, REFUSED]), ("always", [STOPPED, LATE, REFUSED, DONE])],
)
def test_rerun_says_which_ends_are_begun_again(rerun: str, again: list[Json]) -> None:
    options = job_options(rerun=rerun)
    for status in (NEW, STARTING, RUNNING, ASLEEP, DONE, STOPPED, LATE, REFUSED):
        assert how_to_recreate(options, job(status)) == ("always" if status in again else "never"), status


def test_on_change_begins_again_only_what_does_not_take_the_change() -> None:
    options = job_options(rerun="on_change")
    live = _live(DONE)
    how = how_to_recreate(options, live)
    assert how == "when_needed"
    unchanged, changed = _plan(live), _plan(live, entrypoint="false")
    assert settled(unchanged, live, how, copy.deepcopy).action == "none"
    assert settled(changed, live, how, copy.deepcopy).action == "recreate"
    assert settled(_plan(live, labels={"a": "b"}), live, how, copy.deepcopy).action == "patch"


def test_without_it_a_change_that_comes_to_nothing_fails() -> None:
    live = _live(RUNNING)
    with pytest.raises(NeedsRecreate, match=r"spec\.entrypoint"):
        settled(_plan(live, entrypoint="false"), live, "never", copy.deepcopy)


def test_recreate_is_for_jobs_too() -> None:
    assert how_to_recreate(job_options(recreate="always"), job(RUNNING)) == "always"
    assert how_to_recreate(job_options(recreate="when_needed", rerun="on_failure"), job(RUNNING)) == "when_needed"


def test_a_partial_wish_leaves_the_rest() -> None:
    live = _live(NEW, suspend=True)
    wish = desired_demo_job(live, state="patched", spec={"suspend": False})
    del wish["spec"]["entrypoint"]
    assert [change.path for change in plan_job(live, wish, is_partial=True).changes] == ["spec.suspend"]
    assert IMAGE in str(live)
