# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_template: a task on one compute template."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._desired.template import desired_template
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import left_out
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._facts.template import template_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import (
    COMPUTE_TEMPLATE,
    CONFIG_TYPE,
    is_template,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.template import plan_template
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed, Options
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask
from ansible_collections.kuberay.core.plugins.module_utils._wait.template import TEMPLATE as WAITS

Json = dict[str, Any]

# What a task on a kind with pods and an operator may say. A template has neither: it is there when it is written.
_SETTLED: Json = {"wait": False, "validate": "off", "delete_options": {"propagation_policy": "Background"}}


def _plan(live: Json, wish: Json, options: Options) -> Plan:
    return plan_template(live, wish, names_unit=not left_out(options["memory_unit"]))


class TemplateTask(ObjectTask):
    """One task on one compute template."""

    managed = Managed(
        kind=TEMPLATE,
        wish=desired_template,
        plan=_plan,
        facts=template_facts,
        waits=WAITS,
        level=lambda _options, _written: "created",
        wait_seconds=300,
    )

    def _read(self) -> Json | None:
        """The ConfigMap, if it is a template; nobody else's is ever written to or deleted."""
        live = super()._read()
        if live is None or is_template(live):
            return live
        told = f"{self._ref} is no compute template: it does not have the label {CONFIG_TYPE}={COMPUTE_TEMPLATE}"
        if self._options["state"] == "absent":
            self._context.warn_once(f"{told}; it is left alone")
            return None
        raise OptionError(f"name: {told}. It is left as it is; give the template another name")


def run_template(options: Json, context: Context) -> Json:
    """Bring one compute template into the wished state."""
    return TemplateTask.run({**options, **_SETTLED}, context)
