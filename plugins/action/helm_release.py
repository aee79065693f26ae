# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kubernetes.core.helm, with all changes seen and shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import yaml
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._redact import redact
from ansible_collections.kuberay.core.plugins.plugin_utils._arguments import plain
from ansible_collections.kuberay.core.plugins.plugin_utils._files import found

Json = dict[str, Any]
HELM = "kubernetes.core.helm"
HELM_INFO = "kubernetes.core.helm_info"
# A value that no chart reads. Helm's module compares values and versions only: this makes it see the rest.
MARK = "kuberayCoreRevision"
HOOK = "helm.sh/hook"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What kubernetes.core.helm_info takes of the options of kubernetes.core.helm.
_INFO_OPTIONS = (
    "api_key",
    "binary_path",
    "ca_cert",
    "context",
    "host",
    "kubeconfig",
    "release_name",
    "release_namespace",
    "validate_certs",
)


class ActionModule(ActionBase):
    """Runs two modules on the task's host."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: Json | None = None) -> Json:
        """Look at the release, then change it."""
        result: Json = super().run(tmp, task_vars)
        del tmp
        arguments = plain(self._task.args)
        options: Json = arguments["options"]
        kubeconfig = options.get("kubeconfig")
        if isinstance(kubeconfig, str) and self._connection.transport == "local":
            place = found(self, kubeconfig)
            # A vaulted one is opened into a file, as by the actions of kubernetes.core, whose modules alone run here.
            options["kubeconfig"] = kubeconfig = self._loader.get_real_file(place) if place else kubeconfig
        try:
            return self._bring(result, arguments, task_vars)
        finally:
            if isinstance(kubeconfig, str):
                self._loader.cleanup_tmp_file(kubeconfig)

    def _bring(self, result: Json, arguments: Json, task_vars: Json | None) -> Json:
        options: Json = arguments["options"]
        asked = {name: options[name] for name in _INFO_OPTIONS if name in options}
        live = self._execute_module(
            HELM_INFO, {**asked, "release_state": ["deployed", "failed", "pending"]}, task_vars=task_vars
        )
        if live.get("failed"):
            return {**result, **live, "taken": False}
        status: Json = live.get("status") or {}
        chart: str | None = arguments.get("chart")
        if status and status["chart"] == chart:
            _mark(options, status, _same_objects(arguments, status))
        result.update(self._execute_module(HELM, options, task_vars=task_vars))
        result["taken"] = not result.get("failed")
        if result["taken"] and result.get("changed"):
            result["diff"] = _diff(status, options, chart)
        return result


def _same_objects(arguments: Json, live: Json) -> bool:
    """Whether the release has made of its chart what would be made now, as far as that is told."""
    rendered: str | None = arguments.get("rendered")
    if arguments.get("renew"):
        return False
    return rendered is None or _objects(yaml.load_all(rendered, LOADER)) == _objects(live.get("manifest") or [])


def _mark(options: Json, live: Json, same_objects: bool) -> None:
    """See to it that the values differ from the release's where its objects do and nothing else would."""
    values: Json = options.setdefault("release_values", {})
    had: Json = live.get("release_values") or live.get("values") or {}
    is_marked = MARK in had
    if {key: value for key, value in had.items() if key != MARK} == values and is_marked == same_objects:
        values[MARK] = had.get(MARK, str(live["revision"]))


def _objects(things: Iterable[Any]) -> list[str]:
    """Comparable, whatever their order. Hooks are no part of a release's manifest."""
    own = [thing for thing in things if thing and HOOK not in (thing["metadata"].get("annotations") or {})]
    return sorted(json.dumps(thing, sort_keys=True, default=str) for thing in own)


def _diff(live: Json, options: Json, chart: str | None) -> Json:
    """What stands in the release before and after, as text."""
    title = f"release {options['release_namespace']}/{options['release_name']}"
    before = {"chart": live["chart"], "values": live.get("release_values") or live.get("values") or {}} if live else {}
    is_wished = options.get("release_state") != "absent"
    after = {"chart": chart, "values": options.get("release_values") or {}} if is_wished else {}
    return {"before_header": title, "after_header": title, "before": _text(before), "after": _text(after)}


def _text(content: Json) -> str:
    return yaml.safe_dump(redact(plain(content)), sort_keys=True) if content else ""
