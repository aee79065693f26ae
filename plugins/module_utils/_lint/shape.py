# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about single fields, from the tables of fields: known, in time, of the right type, among what is taken.

A value is never repeated unless it is one of a closed set: a mapping of texts may well hold a password.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._lint.fields import Field
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Finding
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import NEWEST, Version

ALPHA = "ray.io/v1alpha1"
UNKNOWN = "field-unknown"
ELSEWHEN = "field-of-other-version"
MISSING = "field-missing"


def _texts(members: Any) -> bool:
    return all(member is None or isinstance(member, str) for member in members)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_FORMS: dict[str, Callable[[Any], bool]] = {
    "anything": lambda value: True,
    "text": lambda value: isinstance(value, str),
    "whole number": _is_whole,
    "number": lambda value: _is_whole(value) or isinstance(value, float),
    "true or false": lambda value: isinstance(value, bool),
    "mapping": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list),
    "mapping of texts": lambda value: isinstance(value, dict) and _texts(value.values()),
    "list of texts": lambda value: isinstance(value, list) and _texts(value),
}


def _wrong_type(field: Field, part: Part) -> str | None:
    if _FORMS[field.form](part.value):
        return None
    quoted = "; numbers, dates and yes or no need quotes" if "text" in field.form else ""
    return f"must be a {field.form}{quoted}" if field.form != "true or false" else "must be true or false"


def _not_taken(field: Field, part: Part) -> str | None:
    if not field.values or part.text in field.values or not isinstance(part.value, str):
        return None
    return f"{part.value!r} is not one of {', '.join(field.values)}"


def _too_small(field: Field, part: Part) -> str | None:
    number = part.number
    return None if field.least is None or number is None or number >= field.least else f"must be {field.least} or more"


@dataclass(frozen=True)
class Check:
    """A question to one field that is there."""

    name: str
    broken: Callable[[Field, Part], str | None]


CHECKS = (
    Check("field-type", _wrong_type),
    Check("field-value", _not_taken),
    Check("field-minimum", _too_small),
)
NAMES = (UNKNOWN, ELSEWHEN, MISSING, *(check.name for check in CHECKS))


def shape_findings(part: Part, field: Field, version: Version | None, alpha: bool) -> Iterator[Finding]:
    """What is wrong with the fields of a mapping that is written in the version's words."""
    for name, below in part.fields():
        known = field.fields.get(name)
        if known is None:
            yield _unknown(name, below, field, version)
            continue
        problem = _elsewhen(known, below, version, alpha)
        if problem is not None:
            if known.fills is None or below.value != known.fills:
                yield Finding(below.path, problem, alpha or version is not None, ELSEWHEN)
            continue
        yield from _checked(known, below)
        yield from _below(known, below, version, alpha)
    for name, known in field.fields.items():
        if known.needed and not part[name].given:
            yield Finding(part[name].path, "is needed", True, MISSING)


def _checked(field: Field, part: Part) -> Iterator[Finding]:
    for check in CHECKS:
        problem = check.broken(field, part)
        if problem is not None:
            yield Finding(part.path, problem, True, check.name)


def _below(field: Field, part: Part, version: Version | None, alpha: bool) -> Iterator[Finding]:
    if not field.fields:
        return
    for place in part.members(field.key) if field.form == "list" else [part]:
        if isinstance(place.value, dict):
            yield from shape_findings(place, field, version, alpha)
        elif field.form == "list":
            yield Finding(place.path, "must be a mapping", True, CHECKS[0].name)


def _unknown(name: str, part: Part, field: Field, version: Version | None) -> Finding:
    """A field that no version had so far: certain, unless the operator is newer than what is known here."""
    meant = difflib.get_close_matches(name, field.fields, 1)
    advice = f"; is {meant[0]} meant?" if meant else f": KubeRay has none of this name up to {NEWEST}"
    certain = version is not None and version <= NEWEST
    return Finding(part.path, f"unknown field, which would be dropped in silence{advice}", certain, UNKNOWN)


def _elsewhen(field: Field, part: Part, version: Version | None, alpha: bool) -> str | None:
    """Why a field that KubeRay has does not reach this operator."""
    if alpha and not field.in_alpha:
        return f"{ALPHA} does not know this field and drops it in silence; use ray.io/v1"
    if version is None:
        return f"KubeRay {field.until} and later drop this field in silence" if field.until else None
    if version < field.since:
        return f"KubeRay {version} does not know this field and drops it in silence; it came with {field.since}"
    if field.until is not None and version >= field.until:
        return f"KubeRay {version} does not know this field any more and drops it in silence, as of {field.until}"
    return None
