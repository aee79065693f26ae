# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The specs that the operator refuses.

A refusal is a Warning event and nothing else. Only the first broken rule is told.
"""

from __future__ import annotations

from typing import NamedTuple

from .facts import Facts, Rule
from .objects import Json
from .rulebook import CLUSTER_RULES, HEAD_RULES, METADATA_RULES, UPGRADE_RULES, WORKER_RULES
from .spec import autoscaler_version, autoscaling, groups

# The reason of the event, the beginning of its note, and the rules.
STAGES = (
    ("InvalidRayClusterMetadata", "The RayCluster metadata is invalid", METADATA_RULES),
    ("InvalidRayClusterSpec", "The RayCluster spec is invalid", ()),
    ("InvalidRayClusterSpec", "The RayCluster UpgradeStrategy is invalid", UPGRADE_RULES),
)


class Refusal(NamedTuple):
    """Why an object is refused: the event's reason and note."""

    reason: str
    note: str


def refusal(cluster: Json) -> Refusal | None:
    """The first broken rule, if any."""
    where = f"{cluster['metadata']['namespace']}/{cluster['metadata']['name']}"
    for reason, start, rules in STAGES:
        message = first_broken(rules, Facts(cluster)) if rules else spec_message(cluster)
        if message is not None:
            return Refusal(reason, f"{start} {where}: {message}")
    return None


def spec_message(cluster: Json) -> str | None:
    """The first broken rule about the spec; the spec of a cluster that a RayJob is to have counts as well."""
    message = first_broken(HEAD_RULES, Facts(cluster, cluster["spec"]["headGroupSpec"], "Head"))
    for group in groups(cluster):
        message = message or first_broken(WORKER_RULES, Facts(cluster, group, group["groupName"]))
    return message or first_broken(CLUSTER_RULES, Facts(cluster))


def first_broken(rules: tuple[Rule, ...], facts: Facts) -> str | None:
    """The message of the first rule that these facts break."""
    return next((rule.message.format(f=facts) for rule in rules if rule.broken(facts)), None)


def complaint(cluster: Json) -> str | None:
    """A warning that looks like a refusal, reason and all, but is none: the cluster is looked after all the same."""
    if not autoscaling(cluster) or autoscaler_version(cluster) != "v1" or not Facts(cluster).restarting_groups:
        return None
    where = f"{cluster['metadata']['namespace']}/{cluster['metadata']['name']}"
    named = ", ".join(Facts(cluster).restarting_groups)
    policy = f"restartPolicy for worker groups [{named}] should be Never or unset when using autoscaler V1"
    return f"RayCluster spec warning {where}: {policy}"
