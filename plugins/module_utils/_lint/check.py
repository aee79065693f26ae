# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules as the option ``validate`` wants them: refused before the write, told about, or not looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster import lint_cluster

Json = dict[str, Any]


def check(resource: Json, title: str, options: Mapping[str, Any]) -> list[str]:
    """Warnings about ``resource``; OptionError where the operator would refuse it.

    The operator itself says so in an event only, when the object is stored already.
    """
    mode = options.get("validate", "strict")
    if mode == "off":
        return []
    findings = lint_cluster(resource) if resource.get("kind") == "RayCluster" else []
    if findings and mode == "strict":
        raise OptionError(
            f"the operator would refuse {title}: " + "; ".join(str(finding) for finding in findings),
            details=[{"path": finding.path, "message": finding.message} for finding in findings],
        )
    return [str(finding) for finding in findings]
