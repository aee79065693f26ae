# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worker groups that are to be removed: the operator leaves their pods running, so they are scaled away before."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import guards

Json = dict[str, Any]


def removed_groups(live: Json, target: Json) -> set[str]:
    """The names of the worker groups that a plan takes away."""
    return _names(live) - _names(target)


def drain_operations(live: Json, groups: set[str], pods: list[Json]) -> list[Json]:
    """The JSON patch that scales the groups to nothing.

    With autoscaling the operator deletes only pods that it is told by name.
    """
    autoscaling = (live.get("spec") or {}).get("enableInTreeAutoscaling")
    patch = guards(live)
    for index, group in enumerate((live.get("spec") or {}).get("workerGroupSpecs") or []):
        name = group.get("groupName", "")
        if name not in groups:
            continue
        at = f"/spec/workerGroupSpecs/{index}"
        patch += [{"op": "add", "path": f"{at}/{field}", "value": 0} for field in ("replicas", "minReplicas")]
        if autoscaling:
            names = [pod["metadata"]["name"] for pod in pods if pod["metadata"]["labels"].get("ray.io/group") == name]
            patch.append({"op": "add", "path": f"{at}/scaleStrategy", "value": {"workersToDelete": names}})
    return patch


def _names(cluster: Json) -> set[str]:
    return {str(group.get("groupName")) for group in (cluster.get("spec") or {}).get("workerGroupSpecs") or []}
