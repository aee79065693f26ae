# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of protocol buffers as JSON has them (grpc-gateway's way): how a value comes in and goes out.

A message is kept as a dictionary by its names on the wire. A value that is zero is not told, and not kept either,
except for messages and what is optional: there an empty one is not the same as none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .releases import Release

# Where a value is is not known here; KubeRay says it.
PLACE = "(line 1:1)"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class Malformed(ValueError):
    """What cannot be read."""


def unexpected(raw: Any) -> Malformed:
    """A value of another shape than the one that is wanted."""
    token = "{" if isinstance(raw, dict) else "[" if isinstance(raw, list) else json.dumps(raw)
    return Malformed(f"proto: syntax error {PLACE}: unexpected token {token}")


class Type:
    """Any type: its name in refusals, and what is the same for most."""

    name = ""

    def read(self, raw: Any, release: Release) -> Any:
        """A value from the wire."""
        raise NotImplementedError

    def write(self, value: Any, release: Release) -> Any:
        """A value for the wire."""
        return value

    def is_told(self, value: Any) -> bool:
        """Whether the value is there at all."""
        return bool(value)

    def is_known(self, release: Release) -> bool:
        """Whether a release has this."""
        return True

    def refuse(self, raw: Any) -> Malformed:
        return Malformed(f"proto: {PLACE}: invalid value for {self.name} type: {json.dumps(raw)}")


class Text(Type):
    name = "string"

    def read(self, raw: Any, release: Release) -> str:
        if not isinstance(raw, str):
            raise self.refuse(raw)
        return raw


class Flag(Type):
    name = "bool"

    def read(self, raw: Any, release: Release) -> bool:
        if not isinstance(raw, bool):
            raise self.refuse(raw)
        return raw


class Number(Type):
    """Numbers come as numbers or as their text."""

    def decimal(self, raw: Any) -> Decimal:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str) or str(raw).strip() != str(raw):
            raise self.refuse(raw)
        try:
            return Decimal(str(raw))
        except ArithmeticError:
            raise self.refuse(raw) from None


class Whole(Number):
    """An integer; one of 64 bits goes out as text."""

    def __init__(self, bits: int, signed: bool = True) -> None:
        self.name = f"{'' if signed else 'u'}int{bits}"
        self._bits = bits
        self._range = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)

    def read(self, raw: Any, release: Release) -> int:
        number = self.decimal(raw)
        if number != number.to_integral_value() or not self._range[0] <= number < self._range[1]:
            raise self.refuse(raw)
        return int(number)

    def write(self, value: int, release: Release) -> int | str:
        return str(value) if self._bits == 64 else value


class Real(Number):
    name = "float"

    def read(self, raw: Any, release: Release) -> float:
        return float(self.decimal(raw))

    def write(self, value: float, release: Release) -> float | int:
        return int(value) if float(value).is_integer() else value


class Stamp(Text):
    name = "google.protobuf.Timestamp"

    def read(self, raw: Any, release: Release) -> str:
        if not isinstance(raw, str):
            raise unexpected(raw)
        if not STAMP.fullmatch(raw):
            raise Malformed(f"proto: {PLACE}: invalid {self.name} value {json.dumps(raw)}")
        return raw


class Enumeration(Type):
    """Numbers on the way out, numbers or names on the way in; a name that is unknown counts as nothing."""

    def __init__(self, *names: str) -> None:
        self.name = "enum"
        self.names = names

    def read(self, raw: Any, release: Release) -> int:
        if isinstance(raw, str):
            return self.names.index(raw) if raw in self.names else 0
        try:
            return INT32.read(raw, release)
        except Malformed:
            raise self.refuse(raw) from None


class MapOf(Type):
    def __init__(self, of: Type) -> None:
        self.name = "map"
        self.of = of

    def read(self, raw: Any, release: Release) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise unexpected(raw)
        return {key: _read(self.of, "value", value, release) for key, value in raw.items()}

    def write(self, value: dict[str, Any], release: Release) -> dict[str, Any]:
        return {key: self.of.write(one, release) for key, one in sorted(value.items())}


class ListOf(Type):
    def __init__(self, of: Type) -> None:
        self.name = "list"
        self.of = of

    def read(self, raw: Any, release: Release) -> list[Any]:
        if not isinstance(raw, list):
            raise unexpected(raw)
        return [self.of.read(value, release) for value in raw]

    def write(self, value: list[Any], release: Release) -> list[Any]:
        return [self.of.write(one, release) for one in value]


class Optional(Type):
    """A scalar whose zero is not the same as none."""

    def __init__(self, of: Type) -> None:
        self.name = of.name
        self.of = of

    def read(self, raw: Any, release: Release) -> Any:
        return self.of.read(raw, release)

    def is_told(self, value: Any) -> bool:
        return value is not None


class Since(Type):
    """What is of this type from a release on, and of another one, or not there, before."""

    def __init__(self, release: str, of: Type, before: Type | None = None) -> None:
        major, minor = release.split(".")
        self._first = Release(int(major), int(minor))
        self.of = of
        self._before = before

    def is_known(self, release: Release) -> bool:
        return release >= self._first or self._before is not None

    def read(self, raw: Any, release: Release) -> Any:
        return self._now(release).read(raw, release)

    def write(self, value: Any, release: Release) -> Any:
        return self._now(release).write(value, release)

    def is_told(self, value: Any) -> bool:
        return self.of.is_told(value)

    def _now(self, release: Release) -> Type:
        return self.of if release >= self._first or self._before is None else self._before


class Message(Type):
    """Fields by the names of the proto files. Both these and the names on the wire are read, the latter are written."""

    def __init__(self, name: str, fields: Mapping[str, Type]) -> None:
        self.name = name
        self.fields = {camel(key): kind for key, kind in fields.items()}
        self.proto_names = {camel(key): key for key in fields}
        self._names = {**{camel(key): camel(key) for key in fields}, **{key: camel(key) for key in fields}}

    def read(self, raw: Any, release: Release) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise unexpected(raw)
        result: dict[str, Any] = {}
        for key, value in raw.items():
            name = self._names.get(key)
            if name is None or value is None or not self.fields[name].is_known(release):
                continue
            if name in result:
                raise duplicate(key)
            result[name] = _read(self.fields[name], name, value, release)
        return {key: value for key, value in result.items() if self.fields[key].is_told(value)}

    def write(self, value: dict[str, Any], release: Release) -> dict[str, Any]:
        unknown = set(value) - set(self.fields)
        if unknown:
            raise KeyError(f"{self.name} has no {', '.join(sorted(unknown))}")
        return {
            name: kind.write(value[name], release)
            for name, kind in self.fields.items()
            if kind.is_known(release) and kind.is_told(value.get(name))
        }

    def is_told(self, value: Any) -> bool:
        return value is not None


def duplicate(key: str) -> Malformed:
    """A field that is there twice, by one name or by both."""
    return Malformed(f'proto: {PLACE}: duplicate field "{key}"')


def _read(kind: Type, name: str, raw: Any, release: Release) -> Any:
    """A value of a field; a refusal names the field."""
    try:
        return kind.read(raw, release)
    except Malformed as problem:
        raise Malformed(str(problem).replace(" type: ", f" field {name}: ")) from None


class Translated(Type):
    """An older shape of a type: it is kept in the newer one."""

    def __init__(self, of: Type, newer: Callable[[Any], Any], older: Callable[[Any], Any]) -> None:
        self.name = of.name
        self._of = of
        self._newer = newer
        self._older = older

    def read(self, raw: Any, release: Release) -> Any:
        return self._newer(self._of.read(raw, release))

    def write(self, value: Any, release: Release) -> Any:
        return self._of.write(self._older(value), release)


def document_of(body: bytes) -> Any:
    """The first JSON value of a body; what comes after it is not read."""
    text = body.decode(errors="replace").lstrip(" \t\r\n")
    try:
        return DECODER.raw_decode(text)[0]
    except json.JSONDecodeError as problem:
        where = text[problem.pos : problem.pos + 1]
        words = f"invalid character '{where}' looking for beginning of {EXPECTED.get(problem.msg, 'value')}"
        raise Malformed(words if where else "unexpected EOF") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise duplicate(key)
        found[key] = value
    return found


DECODER = json.JSONDecoder(object_pairs_hook=_once)
# What Python says, and what Go then looks for.
EXPECTED = {"Expecting property name enclosed in double quotes": "object key string"}


def camel(name: str) -> str:
    """A field's name on the wire: ``serve_config_V2`` is ``serveConfigV2``."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


STRING = Text()
BOOL = Flag()
INT32 = Whole(32)
INT64 = Whole(64)
UINT32 = Whole(32, signed=False)
UINT64 = Whole(64, signed=False)
FLOAT = Real()
TIMESTAMP = Stamp()
STRINGS = MapOf(STRING)
