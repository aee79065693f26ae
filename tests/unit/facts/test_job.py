# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a live RayJob to facts, and where a wait takes it to stand."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._wait.job import JOB

from tests.unit.builders import condition, job, pod

Json = dict[str, Any]


def _facts(status: Json | None = None, **seen: Any) -> Json:
    facts = job_facts(Observation(job(status), **seen))
    assert facts is not None
    return facts


def _status(deployment: str, ray: str = "", **more: Any) -> Json:
    return {"jobDeploymentStatus": deployment, "jobStatus": ray, **more}


@pytest.mark.parametrize(
    ("status", "state", "levels"),
    [
        (None, "provisioning", set()),
        (_status("Initializing"), "provisioning", set()),
        (_status("Waiting"), "waiting", {"waiting"}),
        (_status("Running"), "running", set()),
        (_status("Running", "PENDING"), "running", set()),
        (_status("Running", "RUNNING"), "running", {"running"}),
        # The submitter has not finished yet.
        (_status("Running", "SUCCEEDED"), "running", {"running"}),
        (_status("Retrying", "FAILED"), "retrying", {"running"}),
        (_status("Suspending"), "suspending", set()),
        (_status("Suspended"), "suspended", {"suspended"}),
        (_status("Complete", "SUCCEEDED"), "succeeded", {"waiting", "running", "finished"}),
        (_status("Complete", "STOPPED"), "stopped", {"waiting", "running", "finished"}),
        (_status("Failed", "FAILED"), "failed", {"waiting", "running", "finished"}),
        (_status("Failed", "PENDING"), "failed", {"waiting", "running", "finished"}),
        (_status("ValidationFailed"), "refused", {"waiting", "running", "finished"}),
    ],
)
def test_a_status_is_one_word_and_reaches_these_levels(status: Json | None, state: str, levels: set[str]) -> None:
    facts = _facts(status)
    assert facts["state"] == state
    assert (facts["finished"], facts["succeeded"]) == ("finished" in levels, state == "succeeded")
    seen = Observation(job(status))
    assert {name for name, level in JOB.levels.items() if level.reached(seen)} == {"created", *levels}


def test_a_job_that_is_gone_has_no_facts_and_reaches_the_end_only() -> None:
    assert job_facts(Observation(None)) is None
    assert {name for name, level in JOB.levels.items() if level.reached(Observation(None))} == {"gone", "deleted"}


def test_a_job_that_goes_is_deleting() -> None:
    leaving = job(_status("Running"))
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    facts = job_facts(Observation(leaving))
    assert facts is not None
    assert (facts["state"], facts["times"]["deleted"]) == ("deleting", "2026-01-01T00:00:00Z")


def test_the_facts_are_what_the_status_says() -> None:
    status = _status(
        "Failed",
        "FAILED",
        reason="AppFailed",
        message="Job failed",
        jobId="demo-x1",
        rayClusterName="demo-abcde",
        dashboardURL="demo-abcde-head-svc.ray.svc.cluster.local:8265",
        startTime="s",
        endTime="e",
        rayJobInfo={"startTime": "rs", "endTime": "re"},
        failed=2,
    )
    facts = _facts(status, log="a\nb", pods=[pod("head")], events=[{"reason": "r", "note": "n"}])
    assert (facts["reason"], facts["message"], facts["submission_id"]) == ("AppFailed", "Job failed", "demo-x1")
    assert (facts["cluster_name"], facts["owns_cluster"], facts["log"]) == ("demo-abcde", True, "a\nb")
    assert facts["dashboard"] == "http://demo-abcde-head-svc.ray.svc.cluster.local:8265"
    assert facts["attempts"] == {"succeeded": 0, "failed": 2, "limit": 1}
    assert {key: facts["times"][key] for key in ("started", "ended", "ray_started", "ray_ended")} == {
        "started": "s",
        "ended": "e",
        "ray_started": "rs",
        "ray_ended": "re",
    }
    assert (facts["pods"][0]["group"], facts["events"][0]["message"]) == ("head", "n")


def test_a_submitters_pod_is_no_group_of_the_cluster() -> None:
    submitter = pod("x")
    submitter["metadata"]["labels"] = {"ray.io/originated-from-crd": "RayJob", "ray.io/originated-from-cr-name": "demo"}
    assert _facts(pods=[submitter])["pods"][0]["group"] == "submitter"


def test_a_job_on_a_selected_cluster_names_it_from_the_start() -> None:
    selected = job(clusterSelector={"ray.io/cluster": "there"})
    facts = job_facts(Observation(selected))
    assert facts is not None
    assert (facts["cluster_name"], facts["owns_cluster"]) == ("there", False)


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (None, "not looked at yet"),
        (_status("Initializing"), "initializing, cluster not there yet"),
        (
            _status(
                "Initializing",
                rayClusterStatus={
                    "conditions": [condition("HeadPodReady")],
                    "desiredWorkerReplicas": 2,
                    "readyWorkerReplicas": 1,
                },
            ),
            "initializing, head ready, workers 1/2",
        ),
        (_status("Running", "RUNNING"), "running, RUNNING"),
        (_status("Running", "RUNNING", failed=1), "running, RUNNING, attempt 2"),
        (_status("Failed", "FAILED", failed=1), "failed, FAILED"),
    ],
)
def test_a_line_says_where_it_stands(status: Json | None, line: str) -> None:
    assert JOB.describe(Observation(job(status))) == line


def test_a_selected_cluster_that_is_not_there_is_the_reason() -> None:
    selected = job(_status("Initializing"), clusterSelector={"ray.io/cluster": "nowhere"})
    event = {
        "metadata": {"name": "e"},
        "reason": "RayClusterNotFound",
        "note": "RayCluster ray/nowhere not found",
        "regarding": {"uid": "u-1"},
    }
    facts = job_facts(Observation(selected, events=[event]))
    assert facts is not None
    assert "nowhere not found" in facts["reason"]
    theirs = job_facts(Observation(selected, events=[{**event, "regarding": {"uid": "other"}}]))
    assert theirs is not None
    assert theirs["reason"] is None
