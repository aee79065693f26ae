# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worker groups that are to be removed: the operator leaves their pods running, so they are scaled away before."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import pod_group
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import guards

Json = dict[str, Any]


def removed_groups(live: Json, target: Json) -> set[str]:
    """The names of the worker groups that a plan takes away."""
    return _names(live) - _names(target)


def drain_operations(live: Json, groups: set[str], pods: list[Json] | None) -> list[Json]:
    """The JSON patch that scales the groups to nothing; empty where an earlier run has already asked for that.

    With autoscaling the operator deletes only pods that it is told by name: OptionError where none can be seen.
    """
    autoscaling = (live.get("spec") or {}).get("enableInTreeAutoscaling")
    if autoscaling and pods is None:
        raise OptionError(
            f"worker_groups: {', '.join(sorted(groups))} cannot be removed this way. The cluster is autoscaled, and so "
            "the operator deletes only pods that it is told by name; no pods can be seen here. Use api: kubernetes, or "
            "purge_worker_groups: false"
        )
    patch: list[Json] = []
    for index, group in enumerate((live.get("spec") or {}).get("workerGroupSpecs") or []):
        name = group.get("groupName", "")
        if name not in groups:
            continue
        at = f"/spec/workerGroupSpecs/{index}"
        wanted: Json = {"replicas": 0, "minReplicas": 0}
        if autoscaling:
            named = ((group.get("scaleStrategy") or {}).get("workersToDelete")) or []
            names = [pod["metadata"]["name"] for pod in pods or [] if pod_group(pod) == name]
            wanted["scaleStrategy"] = {"workersToDelete": named if set(names) <= set(named) else names}
        patch += [
            {"op": "add", "path": f"{at}/{field}", "value": value}
            for field, value in wanted.items()
            if group.get(field) != value
        ]
    return [*guards(live), *patch] if patch else []


def _names(cluster: Json) -> set[str]:
    return {str(group.get("groupName")) for group in (cluster.get("spec") or {}).get("workerGroupSpecs") or []}
