# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What facts cost besides the one read: read only where it was asked for, and not a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CRON_JOB_LABEL, JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection, Transport

Json = dict[str, Any]


def _jobs(transport: Transport, ref: Ref, _resource: Json) -> list[Json]:
    """The jobs that a cron job has made."""
    made = Selection(JOB, ref.namespace, f"{CRON_JOB_LABEL}={ref.name}")
    return [job for page in transport.pages(made) for job in page]


_READS: dict[str, Callable[[Transport, Ref, Json], Any]] = {
    "events": lambda transport, ref, _resource: transport.events(ref),
    "pods": lambda transport, ref, resource: transport.pods(ref, resource),
    "log": lambda transport, ref, resource: transport.job_log(ref, resource),
    "jobs": _jobs,
    "external": lambda transport, ref, resource: transport.ways_in(ref, resource),
}
GATHERED = tuple(_READS)


def gathered(transport: Transport, ref: Ref, seen: Observation, wanted: Iterable[str]) -> Observation:
    """The observation with what is wanted of GATHERED, as far as it was not seen already."""
    resource = seen.resource or {}
    missing = [name for name in wanted if getattr(seen, name) is None]
    return replace(seen, **{name: _READS[name](transport, ref, resource) for name in missing})
