# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Since which KubeRay V1 has a field: an older server takes the message and drops the field in silence.

Source: contract 1.5. What stands here is of 1.0 or later; V1 of KubeRay 0.6 has other messages.
"""

from __future__ import annotations

import re

from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import Version, release

# The first one that fits a path of the resource counts.
_SINCE = tuple(
    (re.compile(pattern), release(version))
    for pattern, version in (
        (r"\.headServiceAnnotations\b", "1.4"),
        (r"^spec\.activeDeadlineSeconds$", "1.4"),
        (r"\.template\.spec\.containers\[[^]]*\]\.securityContext\b", "1.3"),
        (r"\.template\.spec\.containers\[[^]]*\]\.imagePullPolicy$", "1.2"),
        (r"\.(enableInTreeAutoscaling|autoscalerOptions)\b", "1.1"),
        (r"^data\.memory_unit$", "1.5"),
        (r"^data\.extended_resources$", "1.3"),
    )
)
# What an older server has by itself, so that nothing is lost.
_USUAL = {"data.memory_unit": "Gi", "data.extended_resources": "null"}


def is_usual(path: str, value: object) -> bool:
    """Whether a server that does not know the field has this value by itself."""
    return _USUAL.get(path, path) == value


def too_old(path: str, value: object, version: Version) -> str:
    """The version that brought what stands at this path of a resource, where this one is older; '' where it is not."""
    if is_usual(path, value):
        return ""
    since = next((since for pattern, since in _SINCE if pattern.search(path)), version)
    return str(since) if version < since else ""
