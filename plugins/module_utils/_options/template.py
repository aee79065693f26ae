# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_template and kuberay_template_info.

A template has no pods and no operator: there is nothing to wait for, to validate or to make again.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.reading import READING_SPEC

Spec = dict[str, Any]

# What KubeRay's message for a toleration has; there is no toleration_seconds in it.
_TOLERATION: Spec = {
    "key": {"type": "str", "no_log": False},
    "operator": {"type": "str", "choices": ["Exists", "Equal"], "default": "Equal"},
    "value": {"type": "str"},
    "effect": {"type": "str", "choices": ["NoSchedule", "PreferNoSchedule", "NoExecute"], "required": True},
}

# What KubeRay takes behind a number of memory: the suffixes of a Kubernetes quantity, but for fractions of a byte.
_MEMORY_UNITS = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E"]

TEMPLATE: Spec = {
    "argument_spec": {
        "name": {"type": "str", "required": True},
        "namespace": MANAGING_SPEC["namespace"],
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "labels": {"type": "dict"},
        "annotations": {"type": "dict"},
        # Raw, so that a fraction is refused with the words for what to do instead, and the 4.0 of a calculation is 4.
        "cpu": {"type": "raw"},
        "memory": {"type": "raw"},
        "memory_unit": {"type": "str", "choices": _MEMORY_UNITS},
        "gpu": {"type": "raw"},
        "gpu_accelerator": {"type": "str"},
        "extended_resources": {"type": "dict"},
        "tolerations": {"type": "list", "elements": "dict", "options": _TOLERATION},
        "redact": MANAGING_SPEC["redact"],
        **CONNECTION_SPEC,
    },
    "required_if": [("state", "present", ("cpu", "memory"))],
    "supports_check_mode": True,
}

TEMPLATE_INFO: Spec = {
    "argument_spec": {
        **READING_SPEC,
        "gather": {"type": "list", "elements": "str", "choices": ["used_by"], "default": []},
        **CONNECTION_SPEC,
    },
    "supports_check_mode": True,
}
