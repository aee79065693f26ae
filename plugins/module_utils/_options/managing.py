# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every module that manages objects; see doc_fragments/state.py and doc_fragments/wait.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Spec = dict[str, Any]

_DELETE_OPTIONS: Spec = {
    "propagation_policy": {"type": "str", "choices": ["Foreground", "Background", "Orphan"]},
    "grace_period_seconds": {"type": "int"},
}


def gather(*facts: str) -> Spec:
    """The option for facts that cost requests of their own."""
    return {"type": "list", "elements": "str", "choices": list(facts), "default": []}


MANAGING_SPEC: Spec = {
    "name": {"type": "str"},
    "namespace": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "patched", "absent"], "default": "present"},
    "definition": {"type": "raw", "aliases": ["resource_definition"]},
    "src": {"type": "path"},
    "recreate": {"type": "str", "choices": ["never", "when_needed", "always"], "default": "never"},
    "validate": {"type": "str", "choices": ["strict", "warn", "off"], "default": "strict"},
    "kuberay_version": {"type": "raw"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int"},
    "wait_unschedulable": {"type": "int", "default": 180},
    "delete_options": {"type": "dict", "options": _DELETE_OPTIONS},
    "redact": {"type": "bool", "default": True},
}


def instead_of(wish: Iterable[str]) -> Spec:
    """The arguments by which a whole object, one way or the other, takes the place of the options of a wish."""
    wholes = ("definition", "src")
    return {
        "mutually_exclusive": [wholes, *((whole, option) for whole in wholes for option in wish)],
        "required_one_of": [("name", *wholes)],
    }
