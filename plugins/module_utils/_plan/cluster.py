# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a RayCluster: what belongs to the autoscaler, to Kueue, and to nobody."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update

Json = dict[str, Any]
KUEUE_LABEL = "kueue.x-k8s.io/queue-name"
# A running pod keeps the template that it was made from.
_POD_PATH = re.compile(r"spec\.(headGroupSpec|workerGroupSpecs\[([^\]]+)\])\.(template|rayStartParams)\b")
# What moves the counts or the state in a status: only then does the operator write it.
_SHOWN_PATH = re.compile(
    r"spec\.(suspend|workerGroupSpecs(\[[^\]]+\](\.(replicas|minReplicas|maxReplicas|numOfHosts|suspend))?)?)$"
)
# With the upgrade strategy Recreate any change of the spec makes every pod anew, but for what its hash leaves out.
_HASHED_PATH = re.compile(r"spec\.(?!upgradeStrategy)")
_MUTED_PATH = re.compile(
    r"^spec\.workerGroupSpecs\[[^\]]+\]\.(replicas|minReplicas|maxReplicas|scaleStrategy)\b"
    r"|\.template\.spec\.(tolerations|schedulingGates)\b"
)


def plan_cluster(live: Json, wish: Json, purge: bool, is_partial: bool = False) -> Plan:
    """The plan for a live RayCluster; ``purge`` removes worker groups that the wish does not name.

    A partial wish (``state: patched``) removes nothing.
    """
    laid, base = _leave_to_others(live, wish, is_partial), live
    others = _groups_not_named(live, wish)
    purge = purge and not is_partial
    if others and not purge:
        # Groups that our own last wish made would go with it otherwise.
        laid["spec"]["workerGroupSpecs"] = laid["spec"].get("workerGroupSpecs", []) + copy.deepcopy(others)
    elif others and "workerGroupSpecs" in wish["spec"]:
        base = {**live, "spec": {**live["spec"], "workerGroupSpecs": _without(live, others)}}
    plan = plan_update(CLUSTER, live, wish, laid, base, is_partial)
    paths = [change.path for change in plan.changes]
    if _is_recreated(plan.target or live):
        replaces_pods = any(_HASHED_PATH.match(path) and not _MUTED_PATH.search(path) for path in paths)
        return replace(plan, replaces_pods=replaces_pods, shows=replaces_pods or _shows(paths))
    return replace(plan, warnings=_kept_pods(paths), shows=_shows(paths))


def is_kueues(cluster: Json) -> bool:
    """Whether Kueue decides when this cluster may run."""
    return KUEUE_LABEL in (cluster["metadata"].get("labels") or {})


def _leave_to_others(live: Json, wish: Json, is_partial: bool) -> Json:
    """The wish with the values of the live object where they are another's to set."""
    laid = copy.deepcopy(wish)
    spec, live_spec = laid["spec"], live.get("spec") or {}
    recorded = None if is_partial else sub_record(load_record(live), "spec")
    if _is_autoscaled(spec, live_spec, recorded):
        _leave_replicas(spec, live_spec)
    if is_kueues(live):
        _copy(spec, live_spec, "suspend")
    elif "suspend" not in spec and "suspend" in live_spec and sub_record(recorded, "suspend"):
        # Removing the field would leave the cluster suspended: the operator resumes on an explicit false only.
        spec["suspend"] = False
    return laid


def _is_autoscaled(spec: Json, live_spec: Json, recorded: Any) -> bool:
    """Whether the cluster will be autoscaled: as the wish says, else as others do."""
    field = "enableInTreeAutoscaling"
    if field in spec or sub_record(recorded, field):
        return bool(spec.get(field))
    return bool(live_spec.get(field))


def _leave_replicas(spec: Json, live_spec: Json) -> None:
    """Live replicas inside min..max are the autoscaler's."""
    groups = {group.get("groupName"): group for group in live_spec.get("workerGroupSpecs") or []}
    for group in spec.get("workerGroupSpecs") or []:
        replicas = groups.get(group.get("groupName"), {}).get("replicas")
        if replicas is None:
            continue
        if group.get("minReplicas", 0) <= replicas <= group.get("maxReplicas", MOST_REPLICAS):
            group["replicas"] = replicas


def _copy(spec: Json, live_spec: Json, field: str) -> None:
    if field in live_spec:
        spec[field] = live_spec[field]
    else:
        spec.pop(field, None)


def _groups_not_named(live: Json, wish: Json) -> list[Json]:
    """The live worker groups that a wish leaves out."""
    wished = {group.get("groupName") for group in wish["spec"].get("workerGroupSpecs") or []}
    return [group for group in _live_groups(live) if group.get("groupName") not in wished]


def _without(live: Json, others: list[Json]) -> list[Json]:
    return [group for group in _live_groups(live) if group not in others]


def _live_groups(live: Json) -> list[Json]:
    return (live.get("spec") or {}).get("workerGroupSpecs") or []


def _is_recreated(cluster: Json) -> bool:
    return (cluster["spec"].get("upgradeStrategy") or {}).get("type") == "Recreate"


def _shows(paths: list[str]) -> bool:
    return any(_SHOWN_PATH.match(path) for path in paths)


def _kept_pods(paths: list[str]) -> list[str]:
    """Which pods will go on with an old template: the operator uses a new one only for pods that it makes anew."""
    groups = {match[2] or "head" for match in map(_POD_PATH.match, paths) if match}
    if not groups:
        return []
    names = ", ".join(sorted(groups))
    return [f"the running pods of {names} keep their old template until they are deleted; the operator leaves them be"]
