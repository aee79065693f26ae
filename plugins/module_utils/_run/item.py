# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One object among many: its task, how far that has come, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError, Stopped
from ansible_collections.kuberay.core.plugins.module_utils._redact import hidden_texts, without
from ansible_collections.kuberay.core.plugins.module_utils._run.kinds import ManagedKind
from ansible_collections.kuberay.core.plugins.module_utils._run.result import Result
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Snapshot, Transport
from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Goal, Waiter

Json = dict[str, Any]


class Item:
    """One object of a list."""

    def __init__(self, kind: ManagedKind, ref: Ref, options: Json) -> None:
        self.ref = ref
        self.kind = kind
        self.error: KubeRayError | None = None
        self.warnings: list[str] = []
        self.goal: Goal | None = None
        self._options = options
        self._waiter: Waiter | None = None
        self._result = Result(ref.kind, hide=options["redact"])

    def prepare(self, context: Context, transport: Transport) -> None:
        """Make the task. What it would say line by line is told for all objects together."""
        own = replace(context, warn=self.warnings.append, progress=lambda _line: None, _told=set())
        self.task = self.kind.task(self._options, own, transport, self.ref, self._result)
        self.task.is_one_of_many = True

    def go(self, step: Callable[[], Goal | None]) -> None:
        """Go a step; what there is to wait for after it."""
        try:
            self.goal = step()
        except KubeRayError as error:
            self.fail(error)

    def fail(self, error: KubeRayError) -> None:
        """This is where it ends."""
        self.goal = None
        self.error = error
        self.kind.task.explain(error, self._result)

    def stop(self, why: str) -> None:
        """Nothing more is done for it, because of others."""
        self.fail(Stopped(f"{self.ref} {why}"))

    def look(self, see: Callable[[Ref, str], Snapshot | None]) -> Callable[[], None] | None:
        """Look whether what is waited for is there; what has to be done then."""
        goal = self.goal
        if goal is None:
            return None
        self._waiter = self._waiter or self.task.waiter()
        try:
            seen = self._waiter.look(goal, see(self.ref, self._result.version))
            if seen is None and self.task.deadline().passed():
                raise self._waiter.timeout(goal)
        except KubeRayError as error:
            self.fail(error)
            return None
        return None if seen is None else lambda: self.task.end(seen)

    @property
    def action(self) -> str:
        """What was done, or would be."""
        return self._result.plan.action

    @property
    def changed(self) -> bool:
        """Whether something was changed, or would be; of what failed, whether something was."""
        return self._result.written if self.error else self._result.plan.changed

    @property
    def about(self) -> Json:
        """Which object it is."""
        return {"kind": self.ref.kind.name, "namespace": self.ref.namespace, "name": self.ref.name}

    @property
    def cause(self) -> str:
        """Why it failed, with its name."""
        message = self.error.message if self.error else ""
        return message if str(self.ref) in message else f"{self.ref}: {message}"

    def told(self, diff: bool) -> Json:
        """Its part of the result."""
        error = None if self.error is None else {"message": self.error.message, **self.error.as_result()}
        if error is not None and self._options["redact"]:
            error = without(hidden_texts(self._options["definition"]), error)
        return {**self.about, **self._result.summary(diff, failed=self.error is not None), "error": error}
