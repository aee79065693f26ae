# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values on their way from a task into an object: texts, quantities, and what means "left out".

Survey answers and extra variables arrive as strings, YAML turns ``yes`` and ``1.10`` into other things: what can
only be meant one way is taken that way, the rest is refused with the option's path.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text
from ansible_collections.kuberay.core.plugins.module_utils._desired.types import BOOLEANS, INTEGERS, integer, typed
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import parse_quantity
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node

# The state of a task that speaks about a part of an object only.
PARTIAL = "patched"
_WORDS: dict[type, str] = {dict: "mapping", list: "list"}
_BYTES = frozenset({"memory", "ephemeral-storage", "storage"})


def quantity(name: str, value: Any, path: str) -> str:
    """A quantity as Kubernetes takes it: as text, with a unit where bytes are counted."""
    if isinstance(value, float):
        value = repr(value)
    amount = parse_quantity(value)
    if amount is None or amount < 0:
        raise OptionError(f"{path}: {value!r} is not a quantity such as 500m, 2 or 4Gi")
    spelled = str(value).strip()
    if name in _BYTES and spelled[-1].isdigit() and "e" not in spelled.lower() and amount > 0:
        raise OptionError(f"{path}: {value!r} has no unit and would mean bytes; write for example {spelled}Gi")
    return spelled


def left_out(value: Any) -> bool:
    """Whether an option was not set: null, or the ``''`` of an empty survey answer."""
    return value is None or value == ""


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were set."""
    return {key: value for key, value in options.items() if not left_out(value)}


def clean(value: Any, node: Node, path: str, name: str = "") -> Any:
    """A raw value, of the field ``name``, as the server takes it: without nulls, and of the type that is wanted there.

    What has another shape than the schema says is refused with its path; ``''`` where no text can stand is left out.
    """
    if node.shape and not isinstance(value, node.shape):
        raise OptionError(f"{path}: a {_WORDS[node.shape]} is needed, not {type(value).__name__}")
    if node.count:
        return integer(value, path)
    if node.text:
        return text(value, path)
    if isinstance(value, dict):
        members = ((str(key), below) for key, below in value.items() if below is not None)
        return {
            key: clean(below, node.child(key), f"{path}.{key}", key)
            for key, below in members
            if below != "" or not _is_nothing(node.child(key), key)
        }
    if isinstance(value, list):
        return [
            clean(member, node.member(), f"{path}[{index}]", name)
            for index, member in enumerate(value)
            if member is not None
        ]
    if node.quantity:
        return _raw_quantity(value, path)
    return typed(name, value, path)


def _raw_quantity(value: Any, path: str) -> Any:
    """A quantity in the user's own spelling; the server takes no float."""
    if parse_quantity(value) is None:
        raise OptionError(f"{path}: {value!r} is not a quantity such as 500m, 2 or 4Gi")
    return repr(value) if isinstance(value, float) else value


def _is_nothing(node: Node, name: str) -> bool:
    """Whether the ``''`` of a survey is left out: where no text can stand."""
    return node.shape is not None or node.count or node.quantity or name in INTEGERS | BOOLEANS
