# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What V1 of KubeRay's APIServer tells of an object is brief: no uid, no generation, no conditions, no counts, no pods.

What is decided by those is decided by what there is instead: V1's own word for the state, and the events' times.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import MANAGED_BY, V1_MANAGER

Json = dict[str, Any]


def is_brief(resource: Json | None) -> bool:
    """Whether an object was told by V1, or would be."""
    metadata = (resource or {}).get("metadata") or {}
    return "uid" not in metadata and (metadata.get("labels") or {}).get(MANAGED_BY) == V1_MANAGER
