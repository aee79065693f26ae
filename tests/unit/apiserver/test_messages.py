# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer: its tables against KubeRay's own description of V1, where that is at hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.lab.apiserver import messages
from tests.lab.apiserver.wire import Enumeration, ListOf, MapOf, Message, Optional, Since, Type, Whole
from tests.lab.layout import CHECKOUT

FOLDER = CHECKOUT.parent / "shared" / "swagger"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="KubeRay's swagger files are not beside the checkout")
# Declared there and served by nobody, or another message of the same shape.
UNSERVED = {"ImageTemplate", "ListImageTemplatesResponse"}
TWINS = {
    "ListAllClustersResponse": messages.CLUSTERS,
    "ListAllComputeTemplatesResponse": messages.TEMPLATES,
    "ListAllRayJobsResponse": messages.JOBS,
    "ListAllRayServicesResponse": messages.SERVICES,
}
FORMATS = {"uint32": "int64", "int32": "int32", "int64": "int64", "uint64": "uint64", "float": "float"}
PLAIN = {"string": ("string", None), "bool": ("boolean", None), "google.protobuf.Timestamp": ("string", "date-time")}


def definitions() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted(FOLDER.glob("*.json")):
        found.update(json.loads(file.read_text(encoding="utf-8"))["definitions"])
    return found


def described(kind: Type) -> dict[str, Any]:
    """A type as swagger has it."""
    if isinstance(kind, Since | Optional):
        return described(kind.of)
    if isinstance(kind, ListOf):
        return {"type": "array", "items": described(kind.of)}
    if isinstance(kind, MapOf):
        return {"type": "object", "additionalProperties": described(kind.of)}
    if isinstance(kind, Message):
        return {"message": kind.name}
    if isinstance(kind, Enumeration):
        return {"enum": kind.names}
    if kind.name in PLAIN:
        name, text = PLAIN[kind.name]
        return {"type": name, **({"format": text} if text else {})}
    # 64 bits are text.
    name = "string" if isinstance(kind, Whole) and kind.name.endswith("64") else "integer"
    return {"type": "number" if kind.name == "float" else name, "format": FORMATS[kind.name]}


def simplified(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The same of what swagger has: references by name, and no prose."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if "enum" in known[name]:
            return {"enum": tuple(known[name]["enum"])}
        return {"message": name.removeprefix("proto")}
    kept = {key: schema[key] for key in ("type", "format") if key in schema}
    for key in ("items", "additionalProperties"):
        if key in schema:
            kept[key] = simplified(schema[key], known)
    return kept


def test_every_message_has_the_fields_that_kuberay_says_it_has() -> None:
    known = definitions()
    ours = {message.name: message for message in messages.MESSAGES} | TWINS
    theirs = {name.removeprefix("proto") for name in known if name.startswith("proto") and name != "protobufAny"}
    assert set(ours) == theirs - UNSERVED
    for name, message in ours.items():
        wanted = {key: simplified(schema, known) for key, schema in known[f"proto{name}"]["properties"].items()}
        assert {key: described(kind) for key, kind in message.fields.items()} == wanted, name
