# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_service and kuberay_service_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER_OPTIONS
from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC, gather, instead_of
from ansible_collections.kuberay.core.plugins.module_utils._options.reading import READING_SPEC

Spec = dict[str, Any]

_UPGRADE_OPTIONS: Spec = {
    "max_surge_percent": {"type": "int"},
    "step_size_percent": {"type": "int"},
    "interval_seconds": {"type": "int"},
    "gateway_class_name": {"type": "str"},
}
_UPGRADE_STRATEGY: Spec = {
    "type": {"type": "str", "choices": ["NewCluster", "NewClusterWithIncrementalUpgrade", "None"]},
    "cluster_upgrade_options": {"type": "dict", "options": _UPGRADE_OPTIONS},
}
_WISH: Spec = {
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "suspend": {"type": "bool"},
    "serve_config": {"type": "raw"},
    "cluster": {"type": "dict", "options": {**CLUSTER_OPTIONS, "spec": {"type": "dict"}}},
    "serve_service": {"type": "dict"},
    "upgrade_strategy": {"type": "dict", "options": _UPGRADE_STRATEGY},
    "exclude_head_pod_from_serve_svc": {"type": "bool"},
    "ray_cluster_deletion_delay_seconds": {"type": "int"},
    "managed_by": {"type": "str", "choices": ["ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue"]},
    "spec": {"type": "dict"},
}
_GATHER = gather("events", "pods", "external")

SERVICE: Spec = {
    "argument_spec": {
        **MANAGING_SPEC,
        **_WISH,
        "wait_for": {"type": "str", "choices": ["created", "ready"], "default": "ready"},
        "gather": _GATHER,
        **CONNECTION_SPEC,
    },
    **instead_of(_WISH),
    "supports_check_mode": True,
}

SERVICE_INFO: Spec = {
    "argument_spec": {**READING_SPEC, "gather": _GATHER, **CONNECTION_SPEC},
    "supports_check_mode": True,
}
