# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A chart's CRDs, by kubernetes.core.k8s. As variables they would cost a minute: Ansible looks at every value."""

from __future__ import annotations

from typing import Any

import yaml
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.plugin_utils._arguments import plain

Json = dict[str, Any]
K8S = "kubernetes.core.k8s"
K8S_INFO = "kubernetes.core.k8s_info"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
KIND = {"api_version": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
APPLY: Json = {
    "apply": True,
    "server_side_apply": {"field_manager": "kuberay.core", "force_conflicts": True},
    "wait": True,
    "wait_condition": {"type": "Established", "status": "True"},
    # What comes back is as long as what went, and nobody reads it.
    "hidden_fields": ["spec.versions"],
}


class ActionModule(ActionBase):
    """Runs kubernetes.core's modules on the task's host."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: Json | None = None) -> Json:
        """Look at the versions, then apply."""
        result: Json = super().run(tmp, task_vars)
        del tmp
        arguments = plain(self._task.args)
        connection: Json = arguments.get("connection") or {}
        wished = {crd["metadata"]["name"]: crd for crd in yaml.load_all(arguments["crds"], LOADER) if crd}
        if not wished:
            return {**result, "changed": False, "crds": {}, "changed_crds": []}
        live: dict[str, Json | None] = {}
        for name in wished:
            asked = {**connection, **KIND, "name": name, "hidden_fields": ["metadata.managedFields"]}
            read = self._execute_module(K8S_INFO, asked, task_vars=task_vars)
            if read.get("failed"):
                return {**result, **read}
            live[name] = next(iter(read["resources"]), None)
        dropped = [line for name, crd in wished.items() for line in _dropped(name, crd, live[name] or {})]
        if dropped:
            return {**result, "failed": True, "changed": False, "dropped": True, "msg": "; ".join(dropped)}
        other = {name: crd for name, crd in wished.items() if not _stands(crd, live[name] or {})}
        written = self._apply(arguments, connection, other, task_vars) if other else {}
        if written.get("failed"):
            return {**result, "failed": True, "msg": written.get("msg", "")}
        changed = [name for name, one in zip(other, _each(written), strict=False) if one.get("changed")]
        versions = {name: _versions(crd) for name, crd in wished.items()}
        result.update(changed=bool(changed), crds=versions, changed_crds=changed)
        if changed:
            result["diff"] = _diff(live, versions, changed)
        return result

    def _apply(self, arguments: Json, connection: Json, crds: dict[str, Json], task_vars: Json | None) -> Json:
        timeout = int(arguments.get("wait_timeout") or 120)
        asked = {**connection, **APPLY, "definition": list(crds.values()), "wait_timeout": timeout}
        written: Json = self._execute_module(K8S, asked, task_vars=task_vars)
        return written


def _each(written: Json) -> list[Json]:
    """kubernetes.core.k8s tells of one object and of several in two ways."""
    several: list[Json] = (written.get("result") or {}).get("results") or [written]
    return several


def _stands(crd: Json, live: Json) -> bool:
    """Whether it is there so, and served: applying it costs the API server seconds, even to no effect."""
    conditions = (live.get("status") or {}).get("conditions") or []
    is_served = any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)
    return is_served and all(_holds(live[part], crd[part]) for part in ("metadata", "spec"))


def _holds(live: Any, wished: Any) -> bool:
    """Kubernetes adds to mappings; the versions, which are a list, stay as they are written."""
    if isinstance(wished, dict):
        return isinstance(live, dict) and all(_holds(live.get(key), value) for key, value in wished.items())
    return wished is None or live == wished


def _versions(crd: Json) -> list[str]:
    return [version["name"] for version in crd["spec"]["versions"]]


def _dropped(name: str, crd: Json, live: Json) -> list[str]:
    """Kubernetes would refuse it as well, but in the middle of the work."""
    stored = (live.get("status") or {}).get("storedVersions") or []
    missing = [version for version in stored if version not in _versions(crd)]
    if not missing:
        return []
    have = ", ".join(_versions(crd))
    return [f"{name}: objects are, or were, stored as {', '.join(missing)}, and the chart has only {have}"]


def _diff(live: dict[str, Json | None], versions: dict[str, list[str]], changed: list[str]) -> Json:
    """Their schemas are more than anybody reads."""
    title = "CustomResourceDefinitions"
    before = [f"{name}: older, or by others" for name in changed if live[name]]
    after = [f"{name}: {', '.join(versions[name])}" for name in changed]
    return {"before_header": title, "after_header": title, "before": _lines(before), "after": _lines(after)}


def _lines(texts: list[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
