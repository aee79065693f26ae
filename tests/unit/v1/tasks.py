# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that V1 can carry out, and the resources and messages that they come to."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.job import desired_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import parse_template
from ansible_collections.kuberay.core.plugins.module_utils._desired.service import desired_service
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message

from tests.unit.builders import IMAGE, job_options, options, service_options

Json = dict[str, Any]
DATA: dict[str, dict[str, str]] = {
    "small": {"cpu": "2", "memory": "4", "memory_unit": "Gi"},
    "big": {"cpu": "8", "memory": "32", "memory_unit": "Gi", "tolerations": '[{"key":"gpu","operator":"Exists"}]'},
}
TEMPLATES = {name: parse_template(name, data) for name, data in DATA.items()}
HEAD: Json = {"compute_template": "small", "ray_start_params": {"dashboard-host": "0.0.0.0"}}
WORKER: Json = {"group_name": "one", "compute_template": "small", "replicas": 1, "max_replicas": 3}
GROUPS: Json = {"head_group": HEAD, "worker_groups": [WORKER]}
SERVE = {"applications": [{"name": "a", "import_path": "m:app", "route_prefix": "/"}]}
# The least that V1 takes of each kind.
BASES: dict[str, Json] = {
    CLUSTER.name: GROUPS,
    JOB.name: {"entrypoint": "true", "cluster": {"image": IMAGE, **GROUPS}},
    SERVICE.name: {"serve_config": SERVE, "cluster": {"image": IMAGE, **GROUPS}},
}
_WISHES: dict[str, Any] = {
    CLUSTER.name: (options, desired_cluster),
    JOB.name: (job_options, desired_job),
    SERVICE.name: (service_options, desired_service),
}


def wish(kind: Kind, task: Json) -> Json:
    """The resource that a task wishes for."""
    checked, desired = _WISHES[kind.name]
    resource: Json = desired(checked(**copy.deepcopy(task)), "ray", None, DATA.__getitem__)
    return resource


def message(kind: Kind, task: Json) -> Json:
    """The message that asks for it."""
    return to_message(kind, wish(kind, task))


def base(kind: Kind) -> Json:
    """A task that says as little as possible."""
    return copy.deepcopy(BASES[kind.name])


def with_option(task: Json, path: str, value: Any) -> Json:
    """A task with one more option; ``head_group.env`` or ``worker_groups.0.env`` lead to one inside others."""
    task = copy.deepcopy(task)
    place: Any = task
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
    place[last] = value
    return task
