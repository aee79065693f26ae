# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The little that a wish asks of the live cluster: what cannot be known from the task alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import ComputeTemplate
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import CREATED, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC, POD_TEMPLATE

Json = dict[str, Any]


class LiveGroup(NamedTuple):
    """A live group and the record of our last wish for it; both empty where there is none."""

    group: Json
    recorded: Any = None

    def container_name(self, is_partial: bool) -> str | None:
        """What others have called the Ray container, the first one: charts, V1 and people have names of their own.

        A name that our own last wish brought is not kept against a whole wish; a partial one keeps any.
        """
        first: str | None = (self._pod_spec().get("containers") or [{}])[0].get("name")
        if is_partial:
            return first
        recorded = self._recorded("template", "spec", "containers", str(first), CREATED)
        return None if recorded else first

    def copied_template(self, name: str, own: list[Json]) -> ComputeTemplate | None:
        """The compute template as the group copied it when it was made from it; None where it was made from another.

        Such a group is not expanded again: changing a template changes no cluster. ``own`` are the tolerations that the
        task adds.
        """
        metadata = (self.group.get("template") or {}).get("metadata") or {}
        containers = self._pod_spec().get("containers") or []
        if (metadata.get("annotations") or {}).get(TEMPLATE_ANNOTATION) != name or not containers:
            return None
        resources = (containers[0].get("resources") or {}).get("limits") or {}
        return ComputeTemplate(name, dict(resources), self._tolerations_besides(own))

    def _tolerations_besides(self, own: list[Json]) -> list[Json]:
        """The live tolerations that are neither the task's own nor, as the record tells, added by others."""
        live = list(self._pod_spec().get("tolerations") or [])
        node = POD_TEMPLATE.child("spec").child("tolerations")
        recorded = self._recorded("template", "spec", "tolerations")
        told, ours = node.index(live), node.index(own)
        if told is None or ours is None:
            return [one for one in live if one not in own]
        return [
            one for key, one in told.items() if key not in ours and (not isinstance(recorded, dict) or key in recorded)
        ]

    def _recorded(self, *path: str) -> Any:
        recorded = self.recorded
        for key in path:
            recorded = sub_record(recorded, key)
        return recorded

    def _pod_spec(self) -> Json:
        return (self.group.get("template") or {}).get("spec") or {}


class LiveGroups(NamedTuple):
    """The groups of a live RayClusterSpec, with the record of our last wish for that spec."""

    spec: Json
    recorded: Any = None

    def worker_names(self) -> list[str]:
        """The names of the worker groups."""
        return list(CLUSTER_SPEC.child("workerGroupSpecs").index(self.spec.get("workerGroupSpecs")) or {})

    def head(self) -> LiveGroup:
        """The head group."""
        return LiveGroup(self.spec.get("headGroupSpec") or {}, sub_record(self.recorded, "headGroupSpec"))

    def worker(self, name: str) -> LiveGroup:
        """A worker group by its name."""
        groups = CLUSTER_SPEC.child("workerGroupSpecs").index(self.spec.get("workerGroupSpecs")) or {}
        return LiveGroup(groups.get(name, {}), sub_record(sub_record(self.recorded, "workerGroupSpecs"), name))
