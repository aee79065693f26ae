# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Serve config in a RayService: a text to Kubernetes, and applications to Ray.

The order of its applications means nothing to Ray, nor does that of an application's deployments.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

try:
    import yaml
except Exception:  # pylint: disable=broad-except
    # Without the library two texts are the same only where they are equal.
    yaml = None  # type: ignore[assignment]

Json = dict[str, Any]
# What Ray calls an application that has no name.
DEFAULT_NAME = "default"
_NAMED_LISTS = ("applications", "deployments")


def same_config(one: Any, other: Any) -> bool:
    """Whether two texts are YAML of the same content."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    parsed = [_parsed(text) for text in (one, other)]
    return parsed[0] is not None and parsed[0] == parsed[1]


def wished_applications(text: str) -> dict[str, Json]:
    """The applications of a Serve config by name; none where it cannot be read."""
    parsed = _parsed(text)
    config = None if parsed is None else json.loads(parsed)
    applications = config.get("applications") if isinstance(config, dict) else None
    members = applications if isinstance(applications, list) else []
    return {str(one.get("name") or DEFAULT_NAME): one for one in members if isinstance(one, dict)}


def holds(value: Any, wish: Any) -> bool:
    """Whether a value has all that a wish says; Ray may have added to it."""
    if isinstance(wish, Mapping):
        return isinstance(value, Mapping) and all(holds(value.get(key), below) for key, below in wish.items())
    if isinstance(wish, list):
        return isinstance(value, list) and len(value) == len(wish) and all(map(holds, value, wish))
    return isinstance(value, bool) == isinstance(wish, bool) and bool(value == wish)


@functools.lru_cache(maxsize=16)
def _parsed(text: str) -> str | None:
    """The content as JSON, always the same for the same content; None for what is no YAML."""
    if yaml is None:
        return None
    try:
        # Later documents are not read by the operator either.
        content = next(iter(yaml.safe_load_all(text)), None)
        return json.dumps(_sorted(content), sort_keys=True, default=repr)
    except (yaml.YAMLError, TypeError, ValueError):
        return None


def _sorted(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {str(key): _sorted(below, str(key)) for key, below in value.items()}
    if not isinstance(value, list):
        return value
    members = [_sorted(member) for member in value]
    if name not in _NAMED_LISTS or not all(isinstance(member, dict) for member in members):
        return members
    return sorted(members, key=lambda member: str(member.get("name")))
