# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V1 checks of a request before it does anything, in its order and with its words. Each is a 400."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..operator.objects import Json
from .failures import Panic, invalid, wrapping
from .releases import NIL_CAUGHT, PULL_POLICY, Release

Rule = tuple[Callable[[Json], Any], str]

PULL_POLICIES = ("", "Always", "IfNotPresent")
VALID = "Please specify a valid value."
BAD_POLICY = "unsupported value for Image pull policy. Please specify Always or IfNotPresent"


def bad_policy(group: Json) -> bool:
    """Whether an imagePullPolicy is none that V1 takes."""
    return group.get("imagePullPolicy", "") not in PULL_POLICIES


# Whether something is wrong with a group, and what. {index} is the place of a worker group.
HEAD_RULES: tuple[Rule, ...] = (
    (lambda head: not head.get("computeTemplate"), f"HeadGroupSpec compute template is empty. {VALID}"),
)
START_PARAMETERS: tuple[Rule, ...] = (
    (lambda head: not head.get("rayStartParams"), "HeadGroupSpec RayStartParams is empty. Please specify values."),
)
HEAD_POLICY: tuple[Rule, ...] = ((bad_policy, f"HeadGroupSpec {BAD_POLICY}"),)
WORKER_RULES: tuple[Rule, ...] = (
    (lambda group: not group.get("groupName"), f"WorkerNodeSpec {{index}} group name is empty. {VALID}"),
    (lambda group: not group.get("computeTemplate"), f"WorkerNodeSpec {{index}} compute template is empty. {VALID}"),
    (lambda group: not group.get("maxReplicas"), f"WorkerNodeSpec {{index}} MaxReplicas can not be 0. {VALID}"),
    (
        lambda group: group.get("minReplicas", 0) > group.get("maxReplicas", 0),
        f"WorkerNodeSpec {{index}} MinReplica > MaxReplicas. {VALID}",
    ),
)
WORKER_POLICY: tuple[Rule, ...] = ((bad_policy, f"Worker GroupSpec {BAD_POLICY}"),)

# What a request's message must have: (the message's key, the words where it has not), after the namespaces.
NAMESPACE = f"Namespace is empty. {VALID}"
OTHER_NAMESPACE = "The namespace in the request is different from the namespace {}."
CLUSTER = (("name", f"Cluster name is empty. {VALID}"), ("user", f"User who create the cluster is empty. {VALID}"))
JOB = (("name", f"Job name is empty. {VALID}"), ("user", f"User who create the job is empty. {VALID}"))
SERVICE = (("name", f"Service name is empty. {VALID}"), ("user", f"User who created the Service is empty. {VALID}"))
UPDATE = (("name", f"Service name is empty. {VALID}"), ("user", f"User who updated the Service is empty. {VALID}"))
TEMPLATE = (
    ("name", f"Compute template name is empty. {VALID}"),
    ("cpu", f"Cpu amount is zero. {VALID}"),
    ("memory", f"Memory amount is zero. {VALID}"),
)


def check_template(namespace: str, template: Json, release: Release) -> None:
    """A request to create a compute template."""
    with wrapping("Validate compute template runtime request failed."):
        _first(_own(namespace, template, "defined in the compute template", TEMPLATE))


def check_cluster(namespace: str, cluster: Json, release: Release) -> None:
    """A request to create a cluster."""
    with wrapping("Validate create cluster request failed."):
        _first(_own(namespace, cluster, "in the cluster definition", CLUSTER))
        _check_spec(cluster, release)


def check_job(namespace: str, job: Json, release: Release) -> None:
    """A request to create a job; one for a cluster that is there needs no spec of one."""
    with wrapping("Validate job request failed."):
        _first(_own(namespace, job, "in the job definition", JOB))
        if not job.get("clusterSelector"):
            _check_spec(job, release)


def check_service(namespace: str, service: Json, release: Release) -> None:
    """A request to create a service."""
    with wrapping("Validate create service request failed."):
        _first(_own(namespace, service, "in the service definition", SERVICE))
        _check_spec(service, release)


def check_update(namespace: str, name: str, service: Json, release: Release) -> None:
    """A request to replace a service. Of the name in the path only this is asked: that there is one."""
    with wrapping("Validate update service request failed."):
        if not name:
            raise invalid(f"Name is empty. {VALID}")
        _first(_own(namespace, service, "in the service definition", UPDATE))
        _check_spec(service, release)


def _own(namespace: str, message: Json, where: str, needed: tuple[tuple[str, str], ...]) -> Iterator[str]:
    if not namespace:
        yield NAMESPACE
    if message.get("namespace", "") != namespace:
        yield OTHER_NAMESPACE.format(where)
    yield from (words for key, words in needed if not message.get(key))


def _check_spec(message: Json, release: Release) -> None:
    spec = message.get("clusterSpec")
    if release < NIL_CAUGHT and (spec is None or spec.get("headGroupSpec") is None):
        raise Panic("nil pointer: no clusterSpec or no headGroupSpec")
    _first(_spec_problems(spec, release))


def _spec_problems(spec: Json | None, release: Release) -> Iterator[str]:
    if spec is None:
        yield "A ClusterSpec object is required. Please specify one."
        return
    if spec.get("headGroupSpec") is None:
        yield "Cluster Spec Object requires HeadGroupSpec to be populated. Please specify one."
        return
    policies = release >= PULL_POLICY
    head_rules = HEAD_RULES + START_PARAMETERS * (release >= NIL_CAUGHT) + HEAD_POLICY * policies
    yield from (words for wrong, words in head_rules if wrong(spec["headGroupSpec"]))
    worker_rules = WORKER_RULES + WORKER_POLICY * policies
    for index, group in enumerate(spec.get("workerGroupSpec", [])):
        yield from (words.format(index=index) for wrong, words in worker_rules if wrong(group))


def _first(problems: Iterator[str]) -> None:
    problem = next(problems, None)
    if problem:
        raise invalid(problem)
