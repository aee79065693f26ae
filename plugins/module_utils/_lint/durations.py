# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations as Go writes them: ``5m``, ``1h30m``, ``1.5s``."""

from __future__ import annotations

import re
from decimal import Decimal

_SECONDS = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "μs": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(rf"([-+]?)((?:{_PART.pattern})+|0)")


def parse_duration(text: str) -> Decimal | None:
    """The seconds that it stands for; None for what Go does not take."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    seconds = sum((Decimal(number) * _SECONDS[unit] for number, unit in _PART.findall(match[2])), Decimal(0))
    return -seconds if match[1] == "-" else seconds
