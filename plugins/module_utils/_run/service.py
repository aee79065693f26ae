# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_service: a task on one RayService."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.service import desired_service
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL
from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Rollout
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import seconds_of, spec_written
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.service import (
    expected,
    how_to_recreate,
    plan_service,
    rollout_of,
)
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed, Options
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask
from ansible_collections.kuberay.core.plugins.module_utils._wait.service import SERVICE as WAITS

Json = dict[str, Any]
# A spec that was written more recently than this may not be at Ray yet: by a run that was killed, or by somebody else.
_RECENTLY = 15.0


def _plan(live: Json, wish: Json, options: Options) -> Plan:
    return plan_service(live, wish, options["state"] == PARTIAL)


def _level(options: Options, written: Json) -> str:
    """A service that is to sleep comes as far as that. Kueue suspends what it has not admitted yet."""
    if options["wait_for"] == "created":
        return "created"
    suspended = (written.get("spec") or {}).get("suspend") and not is_kueues(written)
    return "suspended" if suspended else str(options["wait_for"])


def _expected(plan: Plan, written: Json) -> Rollout:
    rollout = expected(plan, written)
    if plan.changed:
        return rollout
    age = time.time() - seconds_of(spec_written(written))
    return rollout._replace(submits=age < _RECENTLY)


class ServiceTask(ObjectTask):
    """One task on one RayService."""

    managed = Managed(
        kind=SERVICE,
        wish=desired_service,
        plan=_plan,
        facts=service_facts,
        waits=WAITS,
        level=_level,
        wait_seconds=900,
        recreate=how_to_recreate,
        rollout=rollout_of,
        expected=_expected,
    )


run_service = ServiceTask.run
