# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a RayCronJob: a change of when it runs may make up for runs that never were."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CRON_JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_job_status import missed_runs, why_overdue
from ansible_collections.kuberay.core.plugins.module_utils._plan.immutable import fixed
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update

Json = dict[str, Any]

# What decides when it runs next, besides the time that it ran last.
_WHEN = re.compile(r"spec\.(schedule|timeZone|suspend)$")
# Enough to be a surprise.
_MOST = 100


def plan_cron_job(live: Json, wish: Json, is_partial: bool, now: datetime) -> Plan:
    """The plan for a live RayCronJob."""
    plan = plan_update(CRON_JOB, live, wish, None, None, is_partial)
    warnings = list(plan.warnings)
    if any(_WHEN.match(change.path) for change in plan.changes):
        warnings += _made_up_for({**(plan.target or live), "status": live.get("status") or {}}, now)
    late = why_overdue(live, now)
    return replace(plan, refused=fixed(plan.changes), warnings=[*warnings, *([late] if late else [])])


def _made_up_for(cron_job: Json, now: datetime) -> list[str]:
    """The operator goes on from the last run, or from the creation: by what the schedule says now."""
    if (cron_job.get("spec") or {}).get("suspend"):
        return []
    missed = missed_runs(cron_job, now, _MOST)
    if not missed:
        return []
    count = f"at least {_MOST} runs" if missed == _MOST else f"{missed} run{'s' if missed > 1 else ''}"
    return [
        f"{count} should have been since the last one, by this schedule. The operator starts them all at once, one "
        "after the other (KubeRay 1.6: a single one)"
    ]
