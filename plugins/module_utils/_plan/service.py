# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a RayService: which way the operator takes a change, or that it takes none."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Rollout
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    clusters,
    has_timed_out,
    spec_written,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues, leave_to_kueue
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update
from ansible_collections.kuberay.core.plugins.module_utils._plan.service_rollout import (
    CONFIG,
    IN_PLACE,
    NEW_CLUSTER,
    NONE,
    with_rollout,
)

Json = dict[str, Any]


def plan_service(live: Json, wish: Json, is_partial: bool = False) -> Plan:
    """The plan for a live RayService."""
    laid = copy.deepcopy(wish)
    if is_kueues(live):
        leave_to_kueue(laid["spec"], live.get("spec") or {})
    plan = plan_update(SERVICE, live, wish, laid, None, is_partial)
    paths = [change.path for change in plan.changes]
    # Any other change of the spec is another generation, and the operator tells that it has looked at it.
    shows = any(path.startswith("spec") for path in paths)
    return with_rollout(replace(plan, shows=shows), live)


def how_to_recreate(options: Mapping[str, Any], live: Json) -> str:
    """The ``recreate`` for a service that stands as this one does.

    One that the operator has given up needs to be made again, changed or not.
    """
    wanted = str(options["recreate"])
    return "always" if wanted == "when_needed" and has_timed_out(live) else wanted


def rollout_of(plan: Plan) -> str:
    """Which way a plan takes what serves to what is wished for: a word of service_rollout.py in this room."""
    if plan.action in ("create", "recreate"):
        return NONE if ((plan.target or {}).get("spec") or {}).get("suspend") else NEW_CLUSTER
    return plan.rollout if plan.action == "patch" else NONE


def expected(plan: Plan, written: Json) -> Rollout:
    """What a wait has to see after this plan was carried out, and ``written`` is the object as it was then."""
    way = rollout_of(plan)
    return Rollout(
        version=str(written["metadata"].get("resourceVersion") or "") if plan.changed else "",
        submits=way == IN_PLACE and any(change.path == CONFIG for change in plan.changes),
        leaves=clusters(written) if way == NEW_CLUSTER and plan.action == "patch" else frozenset(),
        since=spec_written(written) if plan.changed else "",
    )
