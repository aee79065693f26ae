# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles' READMEs as data."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.checks import tree

Json = dict[str, Any]
_BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.S | re.M)


def text(role: str) -> str:
    """The whole README."""
    return (tree.ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")


def plays(role: str) -> list[Json]:
    """Its playbook."""
    (playbook,) = [block for block in _blocks(role) if isinstance(block, list)]
    return playbook


def variables(role: str) -> list[Json]:
    """What its examples set, each by itself."""
    told = [entry["vars"] for play in plays(role) for entry in play["roles"]]
    return told + [block for block in _blocks(role) if isinstance(block, dict)]


def _blocks(role: str) -> list[Any]:
    return [yaml.safe_load(block) for block in _BLOCK.findall(text(role))]
