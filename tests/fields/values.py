# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values for the fields of a schema, and wishes that hold them with no more around them than the schema requires."""

from __future__ import annotations

import copy
from typing import Any

from tests.fields.schema import MEMBER, VALUE, Field, Path, Schema, below, is_quantity

Json = dict[str, Any]
# The key of a map's value.
KEY = "key"
# Nothing at all, which is not null.
LEFT_OUT: Any = type("LeftOut", (), {"__repr__": lambda _self: "LEFT_OUT", "__deepcopy__": lambda self, _memo: self})()

_TIMES = ["2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"]
_CONDITION = ["Alpha", "Beta"]
# Texts that only a quantity would take for one amount, and the empty one.
_TEXTS = ["1000m", "1", ""]
# A fraction, another spelling of the same amount, a unit, and nothing. Between the first two nothing changes.
_QUANTITIES: list[Any] = [0.5, "500m", "2Gi", "0"]
# Where the schema says less than the operator or the server does: {the path's end: values}.
_OWN: dict[Path, list[Any]] = {
    ("rayVersion",): ["2.52.0", "2.53.0"],
    ("managedBy",): ["kueue.x-k8s.io/multikueue", "ray.io/kuberay-operator"],
    ("workerGroupSpecs", MEMBER, "replicas"): [2, 1, 0],
    ("workerGroupSpecs", MEMBER, "minReplicas"): [0, 1],
    ("workerGroupSpecs", MEMBER, "maxReplicas"): [8, 9],
    # No hosts at all would be no group; Go drops the zero, and the default comes in its place.
    ("workerGroupSpecs", MEMBER, "numOfHosts"): [2, 1],
}


def samples(field: Field) -> list[Any]:
    """Values that a field may have one after the other, each another than the one before; the empty one comes last.

    An empty text is none where one is required, and where a default stands in its place.
    """
    values = _samples(field.path, field.schema)
    return [value for value in values if value != "" or not (field.required or field.schema.get("default"))]


def _samples(path: Path, schema: Schema) -> list[Any]:
    for end, values in _OWN.items():
        if path[-len(end) :] == end:
            return list(values)
    if schema.get("type") == "array":
        one, other = _samples((*path, MEMBER), schema["items"])[:2]
        return [[one], [other, one], [one, other]]
    if "enum" in schema:
        return list(schema["enum"])
    if schema.get("x-kubernetes-int-or-string"):
        return list(_QUANTITIES) if is_quantity(schema) else [8080, "web"]
    return _scalars(schema)


def _scalars(schema: Schema) -> list[Any]:
    sort = schema.get("type")
    if sort == "boolean":
        return [True, False]
    if sort == "integer":
        return [number for number in (2, 1, 0) if number >= schema.get("minimum", 0)]
    if sort != "string":
        raise ValueError(f"no value is known for {schema}")
    if schema.get("format") == "date-time":
        return list(_TIMES)
    return list(_CONDITION if schema.get("pattern") or schema.get("minLength") else _TEXTS)


def least(path: Path, schema: Schema) -> Any:
    """The least that may stand there: what is required, and of that the first sample."""
    if schema.get("type") == "object":
        inner = below(schema)
        names = [name for name in schema.get("required") or [] if "default" not in inner[name]]
        return {name: least((*path, name), inner[name]) for name in names}
    if schema.get("type") == "array":
        return [least((*path, MEMBER), schema["items"])]
    return _samples(path, schema)[0]


def put(wish: Any, schema: Schema, path: Path, value: Any, done: Path = ()) -> Any:
    """``wish`` with ``value`` at a path (LEFT_OUT: without it), and with what has to be around it.

    Of a list that is the first member. What is given stays as it is.
    """
    if not path:
        return copy.deepcopy(value)
    step, rest, here = path[0], path[1:], (*done, path[0])
    inner = below(schema)[step]
    if step == MEMBER:
        members = list(wish or [LEFT_OUT])
        return [_at(members[0], inner, rest, value, here), *members[1:]]
    if wish is LEFT_OUT or wish is None:
        wish = {} if step == VALUE else least(done, schema)
    name = KEY if step == VALUE else step
    laid = {**wish, name: _at(wish.get(name, LEFT_OUT), inner, rest, value, here)}
    return {key: one for key, one in laid.items() if one is not LEFT_OUT}


def _at(wish: Any, schema: Schema, path: Path, value: Any, done: Path) -> Any:
    if not path:
        return copy.deepcopy(value)
    return put(None if wish is LEFT_OUT else wish, schema, path, value, done)


def said_as_text(field: Field, value: Any) -> Any:
    """A value as a survey or an extra variable would hand it over."""
    if isinstance(value, list):
        return [said_as_text(Field((*field.path, MEMBER), field.schema["items"]), one) for one in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, (int, float)) else value
