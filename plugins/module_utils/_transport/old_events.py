# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Events in the words that core/v1 has for them, which V2 of an APIServer before 1.7 passes on (contract 4.1)."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._transport.view import EventsPlace

_WORDS = {
    "involvedObject": "regarding",
    "message": "note",
    "count": "deprecatedCount",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "source": "deprecatedSource",
    "reportingComponent": "reportingController",
}


def _in_new_words(event: dict[str, Any]) -> dict[str, Any]:
    return {_WORDS.get(word, word): value for word, value in event.items()}


OLD_EVENTS = EventsPlace("/api/v1/namespaces/{}/events", "involvedObject", _in_new_words)
