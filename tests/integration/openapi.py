# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KubeRay's own OpenAPI files of V1, where they are beside the checkout: its operations, what may be asked of them, and
what is wrong with an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.lab.layout import CHECKOUT

Json = dict[str, Any]
# Where something is in a message: names of fields, and 0 for the first of a list.
Steps = tuple[Any, ...]
FOLDER = CHECKOUT.parent / "shared" / "swagger"
BASE = "/apis/v1/"
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Of these an empty one is told, too: it is not the same as none.
_OPTIONAL = {"privileged"}
# Texts that mean something somewhere, or nothing anywhere.
_TEXTS = ("", "a", "small", "1", "1Gi", "IfNotPresent", "not a label!")
# What more of them mean something in a field of this name.
_MEANT = {
    "cpu": ("500m", "2"),
    "memory": ("2Gi", "512Mi"),
    "storage": ("2Gi", "1"),
    "mountPath": ("/a", "/b"),
    "imagePullPolicy": ("Always", "Never"),
    "serviceType": ("ClusterIP", "NodePort"),
    "runtimeEnv": ("pip: [a]", "{"),
    "serveConfigV2": ("applications: []", "{"),
    "key": ("limits.cpu", "status.podIP"),
    "upscalingMode": ("Default", "Aggressive"),
    "effect": ("NoSchedule", "NoExecute"),
}
_KEYS = ("a", "b.c/d", "num-cpus", "MY_POD_IP", "not a key!")


@dataclass(frozen=True)
class Operation:
    """A method of a path below V1's base; the messages are names of definitions, or "" where there is none."""

    method: str
    path: str
    takes: str
    gives: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def read() -> tuple[list[Operation], Json]:
    """The operations and the definitions of all the files."""
    found: list[Operation] = []
    definitions: Json = {}
    for file in sorted(FOLDER.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        definitions.update(told["definitions"])
        for path, methods in told.get("paths", {}).items():
            for method, one in methods.items():
                bodies = [_name(about["schema"]) for about in one.get("parameters", []) if about["in"] == "body"]
                gives = _name(one["responses"]["200"]["schema"])
                found.append(Operation(method.upper(), path.removeprefix(BASE), "".join(bodies), gives))
    return found, definitions


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]


class Schema:
    """The definitions: values that they allow, and how a value differs from them."""

    def __init__(self, definitions: Json) -> None:
        self._definitions = definitions

    def properties(self, message: str) -> Json:
        """The fields of a message; an answer that is none has no fields."""
        return dict(self._definitions[message]["properties"]) if message else {}

    # -- requests ----------------------------------------------------------------------------------------------------

    def changed(self, message: str, base: Json) -> st.SearchStrategy[Json]:
        """A message that the server takes, with up to three of its fields as the schema allows them."""
        one = st.sampled_from(list(self._places(message, base))).flatmap(
            lambda place: st.tuples(st.just(place[0]), self.values(place[1], place[0][-1]))
        )
        return st.lists(one, min_size=1, max_size=3).map(lambda changes: _with(base, changes))

    def _places(self, message: str, base: Json, path: Steps = ()) -> Iterator[tuple[Steps, Json]]:
        """The fields of a message and of the messages in it, as far as there are such in the base."""
        for name, schema in self.properties(message).items():
            here, there = (*path, name), base.get(name)
            below = _name(schema.get("items", schema))
            yield here, schema
            if isinstance(there, dict) and below:
                yield from self._places(below, there, here)
            elif isinstance(there, list) and there and below:
                yield from self._places(below, there[0], (*here, 0))

    def values(self, schema: Json, field: str = "") -> st.SearchStrategy[Any]:
        """What a schema allows, in a field of this name."""
        name = _name(schema)
        if self._is_enum(name):
            words = self._definitions[name]["enum"]
            return st.sampled_from([*words, *range(len(words))])
        if name:
            return st.fixed_dictionaries({}, optional=self._fields(name))
        kind, text = schema.get("type"), schema.get("format")
        if kind == "array":
            return st.lists(self.values(schema["items"]), max_size=2)
        if kind == "object":
            return st.dictionaries(st.sampled_from(_KEYS), self.values(schema["additionalProperties"]), max_size=2)
        if text == "date-time":
            return st.just("2026-01-01T12:00:00Z")
        scalars: dict[Any, st.SearchStrategy[Any]] = {
            "string": st.sampled_from([*_TEXTS, *2 * _MEANT.get(field, ())]),
            "boolean": st.booleans(),
            "number": st.sampled_from([0, 1, 0.5, "2"]),
            "integer": st.sampled_from([-1, 0, 1, 2, "3", 2**31 - 1, 2**31, 2**32]),
        }
        return scalars[kind]

    def _fields(self, name: str) -> dict[str, st.SearchStrategy[Any]]:
        return {key: self.values(one, key) for key, one in self.properties(name).items()}

    # -- answers -----------------------------------------------------------------------------------------------------

    def problems(self, schema: Json | str, value: Any, path: str = "") -> Iterator[str]:
        """What an answer has that its schema has not. Enums go by number, what is zero is left out: contract 1.3."""
        name = schema if isinstance(schema, str) else _name(schema)
        if self._is_enum(name):
            yield from self._problems_of_number(name, value, path)
        elif name or isinstance(schema, str):
            yield from self._problems_of_message(name, value, path)
        elif not _fits(value, schema):
            yield f"{path} is {value!r}, no {schema['type']} {schema.get('format', '')}"
        elif isinstance(value, list):
            for index, one in enumerate(value):
                yield from self.problems(schema["items"], one, f"{path}[{index}]")
        elif isinstance(value, dict):
            for key, one in value.items():
                yield from self.problems(schema["additionalProperties"], one, f"{path}[{key}]")

    def _is_enum(self, name: str) -> bool:
        return bool(name) and "enum" in self._definitions[name]

    def _problems_of_number(self, name: str, value: Any, path: str) -> Iterator[str]:
        if type(value) is not int or not 0 <= value < len(self._definitions[name]["enum"]):
            yield f"{path} is {value!r}, no number of {name}"

    def _problems_of_message(self, name: str, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} is {value!r}, no {name or 'empty message'}"
            return
        known = self.properties(name)
        for key, one in value.items():
            here = f"{path}.{key}".removeprefix(".")
            if key not in known:
                yield f"{here} is unknown"
                continue
            # A message is there or not, whatever it holds.
            told = _name(known[key]) and not self._is_enum(_name(known[key]))
            if not one and not told and key not in _OPTIONAL:
                yield f"{here} is {one!r}, which is left out"
            yield from self.problems(known[key], one, here)


_TYPES: dict[str, Any] = {"object": dict, "array": list, "boolean": bool, "integer": int, "number": (int, float)}


def _fits(value: Any, schema: Json) -> bool:
    kind, text = schema["type"], schema.get("format", "")
    if kind == "string":
        pattern = _STAMP if text == "date-time" else re.compile(r"-?\d+") if text.endswith("64") else None
        return isinstance(value, str) and (pattern is None or bool(pattern.fullmatch(value)))
    return isinstance(value, _TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")


def _with(base: Json, changes: list[tuple[Steps, Any]]) -> Json:
    """A copy of a message with other values at some places, as long as there is what they are in."""
    made: Json = json.loads(json.dumps(base))
    for path, value in changes:
        there: Any = made
        for step in path[:-1]:
            there = _step(there, step)
        if isinstance(there, dict):
            there[path[-1]] = value
    return made


def _step(there: Any, step: Any) -> Any:
    if isinstance(there, dict):
        return there.get(step)
    return there[step] if isinstance(there, list) and step < len(there) else None
