# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with a syntax of their own: cron schedules, Go's durations, YAML, versions of Ray, labels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint import yaml_texts
from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import numbers
from ansible_collections.kuberay.core.plugins.module_utils._lint.cron import schedule_problem
from ansible_collections.kuberay.core.plugins.module_utils._lint.durations import parse_duration
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.yaml_texts import yaml_problem

from tests.unit.lint.rows import small


@pytest.mark.parametrize(
    "schedule",
    [
        "* * * * *",
        "*/5 * * * *",
        "5/15 * * * *",
        "5-10/2 * * * *",
        "0-59/70 * * * *",
        "1,,2 * * * *",
        "+5 05 ? jan-DEC *",
        "0 0 1-7,15 * mon-fri",
        "*-5 * * * *",
        " 0\t* * * * ",
        *("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"),
        "@every 1h30m",
        "@every -1m",
        "TZ=Asia/Tokyo 0 * * * *",
        "CRON_TZ=UTC @hourly",
    ],
)
def test_a_schedule_that_kuberay_reads(schedule: str) -> None:
    assert schedule_problem(schedule) is None


@pytest.mark.parametrize(
    ("schedule", "word"),
    [
        ("", "0 fields"),
        ("* * * *", "4 fields"),
        ("0 * * * * *", "6 fields"),
        ("60 * * * *", "'60' is no minute"),
        ("* 24 * * *", "'24' is no hour"),
        ("* * 0 * *", "'0' is no day of month"),
        ("* * * 13 *", "'13' is no month"),
        ("* * * * 7", "'7' is no day of week"),
        ("* * * * fri-mon", "'fri-mon'"),
        ("10-5 * * * *", "'10-5'"),
        ("1-2-3 * * * *", "'1-2-3'"),
        ("-5 * * * *", "'-5'"),
        ("1- * * * *", "'1-'"),
        ("*/0 * * * *", "'*/0'"),
        ("1/2/3 * * * *", "'1/2/3'"),
        ("*/ * * * *", "'*/'"),
        (", * * * *", "','"),
        ("1,x * * * *", "'x'"),
        ("@Hourly", "none of @yearly"),
        ("@hourly ", "none of @yearly"),
        ("@every 5", "'5' is no duration"),
        ("@every", "none of @yearly"),
    ],
)
def test_a_schedule_that_kuberay_does_not_read(schedule: str, word: str) -> None:
    assert word in str(schedule_problem(schedule))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("1h30m", 5400),
        ("1.5s", "1.5"),
        (".5s", "0.5"),
        ("5.s", 5),
        ("+3m", 180),
        ("-3m", -180),
        ("0", 0),
        ("1h1h", 7200),
        ("1ms1us1µs1ns", "0.001002001"),
    ],
)
def test_a_duration_that_go_reads(text: str, seconds: str) -> None:
    assert parse_duration(text) == Decimal(seconds)


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", ".s", "1d", "5m ", "1e3s", "--5m", "5M", "٣s"])
def test_a_duration_that_go_does_not_read(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "# nothing", "null", "~", "---", "a: 1", "a:\t1", "a: !local b", "1: a", "a: 2001-01-01"),
        "a: 1\n---\n- a later document",
        "env_vars: {A: b}\npip:\n  - torch\n",
    ],
)
def test_a_yaml_mapping(text: str) -> None:
    assert yaml_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", "must be a YAML mapping"),
        ("a", "must be a YAML mapping"),
        ("'a: 1'", "must be a YAML mapping"),
        ("a: [1", "is not YAML (line 1, column 6)"),
        ("a: 1\n\tb: 2", "is not YAML (line 2, column 1)"),
        ("\x01", "is not YAML"),
    ],
)
def test_what_is_no_yaml_mapping(text: str, problem: str) -> None:
    assert yaml_problem(text) == problem


def test_nothing_of_a_broken_text_is_repeated() -> None:
    assert "hunter2" not in str(yaml_problem("env_vars: {PASSWORD: *hunter2}"))
    assert "hunter2" not in str(yaml_problem("hunter2: hunter2: hunter2"))


def test_without_the_library_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_texts, "yaml", None)
    assert yaml_problem("- a") is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2.56", (2, 56)),
        ("2.56.0", (2, 56)),
        (" v2.56.1", (2, 56, 1)),
        ("2.52.0rc1", (2, 52)),
        ("2.52.0-py311", (2, 52)),
        ("2.06", (2, 6)),
        ("0.0", ()),
        ("2", None),
        ("2.x", None),
        ("02.60", None),
        ("nightly", None),
        ("", None),
    ],
)
def test_a_version_of_ray_is_read_as_the_operator_reads_it(text: str, read: tuple[int, ...] | None) -> None:
    assert numbers(text) == read


@pytest.mark.parametrize(
    ("key", "fine"),
    [
        ("a", True),
        ("A_b.c-d", True),
        ("ray.io/a", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("x." * 126 + "x/a", True),
        ("x." * 126 + "xx/a", False),
        ("a..b/c", False),
        ("a-/c", False),
        ("a/", False),
        ("-a", False),
        ("\u00e9", False),
        ("a\n", False),
    ],
)
def test_a_label_is_named_as_kubernetes_wants_it(key: str, fine: bool) -> None:
    assert [finding.rule for finding in lint(small(labels={key: "x"}), None)] == ([] if fine else ["label-syntax"])
