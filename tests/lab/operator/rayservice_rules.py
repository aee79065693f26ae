# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules by which the operator refuses a RayService. A refusal shows in an event and in Ready, and can be mended."""

from __future__ import annotations

from collections.abc import Callable

from .durations import parsed
from .facts import DNS_1035, Facts, Rule
from .objects import Json, annotations_of
from .rayjob_rules import Refusal
from .rayservice_words import INCREMENTAL, NEW_CLUSTER, NO_UPGRADE, TIMEOUT, upgrade_type
from .rulebook import DNS_1035_HINT
from .rules import first_broken, spec_message

MAX_NAME = 47
SPEC = "The RayService spec is invalid: "
METADATA = "The RayService metadata is invalid: "
TIMEOUT_WORDS = f"{METADATA}RayService annotations is invalid: annotation {TIMEOUT} "
OPTIONS = "spec.upgradeStrategy.clusterUpgradeOptions"
DEFAULTS = {"maxSurgePercent": 100}


def _timeout(facts: Facts) -> str:
    return annotations_of(facts.cluster).get(TIMEOUT, "")


def _is_incremental(facts: Facts) -> bool:
    return upgrade_type(facts.cluster) == INCREMENTAL


def _percent(facts: Facts, name: str) -> int:
    """A percentage; one below 0 where there is none and the CRD has no default."""
    value = facts[f"{OPTIONS}.{name}"]
    return DEFAULTS.get(name, -1) if value is None else int(value)


METADATA_RULES = (
    Rule(
        lambda f: len(f["metadata.name"]) > MAX_NAME,
        f"{METADATA}RayService name should be no more than {MAX_NAME} characters",
    ),
    Rule(
        lambda f: not DNS_1035.fullmatch(f["metadata.name"]),
        f"{METADATA}RayService name should be a valid DNS1035 label: {DNS_1035_HINT}",
    ),
    Rule(
        lambda f: _timeout(f) and parsed(_timeout(f)) is None,
        f"{TIMEOUT_WORDS}has invalid format: {{f.cluster[metadata][annotations][{TIMEOUT}]}}. Expected Go duration "
        "format (e.g., '5m', '1h') or positive integer seconds",
    ),
    Rule(
        lambda f: _timeout(f).lstrip("+-").isdecimal() and int(_timeout(f)) < 0,
        f"{TIMEOUT_WORDS}must be a positive integer (seconds), got: {{f.cluster[metadata][annotations][{TIMEOUT}]}}",
    ),
    Rule(
        # Go takes a bare 0 for a duration.
        lambda f: _timeout(f) and (parsed(_timeout(f)) or 0) <= 0,
        f"{TIMEOUT_WORDS}must be a positive duration, got: {{f.cluster[metadata][annotations][{TIMEOUT}]}}",
    ),
)
BEFORE_CLUSTER_RULES = (
    Rule(
        lambda f: f["spec.rayClusterConfig.authOptions.enableK8sTokenAuth"],
        f"{SPEC}K8s token auth mode is currently not supported for RayService",
    ),
)
AFTER_CLUSTER_RULES = (
    Rule(
        lambda f: f["spec.rayClusterConfig.headGroupSpec.headService.metadata.name"],
        f"{SPEC}spec.rayClusterConfig.headGroupSpec.headService.metadata.name should not be set",
    ),
    Rule(
        lambda f: (
            f["spec.upgradeStrategy.type"] is not None
            and upgrade_type(f.cluster) not in (NEW_CLUSTER, INCREMENTAL, NO_UPGRADE)
        ),
        f"{SPEC}Spec.UpgradeStrategy.Type value {{f[spec.upgradeStrategy.type]}} is invalid, valid options are "
        f"{INCREMENTAL}, {NEW_CLUSTER}, or {NO_UPGRADE}",
    ),
    Rule(
        lambda f: _is_incremental(f) and not f["spec.rayClusterConfig.enableInTreeAutoscaling"],
        f"{SPEC}Ray Autoscaler is required for {INCREMENTAL}",
    ),
    Rule(
        lambda f: _is_incremental(f) and f[OPTIONS] is None,
        f"{SPEC}ClusterUpgradeOptions are required for {INCREMENTAL}",
    ),
    Rule(
        lambda f: _is_incremental(f) and not 0 <= _percent(f, "maxSurgePercent") <= 100,
        f"{SPEC}maxSurgePercent must be between 0 and 100",
    ),
    Rule(
        lambda f: _is_incremental(f) and not 0 <= _percent(f, "stepSizePercent") <= 100,
        f"{SPEC}stepSizePercent must be between 0 and 100",
    ),
    Rule(
        lambda f: _is_incremental(f) and _percent(f, "stepSizePercent") > _percent(f, "maxSurgePercent"),
        f"{SPEC}stepSizePercent must be less than or equal to maxSurgePercent",
    ),
    Rule(
        lambda f: _is_incremental(f) and (f[f"{OPTIONS}.intervalSeconds"] or 0) <= 0,
        f"{SPEC}intervalSeconds must be greater than 0",
    ),
    Rule(
        lambda f: _is_incremental(f) and not f[f"{OPTIONS}.gatewayClassName"],
        f"{SPEC}gatewayClassName is required for {INCREMENTAL}",
    ),
)


def refusal(service: Json) -> Refusal | None:
    """The first broken rule, if any."""
    facts = Facts(service)
    stages: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("InvalidRayServiceMetadata", lambda: first_broken(METADATA_RULES, facts)),
        ("InvalidRayServiceSpec", lambda: first_broken(BEFORE_CLUSTER_RULES, facts)),
        ("InvalidRayServiceSpec", lambda: _cluster_message(service)),
        ("InvalidRayServiceSpec", lambda: first_broken(AFTER_CLUSTER_RULES, facts)),
    )
    asked = ((reason, ask()) for reason, ask in stages)
    return next((Refusal(reason, message) for reason, message in asked if message is not None), None)


def _cluster_message(service: Json) -> str | None:
    metadata = {"annotations": annotations_of(service)}
    message = spec_message({"metadata": metadata, "spec": service["spec"]["rayClusterConfig"]})
    return None if message is None else SPEC + message
