# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes objects as plain dictionaries: the few helpers that every room here needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, NamedTuple

Json = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A kind of the API and where it is served."""

    api_version: str
    plural: str
    kind: str

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """The URL path of a collection, an object or a subresource."""
        root = f"/api/{self.api_version}" if "/" not in self.api_version else f"/apis/{self.api_version}"
        parts = [root, f"namespaces/{namespace}" if namespace else "", self.plural, name, subresource]
        return "/".join(part for part in parts if part)


class Key(NamedTuple):
    """What an object is called: the unit of work of a controller."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def key_of(obj: Json) -> Key:
    """The key of an object."""
    return Key(obj["metadata"].get("namespace", ""), obj["metadata"]["name"])


def dig(obj: Any, path: str, default: Any = None) -> Any:
    """The value at a dotted path; the default where it is absent, null or on the way to nothing."""
    for step in path.split("."):
        if not isinstance(obj, dict):
            return default
        obj = obj.get(step)
    return default if obj is None else obj


def labels_of(obj: Json) -> dict[str, str]:
    """The labels of an object, never None."""
    return obj["metadata"].get("labels") or {}


def annotations_of(obj: Json) -> dict[str, str]:
    """The annotations of an object, never None."""
    return obj["metadata"].get("annotations") or {}


def is_deleting(obj: Json) -> bool:
    """Whether somebody has asked for the end of this object."""
    return "deletionTimestamp" in obj["metadata"]


def controller_of(obj: Json) -> Json | None:
    """The owner reference of the controlling owner."""
    for reference in obj["metadata"].get("ownerReferences") or []:
        if reference.get("controller"):
            return dict(reference)
    return None


def owned_by(owner: Json, child: Json) -> Json:
    """The child with a controlling owner reference, in the owner's namespace."""
    child["metadata"]["namespace"] = owner["metadata"]["namespace"]
    child["metadata"]["ownerReferences"] = [
        {
            "apiVersion": owner["apiVersion"],
            "kind": owner["kind"],
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]
    return child


def timestamp() -> str:
    """Now, as metav1.Time writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_timestamp() -> str:
    """Now, as metav1.MicroTime writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def age(stamp: str) -> float:
    """The seconds since a metav1.Time."""
    then = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return (datetime.now(timezone.utc) - then).total_seconds()
