# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables: V1's two maps, and a container's list."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

from ..operator.objects import Json, dig
from .messages import SOURCE

# A quantity that is not given: Go writes it all the same.
DIVISOR = {"divisor": "0"}
# V1's source, the key of Kubernetes' reference, and its fields for V1's name and key.
REFERENCES = (
    ("CONFIGMAP", "configMapKeyRef", "name", "key"),
    ("SECRET", "secretKeyRef", "name", "key"),
    ("RESOURCEFIELD", "resourceFieldRef", "containerName", "resource"),
    ("FIELD", "fieldRef", "", "fieldPath"),
)
# What V1 does not know it takes for the last of these.
BY_NUMBER = {SOURCE.names.index(row[0]): row for row in REFERENCES}
SOURCES = {SOURCE.names.index(name): key for name, key in (("CONFIGMAP", "configMapRef"), ("SECRET", "secretRef"))}


def to_list(variables: Json | None) -> list[Json]:
    """A container's environment: values, then references, each in no order."""
    variables = variables or {}
    values = [{"name": name, **_told(value=value)} for name, value in variables.get("values", {}).items()]
    return _shuffled(values) + _shuffled(
        [{"name": name, "valueFrom": _reference(one)} for name, one in variables.get("valuesFrom", {}).items()]
    )


def to_message(env: list[Json], hidden: Collection[str]) -> Json:
    """V1's maps of what a container has, without the names that V1 keeps to itself."""
    values: Json = {}
    references: Json = {}
    for one in env:
        if one["name"] in hidden:
            continue
        if one.get("valueFrom") is None:
            values[one["name"]] = one.get("value", "")
        else:
            found = _source(one["valueFrom"])
            references.update({one["name"]: found} if found else {})
    return {"values": values, "valuesFrom": references}


def to_sources(variables: Json) -> tuple[list[Json], list[Json]]:
    """``env`` and ``envFrom`` of the autoscaler: here a reference is to all of a ConfigMap or Secret, without a key."""
    values = [{"name": name, **_told(value=value)} for name, value in variables.get("values", {}).items()]
    listed = variables.get("valuesFrom", {}).values()
    sources = [
        {SOURCES[one.get("source", 0)]: _told(name=one.get("name", ""))}
        for one in listed
        if one.get("source", 0) in SOURCES
    ]
    return _shuffled(values), _shuffled(sources)


def from_sources(env: list[Json], sources: list[Json]) -> Json:
    """And back: a source is called by its place."""
    references = {}
    for index, one in enumerate(sources):
        number, key = next((pair for pair in SOURCES.items() if one.get(pair[1]) is not None), (1, "secretRef"))
        references[str(index)] = {"source": number, "name": dig(one, f"{key}.name", "")}
    return {"values": {one["name"]: one.get("value", "") for one in env}, "valuesFrom": references}


def _reference(one: Json) -> Json:
    _, reference, name, key = BY_NUMBER.get(one.get("source", 0), REFERENCES[-1])
    # Go writes the key all the same, too: Kubernetes takes an empty one.
    told = {**_told(**({name: one.get("name", "")} if name else {})), key: one.get("key", "")}
    return {reference: {**told, **(DIVISOR if reference == "resourceFieldRef" else {})}}


def _source(value_from: Json) -> Json | None:
    for number, (_, reference, name, key) in BY_NUMBER.items():
        found = value_from.get(reference)
        if found is not None:
            return {"source": number, "name": found.get(name, "") if name else "", "key": found.get(key, "")}
    return None


def _told(**fields: str) -> Json:
    return {key: value for key, value in fields.items() if value}


def _shuffled(items: list[Any]) -> list[Any]:
    """Go walks a map in an order that is another one each time."""
    return random.sample(items, len(items))
