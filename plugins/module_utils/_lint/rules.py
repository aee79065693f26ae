# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rule is, and when it holds.

A rule is a row of a table. It says since when the operator refuses what it finds, and whether an older operator would
do any better with it. Where the version is unknown, a rule that some operators do not have can only warn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import Needs
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import FIRST, Version

Json = dict[str, Any]
Subject = TypeVar("Subject")
# Where, and what to do about it.
Found = Iterator[tuple[Part, str]]


@dataclass(frozen=True)
class Finding:
    """One broken rule: where, and what to do. What is not certain depends on something unknown, and only warns."""

    path: str
    message: str
    certain: bool = True
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(frozen=True)
class Context:
    """What is known about the operator: its version, and the state of feature gates by name."""

    version: Version | None = None
    gates: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """One rule.

    ``since`` and ``until`` are the versions of KubeRay that have it (until: the first that has not). ``always`` marks
    one whose breach comes to nothing on older versions either: they do not know what it is about. ``warns`` marks one
    whose breach the operator takes, but not as it is meant. ``needs`` is a feature gate.
    """

    name: str
    find: Callable[[Subject], Found]
    since: Version = FIRST
    until: Version | None = None
    always: bool = False
    warns: bool = False
    needs: Needs | None = None

    def certainty(self, context: Context) -> bool | None:
        """Whether what it finds is certain; None where it does not hold."""
        known = self._certainty_of_version(context.version)
        gate = self.needs.certainty(context.version, context.gates) if self.needs else True
        if known is None or gate is None:
            return None
        return known and gate and not self.warns

    def _certainty_of_version(self, version: Version | None) -> bool | None:
        if version is None:
            # What only old versions ask is nothing to warn everybody about.
            return None if self.until else self.always or self.since <= FIRST
        return True if self.since <= version and (self.until is None or version < self.until) else None


def findings(rules: Iterable[Rule[Subject]], subject: Subject, context: Context) -> Iterator[Finding]:
    """What a table of rules finds."""
    for rule in rules:
        certain = rule.certainty(context)
        if certain is not None:
            yield from (Finding(part.path, message, certain, rule.name) for part, message in rule.find(subject))
