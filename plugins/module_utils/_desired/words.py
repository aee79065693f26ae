# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Typed options in the API's own words: ``idle_timeout_seconds`` is ``idleTimeoutSeconds``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.values import given

Json = dict[str, Any]


def camel_case(name: str) -> str:
    """An option's name as a field's: ``redis_address`` is ``redisAddress``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def fields(options: Mapping[str, Any] | None, *besides: str) -> Json:
    """The options that were set, as fields; ``besides`` are options that the caller words itself.

    What stands below an option is the user's own words, and stays as it is.
    """
    return {camel_case(name): value for name, value in given(options or {}).items() if name not in besides}


def env_from(sources: Any) -> list[Json]:
    """``env_from`` of a container: whole ConfigMaps and Secrets as environment variables."""
    return [_source(given(source)) for source in sources or []]


def _source(source: Mapping[str, Any]) -> Json:
    prefix = {"prefix": source["prefix"]} if "prefix" in source else {}
    return {**prefix, **{field: {"name": source[option]} for option, field in _SOURCES.items() if option in source}}


_SOURCES = {"config_map": "configMapRef", "secret": "secretRef"}
