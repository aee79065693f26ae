# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How jobs end, and how a wait for each ends: at once, with the cause first. All of them side by side."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import IN_PROCESS, SHIPPED, Stage
from tests.integration.modules.words import IMAGE, MAY_FAIL, NO_IMAGE, job, manage, small_cluster, wish
from tests.integration.playbook import Outcome, Run, side_by_side

Json = dict[str, Any]
SAYS = "python -c 'print(7)'"
BREAKS = "python -c \"print('so far so good'); raise SystemExit('it broke')\""
SLEEPS = "sleep 1800"
# No shell's words: what follows a && of an entrypoint is run by the shell of the submitter.
STOP = "u.urlopen(u.Request('http://127.0.0.1:8265/api/jobs/stops-itself/stop', method='POST')); time.sleep(1800)"
STOPS = f'python -c "import time, urllib.request as u; {STOP}"'
SUBMITTER = {"name": "submitter", "image": IMAGE, "command": ["sh", "-c", "exit 7"]}
SUSPENDABLE: Json = {"shutdown_after_job_finishes": True}
# The plays: each a list of tasks, the last of which is looked at.
PLAYS: dict[str, list[Json]] = {
    "app": [job("wait", "ends-app", MAY_FAIL, entrypoint=BREAKS)],
    "looked": [job("wait", "ends-looked", entrypoint=BREAKS, fail_on_job_failure=False, submission_mode="HTTPMode")],
    "deadline": [job("wait", "ends-deadline", MAY_FAIL, entrypoint=SLEEPS, active_deadline_seconds=12)],
    "refused": [
        job(
            "wait",
            "ends-refused",
            MAY_FAIL,
            entrypoint=SAYS,
            validate="off",
            spec={"ttlSecondsAfterFinished": 9},
            cluster=small_cluster(),
        )
    ],
    "image": [
        job(
            "wait",
            "ends-image",
            MAY_FAIL,
            entrypoint=SAYS,
            cluster=small_cluster(annotations=NO_IMAGE),
            wait_timeout=800,
        )
    ],
    "stopped": [job("wait", "ends-stopped", MAY_FAIL, entrypoint=STOPS, job_id="stops-itself")],
    "unsubmitted": [
        job(
            "wait",
            "ends-unsubmitted",
            MAY_FAIL,
            entrypoint=SAYS,
            submitter_config={"backoff_limit": 0},
            submitter_pod_template={"spec": {"restartPolicy": "Never", "containers": [SUBMITTER]}},
        )
    ],
    "too big": [
        job(
            "wait",
            "ends-too-big",
            MAY_FAIL,
            entrypoint=SAYS,
            cluster=small_cluster(resources={"cpu": 1000}),
            wait_unschedulable=3,
            wait_timeout=800,
        )
    ],
    "old": [job("wait", "ends-old", entrypoint=SAYS, api_version="ray.io/v1alpha1")],
    "nowhere": [
        job(
            "wait",
            "ends-nowhere",
            MAY_FAIL,
            entrypoint=SAYS,
            cluster_selector={"ray.io/cluster": "nowhere"},
            wait_timeout=800,
        )
    ],
    "selected": [
        manage("make", "ends-there", **wish()),
        job("wait", "ends-selected", entrypoint=SAYS, cluster_selector={"ray.io/cluster": "ends-there"}),
    ],
    "sidecar": [job("wait", "ends-sidecar", entrypoint=SAYS, submission_mode="SidecarMode")],
    "interactive": [job("wait", "ends-interactive", submission_mode="InteractiveMode")],
    "running": [
        job("begin", "ends-running", entrypoint=SLEEPS, wait_for="running", **SUSPENDABLE),
        job("joined", "ends-running", entrypoint=SLEEPS, wait_for="running", rerun="always", **SUSPENDABLE),
        job("sleep", "ends-running", state="patched", suspend=True),
        job("sleep again", "ends-running", state="patched", suspend=True),
        job("wait", "ends-running", state="patched", suspend=False, wait_for="running"),
    ],
    "retried": [job("wait", "ends-retried", MAY_FAIL, entrypoint=BREAKS, backoff_limit=1)],
    "again": [
        job("first", "ends-again", MAY_FAIL, entrypoint=BREAKS),
        job("known", "ends-again", MAY_FAIL, entrypoint=BREAKS),
        job("wait", "ends-again", entrypoint=SAYS, rerun="on_failure"),
    ],
}
# Those whose tasks are shipped; the way makes no difference to how a job ends.
SHIPPED_ONES = ("app", "image")
AT_ONCE = 4


@pytest.fixture(scope="module")
def endings(stage: Stage) -> dict[str, Run]:
    """What became of each, a few at a time: Ray starts a Python for each job."""
    plays = {
        name: stage.prepare(tasks, SHIPPED if name in SHIPPED_ONES else IN_PROCESS) for name, tasks in PLAYS.items()
    }
    found: dict[str, Run] = {}
    names = list(plays)
    for batch in (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE)):
        found |= side_by_side({name: plays[name] for name in batch})
    return found


def ending(endings: dict[str, Run], name: str) -> Outcome:
    run = endings[name]
    assert run.code == 0, str(run)
    return run["wait"]


def first_line(outcome: Outcome) -> str:
    return outcome.message.splitlines()[0]


def test_a_job_that_breaks_fails_the_task_with_its_last_words(endings: dict[str, Run]) -> None:
    outcome = ending(endings, "app")
    assert (outcome.status, outcome["error"]["kind"], outcome["changed"]) == ("failed", "job_failed", True)
    assert "failed (AppFailed)" in first_line(outcome)
    assert "it broke" in first_line(outcome)
    assert "rerun=on_failure" in outcome.message
    assert (outcome["job"]["state"], outcome["job"]["status"]) == ("failed", "FAILED")
    assert "so far so good" in outcome["job"]["log"]


def test_a_broken_job_may_be_looked_at(endings: dict[str, Run]) -> None:
    outcome = ending(endings, "looked")
    assert (outcome.status, outcome["job"]["succeeded"]) == ("ok", False)
    assert "so far so good" in outcome["job"]["log"]


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("deadline", "job_failed", ["failed (DeadlineExceeded)"]),
        ("refused", "job_failed", ["refused (ValidationFailed)", "shutdownAfterJobFinishes"]),
        ("image", "wait_failed", ["ImagePullBackOff", "-head-"]),
        ("stopped", "job_failed", ["stopped: Job was intentionally stopped"]),
        ("unsubmitted", "job_failed", ["failed (SubmissionFailed)"]),
        ("too big", "wait_failed", ["Unschedulable", "-head-", "Insufficient cpu"]),
        ("nowhere", "wait_failed", ["selected cluster is not there", "nowhere"]),
    ],
)
def test_what_ends_otherwise_says_why_first(endings: dict[str, Run], name: str, kind: str, words: list[str]) -> None:
    outcome = ending(endings, name)
    assert (outcome.status, outcome["error"]["kind"]) == ("failed", kind)
    for word in words:
        assert word in first_line(outcome)
    assert outcome.ended - outcome.began < 600


@pytest.mark.parametrize("name", ["selected", "sidecar", "old"])
def test_every_way_of_submitting_comes_to_a_good_end(endings: dict[str, Run], name: str) -> None:
    facts = ending(endings, name)["job"]
    assert (facts["state"], facts["log"].splitlines()[-1]) == ("succeeded", "7")


def test_a_job_on_a_cluster_that_is_there_leaves_it(endings: dict[str, Run], stage: Stage) -> None:
    facts = ending(endings, "selected")["job"]
    assert (facts["cluster_name"], facts["owns_cluster"]) == ("ends-there", False)
    assert stage.room.get("ends-there") is not None


def test_a_job_that_somebody_else_submits_is_waited_for_until_it_can_be(endings: dict[str, Run]) -> None:
    facts = ending(endings, "interactive")["job"]
    assert (facts["state"], facts["submission_id"]) == ("waiting", None)


def test_a_job_that_is_under_way_is_joined_and_one_that_sleeps_wakes(endings: dict[str, Run]) -> None:
    assert ending(endings, "running")["job"]["status"] == "RUNNING"
    run = endings["running"]
    assert run["joined"]["changed"] is False
    assert run["joined"]["job"]["submission_id"] == run["begin"]["job"]["submission_id"]
    assert (run["sleep"]["job"]["state"], run["sleep again"]["changed"]) == ("suspended", False)
    assert run["wait"]["job"]["submission_id"] != run["begin"]["job"]["submission_id"]


def test_a_job_that_is_tried_again_fails_after_its_last_attempt(endings: dict[str, Run]) -> None:
    outcome = ending(endings, "retried")
    assert outcome["error"]["kind"] == "job_failed"
    assert outcome["job"]["attempts"] == {"succeeded": 0, "failed": 2, "limit": 2}
    assert "attempt 2" in endings["retried"].stderr


def test_a_failed_job_is_run_again_where_that_is_asked_for(endings: dict[str, Run]) -> None:
    outcome = ending(endings, "again")
    run = endings["again"]
    # A job that failed in an earlier run has not become better.
    assert (run["known"].status, run["known"]["changed"]) == ("failed", False)
    assert (outcome["action"], outcome["job"]["state"]) == ("recreate", "succeeded")
    assert outcome["job"]["uid"] != run["first"]["job"]["uid"]
