# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a managing task: the same keys on success, in check mode and on failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, visible
from ansible_collections.kuberay.core.plugins.module_utils._redact import redact, redact_at

Json = dict[str, Any]


@dataclass
class Result:
    """What a task has found and done so far; a failure returns it too. ``title`` names the object where it is known."""

    kind: Kind
    title: str = ""
    hide: bool = True
    plan: Plan = field(default_factory=lambda: Plan("none"))
    written: bool = False
    facts: Callable[[], Json | None] = lambda: None
    resource: Json | None = None

    def wrote(self) -> None:
        """Something was changed: a task that fails after this has changed it all the same."""
        self.written = True

    def observe(self, seen: Observation, facts: Callable[[Observation], Json | None]) -> None:
        """Take over what was seen last; the facts about it are made when they are told."""
        self.facts = partial(facts, seen)
        self.resource = seen.resource

    @property
    def version(self) -> str:
        """The resourceVersion of what was seen last."""
        return str(((self.resource or {}).get("metadata") or {}).get("resourceVersion") or "")

    def as_dict(self, diff: bool, failed: bool = False) -> Json:
        """``{changed, action, reasons, diff, <kind>, resource}``."""
        show = redact if self.hide else _as_it_is
        return {**self.summary(diff, failed), "resource": show(_without_managed_fields(self.resource))}

    def summary(self, diff: bool, failed: bool = False) -> Json:
        """The same without the whole object. A failed task has changed only what it wrote."""
        show = redact if self.hide else _as_it_is
        result: Json = {
            "changed": self.written if failed else self.plan.changed,
            "action": self.plan.action,
            "reasons": [_reason(reason, self.hide) for reason in self.plan.reasons()],
            self.kind.result: show(self.facts()),
        }
        if diff:
            result["diff"] = self._diff()
        return result

    def _diff(self) -> Json:
        shown = visible(self.plan.changes)
        return {
            "before_header": self.title,
            "after_header": self.title,
            "before": "".join(_line(one.path, one.before, self.hide) for one in shown if one.op != "add"),
            "after": "".join(_line(one.path, one.after, self.hide) for one in shown if one.op != "remove"),
        }


def _reason(reason: Json, hide: bool) -> Json:
    if not hide:
        return reason
    return {**reason, **{side: redact_at(reason["path"], reason[side]) for side in ("from", "to")}}


def _line(path: str, value: Any, hide: bool) -> str:
    return f"{path}: {json.dumps(redact_at(path, value) if hide else value, sort_keys=True)}\n"


def _as_it_is(value: Any) -> Any:
    return value


def _without_managed_fields(resource: Json | None) -> Json | None:
    if resource is None:
        return None
    metadata = {key: value for key, value in resource["metadata"].items() if key != "managedFields"}
    return {**resource, "metadata": metadata}
