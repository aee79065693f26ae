# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantities as Kubernetes' resource.Quantity reads, adds and writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
PATTERN = re.compile(r"^([+-]?[0-9.]+)(?:([eE][+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)$")


@dataclass(frozen=True)
class Quantity:
    """An amount and the way it is spelled: decimal, binary or with an exponent."""

    amount: Decimal = Decimal(0)
    style: str = "decimal"

    def __add__(self, other: Quantity) -> Quantity:
        # Zero has no style of its own: it takes the other's.
        return Quantity(self.amount + other.amount, self.style if self.amount else other.style)

    def __mul__(self, count: int) -> Quantity:
        return Quantity(self.amount * count, self.style)

    def __str__(self) -> str:
        if self.style == "binary" and not -1024 < self.amount < 1024:
            return _binary(self.amount)
        return _decimal(self.amount, self.style == "exponent")

    def whole(self) -> int:
        """The amount, rounded up to an integer."""
        return int(self.amount.to_integral_value(ROUND_CEILING))


def parse(value: Any) -> Quantity:
    """A quantity from its text or number; ValueError where it is none."""
    match = PATTERN.match(str(value))
    if not match:
        raise ValueError(f"not a quantity: {value!r}")
    number, exponent, suffix = match.groups()
    if exponent:
        return Quantity(Decimal(number + exponent), "exponent")
    if suffix in BINARY:
        return Quantity(Decimal(number) * 1024 ** BINARY[suffix], "binary")
    return Quantity(Decimal(number).scaleb(DECIMAL[suffix or ""]))


def respell(value: Any) -> Any:
    """The canonical text of a quantity; what is no quantity stays as it is."""
    try:
        return str(parse(value))
    except (ValueError, ArithmeticError):
        return value


def total(lists: list[dict[str, Quantity]]) -> dict[str, Quantity]:
    """The sum of resource lists, name by name."""
    result: dict[str, Quantity] = {}
    for resources in lists:
        for name, quantity in resources.items():
            result[name] = result.get(name, Quantity()) + quantity
    return result


def _binary(amount: Decimal) -> str:
    whole = int(amount.to_integral_value(ROUND_CEILING))
    power = 0
    while whole % 1024 == 0 and power < 6:
        whole, power = whole // 1024, power + 1
    return f"{whole}{['', *BINARY][power]}"


def _decimal(amount: Decimal, exponent: bool) -> str:
    nano = int((amount * 10**9).to_integral_value(ROUND_CEILING))
    power = -9
    while nano and nano % 1000 == 0 and power < 18:
        nano, power = nano // 1000, power + 3
    if not nano:
        return "0"
    suffix = next(text for text, scale in DECIMAL.items() if scale == power)
    return f"{nano}{suffix}" if not exponent else f"{nano}e{power}" if power else str(nano)
