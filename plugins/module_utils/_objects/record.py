# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of the last wish: its paths without values, in one annotation of the object.

Managed fields cannot be that memory: worker groups are one atomic list to Kubernetes, and any full update by the
operator or patch by the autoscaler takes it over. The record is a tree: a mapping's key or a keyed list's member key
leads on, a leaf is 1, and CREATED in a member says that the wish made that member.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node

ANNOTATION = "kuberay.core/wish"
CREATED = "."
LEAF = 1


def sub_record(written: Any, key: str) -> Any:
    """The record below a key; None where the last wish did not reach it."""
    return written.get(key) if isinstance(written, dict) else None


def make_record(wish: Any, node: Node, live: Any, previous: Any) -> Any:
    """The record of ``wish``. ``live`` and ``previous`` tell which list members were there before we came."""
    if not isinstance(wish, (dict, list)):
        return LEAF
    if isinstance(wish, dict):
        below = live if isinstance(live, dict) else {}
        return {
            key: make_record(value, node.child(key), below.get(key), sub_record(previous, key))
            for key, value in wish.items()
        }
    wished = node.index(wish)
    if wished is not None:
        members = node.index(live) or {}
        return {
            key: _member_record(member, node, members.get(key), sub_record(previous, key))
            for key, member in wished.items()
        }
    return LEAF


def _member_record(member: Any, node: Node, live: Any, previous: Any) -> Any:
    record = make_record(member, node.member(), live, previous)
    if isinstance(record, dict) and (live is None or sub_record(previous, CREATED)):
        record[CREATED] = LEAF
    return record


def dump_record(record: Any) -> str:
    """The annotation's text: compact, and the same for the same paths."""
    return json.dumps(record, separators=(",", ":"), sort_keys=True)


def load_record(resource: dict[str, Any]) -> Any:
    """The record that a live object carries; None where there is none or it is not ours to read."""
    text = ((resource.get("metadata") or {}).get("annotations") or {}).get(ANNOTATION)
    if not text:
        return None
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
