# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects that KubeRay's APIServer V1 has made, and that are managed another way from now on.

V1 goes on reading whatever has its label, and its server ends on what it cannot read. The label is taken off then: V1
does not show the object any more, and lives.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import MANAGED_BY, Kind
from ansible_collections.kuberay.core.plugins.module_utils._v1.deadly import deadly

Json = dict[str, Any]


def taken_over(kind: Kind, target: Json) -> tuple[Json, list[str]]:
    """An object of V1's as it may be written, and what is to be said about it."""
    found = deadly(kind, target)
    if not found:
        return target, []
    labels = {name: value for name, value in target["metadata"]["labels"].items() if name != MANAGED_BY}
    told = (
        f"KubeRay's APIServer V1 made it, and would end when it reads it as it will be ({'; '.join(found)}): its label "
        f"{MANAGED_BY} is taken off, so that V1 does not look at it any more"
    )
    return {**target, "metadata": {**target["metadata"], "labels": labels}}, [told]
