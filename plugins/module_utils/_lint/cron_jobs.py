# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about a RayCronJob: when it runs."""

from __future__ import annotations

import zoneinfo

from ansible_collections.kuberay.core.plugins.module_utils._lint.cron import schedule_problem
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import CRON_JOB, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

# Names that Go knows without its time zone database.
_OWN_ZONES = ("UTC", "Local")


def _version(resource: Part) -> Found:
    yield resource["kind"], "RayCronJob came with KubeRay 1.6"


def _gate(resource: Part) -> Found:
    if resource.at("status.lastScheduleTime").given:
        # It has run, so the gate is on.
        return
    told = f"RayCronJob needs the feature gate {CRON_JOB.name}, which is off by default"
    yield resource["kind"], f"{told}; without it nothing happens, and nothing tells so"


def _schedule(resource: Part) -> Found:
    schedule = resource.at("spec.schedule")
    problem = schedule_problem(schedule.text) if schedule.given else None
    if problem is not None:
        yield schedule, problem


def _zone_in_schedule(resource: Part) -> Found:
    schedule = resource.at("spec.schedule")
    if "TZ" in schedule.text:
        yield schedule, "must not name a time zone since KubeRay 1.7; use timeZone"


def _is_zone_name(name: str) -> bool:
    return bool(name) and name[0] not in "/\\" and ".." not in name and "\\" not in name


def _zone_syntax(resource: Part) -> Found:
    zone = resource.at("spec.timeZone")
    if isinstance(zone.value, str) and not _is_zone_name(zone.text):
        yield zone, f"{zone.text!r} is no time zone, such as Europe/Zurich; leave it out for the operator's own"


def _is_known(name: str) -> bool:
    if name in _OWN_ZONES:
        return True
    try:
        zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        # Without a database nothing can be said.
        return not zoneinfo.available_timezones()
    return True


def _zone(resource: Part) -> Found:
    zone = resource.at("spec.timeZone")
    if _is_zone_name(zone.text) and not _is_known(zone.text):
        yield zone, f"{zone.text!r} is no time zone that this machine knows, such as Europe/Zurich"


CRON_JOB_RULES: tuple[Rule[Part], ...] = (
    Rule("cron-job-version", _version, until=release("1.6")),
    Rule("cron-job-gate", _gate, since=release("1.6"), always=True, needs=only_off(CRON_JOB)),
    Rule("schedule", _schedule),
    Rule("schedule-without-zone", _zone_in_schedule, since=release("1.7")),
    Rule("time-zone-syntax", _zone_syntax, since=release("1.7"), always=True),
    # The operator brings a database of its own, which may know more names than this machine's.
    Rule("time-zone", _zone, since=release("1.7"), warns=True),
)
