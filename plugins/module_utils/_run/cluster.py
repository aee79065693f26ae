# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cluster: a task on one RayCluster."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import is_drained
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import anew, plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed, Options
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import CLUSTER as WAITS
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import drained

Json = dict[str, Any]


def _plan(live: Json, wish: Json, options: Options) -> Plan:
    return plan_cluster(live, wish, options["purge_worker_groups"], options["state"] == PARTIAL)


def _level(options: Options, written: Json) -> str:
    """Kueue suspends what it has not admitted yet, and a wait is for its end; anybody else's suspend is to stay."""
    suspended = written["spec"].get("suspend") and not is_kueues(written)
    return "suspended" if suspended else str(options["wait_for"])


class ClusterTask(ObjectTask):
    """One task on one RayCluster."""

    managed = Managed(
        kind=CLUSTER,
        wish=desired_cluster,
        plan=_plan,
        facts=cluster_facts,
        waits=WAITS,
        level=_level,
        wait_seconds=600,
        anew=anew,
    )

    def _make_way(self, plan: Plan, live: Json) -> bool:
        """Let the pods of worker groups that are to be removed go first: the operator would leave them running."""
        if plan.action != "patch" or self._context.check_mode:
            return False
        from ansible_collections.kuberay.core.plugins.module_utils._plan.drain import drain_operations, removed_groups
        from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Goal

        groups = removed_groups(live, plan.target or {})
        if not groups:
            return False
        pods = self._transport.pods(self._ref, live)
        if is_drained(live, groups, pods):
            return False
        drain = drain_operations(live, groups, pods)
        written = self._writer.patch(drain)["metadata"]["generation"] if drain else 0
        self._context.progress(f"{self._ref.name}: removing the workers of {', '.join(sorted(groups))}")
        self.waiter().reach(Goal("without its removed workers", drained(groups), written), self.deadline())
        return True


run_cluster = ClusterTask.run
