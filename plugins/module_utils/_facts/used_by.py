# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who was sized by which compute template, as the annotations of pod templates tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION

Json = dict[str, Any]
# Where each kind that is made from templates has the spec of its cluster.
_CLUSTER_SPEC = {"RayCluster": "", "RayJob": "rayClusterSpec", "RayService": "rayClusterConfig"}


def uses(resource: Json) -> dict[str, Json]:
    """By the name of each template that the object's groups were made from: ``{kind, namespace, name, groups}``."""
    found: dict[str, Json] = {}
    for group, spec in _groups(resource):
        template = _annotations(spec).get(TEMPLATE_ANNOTATION)
        if template:
            metadata = resource["metadata"]
            user = {"kind": resource["kind"], "namespace": metadata["namespace"], "name": metadata["name"]}
            found.setdefault(template, {**user, "groups": []})["groups"].append(group)
    return found


def _groups(resource: Json) -> Iterator[tuple[str, Json]]:
    spec = resource.get("spec") or {}
    below = _CLUSTER_SPEC[resource["kind"]]
    cluster = (spec.get(below) or {}) if below else spec
    yield "head", cluster.get("headGroupSpec") or {}
    for group in cluster.get("workerGroupSpecs") or []:
        yield str(group.get("groupName")), group


def _annotations(group: Json) -> Json:
    return ((group.get("template") or {}).get("metadata") or {}).get("annotations") or {}
