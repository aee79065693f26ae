# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a cron schedule comes round, as KubeRay reckons it.

A day of the month and a day of the week that are both restricted are alternatives. Local times that a change of the
clock leaves out are left out, and those that come twice come twice. Source: github.com/robfig/cron v3, spec.go.
"""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from ansible_collections.kuberay.core.plugins.module_utils._lint.cron import (
    DAY_NAMES,
    MONTH_NAMES,
    WORDS,
    schedule_problem,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.durations import parse_duration

UTC = timezone.utc
_EVERY = "@every "
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# A schedule that does not come round within this time never does: the 30th of February.
_YEARS = 5


@dataclass(frozen=True)
class _Fields:
    """The numbers of each field; whether the days of the month and of the week are any."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def has_day(self, local: datetime) -> bool:
        """Whether it comes on that day."""
        day, weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        both = self.any_day or self.any_weekday
        return local.month in self.months and (day and weekday if both else day or weekday)


def next_run(schedule: str, zone: str | None, after: datetime) -> datetime | None:
    """The first time after ``after``, in UTC; None where it cannot be told, or never comes.

    Without a zone the operator's own counts, which is UTC unless it was told otherwise.
    """
    place = _place(zone)
    if schedule_problem(schedule) is not None or "TZ" in schedule or place is None:
        return None
    if schedule.startswith(_EVERY):
        return _after_a_while(schedule[len(_EVERY) :], after)
    return _search(_parsed(WORDS.get(schedule, schedule)), after.astimezone(UTC), place)


def runs_between(schedule: str, zone: str | None, after: datetime, until: datetime, most: int) -> int:
    """How often it comes round after one time and up to another; counts up to ``most``."""
    count, at = 0, next_run(schedule, zone, after)
    while at is not None and at <= until and count < most:
        count, at = count + 1, next_run(schedule, zone, at)
    return count


def _after_a_while(duration: str, after: datetime) -> datetime | None:
    seconds = parse_duration(duration)
    if seconds is None:
        return None
    return after.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=max(1, int(seconds)))


def _search(fields: _Fields, after: datetime, place: tzinfo) -> datetime | None:
    """Go on by days, hours and minutes, in whole steps of real time, until all fields agree."""
    at = after.replace(second=0, microsecond=0) + _MINUTE
    end = at + _YEARS * 366 * _DAY
    while at < end:
        local = at.astimezone(place)
        if not fields.has_day(local):
            midnight = datetime(local.year, local.month, local.day, tzinfo=place) + _DAY
            at = max(midnight.astimezone(UTC), at + _MINUTE)
        elif local.hour not in fields.hours:
            at += _HOUR - timedelta(minutes=local.minute)
        elif local.minute not in fields.minutes:
            at += _MINUTE
        else:
            return at
    return None


@functools.lru_cache(maxsize=64)
def _parsed(schedule: str) -> _Fields:
    minute, hour, day, month, weekday = schedule.split()
    return _Fields(
        _numbers(minute, 0, 59),
        _numbers(hour, 0, 23),
        _numbers(day, 1, 31),
        _numbers(month, 1, 12, MONTH_NAMES),
        _numbers(weekday, 0, 6, DAY_NAMES),
        _is_any(day),
        _is_any(weekday),
    )


def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    return frozenset(number for part in field.split(",") if part for number in _range(part, low, high, names))


def _range(part: str, low: int, high: int, names: tuple[str, ...]) -> Iterator[int]:
    span, slash, step = part.partition("/")
    first, *rest = span.split("-")
    if first in ("*", "?"):
        begin, end = low, high
    else:
        begin = _number(first, low, names)
        # A single number with a step goes on to the end.
        end = _number(rest[0], low, names) if rest else high if slash else begin
    yield from range(begin, end + 1, int(step) if slash else 1)


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    return names.index(text.lower()) + low if text.lower() in names else int(text)


def _is_any(field: str) -> bool:
    """Whether a field is a star; one with a step is a restriction."""
    parts = [part.partition("/") for part in field.split(",") if part]
    return any(span.split("-")[0] in ("*", "?") and int(step or 1) == 1 for span, slash, step in parts)


def _place(zone: str | None) -> tzinfo | None:
    if not zone or zone == "UTC":
        return UTC
    try:
        return zoneinfo.ZoneInfo(zone)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return None
