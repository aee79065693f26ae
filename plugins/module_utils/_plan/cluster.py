# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a RayCluster: what belongs to the autoscaler, to Kueue, and to nobody."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues, leave_to_kueue
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update

Json = dict[str, Any]


def plan_cluster(live: Json, wish: Json, purge: bool, is_partial: bool = False) -> Plan:
    """The plan for a live RayCluster; ``purge`` removes worker groups that the wish does not name.

    A partial wish (``state: patched``) removes nothing.
    """
    laid, base = _leave_to_others(live, wish, is_partial), None
    others = _groups_not_named(live, wish)
    purge = purge and not is_partial
    if others and not purge:
        # Groups that our own last wish made would go with it otherwise.
        laid = with_others_groups(live, laid)
    elif others and "workerGroupSpecs" in wish["spec"]:
        base = {**live, "spec": {**live["spec"], "workerGroupSpecs": _without(live, others)}}
    plan = plan_update(CLUSTER, live, wish, laid, base, is_partial)
    if not plan.changes:
        return plan
    from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster_effects import with_effects

    return with_effects(plan, _is_recreated(plan.target or live))


def with_others_groups(live: Json, wish: Json) -> Json:
    """The wish with the live worker groups that it does not name."""
    groups = [*_worker_groups(wish), *_groups_not_named(live, wish)]
    return {**wish, "spec": {**wish["spec"], "workerGroupSpecs": groups}} if groups else wish


def anew(cluster: Json) -> Json:
    """A cluster that is to be made again, without the names of pods that were to be deleted from it."""
    cluster = copy.deepcopy(cluster)
    for group in _worker_groups(cluster):
        group.pop("scaleStrategy", None)
    return cluster


def _leave_to_others(live: Json, wish: Json, is_partial: bool) -> Json:
    """The wish with the values of the live object where they are another's to set."""
    spec, live_spec = dict(wish["spec"]), live.get("spec") or {}
    recorded = None if is_partial else sub_record(load_record(live), "spec")
    if _is_autoscaled(spec, live_spec, recorded):
        _leave_replicas(spec, live_spec)
    if is_kueues(live):
        leave_to_kueue(spec, live_spec)
    elif "suspend" not in spec and "suspend" in live_spec and sub_record(recorded, "suspend"):
        # Removing the field would leave the cluster suspended: the operator resumes on an explicit false only.
        spec["suspend"] = False
    return {**wish, "spec": spec}


def _is_autoscaled(spec: Json, live_spec: Json, recorded: Any) -> bool:
    """Whether the cluster will be autoscaled: as the wish says, else as others do."""
    field = "enableInTreeAutoscaling"
    if field in spec or sub_record(recorded, field):
        return bool(spec.get(field))
    return bool(live_spec.get(field))


def _leave_replicas(spec: Json, live_spec: Json) -> None:
    """Live replicas inside min..max are the autoscaler's."""
    groups = {group.get("groupName"): group for group in live_spec.get("workerGroupSpecs") or []}
    laid = []
    for group in spec.get("workerGroupSpecs") or []:
        replicas = groups.get(group.get("groupName"), {}).get("replicas")
        is_inside = replicas is not None and (
            group.get("minReplicas", 0) <= replicas <= group.get("maxReplicas", MOST_REPLICAS)
        )
        laid.append({**group, "replicas": replicas} if is_inside else group)
    if laid:
        spec["workerGroupSpecs"] = laid


def _groups_not_named(live: Json, wish: Json) -> list[Json]:
    """The live worker groups that a wish leaves out."""
    wished = {group.get("groupName") for group in wish["spec"].get("workerGroupSpecs") or []}
    return [group for group in _worker_groups(live) if group.get("groupName") not in wished]


def _without(live: Json, others: list[Json]) -> list[Json]:
    return [group for group in _worker_groups(live) if group not in others]


def _worker_groups(cluster: Json) -> list[Json]:
    return (cluster.get("spec") or {}).get("workerGroupSpecs") or []


def _is_recreated(cluster: Json) -> bool:
    return (cluster["spec"].get("upgradeStrategy") or {}).get("type") == "Recreate"
