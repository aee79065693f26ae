# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests as people keep them: one or many, of a file with several documents, or inside of a List."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

Json = dict[str, Any]
_LIST = "List"
_WANTED = "a manifest (a mapping), a list of manifests or a List is wanted"
_TEXT = "not a text; from_yaml or from_yaml_all makes one of a file's content"


def each_manifest(manifests: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every manifest by itself, with the path at which it stands."""
    if isinstance(manifests, Mapping):
        kind, items = str(manifests.get("kind", "")), manifests.get("items")
        if not (kind.endswith(_LIST) and isinstance(items, list)):
            yield path, dict(manifests)
            return
        # What a server lists of one kind does not always say so in each item.
        shared = {} if kind == _LIST else {"apiVersion": manifests.get("apiVersion"), "kind": kind[: -len(_LIST)]}
        for index, item in enumerate(items):
            yield from each_manifest(
                {**shared, **item} if isinstance(item, Mapping) else item, f"{path}.items[{index}]"
            )
    elif isinstance(manifests, (str, bytes)):
        raise OptionError(_told(path, f"{_WANTED}, {_TEXT}"))
    elif isinstance(manifests, Iterable):
        for index, item in enumerate(manifests):
            # A file that ends with --- has an empty document.
            if item is not None:
                yield from each_manifest(item, f"{path}[{index}]")
    else:
        raise OptionError(_told(path, f"{_WANTED}, not {type(manifests).__name__}"))


def _told(path: str, message: str) -> str:
    return f"{path}: {message}" if path else message
