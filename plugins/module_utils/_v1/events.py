# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The events that V1 tells with a cluster or a service, as the Kubernetes API has them (events.k8s.io/v1).

V1 says about which object only by the event's name: events of a deleted namesake are among them. A job has none.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
# Before KubeRay 1.7 the server reads times that a newer operator does not write.
_NO_TIME = "0001-01-01T00:00:00Z"
_TIMES = {"firstTimestamp": "deprecatedFirstTimestamp", "lastTimestamp": "deprecatedLastTimestamp"}
_TEXTS = {"reason": "reason", "message": "note", "type": "type", "count": "deprecatedCount"}
EVENT_FIELDS = frozenset([*_TIMES, *_TEXTS, "id", "name", "createdAt"])


def to_events(message: Json) -> list[Json]:
    """The events in a message, the oldest first: the server has no order for them."""
    told = message.get("events") or (message.get("rayServiceStatus") or {}).get("rayServiceEvents") or []
    events = [_event(one, str(message.get("namespace", ""))) for one in told]
    return sorted(events, key=lambda one: (one["deprecatedLastTimestamp"], one["metadata"]["name"]))


def _event(told: Json, namespace: str) -> Json:
    created = told.get("createdAt", "")
    name = str(told.get("id", ""))
    return {
        "metadata": {"name": name, "namespace": namespace, "creationTimestamp": created},
        # An event is called like the object that it is about, with something unique after the last dot.
        "regarding": {"namespace": namespace, "name": name.rpartition(".")[0]},
        **{ours: told[theirs] for theirs, ours in _TEXTS.items() if told.get(theirs)},
        **{ours: _time(told.get(theirs), created) for theirs, ours in _TIMES.items()},
    }


def _time(told: Any, created: str) -> str:
    return created if told in (None, "", _NO_TIME) else str(told)
