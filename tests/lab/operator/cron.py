# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cron schedules as the operator reads them: five fields or a word, and the next time after a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from .durations import parsed

WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
EVERY = "@every "
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
YEARS = 5
MINUTE = timedelta(minutes=1)


class BadSchedule(ValueError):
    """A text that is no schedule."""


class Bounds(NamedTuple):
    """The numbers that a field may hold, and the names of its first ones."""

    low: int
    high: int
    names: tuple[str, ...] = ()


class Field(NamedTuple):
    """The numbers of a field; open where it stands for all of them."""

    numbers: frozenset[int]
    is_open: bool


FIELDS = (Bounds(0, 59), Bounds(0, 23), Bounds(1, 31), Bounds(1, 12, MONTHS), Bounds(0, 6, DAYS))


class Schedule:
    """When something is due. Hours that a change of clocks leaves out never come; those that it repeats come twice."""

    def __init__(self, text: str, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._every = _every(text)
        self._fields = () if self._every else tuple(_fields(WORDS.get(text, text)))

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None where there is none for years."""
        if self._every:
            return moment.replace(microsecond=0) + self._every
        time = moment.astimezone(timezone.utc).replace(second=0, microsecond=0) + MINUTE
        last = time.year + YEARS
        while time.year <= last:
            local = time.astimezone(self._zone)
            if not self._is_day(local) or local.hour not in self._fields[1].numbers:
                time += (60 - local.minute) * MINUTE
            elif local.minute not in self._fields[0].numbers:
                time += MINUTE
            else:
                return time
        return None

    def _is_day(self, local: datetime) -> bool:
        _, _, days, months, weekdays = self._fields
        if local.month not in months.numbers:
            return False
        # Two closed fields for the day mean either; an open one leaves it to the other.
        of_month, of_week = local.day in days.numbers, local.isoweekday() % 7 in weekdays.numbers
        return of_month and of_week if days.is_open or weekdays.is_open else of_month or of_week


def _every(text: str) -> timedelta | None:
    if not text.startswith(EVERY):
        return None
    duration = text[len(EVERY) :]
    seconds = None if duration.isdecimal() and duration != "0" else parsed(duration)
    if seconds is None:
        raise BadSchedule(f'failed to parse duration {text}: time: invalid duration "{duration}"')
    return timedelta(seconds=max(1, int(seconds)))


def _fields(text: str) -> list[Field]:
    if text.startswith("@"):
        raise BadSchedule(f"unrecognized descriptor: {text}")
    if not text:
        raise BadSchedule("empty spec string")
    texts = text.split()
    if len(texts) != len(FIELDS):
        raise BadSchedule(f"expected exactly {len(FIELDS)} fields, found {len(texts)}: [{' '.join(texts)}]")
    return [_field(one, bounds) for one, bounds in zip(texts, FIELDS, strict=True)]


def _field(text: str, bounds: Bounds) -> Field:
    parts = [_part(part, bounds) for part in text.split(",") if part]
    return Field(frozenset().union(*(part.numbers for part in parts)), any(part.is_open for part in parts))


def _part(text: str, bounds: Bounds) -> Field:
    span, *steps = text.split("/")
    ends = span.split("-")
    is_open = ends[0] in ("*", "?")
    if is_open:
        low, high = bounds.low, bounds.high
    else:
        low = _number(ends[0], bounds)
        high = low if len(ends) == 1 else _number(ends[1], bounds)
        if len(ends) > 2:
            raise BadSchedule(f"too many hyphens: {text}")
    if len(steps) > 1:
        raise BadSchedule(f"too many slashes: {text}")
    step = _whole(steps[0]) if steps else 1
    if steps and not is_open and len(ends) == 1:
        high = bounds.high
    for wrong, problem in (
        (low < bounds.low, f"beginning of range ({low}) below minimum ({bounds.low}): {text}"),
        (high > bounds.high, f"end of range ({high}) above maximum ({bounds.high}): {text}"),
        (low > high, f"beginning of range ({low}) beyond end of range ({high}): {text}"),
        (step == 0, f"step of range should be a positive number: {text}"),
    ):
        if wrong:
            raise BadSchedule(problem)
    return Field(frozenset(range(low, high + 1, step)), is_open and step == 1)


def _number(text: str, bounds: Bounds) -> int:
    """A number, or the name of one."""
    if text.lower() in bounds.names:
        return bounds.names.index(text.lower()) + bounds.low
    return _whole(text)


def _whole(text: str) -> int:
    if re.fullmatch(r"-[0-9]+", text):
        raise BadSchedule(f"negative number ({text}) not allowed: {text}")
    if not re.fullmatch(r"\+?[0-9]+", text):
        raise BadSchedule(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)
