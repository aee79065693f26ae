# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayCronJobs: which RayJobs come of them, and when.

Nobody waits for a tick here: a last tick that is long ago makes those since then come at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from tests.integration.operator_harness import BROKEN_IMAGE, CronJobs, World, job_spec, owner, spec, template
from tests.lab.operator.api import RAY_JOBS
from tests.lab.operator.objects import Json, dig

pytest_plugins = ["tests.integration.operator_fixtures"]

# Jobs that never come so far as to want a Ray.
JOB = job_spec(rayClusterSpec=spec(head={"template": template(annotations=BROKEN_IMAGE)}))
MINUTE = timedelta(minutes=1)


def cron(schedule: str = "* * * * *", **fields: object) -> Json:
    """A RayCronJob's spec."""
    return {"schedule": schedule, "jobTemplate": JOB, **fields}


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def last_tick(cron_jobs: CronJobs, name: str, moment: datetime) -> None:
    """Write a last tick down, as an operator would have done before it was down."""
    path = cron_jobs.kind.path(cron_jobs.namespace, name, "status")
    patch = {"status": {"lastScheduleTime": stamp(moment)}}
    cron_jobs.api.request("PATCH", path, patch, content_type="application/merge-patch+json")


def names(cron_jobs: CronJobs, name: str) -> list[str]:
    return [job["metadata"]["name"] for job in cron_jobs.jobs(name)]


def test_ticks(cron_jobs: CronJobs) -> None:
    """Each tick that was missed brings its job."""
    made = cron_jobs.create("every", cron(), labels={"team": "a"})
    # Three ticks ago, and a little, so that the third comes at once and the fourth in a while.
    begin = datetime.now(timezone.utc).replace(second=0, microsecond=0) - 3 * MINUTE
    last_tick(cron_jobs, "every", begin)
    wanted = [f"every-{int((begin + count * MINUTE).timestamp()) // 60}" for count in (1, 2, 3)]
    cron_jobs.until(lambda: names(cron_jobs, "every")[:3] == wanted, "the jobs of the ticks that were missed")
    for count, job in enumerate(cron_jobs.jobs("every")[:3], 1):
        tick = stamp(begin + count * MINUTE)
        assert job["metadata"]["labels"] == {"ray.io/cronjob-name": "every"}
        assert job["metadata"]["annotations"] == {"ray.io/cronjob-scheduled-timestamp": tick}
        assert owner(job)["uid"] == made["metadata"]["uid"]
        assert job["spec"]["submissionMode"] == "HTTPMode"
        assert dig(job, "spec.rayClusterSpec.headGroupSpec.template.metadata.annotations") == BROKEN_IMAGE
    status = cron_jobs.until(lambda: _at(cron_jobs, "every", begin + 3 * MINUTE), "the last of these ticks")
    assert set(status) == {"lastScheduleTime"}
    assert not cron_jobs.events("every"), "nothing is told of the jobs"
    # Their own life goes on by itself, and ends with the cron job.
    cron_jobs.until(lambda: dig(cron_jobs.the(RAY_JOBS, wanted[0]), "status.jobDeploymentStatus"), "a status")
    cron_jobs.delete("every")
    cron_jobs.until(lambda: not cron_jobs.jobs("every"), "the end of the jobs")


def test_time_zone(cron_jobs: CronJobs) -> None:
    """A quarter to ten in the evening of Taipei is a quarter to two in the afternoon of Greenwich."""
    cron_jobs.create("taipei", cron("45 21 * * *", timeZone="Asia/Taipei"))
    now = datetime.now(timezone.utc)
    last_tick(cron_jobs, "taipei", now - timedelta(hours=24))
    (job,) = cron_jobs.until(lambda: cron_jobs.jobs("taipei"), "the job of the last evening")
    tick = dig(job, "metadata.annotations")["ray.io/cronjob-scheduled-timestamp"]
    assert tick.endswith("T13:45:00Z")
    assert stamp(now - timedelta(hours=24)) <= tick <= stamp(now)


def test_suspended(cron_jobs: CronJobs) -> None:
    cron_jobs.create("idle", cron(suspend=True))
    event = cron_jobs.until_event("idle", "SuspendedRayCronJob")
    assert event["note"] == "RayCronJob suspended, no new RayJobs will be created"
    assert (event["type"], event["action"]) == ("Normal", "Suspend")
    assert event["reportingController"] == "raycronjob-controller"
    begin = datetime.now(timezone.utc).replace(second=0, microsecond=0) - 2 * MINUTE
    last_tick(cron_jobs, "idle", begin)
    cron_jobs.until(lambda: len(cron_jobs.events("idle")) > 1, "another look at it")
    assert not cron_jobs.jobs("idle")
    # What it has slept through it makes up for.
    cron_jobs.patch("idle", spec={"suspend": False})
    cron_jobs.until(lambda: len(cron_jobs.jobs("idle")) >= 2, "the jobs of the ticks since")


def test_changed_schedule(cron_jobs: CronJobs) -> None:
    """A new schedule counts from the last tick, and a job of a tick's name is taken for its own."""
    begin = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(hours=1)
    cron_jobs.create("moved", cron("0 0 29 2 1"))
    last_tick(cron_jobs, "moved", begin)
    name = f"moved-{int((begin + timedelta(minutes=30)).timestamp()) // 60}"
    metadata = {"name": name, "namespace": cron_jobs.namespace}
    cron_jobs.api.create(RAY_JOBS, {"metadata": metadata, "spec": {**JOB, "suspend": True}})
    assert not cron_jobs.jobs("moved")
    cron_jobs.patch("moved", spec={"schedule": "@every 30m"})
    cron_jobs.until(lambda: _at(cron_jobs, "moved", begin + timedelta(hours=1)), "both ticks")
    assert names(cron_jobs, "moved") == [f"moved-{int((begin + timedelta(hours=1)).timestamp()) // 60}"]
    assert "ownerReferences" not in cron_jobs.the(RAY_JOBS, name)["metadata"]


REFUSED: dict[str, tuple[Json, str]] = {
    "x" * 37: (cron(), "RayCronJob name should be no more than 36 characters"),
    "zoned": (cron("TZ=UTC * * * * *"), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
    "few": (cron("* * *"), "invalid cron schedule: expected exactly 5 fields, found 3: [* * *]"),
    "late": (cron("60 * * * *"), "invalid cron schedule: end of range (60) above maximum (59): 60"),
    "early": (cron("* * 0 * *"), "invalid cron schedule: beginning of range (0) below minimum (1): 0"),
    "turned": (cron("5-3 * * * *"), "invalid cron schedule: beginning of range (5) beyond end of range (3): 5-3"),
    "still": (cron("*/0 * * * *"), "invalid cron schedule: step of range should be a positive number: */0"),
    "slashes": (cron("1/2/3 * * * *"), "invalid cron schedule: too many slashes: 1/2/3"),
    "hyphens": (cron("1-2-3 * * * *"), "invalid cron schedule: too many hyphens: 1-2-3"),
    "minus": (cron("* * * * -1"), "invalid cron schedule: failed to parse int from : strconv.Atoi: parsing"),
    "words": (
        cron("* * * * someday"),
        'invalid cron schedule: failed to parse int from someday: strconv.Atoi: parsing "someday": invalid syntax',
    ),
    "often": (cron("@often"), "invalid cron schedule: unrecognized descriptor: @often"),
    "every": (
        cron("@every day"),
        'invalid cron schedule: failed to parse duration @every day: time: invalid duration "day"',
    ),
    "place": (cron(timeZone="Mars/Base"), "invalid time zone: unknown time zone Mars/Base"),
    "job": (
        {**cron(), "jobTemplate": job_spec(suspend=True)},
        "invalid RayJob template: The RayJob spec is invalid: a RayJob with shutdownAfterJobFinishes set to false is "
        "not allowed to be suspended",
    ),
}


def test_refused_cron_jobs(cron_jobs: CronJobs, world: World) -> None:
    for name, (refused, _) in REFUSED.items():
        cron_jobs.create(name, refused)
    for name, (_, message) in REFUSED.items():
        event = cron_jobs.until_event(name, "InvalidRayCronJobSpec")
        assert (event["type"], event["action"]) == ("Warning", "Validate")
        assert event["note"].startswith(f"{cron_jobs.namespace}/{name}: {message}")
        last_tick(cron_jobs, name, datetime.now(timezone.utc) - timedelta(hours=1))
    world.settle("after")
    assert not any(cron_jobs.jobs(name) for name in REFUSED)
    # A right schedule heals it.
    cron_jobs.patch("few", spec={"schedule": "@every 10m"})
    cron_jobs.until(lambda: cron_jobs.jobs("few"), "a job")


def _at(cron_jobs: CronJobs, name: str, tick: datetime) -> Json | None:
    """The status, if its last tick is this one or a later."""
    status: Json = cron_jobs.get(name).get("status") or {}
    return status if status.get("lastScheduleTime", "") >= stamp(tick) else None
