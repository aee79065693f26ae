# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a part of a resource and a message of KubeRay's APIServer V1 become each other: tables, read in both ways.

Encoding takes: what a message has a place for is taken out of the resource, and what is left is what V1 cannot say.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

Json = dict[str, Any]
# Keys of mappings; 0 is the first member of a list.
Path: TypeAlias = "tuple[str | int, ...]"


class _Nothing:
    """No value at all."""

    def __deepcopy__(self, _memo: Any) -> _Nothing:
        return self


NOTHING: Any = _Nothing()


class Codec(NamedTuple):
    """``encode`` makes of a value what stands in the message, and what is left of the value; ``decode`` goes back.

    Either of what it makes may be NOTHING. ``fields`` are those of the message, where the value is one.
    """

    encode: Callable[[Any], tuple[Any, Any]]
    decode: Callable[[Any], Any]
    fields: tuple[Field, ...] = ()


class Field(NamedTuple):
    """One field of a message, and where in the resource it stands.

    ``absent`` is sent where the resource says nothing, ``zero`` stands in the resource where the message says nothing.
    A message has no zero values, but for the few fields that tell a zero from nothing (``presence``).
    """

    name: str
    path: Path
    codec: Codec
    absent: Any = NOTHING
    zero: Any = NOTHING
    presence: bool = False


class Own(NamedTuple):
    """What V1 has in the resource by itself: these values need no place in the message.

    The first one is ``shown`` when a message is read, where that is known and somebody looks for it.
    """

    path: Path
    values: tuple[Any, ...]
    shown: bool = False


def _plain(value: Any) -> tuple[Any, Any]:
    return value, NOTHING


def _same(value: Any) -> Any:
    return value


PLAIN = Codec(_plain, _same)


def field(name: str, *path: str | int, codec: Codec = PLAIN, **more: Any) -> Field:
    """A field of the message at this path of the resource; at the same name where no path is given."""
    return Field(name, path or (name,), codec, **more)


def inside(name: str, codec: Codec) -> Field:
    """A message of its own whose fields stand in the very same part of the resource."""
    return Field(name, (), codec)


def message(*members: Field | Own) -> Codec:
    """A message whose fields stand in a mapping of the resource."""
    fields = tuple(one for one in members if isinstance(one, Field))
    owns = tuple(one for one in members if isinstance(one, Own))

    def encode(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, Mapping):
            return NOTHING, value
        said: Json = {}
        root: list[Any] = [copy.deepcopy(dict(value))]
        for own in owns:
            if _pick(root[0], own.path) in own.values:
                _leave(root, own.path, NOTHING)
        for one in fields:
            found = _encoded(root, one)
            if found is not NOTHING and (one.presence or not is_zero(found)):
                said[one.name] = found
        return said or NOTHING, root[0] or NOTHING

    def decode(value: Any) -> Json:
        made: Json = {}
        for own in owns:
            if own.shown:
                made = merged(made, _at(own.path, copy.deepcopy(own.values[0])))
        return decoded(made, fields, value)

    return Codec(encode, decode, fields)


def listed(member: Codec) -> Codec:
    """A list of what ``member`` says."""

    def encode(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, list):
            return NOTHING, value
        pairs = [member.encode(one) for one in value]
        return [said for said, _left in pairs if said is not NOTHING], rest_of([left for _said, left in pairs])

    return Codec(encode, lambda value: [member.decode(one) for one in value], member.fields)


def enum(**words: str) -> Codec:
    """One of these words of the resource, which are those of the message, in the order of its numbers.

    V1 tells numbers, and takes both.
    """
    ours, theirs = list(words), list(words.values())

    def encode(value: Any) -> tuple[Any, Any]:
        return (ours.index(value), NOTHING) if value in ours else (NOTHING, value)

    def decode(value: Any) -> Any:
        number = theirs.index(value) if value in theirs else value
        return ours[number] if isinstance(number, int) and 0 <= number < len(ours) else value

    return Codec(encode, decode)


def sent(codec: Codec = PLAIN) -> Codec:
    """What is sent, and never comes back where it was sent to."""
    return codec._replace(decode=lambda _value: NOTHING)


def read(decode: Callable[[Any], Any]) -> Codec:
    """What is only ever read."""
    return Codec(lambda value: (NOTHING, value), decode)


def only(test: Callable[[Any], bool]) -> Codec:
    """A value that V1 stores as long as it passes the test; another one has no place."""
    return Codec(lambda value: (value, NOTHING) if test(value) else (NOTHING, value), _same)


def is_zero(value: Any) -> bool:
    """Whether a message leaves a value out."""
    return value is None or value in ("", 0, [], {})


def rest_of(members: list[Any]) -> Any:
    """What is left of a list, each member in its place."""
    if all(member is NOTHING for member in members):
        return NOTHING
    return [{} if member is NOTHING else member for member in members]


def merged(below: Any, above: Any) -> Any:
    """Two parts of one resource in one: mappings key by key, lists place by place."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: merged(below.get(key, NOTHING), value) for key, value in above.items()}}
    if isinstance(below, list) and isinstance(above, list):
        together = [merged(one, other) for one, other in zip(below, above, strict=False)]
        return together + below[len(above) :] + above[len(below) :]
    return above


def _encoded(root: list[Any], one: Field) -> Any:
    found = _pick(root[0], one.path)
    if found is NOTHING:
        return one.absent
    said, left = one.codec.encode(found)
    _leave(root, one.path, left)
    return said


def decoded(made: Json, fields: tuple[Field, ...], value: Json) -> Json:
    """The part of a resource with what these fields of a message say."""
    for one in fields:
        told = value.get(one.name)
        found = NOTHING if told is None else one.codec.decode(told)
        if found is NOTHING or found in ({}, []):
            found = copy.deepcopy(one.zero)
        if found is not NOTHING:
            made = merged(made, _at(one.path, found))
    return made


def _at(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _pick(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else NOTHING
        else:
            value = value.get(step, NOTHING) if isinstance(value, dict) else NOTHING
    return value


def _leave(root: list[Any], path: Path, left: Any) -> None:
    """Put what is left in the place of what was taken; a list keeps its places."""
    *way, last = (0, *path)
    place: Any = root
    for step in way:
        place = place[step]
    if left is not NOTHING:
        place[last] = left
    elif isinstance(last, int):
        place[last] = {}
    else:
        del place[last]
