# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an object means, whatever its spelling: for comparing objects without the code that is tested."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.fields.schema import MEMBER, VALUE, Schema, below, is_quantity
from tests.lab.operator.quantity import parse

_EMPTY: tuple[Any, ...] = (None, "", [], {})
# Lists that are one value to Kubernetes and have keys for the collection.
_KEYED = frozenset({"workerGroupSpecs", "tolerations", "env", "volumeMounts"})
# What Go always writes, though it be zero.
_ALWAYS = frozenset({"divisor"})
# An empty text that says something, and that a pointer keeps: no storage class is another wish than the default one.
_POINTERS = frozenset({"storageClassName"})


def meaning(value: Any, schema: Schema) -> Any:
    """The value with its amounts as numbers and without what is empty; a map's texts say something even when empty."""
    if is_quantity(schema):
        amount: Decimal = parse(value).amount.normalize()
        return amount
    inner = below(schema)
    if isinstance(value, list):
        return [meaning(member, inner[MEMBER]) for member in value]
    if not isinstance(value, dict):
        return value
    if VALUE in inner:
        return {key: meaning(one, inner[VALUE]) for key, one in value.items()}
    meant = {name: meaning(one, inner[name]) for name, one in value.items()}
    return {
        name: one for name, one in meant.items() if name in _POINTERS or not _is_empty(one, zeros=name not in _ALWAYS)
    }


def _is_empty(value: Any, zeros: bool) -> bool:
    """Whether a value means nothing; with ``zeros`` false and 0 mean something."""
    if isinstance(value, (bool, int, float, Decimal)):
        return not zeros and not value
    return value in _EMPTY


def dropped(value: Any, schema: Schema, atomic: bool = False) -> Any:
    """The value after somebody has sent it back without what is empty or zero, wherever it need not be there.

    That is more than the operator does: Go keeps the zeros that pointers point to. Like Go it keeps every empty block,
    and every zero inside a list without keys (``atomic``). A zero in whose place a default would come is kept too.
    """
    inner = below(schema)
    if isinstance(value, list):
        return [dropped(member, inner[MEMBER], atomic) for member in value]
    if not isinstance(value, dict) or VALUE in inner:
        return value
    kept = {*(schema.get("required") or []), *(name for name, part in inner.items() if part.get("default")), *_POINTERS}
    sent = {name: dropped(one, inner[name], atomic or _is_atomic(name, inner[name])) for name, one in value.items()}
    return {name: one for name, one in sent.items() if name in kept or not _is_lost(one, inner[name], atomic)}


def _is_atomic(name: str, schema: Schema) -> bool:
    return schema.get("type") == "array" and not schema.get("x-kubernetes-list-map-keys") and name not in _KEYED


def _is_lost(value: Any, schema: Schema, atomic: bool) -> bool:
    if value == {}:
        return VALUE in below(schema)
    return _is_empty(value, zeros=atomic)
