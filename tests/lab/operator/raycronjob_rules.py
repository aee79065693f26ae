# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules by which the operator refuses a RayCronJob. A refusal is a Warning event and nothing else."""

from __future__ import annotations

import zoneinfo
from datetime import timezone, tzinfo

from .cron import BadSchedule, Schedule
from .objects import Json, dig
from .rayjob_rules import spec_refusal

MAX_NAME = 36


def zone(cron: Json) -> tzinfo | None:
    """The time zone of the schedule; None for the operator's own."""
    name = dig(cron, "spec.timeZone")
    if name in (None, "Local"):
        return None
    return timezone.utc if name == "UTC" else zoneinfo.ZoneInfo(name)


def refusal(cron: Json) -> str | None:
    """What is wrong, if anything is."""
    if len(cron["metadata"]["name"]) > MAX_NAME:
        return f"RayCronJob name should be no more than {MAX_NAME} characters"
    schedule = cron["spec"]["schedule"]
    if "TZ" in schedule:
        return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
    try:
        Schedule(schedule)
    except BadSchedule as problem:
        return f"invalid cron schedule: {problem}"
    try:
        zone(cron)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return f"invalid time zone: unknown time zone {dig(cron, 'spec.timeZone')}"
    refused = spec_refusal({"metadata": {}, "spec": cron["spec"]["jobTemplate"]})
    return None if refused is None else f"invalid RayJob template: {refused.message}"
