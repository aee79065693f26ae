# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a compute template: it is compared by what it means, and replaced as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import DATA_KEYS, mean_the_same, read_data
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update

Json = dict[str, Any]
# KubeRay's APIServer says so nowhere; it makes "8" of an 8 without a unit.
_NO_UNIT = (
    "it names no memory_unit, as KubeRay before 1.5 made it; an APIServer of 1.5 or later takes its memory for bytes. "
    "Say memory_unit in the task to have it written"
)


def plan_template(live: Json, wish: Json, names_unit: bool) -> Plan:
    """The plan for a template that is there; ``names_unit``: the task says the unit of its memory itself."""
    data = live.get("data") or {}
    has_unit = bool(data.get("memory_unit"))
    if not _same(live, wish) or (names_unit and not has_unit):
        others = {key: value for key, value in data.items() if key not in DATA_KEYS}
        return plan_update(TEMPLATE, live, wish, base={**live, "data": others})
    plan = plan_update(TEMPLATE, live, wish, laid={**wish, "data": data})
    if plan.only_records and load_record(live) is None:
        # Of a template that others made there is nothing to remember: it is replaced as a whole all the same.
        plan = Plan("none", live)
    return plan if has_unit else replace(plan, warnings=[*plan.warnings, _NO_UNIT])


def _same(live: Json, wish: Json) -> bool:
    name = wish["metadata"]["name"]
    try:
        there = read_data(name, live.get("data") or {})
    except OptionError:
        return False
    return mean_the_same(there, read_data(name, wish["data"]))
