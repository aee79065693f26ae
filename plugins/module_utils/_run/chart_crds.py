# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""chart_crds: a chart's CRDs, brought by server-side apply, where no object is lost by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import documents
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    BeingDeleted,
    KubeRayError,
    OptionError,
    VersionsDropped,
    WaitTimeout,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.crds import Crds

Json = dict[str, Any]
_PAUSE_SECONDS = 0.5
_KIND = re.compile(r"^kind: *[\"']?CustomResourceDefinition\b", re.M)
# What Kubernetes itself keeps in a CRD's metadata is no wish of anybody's.
_WISHED_METADATA = ("annotations", "labels")


def run_chart_crds(options: Json, context: Context) -> Json:
    """Bring the CRDs; the result is documented in RETURN of chart_crds."""
    wished = _wished(options["crds"])
    crds = Crds(options, context)
    live = {name: crds.read(name) for name in wished}
    _ensure_kept(wished, live)
    _ensure_staying(live)
    versions = {name: _versions(crd) for name, crd in wished.items()}
    # Applying costs the API server seconds, even to no effect.
    other = {name: crd for name, crd in wished.items() if not _stands(crd, live[name] or {})}
    changed: list[str] = []
    try:
        for name, crd in other.items():
            context.ensure_wanted()
            made = crds.apply(name, crd, dry_run=context.check_mode)
            if _content(made) != _content(live[name] or {}):
                changed.append(name)
        if not context.check_mode:
            _wait(crds, other, options["wait_timeout"], context)
    except KubeRayError as error:
        error.facts = {"changed": bool(changed) and not context.check_mode, "changed_crds": changed}
        raise
    result: Json = {"changed": bool(changed), "crds": versions, "changed_crds": changed}
    if context.diff and changed:
        result["diff"] = _diff(live, versions, changed)
    return result


def _wished(text: str) -> dict[str, Json]:
    """{name: CRD}"""
    found = {}
    all_documents = documents(text, "crds")
    for number, crd in enumerate(all_documents, 1):
        try:
            _versions(crd)
            # What YAML takes for a date is a text to Kubernetes.
            found[str(crd["metadata"]["name"])] = json.loads(json.dumps(crd, default=str))
        except (KeyError, TypeError):
            raise OptionError(f"crds: document {number} is no CustomResourceDefinition") from None
    # Helm 3 puts a chart's files one after the other, and YAML would take the last of each key.
    written = len(_KIND.findall(text))
    if written > len(all_documents):
        raise OptionError(
            f"crds: {written} CustomResourceDefinitions are written in {len(all_documents)} documents: "
            "each file of the chart's folder crds has to begin with ---"
        )
    return found


def _ensure_kept(wished: dict[str, Json], live: dict[str, Json | None]) -> None:
    """Kubernetes would refuse it as well, but in the middle of the work."""
    told = []
    for name, crd in wished.items():
        stored = ((live[name] or {}).get("status") or {}).get("storedVersions") or []
        missing = [version for version in stored if version not in _versions(crd)]
        if missing:
            have = ", ".join(_versions(crd))
            told.append(f"{name}: objects are, or were, stored as {', '.join(missing)}, and the chart has only {have}")
    if told:
        raise VersionsDropped("; ".join(told), details=told)


def _ensure_staying(live: dict[str, Json | None]) -> None:
    """What goes away would do so as soon as the operator is there that its objects wait for."""
    going = [name for name, crd in live.items() if crd and crd["metadata"].get("deletionTimestamp")]
    if going:
        raise BeingDeleted(
            f"{', '.join(going)}: being deleted, which waits for objects that have finalizers: remove these objects, "
            "or their finalizers, and run again"
        )


def _stands(crd: Json, live: Json) -> bool:
    """Whether Kubernetes has it so already and serves it."""
    return _is_served(live) and all(_holds(live[part], crd[part]) for part in ("metadata", "spec"))


def _is_served(live: Json) -> bool:
    conditions = (live.get("status") or {}).get("conditions") or []
    return any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)


def _holds(live: Any, wished: Any) -> bool:
    """Kubernetes adds to mappings; the versions, which are a list, stay as they are written."""
    if isinstance(wished, dict):
        return isinstance(live, dict) and all(_holds(live.get(key), value) for key, value in wished.items())
    return wished is None or bool(live == wished)


def _content(crd: Json) -> Json:
    metadata = crd.get("metadata") or {}
    return {"spec": crd.get("spec"), **{name: metadata.get(name) for name in _WISHED_METADATA}}


def _wait(crds: Crds, names: Iterable[str], seconds: int, context: Context) -> None:
    deadline = Deadline.after(seconds)
    for name in names:
        while not _is_served(crds.read(name) or {}):
            context.ensure_wanted()
            if deadline.passed():
                raise WaitTimeout(f"CustomResourceDefinition {name} was not established within {seconds} s")
            deadline.rest(_PAUSE_SECONDS)


def _versions(crd: Json) -> list[str]:
    return [version["name"] for version in crd["spec"]["versions"]]


def _diff(live: dict[str, Json | None], versions: dict[str, list[str]], changed: list[str]) -> Json:
    """Their schemas are more than anybody reads."""
    title = "CustomResourceDefinitions"
    before = [f"{name}: in another state" for name in changed if live[name]]
    after = [f"{name}: {', '.join(versions[name])}" for name in changed]
    return {"before_header": title, "after_header": title, "before": _lines(before), "after": _lines(after)}


def _lines(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
