# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a RayCronJob: its levels, and where it stands."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._objects.cron_job_status import is_suspended, last_run
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules


def _nothing(_sign: Sign) -> bool:
    return False


def _is_gone(seen: Observation) -> bool:
    """An object that is deleted in the foreground stays until its jobs are gone, with their clusters and pods."""
    return seen.resource is None


def _describe(seen: Observation) -> str:
    if seen.resource is None:
        return "gone"
    if seen.resource["metadata"].get("deletionTimestamp"):
        return "being deleted"
    if is_suspended(seen.resource):
        return "suspended"
    last = last_run(seen.resource)
    return f"ran last at {last}" if last else "has not run yet"


CRON_JOB = WaitRules(
    levels={
        "created": Level(lambda seen: seen.resource is not None),
        "scheduled": Level(lambda seen: last_run(seen.resource or {}) is not None),
        "gone": Level(_is_gone, concerns=_nothing, needs_object=False),
        "deleted": Level(_is_gone, concerns=_nothing, needs_object=False),
    },
    looks_right=lambda _seen: False,
    describe=_describe,
)
