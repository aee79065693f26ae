# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_cluster and kuberay_cluster_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC

Spec = dict[str, Any]

_TOLERATION: Spec = {
    "key": {"type": "str", "no_log": False},
    "operator": {"type": "str", "choices": ["Exists", "Equal"]},
    "value": {"type": "str"},
    "effect": {"type": "str", "choices": ["NoSchedule", "PreferNoSchedule", "NoExecute"]},
    "toleration_seconds": {"type": "int"},
}

_GROUP: Spec = {
    "compute_template": {"type": "str"},
    "resources": {"type": "dict"},
    "image": {"type": "str"},
    "image_pull_policy": {"type": "str", "choices": ["Always", "IfNotPresent", "Never"]},
    "image_pull_secret": {"type": "str", "no_log": False},
    "ray_start_params": {"type": "dict"},
    "env": {"type": "dict"},
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

_DELETE_OPTIONS: Spec = {
    "propagation_policy": {"type": "str", "choices": ["Foreground", "Background", "Orphan"]},
    "grace_period_seconds": {"type": "int"},
}

CLUSTER_OPTIONS: Spec = {
    "ray_version": {"type": "raw"},
    "image": {"type": "str"},
    "head_group": {"type": "dict", "options": _HEAD},
    "worker_groups": {"type": "list", "elements": "dict", "options": _WORKER},
    "enable_in_tree_autoscaling": {"type": "bool"},
    "head_service_annotations": {"type": "dict"},
}

CLUSTER: Spec = {
    "argument_spec": {
        "name": {"type": "str", "required": True},
        "namespace": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "labels": {"type": "dict"},
        "annotations": {"type": "dict"},
        "suspend": {"type": "bool"},
        **CLUSTER_OPTIONS,
        "spec": {"type": "dict"},
        "purge_worker_groups": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "choices": ["created", "head_ready", "ready"], "default": "ready"},
        "wait_timeout": {"type": "int"},
        "delete_options": {"type": "dict", "options": _DELETE_OPTIONS},
        "redact": {"type": "bool", "default": True},
        **CONNECTION_SPEC,
    },
    "supports_check_mode": True,
}

CLUSTER_INFO: Spec = {
    "argument_spec": {
        "name": {"type": "str"},
        "namespace": {"type": "str"},
        "all_namespaces": {"type": "bool", "default": False},
        "label_selectors": {"type": "list", "elements": "str", "default": []},
        "field_selectors": {"type": "list", "elements": "str", "default": []},
        "gather": {"type": "list", "elements": "str", "choices": ["events", "pods"], "default": []},
        "redact": {"type": "bool", "default": True},
        **CONNECTION_SPEC,
    },
    "supports_check_mode": True,
}
