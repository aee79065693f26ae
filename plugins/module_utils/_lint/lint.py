# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's rules for every ray.io kind, checked before the write, because the operator refuses in silence.

A refused object is stored, gets an event and never a status. Source: contract 5.1 to 5.8, KubeRay's validation.go and
its CRDs from 1.0 to 1.7. What only the live object shows, such as a field that cannot be changed, is no matter here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_auth import AUTH_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_autoscaler import AUTOSCALER_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_fault_tolerance import FAULT_TOLERANCE_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_groups import GROUP_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_history import HISTORY_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.cluster_network import NETWORK_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster
from ansible_collections.kuberay.core.plugins.module_utils._lint.cron_jobs import CRON_JOB_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.fields import Field
from ansible_collections.kuberay.core.plugins.module_utils._lint.job_deletion import DELETION_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.jobs import JOB_RULES, Job
from ansible_collections.kuberay.core.plugins.module_utils._lint.known_fields import (
    CLUSTER_SPEC,
    CRON_JOB_SPEC,
    JOB_SPEC,
    SERVICE_SPEC,
    whole,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.names import NAME_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Context, Finding, Found, Rule, findings
from ansible_collections.kuberay.core.plugins.module_utils._lint.services import SERVICE_RULES, Service
from ansible_collections.kuberay.core.plugins.module_utils._lint.shape import ALPHA, shape_findings
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import Version

Json = dict[str, Any]
STABLE = "ray.io/v1"
CLUSTER_RULES = (
    *GROUP_RULES,
    *AUTOSCALER_RULES,
    *FAULT_TOLERANCE_RULES,
    *AUTH_RULES,
    *NETWORK_RULES,
    *HISTORY_RULES,
)
ALL_JOB_RULES = (*JOB_RULES, *DELETION_RULES)


def lint(resource: Json, version: Version | None, gates: Mapping[str, bool] | None = None) -> list[Finding]:
    """Every rule that this object, wished for or live, breaks with this version of KubeRay (None: unknown).

    ``gates`` are the operator's feature gates whose state is known; what is no kind of ray.io breaks no rule.
    """
    kind = KINDS.get(str(resource.get("kind")))
    return [] if kind is None else list(_findings(kind, Part(resource), Context(version, gates or {})))


def _api_version(served: tuple[str, ...]) -> Callable[[Part], Found]:
    def find(resource: Part) -> Found:
        given = resource["apiVersion"]
        if given.given and given.value not in served:
            yield given, f"{given.value!r} is not served; use {STABLE}"

    return find


@dataclass(frozen=True)
class _Kind:
    """A kind: its fields, the rules about the whole object, and where specs of other sorts stand in it."""

    fields: Field
    rules: tuple[Rule[Part], ...]
    cluster: str = ""
    job: str = ""
    service: str = ""


def _kind(name: str, spec: Field, *rules: Rule[Part], served: tuple[str, ...] = (STABLE, ALPHA), **specs: str) -> _Kind:
    return _Kind(whole(spec), (Rule("api-version", _api_version(served)), *NAME_RULES[name], *rules), **specs)


KINDS = {
    "RayCluster": _kind("RayCluster", CLUSTER_SPEC, cluster="spec"),
    "RayJob": _kind("RayJob", JOB_SPEC, job="spec", cluster="spec.rayClusterSpec"),
    "RayService": _kind("RayService", SERVICE_SPEC, service="spec", cluster="spec.rayClusterConfig"),
    "RayCronJob": _kind(
        "RayCronJob",
        CRON_JOB_SPEC,
        *CRON_JOB_RULES,
        served=(STABLE,),
        job="spec.jobTemplate",
        cluster="spec.jobTemplate.rayClusterSpec",
    ),
}


def _findings(kind: _Kind, resource: Part, context: Context) -> Iterator[Finding]:
    yield from findings(kind.rules, resource, context)
    # The jobs of a RayCronJob get no annotations of its own.
    metadata = resource["metadata"] if resource["kind"].text != "RayCronJob" else Part({}, "metadata")
    if kind.job and resource.at(kind.job).given:
        yield from findings(ALL_JOB_RULES, Job(resource.at(kind.job), resource["status"]), context)
    if kind.service:
        service = Service(resource.at(kind.service), metadata["annotations"])
        yield from findings(SERVICE_RULES, service, context)
    # A RayCluster without a spec is one without containers; elsewhere another rule tells of a cluster that is missing.
    if kind.cluster == "spec" or (kind.cluster and resource.at(kind.cluster).given):
        cluster = Cluster(resource.at(kind.cluster), metadata["annotations"], metadata["labels"], resource["kind"].text)
        yield from findings(CLUSTER_RULES, cluster, context)
    alpha = resource["apiVersion"].text == ALPHA
    yield from shape_findings(resource, kind.fields, context.version, alpha)
