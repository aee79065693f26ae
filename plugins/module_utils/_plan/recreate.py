# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a change that a live object does not take: it is refused, told about, or the object is made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import NeedsRecreate
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan

Json = dict[str, Any]
# What a new object may take over from the metadata of the old one; the rest is the server's.
_KEPT_METADATA = ("name", "namespace", "labels", "annotations", "ownerReferences")


def settled(plan: Plan, live: Json, recreate: str, anew: Callable[[Json], Json]) -> Plan:
    """The plan as the option ``recreate`` wants it; NeedsRecreate where that forbids what would be needed.

    ``anew`` is an object of this kind without what belongs to its present life only.
    """
    if recreate == "always" or (recreate == "when_needed" and (plan.refused or plan.deferred)):
        target = plan.target or live
        metadata = {name: target["metadata"][name] for name in _KEPT_METADATA if name in target["metadata"]}
        again = anew({**{part: target[part] for part in ("apiVersion", "kind", "spec")}, "metadata": metadata})
        return replace(plan, action="recreate", target=again, shows=True, replaces_pods=False)
    if plan.refused:
        raise NeedsRecreate(
            f"{'; '.join(plan.refused)}. To have the object deleted, and created again when its pods are gone, set "
            "recreate=when_needed",
            details=plan.reasons(),
        )
    return replace(plan, warnings=[*plan.warnings, *plan.deferred])
