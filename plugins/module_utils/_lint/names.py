# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about the names of objects. Names of pods and services are made of them, so that they are short labels."""

from __future__ import annotations

import re
from collections.abc import Callable

from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_DNS_1123 = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
# What Kubernetes adds to a generateName.
_GENERATED = "xxxxx"
_ADVICE = "must begin with a letter and hold lower case letters, digits and '-' only"


def name_of(resource: Part) -> Part:
    """The name, also one that Kubernetes is to complete."""
    name, prefix = resource.at("metadata.name"), resource.at("metadata.generateName")
    return name if name.text or not prefix.text else Part(prefix.text + _GENERATED, prefix.path)


def _characters(resource: Part) -> Found:
    name = name_of(resource)
    if not _DNS_1123.fullmatch(name.text):
        yield name, f"{name.text!r} {_ADVICE}"


def _syntax(resource: Part) -> Found:
    name = name_of(resource)
    if _DNS_1123.fullmatch(name.text) and not _DNS_1035.fullmatch(name.text):
        yield name, f"{name.text!r} {_ADVICE}"


def _length(most: int) -> Callable[[Part], Found]:
    def find(resource: Part) -> Found:
        name = name_of(resource)
        if len(name.text) > most:
            yield name, f"{name.text!r} has {len(name.text)} characters; the operator takes {most} at most"

    return find


def _rules(most: int, since: str) -> tuple[Rule[Part], ...]:
    # Older operators cut the front of a long name off and change its first character, so that nothing is called as it
    # says. What Kubernetes does not take at all is no matter of the operator's version.
    return (
        Rule("name-characters", _characters),
        Rule("name-syntax", _syntax, since=release("1.4"), always=True),
        Rule("name-length", _length(most), since=release(since), always=True),
    )


# By kind. A RayJob's and a RayService's cluster has six characters more, a RayCronJob's job eleven.
NAME_RULES = {
    "RayCluster": _rules(53, "1.4"),
    "RayJob": _rules(47, "1.4"),
    "RayService": _rules(47, "1.4"),
    "RayCronJob": (
        Rule("name-of-job-length", _length(41), since=release("1.6"), until=release("1.7")),
        *_rules(36, "1.7"),
    ),
}
