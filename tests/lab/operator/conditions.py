# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of conditions, changed as apimachinery's meta package changes them."""

from __future__ import annotations

from .objects import Json, timestamp


def find(conditions: list[Json], kind: str) -> Json | None:
    """The condition of a type."""
    return next((condition for condition in conditions if condition["type"] == kind), None)


def is_true(conditions: list[Json], kind: str) -> bool:
    """Whether the condition of a type is there and True."""
    condition = find(conditions, kind)
    return condition is not None and condition["status"] == "True"


def put(
    conditions: list[Json], kind: str, status: bool | str, reason: str, message: str = "", generation: int = 0
) -> None:
    """Set a condition; its transition time moves only with its status."""
    text = status if isinstance(status, str) else str(status)
    condition = find(conditions, kind)
    if condition is None:
        condition = {"type": kind}
        conditions.append(condition)
    if condition.get("status") != text:
        condition["lastTransitionTime"] = timestamp()
    condition.update(status=text, reason=reason, message=message)
    if generation:
        condition["observedGeneration"] = generation


def drop(conditions: list[Json], kind: str) -> None:
    """Remove the condition of a type."""
    conditions[:] = [condition for condition in conditions if condition["type"] != kind]
