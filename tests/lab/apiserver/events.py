# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events, of the API that a release asks: until 1.6 that of the core, whose fields an operator of 1.7 leaves empty."""

from __future__ import annotations

from ..operator.objects import Json, dig
from .kubernetes import CORE_EVENTS, EVENTS, Kubernetes
from .labels import ZERO_TIME, seconds
from .releases import NEW_EVENTS, Release


def about(kubernetes: Kubernetes, namespace: str, name: str, release: Release) -> list[Json]:
    """All events about something of this name, whatever kind it is of."""
    resource, field = (EVENTS, "regarding") if release >= NEW_EVENTS else (CORE_EVENTS, "involvedObject")
    listed = kubernetes.list(resource, namespace, fieldSelector=f"{field}.name={name}")
    return list(listed["items"] or [])


def to_message(event: Json, owner: str) -> Json:
    """What V1 tells of an event."""
    name = event["metadata"]["name"]
    told = _new(event) if "note" in event or "regarding" in event else _old(event)
    return {
        "id": name,
        "name": f"{owner}-{name}",
        "createdAt": event["metadata"]["creationTimestamp"],
        "reason": event.get("reason"),
        "type": event.get("type"),
        **told,
    }


def _new(event: Json) -> Json:
    """An event that was written through the core API has its times in deprecated fields."""
    began = event.get("eventTime")
    first = began or event.get("deprecatedFirstTimestamp")
    last = dig(event, "series.lastObservedTime") or event.get("deprecatedLastTimestamp") or began
    return {
        "message": event.get("note"),
        "firstTimestamp": seconds(first),
        "lastTimestamp": seconds(last),
        "count": dig(event, "series.count") or event.get("deprecatedCount"),
    }


def _old(event: Json) -> Json:
    return {
        "message": event.get("message"),
        "firstTimestamp": event.get("firstTimestamp") or ZERO_TIME,
        "lastTimestamp": event.get("lastTimestamp") or ZERO_TIME,
        "count": event.get("count"),
    }
