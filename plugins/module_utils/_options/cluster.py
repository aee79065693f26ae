# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_cluster and kuberay_cluster_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC, gather, instead_of
from ansible_collections.kuberay.core.plugins.module_utils._options.reading import READING_SPEC

Spec = dict[str, Any]

_TOLERATION: Spec = {
    "key": {"type": "str", "no_log": False},
    "operator": {"type": "str", "choices": ["Exists", "Equal"]},
    "value": {"type": "str"},
    "effect": {"type": "str", "choices": ["NoSchedule", "PreferNoSchedule", "NoExecute"]},
    "toleration_seconds": {"type": "int"},
}

_VOLUME: Spec = {
    "name": {"type": "str", "required": True},
    "mount_path": {"type": "str", "required": True},
    "volume_type": {
        "type": "str",
        "required": True,
        "choices": ["persistent_volume_claim", "host_path", "ephemeral", "configmap", "secret", "empty_dir"],
    },
    "source": {"type": "str"},
    "read_only": {"type": "bool"},
    "host_path_type": {"type": "str", "choices": ["directory", "file"]},
    "mount_propagation_mode": {"type": "str", "choices": ["none", "host_to_container", "bidirectional"]},
    "storage_class_name": {"type": "str"},
    "access_mode": {"type": "str", "choices": ["RWO", "ROX", "RWX"]},
    "storage": {"type": "str"},
    "items": {"type": "dict"},
}

_ENV_FROM: Spec = {
    "config_map": {"type": "str"},
    "secret": {"type": "str", "no_log": False},
    "prefix": {"type": "str"},
}

_GROUP: Spec = {
    "compute_template": {"type": "str"},
    "resources": {"type": "dict"},
    "image": {"type": "str"},
    "image_pull_policy": {"type": "str", "choices": ["Always", "IfNotPresent", "Never"]},
    "image_pull_secret": {"type": "str", "no_log": False},
    "ray_start_params": {"type": "dict"},
    "env": {"type": "dict"},
    "env_from": {"type": "list", "elements": "dict", "options": _ENV_FROM},
    "volumes": {"type": "list", "elements": "dict", "options": _VOLUME},
    "security_context": {"type": "dict"},
    "service_account": {"type": "str"},
    "node_selector": {"type": "dict"},
    "tolerations": {"type": "list", "elements": "dict", "options": _TOLERATION},
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "template": {"type": "dict"},
}

_HEAD: Spec = {
    **_GROUP,
    "service_type": {"type": "str", "choices": ["ClusterIP", "NodePort", "LoadBalancer"]},
    "enable_ingress": {"type": "bool"},
}

_WORKER: Spec = {
    "group_name": {"type": "str", "required": True},
    "replicas": {"type": "int"},
    "min_replicas": {"type": "int"},
    "max_replicas": {"type": "int"},
    "num_of_hosts": {"type": "int"},
    **_GROUP,
}

_AUTOSCALER: Spec = {
    "version": {"type": "str", "choices": ["v1", "v2"]},
    "idle_timeout_seconds": {"type": "int"},
    "upscaling_mode": {"type": "str", "choices": ["Default", "Aggressive", "Conservative"]},
    "image": {"type": "str"},
    "image_pull_policy": {"type": "str", "choices": ["Always", "IfNotPresent", "Never"]},
    "resources": {"type": "dict"},
    "env": {"type": "dict"},
    "env_from": {"type": "list", "elements": "dict", "options": _ENV_FROM},
    "security_context": {"type": "dict"},
}

_GCS_FAULT_TOLERANCE: Spec = {
    "redis_address": {"type": "str"},
    "redis_username": {"type": "dict"},
    "redis_password": {"type": "dict", "no_log": False},
    "external_storage_namespace": {"type": "str"},
    "backend": {"type": "str", "choices": ["redis", "rocksdb"]},
    "storage": {"type": "dict"},
}

_AUTH: Spec = {
    "mode": {"type": "str", "choices": ["disabled", "token"]},
    "secret_name": {"type": "str", "no_log": False},
    "enable_k8s_token_auth": {"type": "bool", "no_log": False},
}

_UPGRADE_STRATEGY: Spec = {"type": {"type": "str", "choices": ["Recreate", "None"]}}

CLUSTER_OPTIONS: Spec = {
    "ray_version": {"type": "raw"},
    "image": {"type": "str"},
    "head_group": {"type": "dict", "options": _HEAD},
    "worker_groups": {"type": "list", "elements": "dict", "options": _WORKER},
    "enable_in_tree_autoscaling": {"type": "bool"},
    "autoscaler_options": {"type": "dict", "options": _AUTOSCALER},
    "head_service_annotations": {"type": "dict"},
    "gcs_fault_tolerance_options": {"type": "dict", "options": _GCS_FAULT_TOLERANCE},
    "auth_options": {"type": "dict", "options": _AUTH},
    "upgrade_strategy": {"type": "dict", "options": _UPGRADE_STRATEGY},
    "managed_by": {"type": "str", "choices": ["ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"]},
}

# What a whole object says itself.
_WISH: Spec = {
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "suspend": {"type": "bool"},
    **CLUSTER_OPTIONS,
    "spec": {"type": "dict"},
}

_GATHER = gather("events", "pods", "external")

CLUSTER: Spec = {
    "argument_spec": {
        **MANAGING_SPEC,
        **_WISH,
        "purge_worker_groups": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "choices": ["created", "head_ready", "ready", "dashboard"], "default": "ready"},
        "gather": _GATHER,
        **CONNECTION_SPEC,
    },
    **instead_of(_WISH),
    "supports_check_mode": True,
}

CLUSTER_INFO: Spec = {
    "argument_spec": {**READING_SPEC, "gather": _GATHER, **CONNECTION_SPEC},
    "supports_check_mode": True,
}
