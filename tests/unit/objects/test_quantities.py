# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantities are compared as amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import parse_quantity, same_quantity
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("one", "other"),
    [("1000m", "1"), ("1", 1), ("0.5", "500m"), (0.5, "500m"), ("1Gi", "1024Mi"), ("1G", "1000M"), ("1k", "1e3"),
     ("1E3", "1000"), ("1Ki", "1024"), ("+2", "2"), (".5", "0.50"), ("2.", "2"), ("0", "0Gi"), (" 1 ", "1")],
)  # fmt: skip
def test_two_spellings_of_one_amount_are_the_same(one: object, other: object) -> None:
    assert same_quantity(one, other)


@pytest.mark.parametrize(("one", "other"), [("1", "1m"), ("1Gi", "1G"), ("1M", "1m"), ("1E", "1e0"), ("-1", "1")])
def test_different_amounts_differ(one: str, other: str) -> None:
    assert not same_quantity(one, other)


@pytest.mark.parametrize(
    "value", ["", "Gi", "1 Gi", "1gb", "1K", "one", True, None, [], {}, "1e", "--1", "1e3Mi", "1²"]
)
def test_what_is_no_quantity_is_told_apart(value: object) -> None:
    assert parse_quantity(value) is None
    assert not same_quantity(value, value)


@pytest.mark.parametrize("value", ["1e999999999", "1e-999999999", "9" * 400])
def test_an_absurd_quantity_does_not_break_the_comparison(value: str) -> None:
    assert not same_quantity(value, "1")


@given(st.integers(0, 10**15), st.sampled_from(["Ki", "Mi", "Gi", "k", "M", "G", "m", ""]))
def test_a_suffix_is_a_factor(number: int, suffix: str) -> None:
    factors = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9, "m": Decimal("0.001"), "": 1}
    assert parse_quantity(f"{number}{suffix}") == number * Decimal(factors[suffix])
