# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_job and kuberay_job_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER_OPTIONS
from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC, gather, instead_of
from ansible_collections.kuberay.core.plugins.module_utils._options.reading import READING_SPEC

Spec = dict[str, Any]

_POLICY: Spec = {"type": "str", "choices": ["DeleteCluster", "DeleteWorkers", "DeleteSelf", "DeleteNone"]}
_DELETION_RULE: Spec = {
    "policy": {**_POLICY, "required": True},
    "job_status": {"type": "str", "choices": ["SUCCEEDED", "FAILED"]},
    "job_deployment_status": {"type": "str", "choices": ["Failed"]},
    "ttl_seconds": {"type": "int"},
}
_DELETION_STRATEGY: Spec = {
    "deletion_rules": {"type": "list", "elements": "dict", "options": _DELETION_RULE},
    "on_success": _POLICY,
    "on_failure": _POLICY,
}

# What describes a job itself; a cron job has the same under job.
JOB_OPTIONS: Spec = {
    "entrypoint": {"type": "str"},
    "entrypoint_num_cpus": {"type": "float"},
    "entrypoint_num_gpus": {"type": "float"},
    "entrypoint_resources": {"type": "raw"},
    "runtime_env": {"type": "raw"},
    "metadata": {"type": "dict"},
    "cluster": {"type": "dict", "options": {**CLUSTER_OPTIONS, "spec": {"type": "dict"}}},
    "cluster_selector": {"type": "dict"},
    "submission_mode": {"type": "str", "choices": ["K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"]},
    "submitter_config": {"type": "dict", "options": {"backoff_limit": {"type": "int"}}},
    "submitter_pod_template": {"type": "dict"},
    "job_id": {"type": "str"},
    "backoff_limit": {"type": "int"},
    "active_deadline_seconds": {"type": "int"},
    "pre_running_deadline_seconds": {"type": "int"},
    "shutdown_after_job_finishes": {"type": "bool"},
    "ttl_seconds_after_finished": {"type": "int"},
    "deletion_strategy": {"type": "dict", "options": _DELETION_STRATEGY},
    "managed_by": {"type": "str", "choices": ["ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"]},
}
_WISH: Spec = {
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "suspend": {"type": "bool"},
    **JOB_OPTIONS,
    "spec": {"type": "dict"},
}

JOB: Spec = {
    "argument_spec": {
        **MANAGING_SPEC,
        **_WISH,
        "rerun": {"type": "str", "choices": ["never", "on_failure", "on_change", "always"], "default": "never"},
        "fail_on_job_failure": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "choices": ["created", "running", "finished"], "default": "finished"},
        "gather": gather("events", "pods", "log"),
        **CONNECTION_SPEC,
    },
    **instead_of(_WISH),
    "supports_check_mode": True,
}

JOB_INFO: Spec = {
    "argument_spec": {**READING_SPEC, "gather": gather("events", "pods", "log"), **CONNECTION_SPEC},
    "supports_check_mode": True,
}
