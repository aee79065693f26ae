# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about what becomes of a RayJob's cluster when the job has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import DELETION_POLICY, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.jobs import Job
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

_LEGACY = ("onSuccess", "onFailure")
_STATUSES = ("jobStatus", "jobDeploymentStatus")
# What is deleted first has the smaller TTL.
_ORDER = ("DeleteWorkers", "DeleteCluster", "DeleteSelf")
_OF_CLUSTER = ("DeleteCluster", "DeleteWorkers")


def _strategy(job: Job) -> Part:
    return job.spec["deletionStrategy"]


def _legacy(job: Job) -> list[Part]:
    """onSuccess and onFailure, as far as they are given."""
    return [part for part in map(_strategy(job).__getitem__, _LEGACY) if part.given]


def _rules(job: Job) -> list[Part]:
    return _strategy(job)["deletionRules"].members("-")


def _policies(job: Job) -> list[Part]:
    """Every policy of the strategy, in either form."""
    return [part["policy"] for part in (*_legacy(job), *_rules(job)) if part["policy"].given]


def _gate_of(field: str) -> Callable[[Job], Found]:
    def find(job: Job) -> Found:
        if job.spec[field].given:
            told = f"needs the feature gate {DELETION_POLICY.name}, which is off by default before KubeRay 1.6"
            yield job.spec[field], told

    return find


def _form(job: Job) -> Found:
    strategy, legacy, rules = _strategy(job), _legacy(job), _strategy(job)["deletionRules"]
    if not strategy.given:
        return
    if legacy and rules.given:
        yield rules, "excludes onSuccess and onFailure"
    elif rules.given and not rules.filled:
        yield rules, "must have a rule"
    elif not rules.given and len(legacy) < len(_LEGACY):
        yield strategy, "needs deletionRules, or both onSuccess and onFailure"


def _legacy_policies(job: Job) -> Found:
    yield from ((part["policy"], "is needed") for part in _legacy(job) if not part["policy"].given)


def _conditions(job: Job) -> Found:
    for rule in _rules(job):
        given = [name for name in _STATUSES if rule["condition"][name].given]
        if rule["condition"].given and len(given) != 1:
            yield rule["condition"], f"needs exactly one of {' and '.join(_STATUSES)}"


def _shutdown(job: Job) -> Found:
    if _strategy(job)["deletionRules"].filled and job.spec["shutdownAfterJobFinishes"].is_true:
        yield _strategy(job)["deletionRules"], "excludes shutdownAfterJobFinishes; a rule DeleteCluster says the same"


def _none_with_shutdown(job: Job) -> Found:
    for part in _legacy(job) if job.spec["shutdownAfterJobFinishes"].is_true else []:
        if part["policy"].text == "DeleteNone":
            yield part["policy"], "DeleteNone contradicts shutdownAfterJobFinishes"


def _selector(job: Job) -> Found:
    for policy in _policies(job) if job.selects else []:
        if policy.text in _OF_CLUSTER:
            yield policy, f"{policy.text} excludes clusterSelector: the cluster is not the job's"


def _autoscaling(job: Job) -> Found:
    for policy in _policies(job) if job.cluster["enableInTreeAutoscaling"].is_true else []:
        if policy.text == "DeleteWorkers":
            yield policy, "DeleteWorkers excludes enableInTreeAutoscaling"


def _by_condition(job: Job) -> Iterator[tuple[str, str, Part]]:
    """The rules that say under which condition they hold, with it and the policy."""
    for rule in _rules(job):
        told = [f"{name} {rule['condition'][name].text}" for name in _STATUSES if rule["condition"][name].given]
        if len(told) == 1 and rule["policy"].text:
            yield told[0], rule["policy"].text, rule


def _once(job: Job) -> Found:
    seen = set()
    for condition, policy, rule in _by_condition(job):
        if (condition, policy) in seen:
            yield rule, f"{policy} for {condition} is said twice"
        seen.add((condition, policy))


def _ttl_order(job: Job) -> Found:
    ttls: dict[str, dict[str, Part]] = {}
    for condition, policy, rule in _by_condition(job):
        ttls.setdefault(condition, {}).setdefault(policy, rule.at("condition.ttlSeconds"))
    for of_policy in ttls.values():
        ordered = [(policy, of_policy[policy]) for policy in _ORDER if policy in of_policy]
        for (before, early), (after, late) in pairwise(ordered):
            if (late.number or 0) < (early.number or 0):
                yield late, f"must be {early.number} or more: {after} must not come before {before}"


def _old_policy(job: Job) -> Found:
    """The one policy that there was in KubeRay 1.3 and 1.4."""
    policy, shutdown = job.spec["deletionPolicy"], job.spec["shutdownAfterJobFinishes"].is_true
    autoscaling = job.cluster["enableInTreeAutoscaling"].is_true
    if policy.text in _OF_CLUSTER and job.selects:
        yield policy, f"{policy.text} excludes clusterSelector: the cluster is not the job's"
    if policy.text == "DeleteWorkers" and autoscaling:
        yield policy, "DeleteWorkers excludes enableInTreeAutoscaling"
    if policy.text == "DeleteNone" and shutdown:
        yield policy, "DeleteNone contradicts shutdownAfterJobFinishes"


_NEEDS = only_off(DELETION_POLICY)

DELETION_RULES: tuple[Rule[Job], ...] = (
    Rule("deletion-gate", _gate_of("deletionStrategy"), since=release("1.5"), always=True, needs=_NEEDS),
    Rule("deletion-form", _form, since=release("1.5"), always=True),
    Rule("deletion-policy-needed", _legacy_policies, since=release("1.5"), always=True),
    Rule("deletion-condition", _conditions, since=release("1.5"), always=True),
    Rule("deletion-rules-without-shutdown", _shutdown, since=release("1.5"), always=True),
    Rule("deletion-none-without-shutdown", _none_with_shutdown, since=release("1.5"), always=True),
    Rule("deletion-with-selector", _selector, since=release("1.5"), always=True),
    Rule("deletion-with-autoscaling", _autoscaling, since=release("1.5"), always=True),
    Rule("deletion-rule-once", _once, since=release("1.5"), always=True),
    Rule("deletion-order", _ttl_order, since=release("1.5"), always=True),
    Rule("old-deletion-gate", _gate_of("deletionPolicy"), since=release("1.3"), until=release("1.5"), needs=_NEEDS),
    Rule("old-deletion-policy", _old_policy, since=release("1.3"), until=release("1.5")),
)
