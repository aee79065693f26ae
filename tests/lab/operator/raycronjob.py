# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RayCronJob controller: at each tick of the schedule a RayJob.

Ticks that were missed come one by one, at once: what is written down is the tick, not the time of the write.
"""

from __future__ import annotations

import copy
from datetime import datetime, timezone

from .api import RAY_CRON_JOBS, RAY_JOBS, Api, ApiError
from .controller import DONE, Controller, Result
from .cron import Schedule
from .objects import Json, Key, dig, key_of, owned_by
from .raycronjob_rules import refusal, zone
from .rewrite import rewrite_job
from .store import Store

NAME = "ray.io/cronjob-name"
TIMESTAMP = "ray.io/cronjob-scheduled-timestamp"
# Go's zero time, which is what it makes of a schedule that never comes.
NEVER = datetime(1, 1, 1, tzinfo=timezone.utc)
CONFLICT = 409


class RayCronJobController(Controller):
    """Looks after RayCronJobs."""

    name = "raycronjob-controller"

    def __init__(self, api: Api, cron_jobs: Store) -> None:
        super().__init__(api, cron_jobs, [])

    def reconcile(self, key: Key) -> Result:
        """Make the RayJob of the next tick, if that has come."""
        cron = copy.deepcopy(self.main.get(key))
        if cron is None:
            return DONE
        refused = refusal(cron)
        if refused is not None:
            self.recorder.warning(cron, "InvalidRayCronJobSpec", "Validate", f"{key}: {refused}")
            return DONE
        if dig(cron, "spec.suspend", False):
            note = "RayCronJob suspended, no new RayJobs will be created"
            self.recorder.normal(cron, "SuspendedRayCronJob", "Suspend", note)
            return DONE
        schedule, now = Schedule(cron["spec"]["schedule"], zone(cron)), datetime.now(timezone.utc)
        tick = schedule.after(_last(cron)) or NEVER
        if tick > now:
            return Result((tick - now).total_seconds())
        self._make(cron, tick)
        status = {} if tick == NEVER else {"lastScheduleTime": _stamp(tick)}
        self.api.update(RAY_CRON_JOBS, {**cron, "status": status}, "status")
        # Where the next tick is over as well, the write of the status is what brings it.
        following = NEVER if tick == NEVER else schedule.after(tick) or NEVER
        return Result((following - now).total_seconds()) if following > now else DONE

    def _main_changed(self, old: Json | None, new: Json | None) -> None:
        # Every change wakes this controller, its own writes included.
        self.queue.add(key_of(new or old or {}))

    def _make(self, cron: Json, tick: datetime) -> None:
        try:
            self.api.create(RAY_JOBS, _job(cron, tick))
        except ApiError as error:
            # A job of this name is taken for the one of this tick.
            if error.status != CONFLICT:
                raise


def _last(cron: Json) -> datetime:
    """The last tick, or the birth."""
    stamp = dig(cron, "status.lastScheduleTime") or cron["metadata"]["creationTimestamp"]
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _job(cron: Json, tick: datetime) -> Json:
    """The RayJob of a tick, named after its minute."""
    minutes = (tick - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() / 60
    name = cron["metadata"]["name"]
    metadata = {"name": f"{name}-{int(minutes)}", "labels": {NAME: name}, "annotations": {TIMESTAMP: _stamp(tick)}}
    return owned_by(cron, rewrite_job({"metadata": metadata, "spec": copy.deepcopy(cron["spec"]["jobTemplate"])}))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
