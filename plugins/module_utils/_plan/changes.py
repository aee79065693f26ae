# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The difference of two objects, path by path, and the JSON patch that is that difference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node

_ABSENT = object()


class Change(NamedTuple):
    """One path that differs: ``path`` is for people (``spec.workerGroupSpecs[a].replicas``), ``pointer`` RFC 6901."""

    path: str
    pointer: str
    before: Any
    after: Any
    op: str

    def reason(self) -> dict[str, Any]:
        """How a result tells it: ``{path, from, to}``, null for absent."""
        return {"path": self.path, "from": self.before, "to": self.after}

    def patch(self) -> dict[str, Any]:
        """The operation that makes it so."""
        if self.op == "remove":
            return {"op": "remove", "path": self.pointer}
        return {"op": self.op, "path": self.pointer, "value": self.after}


def changes(live: Any, target: Any, node: Node, path: str = "", pointer: str = "") -> Iterator[Change]:
    """Every path at which ``target`` differs from ``live``, in an order that a JSON patch can be run in."""
    if live is target:
        return
    if live is not _ABSENT and target is not _ABSENT:
        if isinstance(live, dict) and isinstance(target, dict):
            yield from _mapping_changes(live, target, node, path, pointer)
            return
        before, after = node.index(live), node.index(target)
        if before is not None and after is not None:
            yield from _list_changes(before, after, node, path, pointer)
            return
        if _spelled(live) == _spelled(target):
            return
    op = "add" if live is _ABSENT else "remove" if target is _ABSENT else "replace"
    yield Change(path, pointer, None if live is _ABSENT else live, None if target is _ABSENT else target, op)


def leaves(value: Any, node: Node, op: str, path: str = "") -> Iterator[Change]:
    """A whole object path by path, as it is added or removed (for showing; the pointers are empty)."""
    members = node.index(value)
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, node.child(key), op, _join(path, key))
    elif members:
        for key, member in members.items():
            yield from leaves(member, node.member(), op, f"{path}[{key}]")
    else:
        yield Change(path, "", None if op == "add" else value, None if op == "remove" else value, op)


def _mapping_changes(live: dict[str, Any], target: dict[str, Any], node: Node, path: str, at: str) -> Iterator[Change]:
    for key in [*live, *(key for key in target if key not in live)]:
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        yield from changes(
            live.get(key, _ABSENT), target.get(key, _ABSENT), node.child(key), _join(path, key), f"{at}/{escaped}"
        )


def _list_changes(
    live: dict[str, Any], target: dict[str, Any], node: Node, path: str, pointer: str
) -> Iterator[Change]:
    """Changes of members that stay; then removals from the end, then additions. A new order is another list."""
    staying = [key for key in live if key in target]
    if staying != [key for key in target if key in live]:
        yield Change(path, pointer, list(live.values()), list(target.values()), "replace")
        return
    gone = []
    for index, (key, member) in enumerate(live.items()):
        here = (f"{path}[{key}]", f"{pointer}/{index}")
        if key in target:
            yield from changes(member, target[key], node.member(), *here)
        else:
            gone.append(Change(*here, member, None, "remove"))
    yield from reversed(gone)
    for index, (key, member) in enumerate(target.items()):
        if key not in live:
            place = index if any(after in live for after in list(target)[index:]) else "-"
            yield Change(f"{path}[{key}]", f"{pointer}/{place}", None, member, "add")


def _spelled(value: Any) -> str:
    """A value as text, since 1 equals True in Python and is another value to a server."""
    return json.dumps(value, sort_keys=True)


def _join(path: str, key: str) -> str:
    plain = key.replace("_", "").isalnum()
    return (f"{path}.{key}" if path else key) if plain else f"{path}['{key}']"
