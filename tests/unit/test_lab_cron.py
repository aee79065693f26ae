# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules of the lab's operator: when they are due, and across a change of clocks."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.lab.operator.cron import BadSchedule, Schedule
from tests.lab.operator.durations import parsed, text

UTC = timezone.utc
ZURICH = ZoneInfo("Europe/Zurich")
# (schedule, a time, the next one)
NEXT = (
    ("* * * * *", "2026-11-26T12:00", "2026-11-26T12:01"),
    ("*/15 * * * *", "2026-11-26T12:46", "2026-11-26T13:00"),
    ("5/15 * * * *", "2026-11-26T12:51", "2026-11-26T13:05"),
    ("0 9-17 * * mon-fri", "2026-11-27T17:00", "2026-11-30T09:00"),
    ("30 8,20 * * *", "2026-11-26T09:00", "2026-11-26T20:30"),
    ("0 0 1 jan *", "2026-11-26T12:00", "2027-01-01T00:00"),
    ("0 0 29 2 *", "2026-11-26T12:00", "2028-02-29T00:00"),
    # Both days closed: either will do. One of them open: the other decides.
    ("0 0 13 * 5", "2026-11-26T12:00", "2026-11-27T00:00"),
    ("0 0 */2 * 5", "2026-11-26T12:00", "2026-11-27T00:00"),
    ("0 0 ? * 0", "2026-11-26T12:00", "2026-11-29T00:00"),
    ("0 0 * * 0,6", "2026-11-26T12:00", "2026-11-28T00:00"),
    ("@hourly", "2026-11-26T12:00", "2026-11-26T13:00"),
    ("@weekly", "2026-11-26T12:00", "2026-11-29T00:00"),
    ("@yearly", "2026-11-26T12:00", "2027-01-01T00:00"),
    ("@every 1h30m", "2026-11-26T12:10", "2026-11-26T13:40"),
)
# The same in a zone whose clocks change: (schedule, a time, the next one), in UTC.
IN_ZURICH = (
    ("45 21 * * *", "2026-11-26T12:00", "2026-11-26T20:45"),
    ("45 21 * * *", "2026-07-26T12:00", "2026-07-26T19:45"),
    # 02:30 does not come in the night of spring, and comes twice in that of autumn.
    ("30 2 * * *", "2026-03-28T12:00", "2026-03-30T00:30"),
    ("30 2 * * *", "2026-10-24T12:00", "2026-10-25T00:30"),
    ("30 2 * * *", "2026-10-25T00:30", "2026-10-25T01:30"),
)


def at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC)


@pytest.mark.parametrize(("schedule", "before", "after"), NEXT)
def test_next(schedule: str, before: str, after: str) -> None:
    assert Schedule(schedule, UTC).after(at(before)) == at(after)


@pytest.mark.parametrize(("schedule", "before", "after"), IN_ZURICH)
def test_next_in_a_zone(schedule: str, before: str, after: str) -> None:
    assert Schedule(schedule, ZURICH).after(at(before)) == at(after)


def test_what_never_comes() -> None:
    assert Schedule("0 0 30 2 *", UTC).after(at("2026-11-26T12:00")) is None


@pytest.mark.parametrize(
    "schedule", ["", "* * * *", "@often", "@every", "@every 5", "a * * * *", "*/x * * * *", "1- * * * *"]
)
def test_what_cannot_be_read(schedule: str) -> None:
    with pytest.raises(BadSchedule):
        Schedule(schedule)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("5m", 300), ("1h30m", 5400), ("1.5s", 1.5), (".5s", 0.5), ("-2s", -2), ("30", 30), ("soon", None), ("", None)],
)
def test_durations(duration: str, seconds: float | None) -> None:
    assert parsed(duration) == seconds


@pytest.mark.parametrize(("seconds", "words"), [(3, "3s"), (3.25, "3.25s"), (300, "5m0s"), (3723, "1h2m3s")])
def test_durations_as_they_are_printed(seconds: float, words: str) -> None:
    assert text(seconds) == words
