# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a live RayCronJob to the facts that a task returns; what depends on the time of day is told for ``now``.

What the one read cannot tell (events, jobs) is None unless it was read anyway. Keys: see RETURN of kuberay_cronjob.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._facts.common import gathered_facts, object_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CRON_JOB_TIME
from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_job_status import (
    is_suspended,
    last_run,
    told,
    upcoming,
    why_overdue,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs

Json = dict[str, Any]
_OF_A_JOB = ("name", "state", "status", "finished", "succeeded", "reason", "cluster_name")


def cron_job_facts(seen: Observation, now: datetime | None = None) -> Json | None:
    """The facts about one RayCronJob; None where there is none."""
    if seen.resource is None:
        return None
    cron_job, now = seen.resource, now or datetime.now(timezone.utc)
    metadata, spec = cron_job["metadata"], cron_job.get("spec") or {}
    (state, reason), comes = _state(seen, now), upcoming(cron_job, now)
    return {
        **object_facts(cron_job),
        "state": state,
        "reason": reason,
        "schedule": spec.get("schedule"),
        "time_zone": spec.get("timeZone"),
        "suspended": is_suspended(cron_job),
        "last_run": last_run(cron_job),
        "next_run": None if comes is None else told(comes),
        "jobs": None if seen.jobs is None else _jobs(seen.jobs),
        "events": gathered_facts(seen)["events"],
        "times": {"created": metadata.get("creationTimestamp"), "deleted": metadata.get("deletionTimestamp")},
    }


def _state(seen: Observation, now: datetime) -> tuple[str, str | None]:
    """One word for where it stands, and why where that is known."""
    cron_job = seen.resource or {}
    showing = signs(seen)
    why = showing[0].message if showing else None
    if cron_job["metadata"].get("deletionTimestamp"):
        return "deleting", why
    if any(sign.sort == REFUSED for sign in showing):
        return "refused", why
    if is_suspended(cron_job):
        return "suspended", why
    late = why_overdue(cron_job, now)
    if late is not None:
        return "overdue", why or late
    return "scheduled", why


def _jobs(jobs: list[Json]) -> list[Json]:
    """The jobs that it made, the youngest first."""
    found = [(job["metadata"].get("creationTimestamp") or "", _job(job)) for job in jobs]
    return [job for _made, job in sorted(found, key=lambda pair: (pair[0], str(pair[1]["name"])), reverse=True)]


def _job(job: Json) -> Json:
    facts = job_facts(Observation(job)) or {}
    annotations = job["metadata"].get("annotations") or {}
    times = {name: facts["times"][name] for name in ("started", "ended")}
    return {**{name: facts[name] for name in _OF_A_JOB}, "scheduled": annotations.get(CRON_JOB_TIME), **times}
