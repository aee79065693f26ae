# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayCronJob from a playbook: made, left alone, changed, run, read, deleted; both ways of running, side by side."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.integration.modules.room import WAYS, Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, cronjob, cronjob_info, small_cluster
from tests.integration.playbook import Run, side_by_side

Json = dict[str, Any]
NOON: Json = {"schedule": "0 12 * * *", "time_zone": "Europe/Zurich"}
OFTEN: Json = {"schedule": "* * * * *"}
SLEEPS: Json = {"entrypoint": "true", "submission_mode": "InteractiveMode", "cluster": small_cluster()}


@pytest.fixture(scope="module")
def lives(stage: Stage) -> dict[str, Run]:
    """One cron job's life, told twice."""
    plays = {}
    for way in WAYS:
        name, busy = f"cron-{way.split()[0]}", f"busy-{way.split()[0]}"
        plays[way] = stage.prepare(
            [
                # It has all the time of the others for its first run, which comes with the next minute.
                cronjob("begin", busy, **OFTEN, job=SLEEPS, wait=False),
                cronjob("predict", name, CHECK),
                cronjob("make", name),
                cronjob("again", name),
                cronjob("predict change", name, CHECK, **NOON),
                cronjob("change", name, DIFF, **NOON),
                cronjob("sleep", name, state="patched", suspend=True),
                cronjob("wake", name, **NOON, suspend=False),
                cronjob("wrong schedule", name, MAY_FAIL, schedule="0 25 * * *"),
                cronjob("wrong zone", name, MAY_FAIL, time_zone="/etc/passwd"),
                cronjob("wrong job", name, MAY_FAIL, job={"entrypoint": "true"}),
                cronjob("old", name, MAY_FAIL, kuberay_version="1.5.0"),
                cronjob_info("read", name=name, gather=["events", "jobs"]),
                cronjob("delete", name, state="absent"),
                cronjob("delete again", name, state="absent"),
                cronjob("ran", busy, **OFTEN, job=SLEEPS, wait_for="scheduled", wait_timeout=600),
                cronjob("has run", busy, **OFTEN, job={**SLEEPS, "backoff_limit": 0}, gather=["jobs"]),
                cronjob("stop", busy, **OFTEN, job=SLEEPS, suspend=True),
                cronjob_info("jobs", name=busy, gather=["jobs"]),
                cronjob("gone", busy, state="absent"),
            ],
            way,
        )
    return side_by_side(plays)


@pytest.fixture(params=WAYS)
def life(lives: dict[str, Run], request: pytest.FixtureRequest) -> Run:
    run = lives[request.param]
    assert run.code == 0, str(run)
    return run


def test_a_cron_job_is_made_and_says_when_it_runs(life: Run) -> None:
    made = life["make"].result
    assert (made["action"], made["changed"]) == ("create", True)
    facts = made["cronjob"]
    assert (facts["state"], facts["last_run"], facts["jobs"]) == ("scheduled", None, None)
    comes = datetime.fromisoformat(facts["next_run"].replace("Z", "+00:00"))
    assert (comes.hour, comes.minute) == (3, 0)
    assert timedelta() < comes - datetime.fromtimestamp(life["make"].ended, timezone.utc) <= timedelta(days=1)


def test_nothing_shows_that_the_gate_is_on_before_it_has_run(life: Run) -> None:
    assert "feature gate RayCronJob" in str(life["make"]["warnings"])
    assert "warnings" not in life["has run"].result


def test_a_cron_job_that_is_as_wished_costs_one_read(life: Run, stage: Stage) -> None:
    again = life["again"].result
    assert (again["action"], again["changed"], again["reasons"]) == ("none", False, [])
    assert outside_the_wait(stage.requests(life, "again", again["cronjob"]["name"])) == ["GET raycronjobs"]


@pytest.mark.parametrize(("prediction", "done"), [("predict", "make"), ("predict change", "change")])
def test_check_mode_agrees_with_the_run_and_writes_nothing(life: Run, stage: Stage, prediction: str, done: str) -> None:
    told, came = life[prediction].result, life[done].result
    assert (told["action"], told["reasons"]) == (came["action"], came["reasons"])
    assert written(stage.requests(life, prediction, came["cronjob"]["name"])) == []


def test_a_change_is_told_by_its_paths(life: Run) -> None:
    changed = life["change"].result
    assert sorted(reason["path"] for reason in changed["reasons"]) == ["spec.schedule", "spec.timeZone"]
    assert 'spec.schedule: "0 12 * * *"' in changed["diff"]["after"]
    assert changed["cronjob"]["next_run"][11:16] in ("10:00", "11:00")


def test_it_sleeps_and_wakes(life: Run) -> None:
    sleep, wake = life["sleep"]["cronjob"], life["wake"]["cronjob"]
    assert (sleep["state"], sleep["next_run"]) == ("suspended", None)
    assert (life["wake"]["action"], wake["state"], wake["suspended"]) == ("patch", "scheduled", False)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("wrong schedule", "'25' is no hour"),
        ("wrong zone", "is no time zone"),
        ("wrong job", "job.cluster: say which cluster"),
        ("old", "RayCronJob came with KubeRay 1.6"),
    ],
)
def test_what_the_operator_would_refuse_is_refused_before(life: Run, stage: Stage, task: str, words: str) -> None:
    outcome = life[task]
    assert (outcome.status, outcome["error"]["kind"]) == ("failed", "option")
    assert words in outcome.message
    assert written(stage.requests(life, task, life["make"]["cronjob"]["name"])) == []


def test_info_says_the_same(life: Run) -> None:
    (found,) = life["read"]["cronjobs"]
    # The wait has read the events, too, as they were then.
    assert {**found, "events": None, "jobs": None} == {**life["wake"]["cronjob"], "events": None}
    assert (found["jobs"], isinstance(found["events"], list)) == ([], True)


def test_a_run_is_waited_for_and_its_job_is_read(life: Run) -> None:
    ran = life["ran"]["cronjob"]
    assert (ran["state"], ran["last_run"] is not None) == ("scheduled", True)
    jobs = life["jobs"]["cronjobs"][0]["jobs"]
    assert ran["last_run"] in [job["scheduled"] for job in jobs]
    assert [job["name"].startswith(f"{ran['name']}-") for job in jobs] == [True] * len(jobs)
    assert [job["name"] for job in life["has run"]["cronjob"]["jobs"]] != []


def test_a_deleted_cron_job_is_gone_with_its_jobs(life: Run, stage: Stage) -> None:
    assert (life["delete"]["action"], life["delete again"]["changed"]) == ("delete", False)
    assert stage.room.get(life["make"]["cronjob"]["name"], "raycronjobs") is None
    for job in life["jobs"]["cronjobs"][0]["jobs"]:
        assert stage.room.get(job["name"], "rayjobs") is None
