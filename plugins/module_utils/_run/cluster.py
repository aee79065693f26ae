# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cluster: the way of the data, in order. Each step is a room of its own; this file only walks through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import (
    PARTIAL,
    desired_cluster,
)
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    KubeRayError,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster import lint_cluster
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation, pod_group
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import is_kueues, plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.drain import drain_operations, removed_groups
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import (
    Plan,
    operations,
    plan_create,
    plan_delete,
)
from ansible_collections.kuberay.core.plugins.module_utils._run.result import Result
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import CLUSTER as WAIT_RULES
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import drained
from ansible_collections.kuberay.core.plugins.module_utils._wait.waiter import Waiter

Json = dict[str, Any]
Written = TypeVar("Written")

# How often a plan is made anew because somebody else wrote between our read and our write.
_PLANS = 5
_WAIT_SECONDS = {"present": 600, "patched": 600, "absent": 300}


def run_cluster(options: Json, context: Context) -> Json:
    """Bring one RayCluster into the wished state; the result is documented in RETURN of kuberay_cluster."""
    result = Result(CLUSTER, hide=options.get("redact", True))
    try:
        transport = open_transport(options, context)
        ref = Ref(CLUSTER, options.get("namespace") or transport.default_namespace, options["name"])
        task = _ClusterTask(options, context, transport, ref, result)
        if options["state"] == "absent":
            task.absent()
        else:
            task.present()
    except KubeRayError as error:
        seen = error.facts.pop("seen", None)
        if seen is not None:
            result.observe(seen, cluster_facts(seen))
        error.facts = {**result.as_dict(context.diff, failed=True), **error.facts}
        raise
    return result.as_dict(context.diff)


class _ClusterTask:
    """One task on one RayCluster."""

    def __init__(self, options: Json, context: Context, transport: Transport, ref: Ref, result: Result) -> None:
        self._options = options
        self._context = context
        self._transport = transport
        self._ref = ref
        self._ends: Deadline | None = None
        self._templates: dict[str, dict[str, str]] = {}
        # What is told where it is not the last plan: the one before worker groups were scaled away; _lost is one whose
        # answer did not come.
        self._told: Plan | None = None
        self._lost: Plan | None = None
        # In check mode an object that has to end first cannot be created, not even as a dry run.
        self._unmade = False
        self.result = result
        result.title = str(ref)

    def present(self) -> None:
        """Create, patch or leave alone; then wait for the level."""
        plan, written = self._carry_out(_PLANS)
        self.result.observe(Observation(written), cluster_facts(Observation(written)))
        if self._options["wait"] and not self._context.check_mode:
            self._wait(plan, written)

    def _carry_out(self, tries: int) -> tuple[Plan, Json]:
        """Read, plan and write; again from the start when somebody else wrote meanwhile."""
        live = self._standing()
        plan = self._plan(live)
        try:
            if live is None or not self._drain(plan, live):
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

    def absent(self) -> None:
        """Delete, and wait until the object and its pods are gone."""
        live = self._read()
        if live is None:
            return
        if not live["metadata"].get("deletionTimestamp"):
            self._delete(live)
        if self._options["wait"] and not self._context.check_mode:
            # Orphaned pods are meant to stay.
            orphans = self._delete_options()["propagationPolicy"] == "Orphan"
            self._waiter().wait("deleted" if orphans else "gone", self._deadline())

    def _delete(self, live: Json) -> None:
        self.result.plan = plan_delete(CLUSTER, live)
        options = {"preconditions": {"uid": live["metadata"]["uid"]}, **self._delete_options()}
        self._written("Deleting", lambda dry: self._transport.delete(self._ref, options, dry_run=dry))

    def _standing(self) -> Json | None:
        """The live object; one that is being deleted is waited for, since a write to it would vanish with it."""
        live = self._read()
        if live is None or not live["metadata"].get("deletionTimestamp"):
            return live
        if self._context.check_mode:
            self._context.warn_once(f"{self._ref} is being deleted; it would be created again when it is gone")
            self._unmade = True
        else:
            self._waiter().wait("gone", self._deadline())
        return None

    def _read(self) -> Json | None:
        try:
            return self._transport.read(self._ref)
        except KubeRayError as error:
            error.while_doing(self._doing("Reading"))
            raise

    def _plan(self, live: Json | None) -> Plan:
        is_partial = self._options["state"] == PARTIAL
        if live is None and is_partial:
            raise NotFound(f"there is no {self._ref} to patch; state=present makes one")
        wish = desired_cluster(self._options, self._ref.namespace, live, self._template)
        if live is None:
            plan = plan_create(CLUSTER, wish)
        else:
            plan = plan_cluster(live, wish, self._options["purge_worker_groups"], is_partial)
        if plan.action == "none" and self._lost is not None:
            self.result.written = True
            self._told = self._told or self._lost
            plan = replace(plan, shows=self._lost.shows, replaces_pods=self._lost.replaces_pods)
        self._check(plan.target or wish)
        self.result.plan = self._told or plan
        for warning in plan.warnings:
            self._context.warn_once(f"{self._ref}: {warning}")
        return plan

    def _check(self, cluster: Json) -> None:
        """Refuse what the operator would: it says so in an event only, when the object is stored."""
        findings = lint_cluster(cluster)
        if findings:
            raise OptionError(
                f"the operator would refuse {self._ref}: " + "; ".join(str(finding) for finding in findings),
                details=[{"path": finding.path, "message": finding.message} for finding in findings],
            )

    def _template(self, name: str) -> dict[str, str]:
        """A compute template, read once however many groups name it."""
        if name not in self._templates:
            self._templates[name] = self._transport.compute_template(self._ref.namespace, name)
        return self._templates[name]

    def _write(self, plan: Plan, live: Json | None) -> Json:
        """Carry the plan out; the object as it is then, or as it would be in check mode."""
        if plan.action == "create":
            return self._create(plan.target or {})
        if plan.action == "patch" and live is not None:
            return self._patch(operations(live, plan))
        return live or {}

    def _patch(self, patch: list[Json]) -> Json:
        return self._written("Changing", lambda dry: self._transport.patch(self._ref, patch, dry_run=dry))

    def _create(self, target: Json) -> Json:
        if self._unmade:
            return target
        try:
            return self._written("Creating", lambda dry: self._transport.create(self._ref, target, dry_run=dry))
        except NotFound as error:
            if not (isinstance(error.details, dict) and error.details.get("kind") == "namespaces"):
                raise
            namespace = self._ref.namespace
            if not self._context.check_mode:
                error.message = f"namespace {namespace} does not exist: create it first, or name another one"
                raise
            self._context.warn_once(f"namespace {namespace} does not exist; it would have to be made first")
            return target

    def _written(self, verb: str, write: Callable[[bool], Written]) -> Written:
        """One write, or in check mode its dry run."""
        self._context.ensure_wanted()
        try:
            written = write(self._context.check_mode)
        except (Stale, AlreadyExists):
            raise
        except KubeRayError as error:
            error.while_doing(self._doing(verb))
            raise
        self.result.written = self.result.written or not self._context.check_mode
        return written

    def _drain(self, plan: Plan, live: Json) -> bool:
        """Let the pods of worker groups that are to be removed go first: the operator would leave them running."""
        groups = removed_groups(live, plan.target or {})
        if not groups or self._context.check_mode:
            return False
        pods = [pod for pod in self._transport.pods(self._ref.namespace, self._ref.name) if pod_group(pod) in groups]
        if not pods:
            return False
        self._patch(drain_operations(live, groups, pods))
        self._context.progress(f"{self._ref.name}: removing the workers of {', '.join(sorted(groups))}")
        self._waiter().reach("without its removed workers", drained(groups), self._deadline())
        return True

    def _wait(self, plan: Plan, written: Json) -> None:
        # Kueue suspends what it has not admitted yet; anybody else's suspend is to stay.
        suspended = written["spec"].get("suspend") and not is_kueues(written)
        level = "suspended" if suspended else self._options["wait_for"]
        if plan.action == "none" and WAIT_RULES.levels[level].reached(Observation(written)):
            return
        shown = written["metadata"]["generation"] if plan.shows else 0
        seen = self._waiter().wait(level, self._deadline(), shown, plan.replaces_pods)
        self.result.observe(seen, cluster_facts(seen))

    def _deadline(self) -> Deadline:
        """The end of all waits of this task together; the clock starts with the first one."""
        if self._ends is None:
            seconds = self._options.get("wait_timeout")
            self._ends = Deadline.after(_WAIT_SECONDS[self._options["state"]] if seconds is None else seconds)
        return self._ends

    def _waiter(self) -> Waiter:
        return Waiter(self._transport, self._ref, WAIT_RULES, self._context)

    def _delete_options(self) -> Json:
        """Foreground unless asked otherwise: the object then stays until its pods are gone, and can be waited for."""
        given = self._options.get("delete_options") or {}
        options: Json = {"propagationPolicy": given.get("propagation_policy") or "Foreground"}
        if given.get("grace_period_seconds") is not None:
            options["gracePeriodSeconds"] = given["grace_period_seconds"]
        return options

    def _doing(self, verb: str) -> str:
        return f"{verb} {self._ref} through {self._transport.name}"
