# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of KubeRay as tasks on many objects take them: what a task on one of them is, and its usual options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, CRON_JOB, JOB, SERVICE

if TYPE_CHECKING:
    from ansible_collections.kuberay.core.plugins.module_utils._run.task import ObjectTask

Json = dict[str, Any]


@dataclass(frozen=True)
class ManagedKind:
    """The task on an object of a kind; ``spec`` is what its module takes."""

    task: type[ObjectTask]
    spec: Json

    def options(self, given: Json) -> Json:
        """The options of the kind's module, as they are where they are left out, under those that are given."""
        usual = {name: option.get("default") for name, option in self.spec["argument_spec"].items()}
        return {**usual, **given}


def _cluster() -> ManagedKind:
    from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER as OPTIONS
    from ansible_collections.kuberay.core.plugins.module_utils._run.cluster import ClusterTask

    return ManagedKind(ClusterTask, OPTIONS)


def _job() -> ManagedKind:
    from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB as OPTIONS
    from ansible_collections.kuberay.core.plugins.module_utils._run.job import JobTask

    return ManagedKind(JobTask, OPTIONS)


def _service() -> ManagedKind:
    from ansible_collections.kuberay.core.plugins.module_utils._options.service import SERVICE as OPTIONS
    from ansible_collections.kuberay.core.plugins.module_utils._run.service import ServiceTask

    return ManagedKind(ServiceTask, OPTIONS)


def _cron_job() -> ManagedKind:
    from ansible_collections.kuberay.core.plugins.module_utils._options.cron_job import CRON_JOB as OPTIONS
    from ansible_collections.kuberay.core.plugins.module_utils._run.cron_job import CronJobTask

    return ManagedKind(CronJobTask, OPTIONS)


# Most lists are of one kind: what the others are is not read for them.
_KINDS: dict[str, Callable[[], ManagedKind]] = {
    CLUSTER.name: _cluster,
    JOB.name: _job,
    SERVICE.name: _service,
    CRON_JOB.name: _cron_job,
}
NAMES = tuple(_KINDS)


@cache
def managed_kind(name: str) -> ManagedKind:
    """The kind of that name, which is one of NAMES."""
    return _KINDS[name]()
