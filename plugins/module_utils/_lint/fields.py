# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the tables of fields are written: a field's type, since when the CRDs have it, and what they take there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import FIRST, Version, release


@dataclass(frozen=True)
class Field:
    """One field of a CRD.

    ``form`` is the type in words; ``until`` is the first version that has dropped it; ``fills`` is what the API server
    writes where it is left out; ``values`` are the texts that it takes, ``least`` its smallest number. ``fields`` are
    the known children, also those of each member where it is a list; a field without any is Kubernetes' own or has
    none, and is not looked into. ``alpha`` tells whether ray.io/v1alpha1 has it.
    """

    form: str
    since: Version = FIRST
    until: Version | None = None
    fills: Any = None
    values: tuple[str, ...] = ()
    least: int | None = None
    needed: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)
    key: str = "name"
    alpha: bool | None = None

    @property
    def in_alpha(self) -> bool:
        """v1alpha1 has stood still since the first version, but for the few that say so."""
        return self.since <= FIRST if self.alpha is None else self.alpha


TEXT = Field("text")
WHOLE = Field("whole number")
NUMBER = Field("number")
SWITCH = Field("true or false")
MAPPING = Field("mapping")
LIST = Field("list")
TEXTS = Field("mapping of texts")
TEXT_LIST = Field("list of texts")
ANY = Field("anything")


def mapping(**fields: Field) -> Field:
    """A mapping with these children and no others."""
    return replace(MAPPING, fields=fields)


def listed(key: str, **fields: Field) -> Field:
    """A list of such mappings, named in paths by this field of theirs."""
    return replace(LIST, fields=fields, key=key)


def since(version: str, one: Field) -> Field:
    """A field that this version brought."""
    return replace(one, since=release(version))


def until(version: str, one: Field) -> Field:
    """A field that this version dropped."""
    return replace(one, until=release(version))


def filled(value: Any, one: Field) -> Field:
    """A field that the API server fills in by itself."""
    return replace(one, fills=value)


def needed(one: Field) -> Field:
    """A field that must not be left out."""
    return replace(one, needed=True)


def at_least(least: int, one: Field) -> Field:
    """A number that must not be smaller."""
    return replace(one, least=least)


def one_of(*values: str) -> Field:
    """One of these texts."""
    return replace(TEXT, values=values)


def also_in_alpha(one: Field) -> Field:
    """A field that v1alpha1 got too, although it is not of the first version."""
    return replace(one, alpha=True)
