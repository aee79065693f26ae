# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What V1's server dies of when it reads it in an object that has its label. Source: contract 2.9 and 11.

No message of V1 makes such an object but for a Secret's items; everybody who writes custom resources may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found
from ansible_collections.kuberay.core.plugins.module_utils._v1.rules import cluster_of, groups_of

Json = dict[str, Any]
_COUNTS = ("replicas", "minReplicas", "maxReplicas")


def deadly(kind: Kind, resource: Json) -> list[str]:
    """Each part of an object that ends the server, with its path."""
    whole = Part(resource)
    return [f"{part.path} {reason}" for rule in _RULES for part, reason in rule(kind, whole)]


def _volumes(kind: Kind, resource: Part) -> Iterator[tuple[Part, Part]]:
    for group in groups_of(kind, resource):
        pod = group.at("template.spec")
        for volume in pod["volumes"].members():
            yield pod, volume


def _no_mount(kind: Kind, resource: Part) -> Found:
    for pod, volume in _volumes(kind, resource):
        mounts = [mount for one in pod["containers"].members() for mount in one["volumeMounts"].members()]
        if volume["name"].text not in {mount["name"].text for mount in mounts}:
            yield volume, "is mounted nowhere"


def _items_of_a_secret(kind: Kind, resource: Part) -> Found:
    for _pod, volume in _volumes(kind, resource):
        if volume["secret"]["items"].filled:
            yield volume["secret"]["items"], "choose among a Secret's"


def _no_counts(kind: Kind, resource: Part) -> Found:
    for group in cluster_of(kind, resource)["workerGroupSpecs"].members("groupName"):
        missing = [count for count in _COUNTS if not group[count].given]
        if missing:
            yield group[missing[0]], "is not given"


_RULES: tuple[Callable[[Kind, Part], Found], ...] = (_no_mount, _items_of_a_secret, _no_counts)
