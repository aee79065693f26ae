# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular about planning a RayJob: it is one shot, and takes few changes once it has begun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import (
    has_begun,
    has_failed,
    is_finished,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.kueue import is_kueues, leave_to_kueue
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, plan_update

Json = dict[str, Any]

# What the operator looks at as long as a job lives; everything else is read when an attempt begins.
_ANY_TIME = re.compile(
    r"metadata\b|spec\.(suspend|activeDeadlineSeconds|preRunningDeadlineSeconds|backoffLimit"
    r"|shutdownAfterJobFinishes|ttlSecondsAfterFinished|deletionStrategy)\b"
)
# What a job that is over has no use for any more, besides what only an attempt reads.
_WHILE_RUNNING = re.compile(r"spec\.(suspend|activeDeadlineSeconds|preRunningDeadlineSeconds|backoffLimit)\b")
# Jobs whose submitting is left to somebody else get the id of what was submitted later.
_JOB_ID = "spec.jobId"
_MANAGER = "spec.managedBy"


def plan_job(live: Json, wish: Json, is_partial: bool = False) -> Plan:
    """The plan for a live RayJob."""
    laid = {**wish, "spec": dict(wish["spec"])}
    if is_kueues(live):
        leave_to_kueue(laid["spec"], live.get("spec") or {})
    plan = plan_update(JOB, live, wish, laid, None, is_partial)
    paths = [change.path for change in plan.changes]
    fixed = [change.path for change in plan.changes if change.path == _MANAGER and change.op == "replace"]
    return replace(
        plan,
        shows="spec.suspend" in paths,
        refused=[*(f"{path} cannot be changed once it is set" for path in fixed), *_too_late(live, paths)],
    )


def how_to_recreate(options: Mapping[str, Any], live: Json) -> str:
    """The ``recreate`` that ``rerun`` comes to for a job that stands as this one does.

    A job that is still under way is joined and not started again, whatever ``rerun`` says: the run that began it may
    have been cancelled.
    """
    rerun = options["rerun"]
    if (rerun == "always" and is_finished(live)) or (rerun == "on_failure" and has_failed(live)):
        return "always"
    if rerun == "on_change" and options["recreate"] == "never":
        return "when_needed"
    return str(options["recreate"])


def _too_late(live: Json, paths: list[str]) -> list[str]:
    """The changes that come to nothing, because the job has begun or is over."""
    if not has_begun(live):
        return []
    interactive = (live.get("spec") or {}).get("submissionMode") == "InteractiveMode"
    late = [path for path in paths if not _ANY_TIME.match(path) and not (interactive and path == _JOB_ID)]
    over = [path for path in paths if _WHILE_RUNNING.match(path)] if is_finished(live) else []
    told = [f"{', '.join(late)}: the job has begun with what it was"] if late else []
    return [*told, *([f"{', '.join(over)}: the job is over"] if over else [])]
