# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of KubeRay as tasks on many objects take them: what a task on one of them is, and its usual options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB
from ansible_collections.kuberay.core.plugins.module_utils._run.cluster import ClusterTask
from ansible_collections.kuberay.core.plugins.module_utils._run.job import JobTask
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


KINDS = {
    one.task.managed.kind.name: one
    for one in (
        ManagedKind(ClusterTask, CLUSTER),
        ManagedKind(JobTask, JOB),
    )
}
