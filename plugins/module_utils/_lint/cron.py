# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cron schedules as KubeRay reads them: five fields, or a word that begins with ``@``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.kuberay.core.plugins.module_utils._lint.durations import parse_duration

WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_EVERY = "@every "
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NUMBER = re.compile(r"\+?[0-9]+")
_ZONE = re.compile(r"(?:CRON_)?TZ=\S* ")


@dataclass(frozen=True)
class _Field:
    """One of the five: its name, its range, and the names of its numbers."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def number(self, text: str) -> int | None:
        """A number or its name; None for anything else."""
        if text.lower() in self.names:
            return self.names.index(text.lower()) + self.low
        return int(text) if _NUMBER.fullmatch(text) else None


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, MONTH_NAMES),
    _Field("day of week", 0, 6, DAY_NAMES),
)


def schedule_problem(schedule: str) -> str | None:
    """Why a schedule cannot be read. A time zone before it is no matter here."""
    schedule = _ZONE.sub("", schedule, 1) if _ZONE.match(schedule) else schedule
    if schedule.startswith("@"):
        return _word_problem(schedule)
    texts = schedule.split()
    if len(texts) != len(_FIELDS):
        return f"has {len(texts)} fields, and five are needed: {', '.join(field.name for field in _FIELDS)}"
    problems = (_field_problem(field, text) for field, text in zip(_FIELDS, texts, strict=True))
    return next((problem for problem in problems if problem is not None), None)


def _word_problem(word: str) -> str | None:
    if word.startswith(_EVERY):
        duration = word[len(_EVERY) :]
        return None if parse_duration(duration) is not None else f"{duration!r} is no duration, such as 1h30m"
    return None if word in WORDS else f"{word!r} is none of {', '.join(WORDS)}, {_EVERY}1h30m"


def _field_problem(field: _Field, text: str) -> str | None:
    # Go leaves empty ranges out; a field of nothing else would never come.
    ranges = [part for part in text.split(",") if part]
    broken = [part for part in ranges if not _is_range(field, part)] or ([text] if not ranges else [])
    return f"{broken[0]!r} is no {field.name} ({field.low}-{field.high})" if broken else None


def _is_range(field: _Field, text: str) -> bool:
    span, slash, step = text.partition("/")
    if slash and (not _NUMBER.fullmatch(step) or int(step) == 0):
        return False
    first, *rest = span.split("-")
    if first in ("*", "?"):
        return True
    low = field.number(first)
    high = field.number(rest[0]) if rest else field.high if slash else low
    if len(rest) > 1 or low is None or high is None:
        return False
    return field.low <= low <= high <= field.high
