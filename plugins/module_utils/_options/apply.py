# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument spec of kuberay_apply."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC

Spec = dict[str, Any]

# What is said of each object is in the manifests.
_MANAGING = {name: option for name, option in MANAGING_SPEC.items() if name not in ("name", "src")}

APPLY: Spec = {
    "argument_spec": {
        **_MANAGING,
        # The controller reads these, and gives what is in them as the definition.
        "src": {"type": "list", "elements": "path"},
        "template": {"type": "raw"},
        "purge_worker_groups": {"type": "bool", "default": True},
        "parallel": {"type": "int", "default": 8},
        "fail_fast": {"type": "bool", "default": False},
        **CONNECTION_SPEC,
    },
    "mutually_exclusive": [("definition", "src", "template")],
    "required_one_of": [("definition", "src", "template")],
    "supports_check_mode": True,
}
