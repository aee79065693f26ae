# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_job: a task on one RayJob."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.job import desired_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL
from ansible_collections.kuberay.core.plugins.module_utils._errors import JobFailed
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import (
    has_failed,
    is_finished,
    is_interactive,
    submission_id,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._plan.job import how_to_recreate, plan_job
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed, Options
from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask
from ansible_collections.kuberay.core.plugins.module_utils._wait.job import JOB as WAITS

Json = dict[str, Any]


def _plan(live: Json, wish: Json, options: Options) -> Plan:
    return plan_job(live, wish, options["state"] == PARTIAL)


def _level(options: Options, written: Json) -> str:
    """A job that is to sleep, or that somebody else submits, comes as far as that."""
    if options["wait_for"] == "created" or is_finished(written):
        return str(options["wait_for"])
    if (written.get("spec") or {}).get("suspend") and not is_kueues(written):
        return "suspended"
    if is_interactive(written) and submission_id(written) is None:
        return "waiting"
    return str(options["wait_for"])


class JobTask(ObjectTask):
    """One task on one RayJob."""

    managed = Managed(
        kind=JOB,
        wish=desired_job,
        plan=_plan,
        facts=job_facts,
        waits=WAITS,
        level=_level,
        wait_seconds=3600,
        recreate=how_to_recreate,
    )

    def _waited(self, seen: Observation) -> Observation:
        """A job that is over gives its log, and fails the task where it failed itself."""
        job = seen.resource or {}
        if not is_finished(job) or (self.is_one_of_many and not has_failed(job)):
            return seen
        seen = replace(seen, log=self._transport.job_log(self._ref, job))
        if self._options["fail_on_job_failure"] and has_failed(job):
            raise JobFailed(f"{self._ref} {_cause(seen)}. {_WAY_OUT}", facts={"seen": seen})
        return seen


_WAY_OUT = "rerun=on_failure runs it again, fail_on_job_failure=false only looks"


def _cause(seen: Observation) -> str:
    """Why a job failed, in a line: the reason, what the operator says, and the last words of the job itself."""
    facts = job_facts(seen) or {}
    lines = [line.strip() for line in (facts["message"] or "").splitlines() if line.strip()]
    last = next((line.strip() for line in reversed((seen.log or "").splitlines()) if line.strip()), None)
    said = [*lines[:1], *([last] if last and last not in lines[:1] else [])]
    reason = f" ({seen.status['reason']})" if seen.status.get("reason") else ""
    return f"{facts['state']}{reason}: {' … '.join(said) or 'nothing more is known'}".rstrip(".")


run_job = JobTask.run
