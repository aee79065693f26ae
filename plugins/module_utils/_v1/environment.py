# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables: a container's list of them, and V1's two maps, of values and of where values come from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import (
    NOTHING,
    Codec,
    Field,
    Own,
    field,
    inside,
    listed,
    message,
    rest_of,
)

Json = dict[str, Any]

# Source: contract 3.3 and 2.5. What V1 gives a container itself: a second one of that name is refused by Kubernetes.
HEAD_OWN = frozenset(["MY_POD_IP"])
WORKER_OWN = frozenset(
    ["RAY_DISABLE_DOCKER_CPU_WARNING", "TYPE", "CPU_REQUEST", "CPU_LIMITS", "MEMORY_REQUESTS", "MEMORY_LIMITS"]
    + ["MY_POD_NAME", "MY_POD_IP"]
)
# What it takes for the operator's, and never returns.
_OPERATORS = frozenset(["RAY_CLUSTER_NAME", "RAY_PORT", "RAY_ADDRESS", "RAY_USAGE_STATS_KUBERAY_IN_USE"])
HEAD_RESERVED = HEAD_OWN | _OPERATORS
WORKER_RESERVED = WORKER_OWN | _OPERATORS | {"FQ_RAY_IP", "RAY_IP", "REDIS_PASSWORD"}

_MANDATORY = Own(("optional",), (False,))
# In the order of V1's numbers.
_SOURCES: tuple[tuple[str, Codec], ...] = (
    ("configMapKeyRef", message(field("name"), field("key"), _MANDATORY)),
    ("secretKeyRef", message(field("name"), field("key"), _MANDATORY)),
    (
        "resourceFieldRef",
        message(field("name", "containerName"), field("key", "resource"), Own(("divisor",), ("0", 0))),
    ),
    ("fieldRef", message(field("key", "fieldPath"), Own(("apiVersion",), ("v1",)))),
)
_SOURCE_NAMES = ("CONFIGMAP", "SECRET", "RESOURCEFIELD", "FIELD")
SOURCE_FIELDS = ("source", "name", "key")


def environment(own: Collection[str]) -> Codec:
    """The variables of a group's container, of which V1 gives it its ``own``."""

    def encode(value: Any) -> tuple[Any, Any]:
        if not isinstance(value, list):
            return NOTHING, value
        said: dict[str, Json] = {"values": {}, "valuesFrom": {}}
        rest = [_take(one, said, own) for one in value]
        return {part: found for part, found in said.items() if found} or NOTHING, rest_of(rest)

    return Codec(encode, _decode, (field("values"), field("valuesFrom")))


def _take(variable: Any, said: dict[str, Json], own: Collection[str]) -> Any:
    """Put a variable where it belongs, and return what is left of it."""
    name = variable.get("name") if isinstance(variable, dict) else None
    if not name or name in own or any(name in found for found in said.values()):
        return variable
    rest = {key: value for key, value in variable.items() if key not in ("name", "value", "valueFrom")}
    if variable.get("value") and variable.get("valueFrom"):
        return variable
    if not variable.get("valueFrom"):
        said["values"][name] = str(variable.get("value") or "")
        return rest or NOTHING
    source, left = _take_source(variable["valueFrom"])
    if source is NOTHING:
        return variable
    said["valuesFrom"][name] = source
    return {**rest, **({} if left is NOTHING else {"valueFrom": left})} or NOTHING


def _take_source(value_from: Json) -> tuple[Any, Any]:
    for number, (name, codec) in enumerate(_SOURCES):
        if name in value_from:
            said, left = codec.encode(value_from[name])
            source = {**({"source": number} if number else {}), **({} if said is NOTHING else said)}
            return source, NOTHING if left is NOTHING else {name: left}
    return NOTHING, value_from


def _decode(value: Json) -> list[Json]:
    plain = [{"name": name, "value": text} for name, text in (value.get("values") or {}).items()]
    return plain + [
        {"name": name, "valueFrom": _source(source)} for name, source in (value.get("valuesFrom") or {}).items()
    ]


def _source(source: Json) -> Json:
    name, codec = _SOURCES[source_number(source)]
    return {name: codec.decode(source)}


def source_number(source: Json) -> int:
    """The number of a source, however it is told; it is the first one's where it is not."""
    told = source.get("source", 0)
    return _SOURCE_NAMES.index(told) if told in _SOURCE_NAMES else int(told)


def _encode_plain(value: Any) -> tuple[Any, Any]:
    """The variables of the autoscaler: V1 has values for them only."""
    if not isinstance(value, list):
        return NOTHING, value
    said: dict[str, Json] = {"values": {}, "valuesFrom": {}}
    rest = [one if isinstance(one, dict) and one.get("valueFrom") else _take(one, said, ()) for one in value]
    return said["values"], rest_of(rest)


# Whole ConfigMaps and Secrets: V1 has them under keys that mean nothing.
_WHOLE = ("configMapRef", "secretRef")


def _encode_whole(value: Any) -> tuple[Any, Any]:
    said, rest = _WHOLES.encode(value)
    return said if said is NOTHING else {str(index): one for index, one in enumerate(said)}, rest


def _whole(value: Any) -> tuple[Any, Any]:
    found = next((number for number, name in enumerate(_WHOLE) if isinstance(value, dict) and name in value), None)
    if found is None or not (value[_WHOLE[found]] or {}).get("name"):
        return NOTHING, value
    reference = dict(value[_WHOLE[found]])
    said = {**({"source": found} if found else {}), "name": reference.pop("name")}
    if reference.get("optional") is False:
        del reference["optional"]
    rest = {key: one for key, one in value.items() if key != _WHOLE[found]}
    return said, {**rest, **({_WHOLE[found]: reference} if reference else {})} or NOTHING


_WHOLES = listed(Codec(_whole, lambda value: {_WHOLE[min(source_number(value), 1)]: {"name": value.get("name", "")}}))

AUTOSCALERS: Field = inside(
    "envs",
    message(
        field("values", "env", codec=Codec(_encode_plain, lambda value: _decode({"values": value}))),
        field("valuesFrom", "envFrom", codec=Codec(_encode_whole, lambda value: _WHOLES.decode(list(value.values())))),
    ),
)
