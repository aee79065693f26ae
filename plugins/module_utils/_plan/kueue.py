# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What belongs to Kueue in an object that Kueue manages: whether it runs, and what admission adds to its pods."""

from __future__ import annotations

from collections.abc import Iterator
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


def leave_tolerations(cluster_spec: Json, live_spec: Json) -> None:
    """Kueue appends tolerations when it admits a cluster, to a list that is one value as a whole."""
    for wished, there in _group_pairs(cluster_spec, live_spec):
        pod, live_pod = _pod(wished), _pod(there)
        live = live_pod.get("tolerations") or []
        if pod.get("tolerations") and all(one in live for one in pod["tolerations"]):
            pod["tolerations"] = live


def _group_pairs(spec: Json, live_spec: Json) -> Iterator[tuple[Json, Json]]:
    """Each group of a wish with its live counterpart."""
    yield spec.get("headGroupSpec") or {}, live_spec.get("headGroupSpec") or {}
    live = {group.get("groupName"): group for group in live_spec.get("workerGroupSpecs") or []}
    for group in spec.get("workerGroupSpecs") or []:
        yield group, live.get(group.get("groupName"), {})


def _pod(group: Json) -> Json:
    return (group.get("template") or {}).get("spec") or {}
