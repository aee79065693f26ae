# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RayJobs that the operator refuses, and the rules in the order in which it asks them.

A refusal is a Warning event and a status that nothing heals, not even a spec that is right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import yaml

from .facts import DNS_1035, Rule
from .objects import Json, dig
from .rayjob_deletion_rules import DELETION_RULES, JobFacts
from .rayjob_words import INTERACTIVE, SELECTOR_KEY, SIDECAR, WAITING, deployment, mode, selects
from .rulebook import DNS_1035_HINT
from .rules import first_broken, spec_message

MAX_NAME = 47
SPEC = "The RayJob spec is invalid: "
METADATA = "The RayJob metadata is invalid: "
HEAD_POD = "spec.rayClusterSpec.headGroupSpec.template.spec"

METADATA_RULES = (
    Rule(
        lambda f: len(f["metadata.name"]) > MAX_NAME,
        f"{METADATA}RayJob name should be no more than {MAX_NAME} characters",
    ),
    Rule(
        lambda f: not DNS_1035.fullmatch(f["metadata.name"]),
        f"{METADATA}RayJob name should be a valid DNS1035 label: {DNS_1035_HINT}",
    ),
)
BEFORE_CLUSTER_RULES = (
    Rule(
        lambda f: f["spec.suspend"] and not f["spec.shutdownAfterJobFinishes"],
        f"{SPEC}a RayJob with shutdownAfterJobFinishes set to false is not allowed to be suspended",
    ),
    Rule(
        lambda f: (f["spec.ttlSecondsAfterFinished"] or 0) < 0,
        f"{SPEC}TTLSecondsAfterFinished must be a non-negative integer",
    ),
    *DELETION_RULES,
    Rule(
        lambda f: f["spec.suspend"] and selects(f.cluster),
        f"{SPEC}the ClusterSelector mode doesn't support the suspend operation",
    ),
    Rule(
        lambda f: f["spec.rayClusterSpec"] is None and not selects(f.cluster),
        f"{SPEC}one of RayClusterSpec or ClusterSelector must be set",
    ),
    Rule(
        lambda f: selects(f.cluster) and not f["spec.clusterSelector"].get(SELECTOR_KEY),
        "cluster name in ClusterSelector should not be empty",
    ),
    Rule(
        lambda f: selects(f.cluster) and mode(f.cluster) == SIDECAR,
        "ClusterSelector is not supported in SidecarMode",
    ),
    Rule(
        lambda f: selects(f.cluster) and (f["spec.backoffLimit"] or 0) > 0,
        f"{SPEC}BackoffLimit is incompatible with ClusterSelector mode",
    ),
    Rule(
        lambda f: mode(f.cluster) == INTERACTIVE and (f["spec.backoffLimit"] or 0) > 0,
        f"{SPEC}BackoffLimit is incompatible with InteractiveMode",
    ),
    Rule(
        lambda f: mode(f.cluster) == SIDECAR and f["spec.submitterPodTemplate"] is not None,
        "Currently, SidecarMode doesn't support SubmitterPodTemplate",
    ),
    Rule(
        lambda f: mode(f.cluster) == SIDECAR and f["spec.submitterConfig"] is not None,
        "Currently, SidecarMode doesn't support SubmitterConfig",
    ),
    Rule(
        lambda f: mode(f.cluster) == SIDECAR and f[f"{HEAD_POD}.restartPolicy"] not in (None, "", "Never"),
        "restartPolicy for head Pod should be Never or unset when using SidecarMode",
    ),
    Rule(
        lambda f: f["spec.rayClusterSpec.authOptions.enableK8sTokenAuth"],
        f"{SPEC}K8s token auth mode is currently not supported for RayJob",
    ),
)
AFTER_CLUSTER_RULES = (
    Rule(
        lambda f: runtime_env_error(f.cluster),
        "failed to unmarshal RuntimeEnvYAML: {f[spec.runtimeEnvYAML]}: error converting YAML to JSON",
    ),
    Rule(
        lambda f: f["spec.activeDeadlineSeconds"] is not None and f["spec.activeDeadlineSeconds"] <= 0,
        f"{SPEC}activeDeadlineSeconds must be a positive integer",
    ),
    Rule(
        lambda f: f["spec.preRunningDeadlineSeconds"] is not None and f["spec.preRunningDeadlineSeconds"] <= 0,
        f"{SPEC}preRunningDeadlineSeconds must be a positive integer",
    ),
    Rule(lambda f: (f["spec.backoffLimit"] or 0) < 0, f"{SPEC}backoffLimit must be a positive integer"),
)
STATUS_RULES = (
    Rule(
        lambda f: deployment(f.cluster) == WAITING and mode(f.cluster) != INTERACTIVE,
        "The RayJob status is invalid: JobDeploymentStatus cannot be `Waiting` when SubmissionMode is not "
        "InteractiveMode",
    ),
)


class Refusal(NamedTuple):
    """The reason of the event, and what is wrong."""

    reason: str
    message: str


Stage = tuple[str, Callable[[], str | None]]


def refusal(job: Json) -> Refusal | None:
    """The first broken rule, if any."""
    facts = JobFacts(job)
    return (
        _first(("InvalidRayJobMetadata", lambda: first_broken(METADATA_RULES, facts)))
        or spec_refusal(job)
        or _first(("InvalidRayJobStatus", lambda: first_broken(STATUS_RULES, facts)))
    )


def spec_refusal(job: Json) -> Refusal | None:
    """The first broken rule about the spec; the template of a RayCronJob counts as well."""
    facts = JobFacts(job)
    return _first(
        ("InvalidRayJobSpec", lambda: first_broken(BEFORE_CLUSTER_RULES, facts)),
        ("InvalidRayJobSpec", lambda: _cluster_message(job)),
        ("InvalidRayJobSpec", lambda: first_broken(AFTER_CLUSTER_RULES, facts)),
    )


def _first(*stages: Stage) -> Refusal | None:
    asked = ((reason, ask()) for reason, ask in stages)
    return next((Refusal(reason, message) for reason, message in asked if message is not None), None)


def runtime_env_error(job: Json) -> bool:
    """Whether runtimeEnvYAML is no mapping in YAML."""
    try:
        return not isinstance(yaml.safe_load(dig(job, "spec.runtimeEnvYAML", "")), dict | None)
    except yaml.YAMLError:
        return True


def _cluster_message(job: Json) -> str | None:
    spec = dig(job, "spec.rayClusterSpec")
    if spec is None:
        return None
    annotations = job["metadata"].get("annotations") or {}
    message = spec_message({"metadata": {"annotations": annotations}, "spec": spec})
    return None if message is None else SPEC + message
