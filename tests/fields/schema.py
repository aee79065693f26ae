# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of a custom resource, read from the OpenAPI schema of its CRD: where it is, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
# Names of properties; MEMBER stands for a list's members, VALUE for the values of a map.
Path = tuple[str, ...]
MEMBER, VALUE = "[]", "{}"


@dataclass(frozen=True)
class Field:
    """A place where a value stands that has no fields of its own: a scalar, a list of scalars, or a map's value.

    ``required`` says that the object that holds it cannot be without it.
    """

    path: Path
    schema: Schema
    required: bool = False

    def __str__(self) -> str:
        return ".".join(self.path).replace(f".{MEMBER}", MEMBER).replace(f".{VALUE}", VALUE)


def spec_schema(crd: Schema, version: str = "v1") -> Schema:
    """The schema of ``spec`` in one version of a CRD."""
    (found,) = [one for one in crd["spec"]["versions"] if one["name"] == version]
    schema: Schema = found["schema"]["openAPIV3Schema"]["properties"]["spec"]
    return schema


def fields(schema: Schema, path: Path = (), required: bool = False) -> Iterator[Field]:
    """Every field below, in the schema's order."""
    inner = below(schema)
    if not inner or (schema.get("type") == "array" and not below(inner[MEMBER])):
        yield Field(path, schema, required)
        return
    for name, part in inner.items():
        yield from fields(part, (*path, name), is_required(schema, name))


def below(schema: Schema) -> dict[str, Schema]:
    """What stands below a place, by step; nothing where a scalar stands."""
    if isinstance(schema.get("items"), dict):
        return {MEMBER: schema["items"]}
    if isinstance(schema.get("additionalProperties"), dict):
        return {VALUE: schema["additionalProperties"]}
    return dict(schema.get("properties") or {})


def is_required(schema: Schema, name: str) -> bool:
    """Whether an object of this schema cannot be without that property."""
    required = schema.get("required") or []
    return name in required and "default" not in below(schema).get(name, {})


def is_quantity(schema: Schema) -> bool:
    """Whether a quantity stands here, and not just a number or a text."""
    return bool(schema.get("x-kubernetes-int-or-string") and schema.get("pattern"))
