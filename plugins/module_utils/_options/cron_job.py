# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The argument specs of kuberay_cronjob and kuberay_cronjob_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB_OPTIONS
from ansible_collections.kuberay.core.plugins.module_utils._options.managing import MANAGING_SPEC, gather, instead_of
from ansible_collections.kuberay.core.plugins.module_utils._options.reading import READING_SPEC

Spec = dict[str, Any]

_WISH: Spec = {
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "suspend": {"type": "bool"},
    "schedule": {"type": "str"},
    "time_zone": {"type": "str"},
    "job": {"type": "dict", "options": {**JOB_OPTIONS, "spec": {"type": "dict"}}},
    "spec": {"type": "dict"},
}
_GATHER = gather("events", "jobs")

CRON_JOB: Spec = {
    "argument_spec": {
        **MANAGING_SPEC,
        **_WISH,
        "wait_for": {"type": "str", "choices": ["created", "scheduled"], "default": "created"},
        "gather": _GATHER,
        **CONNECTION_SPEC,
    },
    **instead_of(_WISH),
    "supports_check_mode": True,
}

CRON_JOB_INFO: Spec = {
    "argument_spec": {**READING_SPEC, "gather": _GATHER, **CONNECTION_SPEC},
    "supports_check_mode": True,
}
