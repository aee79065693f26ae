# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules about what a RayJob wants deleted after its end."""

from __future__ import annotations

import itertools
from typing import Any

from .facts import Facts, Rule
from .objects import Json
from .rayjob_words import selects
from .spec import autoscaling

SPEC = "The RayJob spec is invalid: "
STRATEGY = "spec.deletionStrategy"
OF_CLUSTER = ("DeleteCluster", "DeleteWorkers")
# Each of these must not come before the one that it includes.
ORDER = ("DeleteWorkers", "DeleteCluster", "DeleteSelf")


def _legacy(facts: Facts) -> dict[str, Any]:
    """The policies of onSuccess and onFailure, where those are the way."""
    named = {"success": f"{STRATEGY}.onSuccess.policy", "failure": f"{STRATEGY}.onFailure.policy"}
    return {end: facts[path] for end, path in named.items() if facts[path]}


def _scales(facts: Facts) -> bool:
    return autoscaling({"spec": facts["spec.rayClusterSpec"]})


def _rules(facts: Facts) -> list[Json]:
    return list(facts[f"{STRATEGY}.deletionRules"] or [])


def _complaints(facts: Facts) -> str:
    """What is wrong with the deletion rules, each with itself and all together."""
    seen: dict[tuple[str, str], dict[str, int]] = {}
    found = []
    for number, rule in enumerate(_rules(facts)):
        policy, condition = rule["policy"], rule["condition"]
        kind = "JobStatus" if "jobStatus" in condition else "JobDeploymentStatus"
        value = condition.get("jobStatus") or condition.get("jobDeploymentStatus", "")
        ttls = seen.setdefault((kind, value), {})
        words = ""
        if selects(facts.cluster) and policy in OF_CLUSTER:
            words = f"DeletionPolicyType '{policy}' not supported when ClusterSelector is set"
        elif _scales(facts) and policy == "DeleteWorkers":
            words = "DeletionPolicyType 'DeleteWorkers' not supported with autoscaling enabled"
        elif policy in ttls:
            words = f"duplicate rule for DeletionPolicyType '{policy}' and {kind} '{value}'"
        else:
            ttls[policy] = condition.get("ttlSeconds", 0)
        found += [f"deletionRules[{number}]: {words}"] if words else []
    return "\n".join([*found, *(line for (kind, value), ttls in seen.items() for line in _order(kind, value, ttls))])


def _order(kind: str, value: str, ttls: dict[str, int]) -> list[str]:
    named = [policy for policy in ORDER if policy in ttls]
    return [
        f"for {kind} '{value}': {later} TTL ({ttls[later]}) must be >= {former} TTL ({ttls[former]})"
        for former, later in itertools.pairwise(named)
        if ttls[later] < ttls[former]
    ]


class JobFacts(Facts):
    """What the rules ask of a RayJob, which takes the cluster's place."""

    @property
    def deletion_complaints(self) -> str:
        """For the message of the one rule that finds more than one thing."""
        return _complaints(self)


DELETION_RULES = (
    Rule(
        lambda f: not f["spec.shutdownAfterJobFinishes"] and (f["spec.ttlSecondsAfterFinished"] or 0) > 0,
        f"{SPEC}a RayJob with shutdownAfterJobFinishes set to false cannot have TTLSecondsAfterFinished",
    ),
    Rule(
        lambda f: _rules(f) and f["spec.shutdownAfterJobFinishes"],
        f"{SPEC}spec.shutdownAfterJobFinishes and spec.deletionStrategy.deletionRules are mutually exclusive",
    ),
    Rule(_complaints, "{f.deletion_complaints}"),
    Rule(
        lambda f: f[f"{STRATEGY}.onSuccess"] is not None and not f[f"{STRATEGY}.onSuccess.policy"],
        "the DeletionPolicyType field of DeletionStrategy.OnSuccess cannot be unset when DeletionStrategy is enabled",
    ),
    Rule(
        lambda f: f[f"{STRATEGY}.onFailure"] is not None and not f[f"{STRATEGY}.onFailure.policy"],
        "the DeletionPolicyType field of DeletionStrategy.OnFailure cannot be unset when DeletionStrategy is enabled",
    ),
    Rule(
        lambda f: selects(f.cluster) and _legacy(f).get("success") in OF_CLUSTER,
        "the ClusterSelector mode doesn't support DeletionStrategy={f[spec.deletionStrategy.onSuccess.policy]} "
        "on success",
    ),
    Rule(
        lambda f: selects(f.cluster) and _legacy(f).get("failure") in OF_CLUSTER,
        "the ClusterSelector mode doesn't support DeletionStrategy={f[spec.deletionStrategy.onFailure.policy]} "
        "on failure",
    ),
    Rule(
        lambda f: "DeleteWorkers" in _legacy(f).values() and _scales(f),
        "DeletionStrategy=DeleteWorkers currently does not support RayCluster with autoscaling enabled",
    ),
    Rule(
        lambda f: f["spec.shutdownAfterJobFinishes"] and "DeleteNone" in _legacy(f).values(),
        f"{SPEC}shutdownAfterJobFinshes is set to 'true' while deletion policy is 'DeleteNone'",
    ),
)
