# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a RayCronJob stands. Its status holds one time only. Source: contract 5.5 and 6.6; KubeRay 1.7."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_schedule import next_run, runs_between

Json = dict[str, Any]
# The operator makes a job within a moment of its time.
_PUNCTUAL = timedelta(minutes=1)


def is_suspended(cron_job: Json) -> bool:
    """Whether it makes no jobs."""
    return bool((cron_job.get("spec") or {}).get("suspend"))


def last_run(cron_job: Json) -> str | None:
    """The time that it made a job for last."""
    found = (cron_job.get("status") or {}).get("lastScheduleTime")
    return None if found is None else str(found)


def upcoming(cron_job: Json, now: datetime) -> datetime | None:
    """When the schedule comes round next; None where it sleeps, or where that cannot be told."""
    return None if is_suspended(cron_job) else next_run(*_schedule(cron_job), now)


def missed_runs(cron_job: Json, now: datetime, most: int) -> int:
    """How often the schedule has come round since the last job, or since it was made."""
    since = _since(cron_job)
    return 0 if since is None else runs_between(*_schedule(cron_job), since, now, most)


def overdue(cron_job: Json, now: datetime) -> datetime | None:
    """When it should have made a job, and has not; None where all is well."""
    since = _since(cron_job)
    if since is None or is_suspended(cron_job):
        return None
    due = next_run(*_schedule(cron_job), since)
    return due if due is not None and due + _PUNCTUAL < now else None


def why_overdue(cron_job: Json, now: datetime) -> str | None:
    """What is known about that: nothing tells whether the operator looks after cron jobs at all."""
    due = overdue(cron_job, now)
    if due is None:
        return None
    return f"it should have run at {told(due)}: does the operator run, and with its feature gate RayCronJob on?"


def told(time: datetime) -> str:
    """A time as Kubernetes writes it."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _schedule(cron_job: Json) -> tuple[str, str | None]:
    spec = cron_job.get("spec") or {}
    return str(spec.get("schedule") or ""), spec.get("timeZone")


def _since(cron_job: Json) -> datetime | None:
    """What the operator reckons from."""
    found = last_run(cron_job) or cron_job["metadata"].get("creationTimestamp")
    return None if not found else datetime.fromisoformat(str(found).replace("Z", "+00:00"))
