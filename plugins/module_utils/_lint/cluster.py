# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's rules for a RayCluster, as data: checked before the write, because the operator refuses in silence.

A refused RayCluster is stored, gets an event and never a status. Source: contract 5.8, KubeRay's validation.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS

Json = dict[str, Any]
NAME_LIMIT = 53
_DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_RESOURCE_PARAMS = ("num-cpus", "num-gpus", "memory", "resources")
_COUNTS = ("replicas", "minReplicas", "maxReplicas")


@dataclass(frozen=True)
class Finding:
    """One broken rule: where, and what to do."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def lint_cluster(cluster: Json) -> list[Finding]:
    """Every rule that this RayCluster breaks, wished for or live."""
    return [finding for rule in _RULES for finding in rule(cluster)]


def _name(cluster: Json) -> Iterator[Finding]:
    name = (cluster.get("metadata") or {}).get("name") or ""
    if not _DNS_1035.fullmatch(name):
        yield Finding("name", f"{name!r} must begin with a letter and hold lower case letters, digits and '-' only")
    if len(name) > NAME_LIMIT:
        yield Finding("name", f"{name!r} has {len(name)} characters; the operator takes {NAME_LIMIT} at most")


def _containers(cluster: Json) -> Iterator[Finding]:
    for path, group in _groups(cluster):
        if not ((group.get("template") or {}).get("spec") or {}).get("containers"):
            yield Finding(f"spec.{path}.template", "a container is needed")


def _group_names(cluster: Json) -> Iterator[Finding]:
    seen: set[str] = set()
    for path, group in _workers(cluster):
        name = group.get("groupName") or ""
        if not name:
            yield Finding(f"spec.{path}.groupName", "a name is needed")
        elif name in seen:
            yield Finding(f"spec.{path}.groupName", f"{name!r} is the name of another group too")
        seen.add(name)


def _replicas(cluster: Json) -> Iterator[Finding]:
    for path, group in _workers(cluster):
        given = {field: group[field] for field in _COUNTS if group.get(field) is not None}
        odd = [field for field, count in given.items() if isinstance(count, bool) or not isinstance(count, int)]
        yield from (Finding(f"spec.{path}.{field}", f"{given[field]!r} is not a whole number") for field in odd)
        if not odd:
            yield from _ranges(f"spec.{path}", given)


def _ranges(path: str, given: dict[str, int]) -> Iterator[Finding]:
    yield from (Finding(f"{path}.{field}", "must not be negative") for field, count in given.items() if count < 0)
    low, high = given.get("minReplicas", 0), given.get("maxReplicas", MOST_REPLICAS)
    if low > high:
        yield Finding(path, f"minReplicas {low} is above maxReplicas {high}")


def _start_params(cluster: Json) -> Iterator[Finding]:
    for path, group in _groups(cluster):
        params = group.get("rayStartParams") or {}
        if "labels" in params:
            yield Finding(f"spec.{path}.rayStartParams.labels", "is refused by the operator; use the group's labels")
        both = [name for name in _RESOURCE_PARAMS if name in params]
        if group.get("resources") and both:
            yield Finding(f"spec.{path}.resources", f"excludes rayStartParams {', '.join(both)}")


def _groups(cluster: Json) -> list[tuple[str, Json]]:
    return [("headGroupSpec", _spec(cluster).get("headGroupSpec") or {}), *_workers(cluster)]


def _workers(cluster: Json) -> list[tuple[str, Json]]:
    groups = _spec(cluster).get("workerGroupSpecs") or []
    return [(f"workerGroupSpecs[{group.get('groupName') or index}]", group) for index, group in enumerate(groups)]


def _spec(cluster: Json) -> Json:
    return cluster.get("spec") or {}


_RULES: tuple[Callable[[Json], Iterator[Finding]], ...] = (_name, _containers, _group_names, _replicas, _start_params)
