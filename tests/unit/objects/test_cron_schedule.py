# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule comes round: KubeRay's own reckoning, and the lab's, which was made apart from it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.cron import WORDS, schedule_problem
from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_schedule import next_run, runs_between
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.operator.cron import Schedule

UTC = timezone.utc
ZONES = ("Europe/Zurich", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "comes"),
    [
        ("* * * * *", None, "2026-01-01T00:00:00", "2026-01-01T00:01:00"),
        ("* * * * *", None, "2026-01-01T00:00:59.500", "2026-01-01T00:01:00"),
        ("30 2 * * *", None, "2026-01-01T02:30:00", "2026-01-02T02:30:00"),
        ("30 2 * * *", "Europe/Zurich", "2026-01-01T00:00:00", "2026-01-01T01:30:00"),
        ("*/20 8-10/2 * * *", None, "2026-01-01T08:45:00", "2026-01-01T10:00:00"),
        ("50/5 * * * *", None, "2026-01-01T08:51:00", "2026-01-01T08:55:00"),
        ("0 0 31 * *", None, "2026-01-31T00:00:00", "2026-03-31T00:00:00"),
        ("0 0 29 FEB *", None, "2026-01-01T00:00:00", "2028-02-29T00:00:00"),
        ("0 0 * * mon-fri", None, "2026-01-02T00:00:00", "2026-01-05T00:00:00"),
        # Both days are restricted: either will do. With a star both have to agree.
        ("0 0 13 * fri", None, "2026-01-03T00:00:00", "2026-01-09T00:00:00"),
        ("0 0 */1 * fri", None, "2026-01-03T00:00:00", "2026-01-09T00:00:00"),
        ("0 0 */2 * fri", None, "2026-01-03T00:00:00", "2026-01-05T00:00:00"),
        ("@daily", None, "2026-01-01T00:00:00", "2026-01-02T00:00:00"),
        ("@weekly", None, "2026-01-01T00:00:00", "2026-01-04T00:00:00"),
        ("@every 90m", None, "2026-01-01T00:00:00.700", "2026-01-01T01:30:00"),
        # The clock goes forward: half past two is left out. It goes back: it comes twice.
        ("30 2 * * *", "Europe/Zurich", "2026-03-28T12:00:00", "2026-03-30T00:30:00"),
        ("30 2 * * *", "Europe/Zurich", "2026-10-24T12:00:00", "2026-10-25T00:30:00"),
        ("30 2 * * *", "Europe/Zurich", "2026-10-25T00:30:00", "2026-10-25T01:30:00"),
    ],
)
def test_when_it_comes_round(schedule: str, zone: str | None, after: str, comes: str) -> None:
    assert next_run(schedule, zone, _at(after)) == _at(comes)


@pytest.mark.parametrize(
    ("schedule", "zone"),
    [
        ("0 0 30 2 *", None),
        ("nonsense", None),
        ("TZ=UTC 0 0 * * *", None),
        ("@daily", "Nowhere/Town"),
        ("@daily", "../x"),
    ],
)
def test_what_never_comes_or_cannot_be_told(schedule: str, zone: str | None) -> None:
    assert next_run(schedule, zone, _at("2026-01-01T00:00:00")) is None
    assert runs_between(schedule, zone, _at("2026-01-01T00:00:00"), _at("2026-02-01T00:00:00"), 9) == 0


def test_runs_are_counted_up_to_the_most_that_matters() -> None:
    begin, end = _at("2026-01-01T00:00:00"), _at("2026-01-01T03:00:00")
    assert runs_between("0 * * * *", None, begin, end, 99) == 3
    assert runs_between("* * * * *", None, begin, end, 99) == 99
    assert runs_between("0 5 * * *", None, begin, end, 99) == 0


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high).map(str)
    span = st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda pair: "-".join(map(str, sorted(pair))))
    part = st.one_of(
        st.just("*"),
        number,
        span,
        st.tuples(st.one_of(st.just("*"), span), st.integers(1, 9)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    )
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=2).map(",".join))


_SCHEDULES = st.one_of(
    st.tuples(_field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 6)).map(" ".join),
    st.sampled_from([*WORDS, "@every 1h", "@every 90s"]),
)
_MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))


@given(_SCHEDULES, st.sampled_from(ZONES), _MOMENTS)
def test_the_labs_operator_reckons_the_same(schedule: str, zone: str, after: datetime) -> None:
    assert schedule_problem(schedule) is None
    ours, labs = next_run(schedule, zone, after), Schedule(schedule, ZoneInfo(zone)).after(after)
    if ours is None or labs is None:
        # The one looks a little further ahead than the other.
        assert all(one is None or one - after > timedelta(days=4 * 365) for one in (ours, labs))
    else:
        assert ours == labs
