# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to Kueue in an object that Kueue manages: whether it runs.

What admission adds to the pods (node selectors, tolerations, labels) is another's addition as any.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
QUEUE_LABEL = "kueue.x-k8s.io/queue-name"


def is_kueues(resource: Json) -> bool:
    """Whether Kueue decides when this object may run."""
    return QUEUE_LABEL in (resource["metadata"].get("labels") or {})


def leave_to_kueue(spec: Json, live_spec: Json) -> None:
    """Whether a wished spec is suspended is what the live one says."""
    if "suspend" in live_spec:
        spec["suspend"] = live_spec["suspend"]
    else:
        spec.pop("suspend", None)
