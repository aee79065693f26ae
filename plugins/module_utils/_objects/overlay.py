# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three-way overlay: target = live + wish - (what our last wish set and this one does not).

What others set stays. Lists with keys merge by key in the live order, unless the order means something; other lists are
atomic. A value of the wish that equals the live one keeps the live spelling, so that a later comparison of target and
live is plain equality. What stays as a whole is the very same object on both sides: it need not be looked into again.

``written`` is the record of the last wish (see record.py); None where there is none, and then nothing is removed.
"""

from __future__ import annotations

from operator import is_
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import CREATED, LEAF, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node


class _Missing:
    """No value at all, which is not None."""


MISSING = _Missing()
_SCALARS = (str, int, bool, float)


def overlay(live: Any, wish: Any, node: Node, written: Any) -> Any:
    """Lay ``wish`` over ``live``; either may be MISSING. Shapes are JSON's. Returns the target value or MISSING."""
    if live is MISSING:
        return MISSING if _says_nothing(wish, node, written) else wish
    if isinstance(wish, dict) and isinstance(live, dict):
        return _overlay_mapping(live, wish, node, written)
    wished, members = node.index(wish), node.index(live)
    if wished is not None and members is not None:
        target = _overlay_keyed_list(members, wished, node, written)
        return live if len(live) == len(target) and all(map(is_, live, target)) else target
    return live if _same(live, wish, node) else wish


def _overlay_mapping(live: dict[str, Any], wish: dict[str, Any], node: Node, written: Any) -> dict[str, Any]:
    target = dict(live)
    for key, value in wish.items():
        present = live.get(key, MISSING)
        # Most of what is wished for is there already, and most of it is texts and numbers.
        if type(present) is type(value) and type(value) in _SCALARS and present == value:
            continue
        # Where nothing is wished for, the default stands.
        if not (_is_blank(value, node.child(key)) and _is_default(live.get(key), node, key)):
            _put(target, key, overlay(present, value, node.child(key), sub_record(written, key)))
    if isinstance(written, dict):
        _prune_keys(target, node, {key: below for key, below in written.items() if key not in wish})
    if not wish.keys().isdisjoint(node.one_of):
        # Where one of several is wished for, another that was there before cannot stay beside it.
        target = {key: value for key, value in target.items() if key in wish or key not in node.one_of}
    return live if len(live) == len(target) and all(value is target.get(key) for key, value in live.items()) else target


def _put(target: dict[str, Any], key: str, value: Any) -> None:
    if value is MISSING:
        target.pop(key, None)
    else:
        target[key] = value


def _overlay_keyed_list(live: dict[str, Any], wish: dict[str, Any], node: Node, written: Any) -> list[Any]:
    laid = {
        key: overlay(live[key], member, node.member(), sub_record(written, key)) if key in live else member
        for key, member in wish.items()
    }
    # Where the order means something, what is wished for takes the places of our old members in its own order.
    waiting = list(laid) if node.ordered else [key for key in laid if key not in live]
    target = []
    for key, member in live.items():
        recorded = sub_record(written, key)
        rest = [member] if recorded is None else _prune_member(member, node, recorded)
        if key not in wish and rest:
            target += rest
        elif node.ordered:
            target += [laid[waiting.pop(0)]] if waiting else []
        elif key in wish:
            target.append(laid[key])
    return target + [laid[key] for key in waiting]


def _prune_member(member: dict[str, Any], node: Node, recorded: Any) -> list[Any]:
    """What is left (one member or none) of a member that the wish no longer names.

    Nothing of one that our wish made; of another's, what is more than its key.
    """
    if not isinstance(recorded, dict) or CREATED in recorded:
        return []
    rest = prune(member, node.member(), {key: below for key, below in recorded.items() if key not in node.keys})
    return [] if rest is MISSING or set(rest) <= set(node.keys) else [rest]


def prune(live: Any, node: Node, recorded: Any) -> Any:
    """``live`` without what the record names; MISSING where nothing of others is left."""
    if not isinstance(recorded, dict):
        return MISSING
    if isinstance(live, dict):
        rest = dict(live)
        _prune_keys(rest, node, recorded)
        return MISSING if _is_left_over(rest, node) else rest
    members = node.index(live)
    if members is None:
        return MISSING
    left = []
    for key, member in members.items():
        left += _prune_member(member, node, recorded[key]) if key in recorded else [member]
    return left or MISSING


def _prune_keys(target: dict[str, Any], node: Node, recorded: dict[str, Any]) -> None:
    """Take what the record names out of a mapping, but for what the server would put in again."""
    for key, below in recorded.items():
        if key in target and not _is_default(target[key], node, key):
            _put(target, key, prune(target[key], node.child(key), below))


def _is_default(value: Any, node: Node, key: str) -> bool:
    return key in node.defaults and type(value) is type(node.defaults[key]) and value == node.defaults[key]


def _says_nothing(wish: Any, node: Node, written: Any) -> bool:
    """Whether a wished value equals absence.

    Empty texts and lists do, but for the texts that mean something when empty (labels, selectors), and empty mappings
    of texts. ``false``, ``0`` and any other ``{}`` may mean something: they equal absence only where the record shows
    that we wrote them and the server dropped them.
    """
    if wish is None or wish == "" or wish == []:
        return not (node.text and wish == "")
    if wish == {} and node.each is not None and node.each.text:
        return True
    if isinstance(wish, dict) and wish:
        below = {key: LEAF if written == LEAF else sub_record(written, key) for key in wish}
        return all(_says_nothing(value, node.child(key), below[key]) for key, value in wish.items())
    return written is not None and not wish


def _is_left_over(rest: dict[str, Any], node: Node) -> bool:
    """Whether all that is left of a mapping is what the server or the operator adds to any."""
    return all(
        _is_default(value, node, key) or (isinstance(value, dict) and _is_left_over(value, node.child(key)))
        for key, value in rest.items()
    )


def _same_yaml(live: Any, wish: Any) -> bool:
    from ansible_collections.kuberay.core.plugins.module_utils._objects.serve_config import same_config

    return same_config(live, wish)


def _same(live: Any, wish: Any, node: Node) -> bool:
    """Whether two values without keys (scalars, atomic lists, mappings inside those) mean the same."""
    if node.quantity:
        return live == wish or same_quantity(live, wish)
    if node.yaml:
        return bool(live == wish) or _same_yaml(live, wish)
    if isinstance(live, dict) and isinstance(wish, dict):
        return all(_same_member(live, wish, key, node) for key in live.keys() | wish.keys())
    if isinstance(live, list) and isinstance(wish, list):
        return len(live) == len(wish) and all(_same(*pair, node.member()) for pair in zip(live, wish, strict=True))
    if isinstance(live, bool) != isinstance(wish, bool):
        return False
    return bool(live == wish)


def _same_member(live: dict[str, Any], wish: dict[str, Any], key: str, node: Node) -> bool:
    """Whether a key of mappings inside a list means the same on both sides.

    No field there loses a ``false``, a ``0`` or a ``{}`` on its way through the operator, so each means something.
    """
    child, default = node.child(key), node.defaults.get(key)
    one, other = (default if _is_blank(side.get(key), child) else side[key] for side in (live, wish))
    return one is other if one is None or other is None else _same(one, other, child)


def _is_blank(value: Any, node: Node) -> bool:
    if value == "":
        return not node.text
    return value is None or value == [] or (value == {} and node.is_map)
