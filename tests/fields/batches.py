# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wishes that hold every field of a block at once, as many of them as it takes where fields exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fields.exceptions import EXCLUDING
from tests.fields.schema import MEMBER, VALUE, Field, Path, Schema, below, fields
from tests.fields.values import KEY, samples

# Keys of lists that are one value to Kubernetes, and whose members are told apart all the same.
_KEYS = {"name", "groupName", "mountPath"}


def variants(schema: Schema, path: Path) -> int:
    """How many wishes it takes until each of the fields below has been in one; a list has room for all of them."""
    inner = below(schema)
    if MEMBER in inner or VALUE in inner or not inner:
        return 1
    excluding = _excluding(path, inner)
    own = sum(max(variants(inner[name], (*path, name)) for name in names) for names in excluding)
    rest = [variants(part, (*path, name)) for name, part in inner.items() if not _is_in(name, excluding)]
    return max([own, *rest, 1])


def full(schema: Schema, path: Path, turn: int, variant: int = 0) -> Any:
    """A value with all that may stand below, of two different ones by ``turn`` (0 or 1)."""
    inner = below(schema)
    if not inner or (MEMBER in inner and not below(inner[MEMBER])):
        return samples(Field(path, schema, required=True))[turn]
    if VALUE in inner:
        return {KEY: full(inner[VALUE], (*path, VALUE), turn)}
    if MEMBER in inner:
        return [_member(inner[MEMBER], (*path, MEMBER), turn, index) for index in range(_members(inner[MEMBER], path))]
    excluding = _excluding(path, inner)
    chosen, variant_below = _choose(excluding, inner, path, variant)
    return {
        name: full(part, (*path, name), turn, variant_below if name in chosen else variant)
        for name, part in inner.items()
        if name in chosen or not _is_in(name, excluding)
    }


def _member(schema: Schema, path: Path, turn: int, index: int) -> Any:
    """A member of a list, with a key of its own that stays the same from turn to turn."""
    member = full(schema, path, turn, index)
    keys = dict.fromkeys(_KEYS & member.keys(), f"m{index}")
    numbers = {name: 7000 + index for name in ("containerPort", "port") if isinstance(member.get(name), int)}
    return {**member, **keys, **numbers}


def _members(schema: Schema, path: Path) -> int:
    return variants(schema, (*path, MEMBER))


def _choose(excluding: list[tuple[str, ...]], inner: dict[str, Schema], path: Path, variant: int) -> tuple[Path, int]:
    """The fields that this variant has of those that exclude each other, and which variant of them."""
    choices = [
        (names, index)
        for names in excluding
        for index in range(max(variants(inner[name], (*path, name)) for name in names))
    ]
    return choices[variant % len(choices)] if choices else ((), variant)


def _excluding(path: Path, inner: dict[str, Schema]) -> list[tuple[str, ...]]:
    """The groups of fields of which only one may be there."""
    for end, (groups, _reason) in EXCLUDING.items():
        if path[-len(end) :] == end:
            named = groups or tuple((name,) for name in inner if name not in _KEYS)
            return [tuple(name for name in names if name in inner) for names in named if set(names) & inner.keys()]
    return []


def _is_in(name: str, groups: list[tuple[str, ...]]) -> bool:
    return any(name in names for names in groups)


def held(value: Any, schema: Schema, path: Path = ()) -> Iterator[str]:
    """The fields that stand in a value."""
    inner = below(schema)
    if not inner or (MEMBER in inner and not below(inner[MEMBER])):
        yield str(Field(path, schema))
    elif MEMBER in inner:
        for member in value:
            yield from held(member, inner[MEMBER], (*path, MEMBER))
    else:
        for name, one in value.items():
            step = VALUE if VALUE in inner else name
            yield from held(one, inner[step], (*path, step))


def names(schema: Schema) -> set[str]:
    """All fields of a schema."""
    return {str(field) for field in fields(schema)}
