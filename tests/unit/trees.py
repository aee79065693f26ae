# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up schemas, objects and wishes: small alphabets, so that wishes and objects meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node, each, keyed, mapping
from hypothesis import strategies as st

QUANTITY = Node(quantity=True)
# A mapping with every sort of place: quantities, keyed lists (one with a default key), atomic values, and itself.
_ITEM = mapping(amounts=each(QUANTITY), inner=keyed("name"))
SCHEMA = mapping(
    amounts=each(QUANTITY), members=keyed("name", item=_ITEM), ports=keyed("port", "protocol", protocol="TCP")
)

_KEYS = st.sampled_from(["a", "b", "c/d~e"])
_SCALARS = st.one_of(st.sampled_from(["", "x", "y"]), st.integers(2, 3), st.just(0), st.booleans())
_PLAIN = st.recursive(
    _SCALARS,
    lambda below: st.one_of(st.lists(below, max_size=2), st.dictionaries(_KEYS, below, max_size=2)),
    max_leaves=4,
)
_AMOUNTS = st.dictionaries(_KEYS, st.sampled_from(["1", "1000m", "2", "2Gi", "2048Mi", "0"]), max_size=2)


def _members(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    member = st.fixed_dictionaries({"name": st.sampled_from(["one", "two", "three"])}, optional=fields)
    return st.lists(member, max_size=3, unique_by=lambda one: one["name"])


_PORT = st.fixed_dictionaries(
    {"port": st.integers(1, 2)}, optional={"protocol": st.sampled_from(["TCP", "UDP"]), "a": _SCALARS}
)
OBJECTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "plain": st.dictionaries(_KEYS, _PLAIN, max_size=3),
        "atoms": st.lists(_PLAIN, max_size=2),
        "scalar": _SCALARS,
        "amounts": _AMOUNTS,
        "members": _members(a=_PLAIN, amounts=_AMOUNTS, inner=_members(a=_SCALARS)),
        "ports": st.lists(_PORT, max_size=2, unique_by=lambda one: (one["port"], one.get("protocol", "TCP"))),
    },
)


def leaf_paths(value: Any, node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every leaf with the way to it: keys of mappings, and keys of keyed lists' members."""
    members = value if isinstance(value, dict) else node.index(value)
    if not members:
        yield path, value
        return
    for key, below in members.items():
        yield from leaf_paths(below, node.child(key) if isinstance(value, dict) else node.member(), (*path, key))


def shuffled(value: Any, reverse: bool = True) -> Any:
    """The same JSON value with its keys in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in sorted(value, reverse=reverse)}
    return [shuffled(one) for one in value] if isinstance(value, list) else value
