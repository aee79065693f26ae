# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A RayCronJob: from options to an object, what a change of it does, and the facts about it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._facts.cron_job import cron_job_facts
from ansible_collections.kuberay.core.plugins.module_utils._lint.check import check
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._plan.cron_job import plan_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._wait.cron_job import CRON_JOB

from tests.unit.builders import IMAGE, cron_job, cron_job_options, desired_demo_cron_job, desired_demo_job, job, stored

Json = dict[str, Any]
JOB: Json = {"entrypoint": "true", "cluster": {"image": IMAGE}}
NOON, LATER = "2026-01-01T12:00:00Z", datetime(2026, 1, 1, 15, 30, tzinfo=timezone.utc)


def test_a_schedule_and_a_job_are_a_cron_job() -> None:
    made = desired_demo_cron_job()
    assert (made["apiVersion"], made["kind"], made["metadata"]) == (
        "ray.io/v1",
        "RayCronJob",
        {"name": "demo", "namespace": "ray"},
    )
    assert made["spec"] == {"schedule": "0 * * * *", "jobTemplate": desired_demo_job()["spec"]}


def test_every_option_is_a_field() -> None:
    more: Json = {"runtime_env": {"pip": ["a"]}, "backoff_limit": "2", "spec": {"ttlSecondsAfterFinished": "7"}}
    spec = desired_demo_cron_job(time_zone="UTC", suspend="yes", job={**JOB, **more})["spec"]
    template = spec["jobTemplate"]
    assert (spec["timeZone"], spec["suspend"]) == ("UTC", True)
    assert (template["runtimeEnvYAML"], template["backoffLimit"]) == ("pip:\n- a\n", 2)
    assert template["ttlSecondsAfterFinished"] == 7


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ({"schedule": ""}, "schedule: is needed"),
        ({"job": None}, "job: is needed"),
        ({"job": {"entrypoint": "true"}}, "job.cluster: say which cluster"),
        ({"job": {**JOB, "runtime_env": 3}}, "job.runtime_env: "),
        ({"job": {"cluster": {}}}, "job.cluster.head_group.image"),
    ],
)
def test_what_is_missing_or_wrong_is_told_by_its_option(task: Json, told: str) -> None:
    with pytest.raises(OptionError) as refused:
        desired_demo_cron_job(**task)
    assert refused.value.message.startswith(told)


def test_a_part_of_one_needs_neither() -> None:
    assert desired_demo_cron_job(state="patched", suspend=True)["spec"] == {"suspend": True}


def test_a_whole_one_is_a_wish() -> None:
    assert desired_demo_cron_job(definition=cron_job())["spec"] == cron_job()["spec"]


def _live(last: str | None = NOON, **task: Any) -> Json:
    live = stored(desired_demo_cron_job(**task))
    live["metadata"]["creationTimestamp"] = NOON
    return {**live, **({"status": {"lastScheduleTime": last}} if last else {})}


def _plan(live: Json, now: datetime = LATER, **task: Any) -> Plan:
    return plan_cron_job(live, desired_demo_cron_job(live, **task), False, now)


def test_the_same_cron_job_again_is_no_change() -> None:
    plan = _plan(_live("2026-01-01T15:00:00Z"))
    assert (plan.action, plan.warnings) == ("none", [])
    (late,) = _plan(_live()).warnings
    assert "should have run at 2026-01-01T13:00:00Z" in late


@pytest.mark.parametrize("last", [NOON, None])
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"suspend": True}, {"suspend": False}, ["3 runs should have been"]),
        ({"suspend": True}, {}, ["3 runs should have been"]),
        ({}, {"schedule": "* * * * *"}, ["at least 100 runs should have been"]),
        ({}, {"schedule": "30 15 * * *"}, ["1 run should have been"]),
        ({}, {"schedule": "0 18 * * *"}, []),
        ({}, {"schedule": "* * * * *", "suspend": True}, []),
        ({}, {"job": {**JOB, "backoff_limit": 2}}, []),
    ],
)
def test_a_change_that_makes_up_for_missed_runs_says_so(
    last: str | None, before: Json, after: Json, told: list[str]
) -> None:
    plan = _plan(_live(last, **before), **after)
    assert plan.action == "patch"
    made_up = [warning for warning in plan.warnings if "should have run at" not in warning]
    assert len(made_up) == len(told)
    assert all(words in warning for words, warning in zip(told, made_up, strict=True))


def test_what_is_fixed_in_its_job() -> None:
    mine, theirs = ({**JOB, "managed_by": one} for one in ("ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"))
    (told,) = _plan(_live(job=mine), job=theirs).refused
    assert "spec.jobTemplate.managedBy cannot be changed" in told


def test_nothing_tells_that_the_gate_is_on_until_it_has_run() -> None:
    never, ran = (check(_live(last), "x", cron_job_options()) for last in (None, NOON))
    assert [warning for warning in never if "feature gate RayCronJob" in warning] != []
    assert ran == []


def _facts(resource: Json, now: datetime = LATER, **seen: Any) -> Json:
    facts = cron_job_facts(Observation(resource, **seen), now)
    assert facts is not None
    return facts


@pytest.mark.parametrize(
    ("last", "spec", "state", "comes"),
    [
        ("2026-01-01T15:00:00Z", {}, "scheduled", "2026-01-01T16:00:00Z"),
        (NOON, {}, "overdue", "2026-01-01T16:00:00Z"),
        (None, {}, "overdue", "2026-01-01T16:00:00Z"),
        (None, {"schedule": "0 18 * * *"}, "scheduled", "2026-01-01T18:00:00Z"),
        (None, {"schedule": "0 18 * * *", "timeZone": "Europe/Zurich"}, "scheduled", "2026-01-01T17:00:00Z"),
        (None, {"schedule": "0 18 * * *", "timeZone": "Nowhere/Town"}, "scheduled", None),
        # It is a moment late.
        (None, {"schedule": "30 15 * * *"}, "scheduled", "2026-01-02T15:30:00Z"),
        (NOON, {"suspend": True}, "suspended", None),
    ],
)
def test_where_it_stands_and_when_it_runs(last: str | None, spec: Json, state: str, comes: str | None) -> None:
    facts = _facts(cron_job(last, **spec))
    assert (facts["state"], facts["last_run"], facts["next_run"]) == (state, last, comes)
    assert ("feature gate" in (facts["reason"] or "")) is (state == "overdue")


def test_what_the_operator_refuses_and_what_goes() -> None:
    about = {"uid": "u-1", "resourceVersion": "7"}
    event = {"metadata": {"name": "e"}, "reason": "InvalidRayCronJobSpec", "note": "because", "regarding": about}
    facts = _facts(cron_job(), events=[event])
    assert facts["state"] == "refused"
    assert "because" in facts["reason"]
    leaving = cron_job()
    leaving["metadata"]["deletionTimestamp"] = NOON
    assert _facts(leaving)["state"] == "deleting"
    assert cron_job_facts(Observation(None)) is None


def test_its_jobs_are_told_the_youngest_first() -> None:
    older, younger = job({"jobDeploymentStatus": "Complete", "jobStatus": "SUCCEEDED", "startTime": "s"}), job()
    older["metadata"].update({"name": "demo-1", "creationTimestamp": "2026-01-01T12:00:00Z"})
    annotations = {"ray.io/cronjob-scheduled-timestamp": "2026-01-01T13:00:00Z"}
    younger["metadata"].update(
        {"name": "demo-2", "creationTimestamp": "2026-01-01T13:00:00Z", "annotations": annotations}
    )
    told = _facts(cron_job(), jobs=[older, younger])["jobs"]
    assert [(one["name"], one["state"], one["scheduled"], one["started"]) for one in told] == [
        ("demo-2", "provisioning", "2026-01-01T13:00:00Z", None),
        ("demo-1", "succeeded", None, "s"),
    ]
    assert _facts(cron_job())["jobs"] is None


@pytest.mark.parametrize(
    ("resource", "levels", "line"),
    [
        (None, {"gone", "deleted"}, "gone"),
        (cron_job(), {"created"}, "has not run yet"),
        (cron_job(NOON), {"created", "scheduled"}, f"ran last at {NOON}"),
        (cron_job(suspend=True), {"created"}, "suspended"),
    ],
)
def test_levels_and_lines(resource: Json | None, levels: set[str], line: str) -> None:
    seen = Observation(resource)
    assert {name for name, level in CRON_JOB.levels.items() if level.reached(seen)} == levels
    assert CRON_JOB.describe(seen) == line
