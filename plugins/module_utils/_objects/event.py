# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event of events.k8s.io/v1: when it happened last."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def event_time(event: Json) -> str:
    """The time, as RFC 3339 has it; '' where the event does not tell."""
    series = event.get("series") or {}
    found = series.get("lastObservedTime") or event.get("eventTime") or event.get("deprecatedLastTimestamp")
    return str(found or "")
