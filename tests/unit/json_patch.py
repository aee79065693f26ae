# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 6902 in a few lines, written apart from the collection: what a server does with a patch."""

from __future__ import annotations

import copy
from typing import Any


class TestFailed(Exception):
    """A ``test`` operation did not hold."""

    __test__ = False


def apply(document: Any, operations: list[dict[str, Any]]) -> Any:
    """The document after the operations; the one that was given stays as it is."""
    document = copy.deepcopy(document)
    for operation in operations:
        *above, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        place = document
        for part in above:
            place = place[int(part)] if isinstance(place, list) else place[part]
        _run(operation, place, last)
    return document


def _run(operation: dict[str, Any], place: Any, last: str) -> None:
    key: Any = last
    if isinstance(place, list):
        key = len(place) if last == "-" else int(last)
    value = copy.deepcopy(operation.get("value"))
    if operation["op"] == "test":
        if place[key] != value:
            raise TestFailed(operation["path"])
    elif operation["op"] == "remove":
        del place[key]
    elif operation["op"] == "replace":
        assert place[key] is not None or key in place
        place[key] = value
    elif isinstance(place, list):
        assert 0 <= key <= len(place)
        place.insert(key, value)
    else:
        place[key] = value
