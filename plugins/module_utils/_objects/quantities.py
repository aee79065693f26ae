# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes quantities as exact numbers, so that ``1000m`` and ``1`` are one amount.

Source: k8s.io/apimachinery resource.Quantity: a number with a binary or decimal suffix or a decimal exponent.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_FACTORS: dict[str, Decimal] = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    **{suffix: Decimal(1000) ** power for power, suffix in enumerate("kMGTPE", start=1)},
    **{suffix + "i": Decimal(1024) ** power for power, suffix in enumerate("KMGTPE", start=1)},
}
# Exponents of more digits are nobody's amount, and would be more than a Decimal holds.
_QUANTITY = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)?|[eE]([+-]?[0-9]{1,3}))")


def parse_quantity(value: Any) -> Decimal | None:
    """The amount that a quantity stands for; None for what is no quantity."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    match = _QUANTITY.fullmatch(str(value).strip())
    if match is None:
        return None
    number, suffix, exponent = match.groups()
    return Decimal(number) * (Decimal(10) ** int(exponent) if exponent else _FACTORS[suffix or ""])


def same_quantity(one: Any, other: Any) -> bool:
    """Whether two spellings are one amount."""
    amount = parse_quantity(one)
    return amount is not None and amount == parse_quantity(other)
