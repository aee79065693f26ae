# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions of KubeRay, which decide what its CRDs know and what its operator refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

_VERSION = re.compile(r"v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:[-+][0-9A-Za-z.+-]*)?")
# 1.6 without a patch release means the newest of them.
_NEWEST_PATCH = 1_000_000


@dataclass(frozen=True, order=True)
class Version:
    """A release of KubeRay; a candidate of one counts as the release itself."""

    major: int
    minor: int
    patch: int
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.text or f"{self.major}.{self.minor}.{self.patch}"


def read_version(value: Any) -> Version | None:
    """The version that a text (``1.7.0``, ``v1.7.0``, ``1.6``) names; None for anything else, such as ``nightly``."""
    match = _VERSION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    major, minor, patch = match.groups()
    return Version(int(major), int(minor), _NEWEST_PATCH if patch is None else int(patch), match[0].removeprefix("v"))


def parse_version(value: Any, path: str = "kuberay_version") -> Version:
    """The version that somebody wrote down; OptionError where it is none."""
    if isinstance(value, (int, float)):
        raise OptionError(f"{path}: {value!r} needs quotes: as a number, 1.10 is the same as 1.1")
    version = read_version(value)
    if version is None:
        raise OptionError(f"{path}: {value!r} is no version of KubeRay, such as 1.7.0")
    return version


def known_version(options: Mapping[str, Any]) -> Version | None:
    """The version that a task names; None where it names none. OptionError where it is none of KubeRay's."""
    given = options.get("kuberay_version")
    return None if given is None or given == "" else parse_version(given)


def release(text: str) -> Version:
    """A version as the tables here write it: ``1.5`` is its first release."""
    major, minor, patch = (*map(int, text.split(".")), 0)[:3]
    return Version(major, minor, patch)


# The first version with ray.io/v1, and the newest that the tables here know.
FIRST = release("1.0")
NEWEST = release("1.7")
