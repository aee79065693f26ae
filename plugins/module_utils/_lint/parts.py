# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A part of an object together with its path, so that a rule can ask for anything and name what it found.

Objects come from manifests that nobody has checked yet: a part of the wrong type is like one that is not there, and the
rules about types tell it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Part:
    """A value and where it stands."""

    value: Any
    path: str = ""

    def __getitem__(self, field: str) -> Part:
        """What a mapping has under one key."""
        step = f".{field}" if _PLAIN.fullmatch(field) else f"['{field}']"
        value = self.value.get(field) if isinstance(self.value, dict) else None
        return Part(value, (self.path + step).removeprefix("."))

    def at(self, path: str) -> Part:
        """What stands some steps below."""
        part = self
        for field in path.split("."):
            part = part[field]
        return part

    def members(self, key: str = "name") -> list[Part]:
        """A list's members, named by one of their fields, or by their place where they have none."""
        members = self.value if isinstance(self.value, list) else []
        parts = [Part(member) for member in members]
        return [Part(part.value, f"{self.path}[{part[key].text or i}]") for i, part in enumerate(parts)]

    def fields(self) -> list[tuple[str, Part]]:
        """A mapping's keys and what stands there, without nulls."""
        keys = [str(key) for key in self.value] if isinstance(self.value, dict) else []
        return [(key, self[key]) for key in keys if self[key].given]

    @property
    def given(self) -> bool:
        return self.value is not None

    @property
    def filled(self) -> bool:
        """Whether there is something in it: no empty text, list or mapping."""
        return self.given and self.value not in ("", [], {})

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    @property
    def is_true(self) -> bool:
        return self.value is True
