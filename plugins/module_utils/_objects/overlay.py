# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three-way overlay: target = live + wish - (what our last wish set and this one does not).

What others set stays. Lists with keys merge by key in the live order; other lists are atomic. A value of the wish that
equals the live one keeps the live spelling, so that a later comparison of target and live is plain equality.

``written`` is the record of the last wish (see record.py); None where there is none, and then nothing is removed.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import CREATED, LEAF, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node


class _Missing:
    """No value at all, which is not None."""


MISSING = _Missing()


def overlay(live: Any, wish: Any, node: Node, written: Any) -> Any:
    """Lay ``wish`` over ``live``; either may be MISSING. Shapes are JSON's. Returns the target value or MISSING."""
    if live is MISSING:
        return MISSING if _says_nothing(wish, node, written) else wish
    if isinstance(wish, dict) and isinstance(live, dict):
        return _overlay_mapping(live, wish, node, written)
    wished, members = node.index(wish), node.index(live)
    if wished is not None and members is not None:
        return _overlay_keyed_list(members, wished, node, written)
    return live if _same(live, wish, node, written is not None) else wish


def _overlay_mapping(live: dict[str, Any], wish: dict[str, Any], node: Node, written: Any) -> dict[str, Any]:
    target = dict(live)
    for key, value in wish.items():
        _put(target, key, overlay(live.get(key, MISSING), value, node.child(key), sub_record(written, key)))
    if isinstance(written, dict):
        for key in [key for key in written if key in target and key not in wish and key != CREATED]:
            _put(target, key, prune(target[key], node.child(key), written[key]))
    return target


def _put(target: dict[str, Any], key: str, value: Any) -> None:
    if value is MISSING:
        target.pop(key, None)
    else:
        target[key] = value


def _overlay_keyed_list(live: dict[str, Any], wish: dict[str, Any], node: Node, written: Any) -> list[Any]:
    target = []
    for key, member in live.items():
        recorded = sub_record(written, key)
        if key in wish:
            target.append(overlay(member, wish[key], node.member(), recorded))
        elif recorded is None:
            target.append(member)
        else:
            target += _prune_member(member, node, recorded)
    return target + [member for key, member in wish.items() if key not in live]


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
        for key, below in recorded.items():
            if key in rest:
                _put(rest, key, prune(rest[key], node.child(key), below))
        return rest or MISSING
    members = node.index(live)
    if members is None:
        return MISSING
    left = []
    for key, member in members.items():
        left += _prune_member(member, node, recorded[key]) if key in recorded else [member]
    return left or MISSING


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


def _same(live: Any, wish: Any, node: Node, written: bool) -> bool:
    """Whether two leaf values (scalars, atomic lists, mappings inside those) mean the same."""
    if node.quantity:
        return same_quantity(live, wish) or live == wish
    if isinstance(live, dict) and isinstance(wish, dict):
        return all(
            _same_member(live.get(key), wish.get(key), node.child(key), written) for key in live.keys() | wish.keys()
        )
    if isinstance(live, list) and isinstance(wish, list):
        return len(live) == len(wish) and all(
            _same(*pair, node.member(), written) for pair in zip(live, wish, strict=True)
        )
    if isinstance(live, bool) != isinstance(wish, bool):
        return False
    return bool(live == wish)


def _same_member(live: Any, wish: Any, node: Node, written: bool) -> bool:
    recorded = LEAF if written else None
    if _says_nothing(live, node, recorded) and _says_nothing(wish, node, recorded):
        return True
    return _same(live, wish, node, written)
