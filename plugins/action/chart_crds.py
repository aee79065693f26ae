# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""chart_crds in the controller's process; see plugin_utils/_in_process.py."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._options.chart_crds import CHART_CRDS
from ansible_collections.kuberay.core.plugins.module_utils._run.chart_crds import run_chart_crds
from ansible_collections.kuberay.core.plugins.plugin_utils._in_process import InProcessAction

Json = dict[str, Any]


def _as_it_is(action: ActionBase, given: Json, task_vars: Json) -> None:
    """The CRDs are a text already."""
    del action, given, task_vars


class ActionModule(InProcessAction):
    """Brings a chart's CRDs."""

    spec = CHART_CRDS
    run_task = staticmethod(run_chart_crds)
    read_wish = staticmethod(_as_it_is)
    # Once in a playbook.
    rooms = ()
    # The host's own, as Helm takes it there: both have to come to the same cluster.
    ships_kubeconfig = False
