# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cronjob: a task on one RayCronJob."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.cron_job import desired_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL
from ansible_collections.kuberay.core.plugins.module_utils._facts.cron_job import cron_job_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CRON_JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_job_status import is_suspended
from ansible_collections.kuberay.core.plugins.module_utils._plan.cron_job import plan_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed, Options
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask
from ansible_collections.kuberay.core.plugins.module_utils._wait.cron_job import CRON_JOB as WAITS

Json = dict[str, Any]


def _plan(live: Json, wish: Json, options: Options) -> Plan:
    return plan_cron_job(live, wish, options["state"] == PARTIAL, datetime.now(timezone.utc))


def _level(options: Options, written: Json) -> str:
    """One that sleeps makes no job to wait for."""
    return "created" if is_suspended(written) else str(options["wait_for"])


class CronJobTask(ObjectTask):
    """One task on one RayCronJob."""

    managed = Managed(
        kind=CRON_JOB,
        wish=desired_cron_job,
        plan=_plan,
        facts=cron_job_facts,
        waits=WAITS,
        level=_level,
        wait_seconds=300,
    )


run_cron_job = CronJobTask.run
