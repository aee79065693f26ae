# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument spec of chart_crds."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import KUBERNETES_SPEC

CHART_CRDS: dict[str, Any] = {
    "argument_spec": {
        "crds": {"type": "str", "default": ""},
        "wait_timeout": {"type": "int", "default": 120},
        **KUBERNETES_SPEC,
    },
    "supports_check_mode": True,
}
