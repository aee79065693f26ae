# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Durations as Go reads and writes them: 1h30m, 2.5s."""

from __future__ import annotations

import re

UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
PART = re.compile(r"(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns)")


def parsed(duration: str) -> float | None:
    """The seconds of a Go duration, or of a number of seconds; None for neither."""
    sign = -1 if duration.startswith("-") else 1
    body = duration[1:] if duration[:1] in ("-", "+") else duration
    if body.isdecimal():
        return float(sign * int(body))
    parts = PART.findall(body)
    if not parts or "".join(number + unit for number, unit in parts) != body:
        return None
    return sign * sum(float(number) * UNITS[unit] for number, unit in parts)


def text(seconds: float) -> str:
    """Seconds as Go prints them."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    last = f"{rest:.9f}".rstrip("0").rstrip(".") + "s"
    return f"{hours}h{minutes}m{last}" if hours else f"{minutes}m{last}" if minutes else last
