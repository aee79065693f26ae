# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated API server for one custom resource: what a structural schema does to an object, and nothing else.

It refuses what the real one refuses under strict field validation, fills defaults in, and runs JSON patches whole or
not at all.
"""

from __future__ import annotations

import re
from typing import Any

from tests.fields.schema import MEMBER, VALUE, Schema, below, is_quantity
from tests.unit import json_patch

Json = dict[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}
_IMMUTABLE = "self == oldSelf"


class Refused(Exception):
    """422: the object is not what the schema wants."""


class Server:
    """Holds one object."""

    def __init__(self, spec: Schema) -> None:
        self._spec = spec
        self.live: Json = {}

    def create(self, resource: Json) -> Json:
        """POST."""
        metadata = {"uid": "u-1", "generation": 1, "resourceVersion": "1", **resource["metadata"]}
        self.live = {**resource, "metadata": metadata, "spec": admitted(resource["spec"], self._spec)}
        return self.live

    def patch(self, operations: list[Json]) -> Json:
        """PATCH: JSON patch."""
        self.put(json_patch.apply(self.live, operations))
        return self.live

    def put(self, resource: Json) -> Json:
        """PUT; a changed spec is another generation."""
        spec = admitted(resource["spec"], self._spec)
        _check_immutable(self.live["spec"], spec, self._spec, "spec")
        moved = spec != self.live["spec"]
        metadata = {**resource["metadata"], "generation": self.live["metadata"]["generation"] + moved}
        self.live = {**resource, "metadata": metadata, "spec": spec}
        return self.live


def admitted(value: Any, schema: Schema, path: str = "spec") -> Any:
    """The value with its defaults; Refused where it is not what the schema wants."""
    if isinstance(value, dict) and VALUE not in below(schema):
        # A null property is the server's word for none; among a list's members or a map's values it is refused.
        value = {name: one for name, one in value.items() if one is not None}
    _check(value, schema, path)
    if isinstance(value, list):
        return [admitted(member, schema["items"], f"{path}[{index}]") for index, member in enumerate(value)]
    if not isinstance(value, dict):
        return value
    inner = below(schema)
    if VALUE in inner:
        return {key: admitted(one, inner[VALUE], f"{path}.{key}") for key, one in value.items()}
    defaults = {name: part["default"] for name, part in inner.items() if "default" in part and name not in value}
    return {name: admitted(one, inner[name], f"{path}.{name}") for name, one in {**value, **defaults}.items()}


def _check(value: Any, schema: Schema, path: str) -> None:
    if schema.get("x-kubernetes-int-or-string"):
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise Refused(f"{path}: {value!r} is neither a whole number nor a text")
        if is_quantity(schema) and not re.search(schema["pattern"], str(value)):
            raise Refused(f"{path}: {value!r} is no quantity")
        return
    wanted = _TYPES[schema["type"]]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise Refused(f"{path}: {schema['type']} is wanted, not {value!r}")
    if isinstance(value, dict):
        _check_mapping(value, schema, path)
    elif isinstance(value, list):
        _check_list(value, schema, path)
    else:
        _check_scalar(value, schema, path)


def _check_mapping(value: Json, schema: Schema, path: str) -> None:
    inner = below(schema)
    unknown = set() if VALUE in inner else value.keys() - inner.keys()
    if unknown:
        raise Refused(f"{path}: unknown {sorted(unknown)}")
    missing = [
        name for name in schema.get("required") or [] if name not in value and "default" not in inner.get(name, {})
    ]
    if missing:
        raise Refused(f"{path}: {missing} is required")


def _check_list(value: list[Any], schema: Schema, path: str) -> None:
    keys = schema.get("x-kubernetes-list-map-keys")
    told = [
        tuple(member.get(key, below(schema["items"])[key].get("default")) for key in keys) if keys else member
        for member in value
        if keys or schema.get("x-kubernetes-list-type") == "set"
    ]
    if len({repr(one) for one in told}) != len(told):
        raise Refused(f"{path}: the same {keys or 'member'} twice")


def _check_scalar(value: Any, schema: Schema, path: str) -> None:
    if "enum" in schema and value not in schema["enum"]:
        raise Refused(f"{path}: {value!r} is none of {schema['enum']}")
    if "minimum" in schema and value < schema["minimum"]:
        raise Refused(f"{path}: {value!r} is too little")
    if "minLength" in schema and len(value) < schema["minLength"]:
        raise Refused(f"{path}: {value!r} is too short")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise Refused(f"{path}: {value!r} is not like {schema['pattern']}")


def _check_immutable(old: Any, new: Any, schema: Schema, path: str) -> None:
    """The rules that compare a value with the one before; they are asked only where both are there."""
    for name, part in below(schema).items():
        if name in (MEMBER, VALUE) or not isinstance(old, dict) or not isinstance(new, dict):
            continue
        if name not in old or name not in new:
            continue
        rules = [rule["rule"] for rule in part.get("x-kubernetes-validations") or []]
        if _IMMUTABLE in rules and old[name] != new[name]:
            raise Refused(f"{path}.{name} is immutable")
        _check_immutable(old[name], new[name], part, f"{path}.{name}")
