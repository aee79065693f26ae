# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task on one object: the way of the data, in order. Each step is a room of its own; this file only walks."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import given_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    KubeRayError,
    NeedsRecreate,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import (
    Plan,
    operations,
    plan_create,
    plan_delete,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.recreate import settled
from ansible_collections.kuberay.core.plugins.module_utils._run.managed import Managed
from ansible_collections.kuberay.core.plugins.module_utils._run.result import Result
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport

if TYPE_CHECKING:
    from ansible_collections.kuberay.core.plugins.module_utils._run.writer import Writer
    from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Goal, Waiter

# A module that is shipped compiles whatever it imports. So what few tasks need is imported where they need it: rules
# for what is written, and what waits and gathers. In process all is there before: see plugin_utils/_in_process.py.
Json = dict[str, Any]

# How often a plan is made anew because somebody else wrote between our read and our write.
_PLANS = 5
_ABSENT_SECONDS = 300


class ObjectTask:
    """One task on one object. A kind's own class says what it is that is managed, and what is done besides."""

    managed: ClassVar[Managed]

    @classmethod
    def run(cls, options: Json, context: Context) -> Json:
        """Bring one object into the wished state; the result is documented in RETURN of the kind's module."""
        result = Result(cls.managed.kind, hide=options.get("redact", True), rollout=cls.managed.rollout)
        try:
            options = given_object(options, cls.managed.kind)
            ensure_meant(options)
            transport = open_transport(options, context, cls.managed.kind)
            ref = Ref(cls.managed.kind, options.get("namespace") or transport.default_namespace, options["name"])
            cls(options, context, transport, ref, result).walk()
        except KubeRayError as error:
            cls.explain(error, result)
            error.facts = {**result.as_dict(context.diff, failed=True), **error.facts}
            raise
        return result.as_dict(context.diff)

    @classmethod
    def explain(cls, error: KubeRayError, result: Result) -> None:
        """Take over what was seen last before a failure."""
        seen = error.facts.pop("seen", None)
        if seen is not None:
            result.observe(seen, cls.managed.facts)

    def __init__(self, options: Json, context: Context, transport: Transport, ref: Ref, result: Result) -> None:
        self._options = options
        self._context = context
        self._transport = transport
        self._ref = ref
        self._ends: Deadline | None = None
        self._templates: dict[str, dict[str, str]] = {}
        # What is told where it is not the last plan: the one before something was written that is not its end; _lost
        # is one whose answer did not come.
        self._told: Plan | None = None
        self._lost: Plan | None = None
        self._is_new = False
        # In check mode an object that has to end first cannot be created, not even as a dry run.
        self._unmade = False
        self._foreseen: tuple[Json | None, Plan] | None = None
        self._seen = Observation(None)
        # Of one of many, what costs requests of its own is read only where something is wrong with it.
        self.is_one_of_many = False
        self.result = result
        result.title = str(ref)

    def walk(self) -> None:
        """The whole way: read, plan, write, wait, gather."""
        goal = self.begin()
        if goal is not None:
            self.end(self.waiter().reach(goal, self.deadline()))
        if self._options.get("gather") and self._options["state"] != "absent":
            self._observe(self._gathered(self._seen, self._options["gather"]))

    def foresee(self) -> None:
        """Read and plan ahead of ``begin``: what can be refused before anything is written is refused here."""
        live = self._read()
        if self._options["state"] != "absent" and not _is_ending(live):
            self._foreseen = (live, self._plan(live))

    def begin(self) -> Goal | None:
        """Read, plan and write; what has to be waited for then, if anything."""
        return self._absent() if self._options["state"] == "absent" else self._present()

    def end(self, seen: Observation) -> None:
        """Take over what the wait saw at its end. Of what is gone there is nothing to tell."""
        if self._options["state"] != "absent":
            self._observe(self._waited(seen))

    def _present(self) -> Goal | None:
        """Create, patch, create again or leave alone."""
        plan, written = self._carry_out(_PLANS)
        self._observe(Observation(written))
        if not self._waits:
            return None
        level, rollout = self.managed.level(self._options, written), self.managed.expected(plan, written)
        seen = Observation(written, rollout=rollout)
        if plan.action == "none" and self.managed.waits.levels[level].reached(seen):
            self.end(seen)
            return None
        shown = written["metadata"].get("generation", 0) if plan.shows else 0
        # V1 shows no pods: nothing else tells those of a new object from a namesake's that are on their way out.
        replaces_pods = plan.replaces_pods or (plan.action in ("create", "recreate") and is_brief(written))
        return self.waiter().goal(level, shown, replaces_pods, rollout)

    def _absent(self) -> Goal | None:
        """Delete, and wait until the object and its pods are gone."""
        live = self._read()
        if live is None:
            return None
        propagation = self._writer.propagation
        if not _is_ending(live):
            self.result.plan = plan_delete(self.managed.kind, live)
            self._writer.delete(live, propagation)
        # Orphaned pods are meant to stay.
        return self.waiter().goal("deleted" if propagation == "Orphan" else "gone") if self._waits else None

    @cached_property
    def _writer(self) -> Writer:
        from ansible_collections.kuberay.core.plugins.module_utils._run.writer import Writer

        given = self._options.get("delete_options") or {}
        return Writer(self._transport, self._ref, self._context, given, self.result.wrote)

    @property
    def _waits(self) -> bool:
        return bool(self._options["wait"]) and not self._context.check_mode

    def _waited(self, seen: Observation) -> Observation:
        """What is to be done with what a wait saw at its end."""
        return seen

    def _make_way(self, plan: Plan, live: Json) -> bool:
        """What has to happen before a plan is carried out; True where something was written, and all is read again."""
        del plan, live
        return False

    def _carry_out(self, tries: int) -> tuple[Plan, Json]:
        """Read, plan and write; again from the start when somebody else wrote meanwhile."""
        live, plan = self._foreseen or self._looked()
        self._foreseen = None
        try:
            if live is None or not self._make_way(plan, live):
                return plan, self._write(plan, live)
            self._told = self._told or plan
        except (Stale, AlreadyExists) as error:
            if tries <= 1:
                error.while_doing(f"Writing {self._ref}, planned anew {_PLANS} times,")
                raise
            if error.unanswered:
                # An earlier try got no answer. Where nothing is left to do, it was our own write that got through.
                self._lost = plan
        return self._carry_out(tries - 1)

    def _looked(self) -> tuple[Json | None, Plan]:
        live = self._standing()
        return live, self._plan(live)

    def _standing(self) -> Json | None:
        """The live object; one that is being deleted is waited for, since a write to it would vanish with it."""
        live = self._read()
        if not _is_ending(live):
            return live
        if self._context.check_mode:
            self._context.warn_once(f"{self._ref} is being deleted; it would be created again when it is gone")
            self._unmade = True
        else:
            self.waiter().wait("gone", self.deadline())
        return None

    def _read(self) -> Json | None:
        try:
            return self._transport.read(self._ref)
        except KubeRayError as error:
            error.while_doing(f"Reading {self._ref} through {self._transport.name}")
            raise

    def _gathered(self, seen: Observation, wanted: list[str]) -> Observation:
        from ansible_collections.kuberay.core.plugins.module_utils._transport.gather import gathered

        try:
            return gathered(self._transport, self._ref, seen, wanted)
        except KubeRayError as error:
            error.while_doing(f"Gathering the {', '.join(wanted)} of {self._ref} through {self._transport.name}")
            raise

    def _plan(self, live: Json | None) -> Plan:
        if live is None and self._options["state"] == PARTIAL:
            raise NotFound(f"there is no {self._ref} to patch; state=present makes one")
        # In check mode nobody else would find out that a template is missing.
        reads = self._transport.patches or self._context.check_mode
        wish = self.managed.wish(self._options, self._ref.namespace, live, self._template if reads else _expanded_there)
        if live is not None:
            # Whatever comes of it, a failure shows the object as it stands.
            self._observe(Observation(live))
        plan = self._compared(live, wish)
        if live is not None:
            recreate = "never" if self._is_new else self.managed.recreate(self._options, live)
            plan = self._settled(plan, live, recreate)
        if plan.action == "none" and self._lost is not None:
            self.result.wrote()
            self._told = self._told or self._lost
            plan = replace(plan, shows=self._lost.shows, replaces_pods=self._lost.replaces_pods)
        self.result.plan = self._told or plan
        for warning in [*plan.warnings, *self._checked(plan)]:
            self._context.warn_once(f"{self._ref}: {warning}")
        return plan

    def _compared(self, live: Json | None, wish: Json) -> Plan:
        """What it takes to make the wish of what is there."""
        if self._transport.patches:
            return (
                plan_create(self.managed.kind, wish) if live is None else self.managed.plan(live, wish, self._options)
            )
        from ansible_collections.kuberay.core.plugins.module_utils._plan.whole import plan_whole

        return plan_whole(self.managed.kind, live, wish, self._options, self._template)

    def _checked(self, plan: Plan) -> list[str]:
        """Warnings about what is going to be written; OptionError where the operator would refuse it."""
        if plan.action == "none":
            return []
        from ansible_collections.kuberay.core.plugins.module_utils._lint.check import check

        return check(plan.target or {}, str(self._ref), self._options)

    def _settled(self, plan: Plan, live: Json, recreate: str) -> Plan:
        try:
            return settled(plan, live, recreate, self.managed.anew)
        except NeedsRecreate as error:
            error.while_doing(f"Changing {self._ref}")
            raise

    def _template(self, name: str) -> dict[str, str]:
        """A compute template, read once however many groups name it."""
        if name not in self._templates:
            self._templates[name] = self._transport.compute_template(self._ref.namespace, name)
        return self._templates[name]

    def _write(self, plan: Plan, live: Json | None) -> Json:
        """Carry the plan out; the object as it is then, or as it would be in check mode."""
        if plan.action == "create":
            return (plan.target or {}) if self._unmade else self._writer.create(plan.target or {})
        if plan.action == "patch" and live is not None:
            if not self._transport.patches:
                return self._writer.replace(plan.target or {})
            return self._writer.patch(operations(live, plan), plan.target)
        if plan.action == "recreate" and live is not None:
            return self._create_again(plan, live)
        return live or {}

    def _create_again(self, plan: Plan, live: Json) -> Json:
        """Delete the object, wait until it and its pods are gone, and make it again.

        A new object of the same name would adopt pods that still terminate, and be ready with their old image.
        """
        predicted = self._writer.try_anew(plan.target or {})
        if self._context.check_mode:
            return predicted
        self._told, self._is_new = self._told or plan, True
        self._writer.delete(live, "Foreground")
        self.waiter().wait("gone", self.deadline())
        try:
            return self._writer.create(plan.target or {})
        except KubeRayError as error:
            if not isinstance(error, AlreadyExists):
                error.message += ". It was deleted to be created again: run the task again when this is mended"
            raise

    def deadline(self) -> Deadline:
        """The end of all waits of this task together; the clock starts with the first one."""
        if self._ends is None:
            usual = _ABSENT_SECONDS if self._options["state"] == "absent" else self.managed.wait_seconds
            seconds = self._options.get("wait_timeout")
            self._ends = Deadline.after(usual if seconds is None else seconds)
        return self._ends

    def waiter(self) -> Waiter:
        """What looks at the object for a wait."""
        from ansible_collections.kuberay.core.plugins.module_utils._wait.patience import graces
        from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Waiter

        return Waiter(self._transport, self._ref, self.managed.waits, self._context, graces(self._options))

    def _observe(self, seen: Observation) -> None:
        self._seen = seen
        self.result.observe(seen, self.managed.facts)


def ensure_meant(options: Json) -> None:
    """Refuse what no task on any object can mean."""
    for name in ("wait_timeout", "wait_unschedulable"):
        if (options.get(name) or 0) < 0:
            raise OptionError(f"{name}: {options[name]} is no number of seconds to wait")
    if options.get("kuberay_version"):
        from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import known_version

        known_version(options)


def _expanded_there(_name: str) -> None:
    """A compute template that the door expands itself."""


def _is_ending(live: Json | None) -> bool:
    return live is not None and bool(live["metadata"].get("deletionTimestamp"))
