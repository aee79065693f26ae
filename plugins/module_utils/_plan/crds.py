# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which CRDs have to be brought, and whether something would be lost by it."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.crds import versions_of
from ansible_collections.kuberay.core.plugins.module_utils._errors import BeingDeleted, VersionsDropped

Json = dict[str, Any]
# What Kubernetes itself keeps in a CRD's metadata is no wish of anybody's.
_WISHED_METADATA = ("annotations", "labels")


def ensure_kept(wished: dict[str, Json], live: dict[str, Json | None]) -> None:
    """Kubernetes would refuse it as well, but in the middle of the work."""
    told = []
    for name, crd in wished.items():
        stored = ((live[name] or {}).get("status") or {}).get("storedVersions") or []
        missing = [version for version in stored if version not in versions_of(crd)]
        if missing:
            have = ", ".join(versions_of(crd))
            told.append(f"{name}: objects are, or were, stored as {', '.join(missing)}, and the chart has only {have}")
    if told:
        raise VersionsDropped("; ".join(told), details=told)


def ensure_staying(live: dict[str, Json | None]) -> None:
    """What goes away would do so as soon as the operator is there that its objects wait for."""
    going = [name for name, crd in live.items() if crd and crd["metadata"].get("deletionTimestamp")]
    if going:
        raise BeingDeleted(
            f"{', '.join(going)}: being deleted, which waits for objects that have finalizers: remove these objects, "
            "or their finalizers, and run again"
        )


def stands(crd: Json, live: Json) -> bool:
    """Whether Kubernetes has it so already and serves it."""
    return is_served(live) and all(_holds(live[part], crd[part]) for part in ("metadata", "spec"))


def is_served(live: Json) -> bool:
    """Whether it is established."""
    conditions = (live.get("status") or {}).get("conditions") or []
    return any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)


def _holds(live: Any, wished: Any) -> bool:
    """Kubernetes adds to mappings; the versions, which are a list, stay as they are written."""
    if isinstance(wished, dict):
        return isinstance(live, dict) and all(_holds(live.get(key), value) for key, value in wished.items())
    return wished is None or bool(live == wished)


def content(crd: Json) -> Json:
    """What of it is somebody's wish: where that has changed, the CRD has."""
    metadata = crd.get("metadata") or {}
    return {"spec": crd.get("spec"), **{name: metadata.get(name) for name in _WISHED_METADATA}}


def diff_of(live: dict[str, Json | None], versions: dict[str, list[str]], changed: list[str]) -> Json:
    """Their schemas are more than anybody reads."""
    title = "CustomResourceDefinitions"
    before = [f"{name}: in another state" for name in changed if live[name]]
    after = [f"{name}: {', '.join(versions[name])}" for name in changed]
    return {"before_header": title, "after_header": title, "before": _lines(before), "after": _lines(after)}


def _lines(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
