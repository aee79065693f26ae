# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a RayJob that has come to its end: who is deleted, and when."""

from __future__ import annotations

import os
from collections.abc import Callable

from .api import RAY_JOBS, Api
from .controller import DONE, Result
from .objects import Json, age, dig, key_of
from .rayjob_children import JobChildren
from .rayjob_words import RAY_FAILED, RAY_SUCCEEDED, deployment, ray_status, selects

# KubeRay's own name.
DELETE_SELF_ENV = "DELETE_RAYJOB_CR_AFTER_JOB_FINISHES"
# The requeue is this much later than the time itself.
MARGIN_SECONDS = 2.0
# The more destructive comes later, and wins where several are due.
IMPACT = ("DeleteNone", "DeleteWorkers", "DeleteCluster", "DeleteSelf")


class JobEnd:
    """The end of RayJobs."""

    def __init__(self, api: Api, children: JobChildren) -> None:
        self._api = api
        self._children = children
        # {policy: (what it does, whether nothing of it is left to do)}
        self._policies: dict[str, tuple[Callable[[Json], object], Callable[[Json], bool]]] = {
            "DeleteNone": (lambda _: None, lambda _: True),
            "DeleteWorkers": (children.suspend_workers, children.workers_are_suspended),
            "DeleteCluster": (children.delete_cluster, children.cluster_is_gone),
            "DeleteSelf": (self._delete_self, lambda _: False),
        }

    def reconcile(self, job: Json) -> Result:
        """One step; the status of a job that has ended does not change any more."""
        if selects(job):
            return DONE
        strategy = dig(job, "spec.deletionStrategy")
        if strategy is not None and strategy.get("deletionRules") is not None:
            return self._by_rules(job, strategy["deletionRules"])
        if strategy is not None:
            return self._by_outcome(job, strategy)
        return self._shut_down(job) if dig(job, "spec.shutdownAfterJobFinishes", False) else DONE

    def _by_rules(self, job: Json, rules: list[Json]) -> Result:
        """Carry out the most destructive of the rules that are due, and come back for the next."""
        matching = [rule for rule in rules if _matches(rule["condition"], job)]
        rest = {id(rule): _rest(job, rule["condition"].get("ttlSeconds", 0)) for rule in matching}
        overdue = [rule["policy"] for rule in matching if rest[id(rule)] <= 0]
        overdue = [policy for policy in overdue if not self._policies[policy][1](job)]
        if overdue:
            self._carry_out(job, max(overdue, key=IMPACT.index))
        pending = [seconds for seconds in rest.values() if seconds > 0]
        return Result(min(pending) + MARGIN_SECONDS) if pending else DONE

    def _by_outcome(self, job: Json, strategy: Json) -> Result:
        ends = {RAY_SUCCEEDED: "onSuccess.policy", RAY_FAILED: "onFailure.policy"}
        policy = dig(strategy, ends.get(ray_status(job), ""), "DeleteNone")
        if policy == "DeleteNone":
            return DONE
        rest = _rest(job, dig(job, "spec.ttlSecondsAfterFinished", 0))
        if rest > 0:
            return Result(rest + MARGIN_SECONDS)
        self._carry_out(job, policy)
        return DONE

    def _shut_down(self, job: Json) -> Result:
        rest = _rest(job, dig(job, "spec.ttlSecondsAfterFinished", 0))
        if rest > 0:
            return Result(rest + MARGIN_SECONDS)
        # The submitter Job stays: its log is the driver's.
        self._carry_out(job, "DeleteSelf" if os.environ.get(DELETE_SELF_ENV, "").lower() == "true" else "DeleteCluster")
        return DONE

    def _carry_out(self, job: Json, policy: str) -> None:
        self._policies[policy][0](job)

    def _delete_self(self, job: Json) -> None:
        self._api.delete(RAY_JOBS, *key_of(job))


def _matches(condition: Json, job: Json) -> bool:
    if condition.get("jobStatus") is not None:
        return bool(condition["jobStatus"] == ray_status(job))
    return bool(condition["jobDeploymentStatus"] == deployment(job))


def _rest(job: Json, ttl: int) -> float:
    """The seconds until a time to live is over."""
    return float(ttl - age(job["status"]["endTime"]))
