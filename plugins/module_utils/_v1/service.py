# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayService as V1's message of that name.

V1 tells about the cluster that serves only: it names none until one does, and has neither the operator's conditions
nor its word for the service, so that a resource read through it has none.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._v1.cluster import CLUSTER_SPEC, identity
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import NOTHING, Field, Own, field, message, read

Json = dict[str, Any]
# What the server makes of a time that it does not have.
_NEVER = "1969-12-31T23:59:59Z"

SERVICE = message(
    *identity(),
    field("version", "spec", "rayClusterConfig", "rayVersion"),
    field("serveConfigV2", "spec", "serveConfigV2"),
    field("serviceUnhealthySecondThreshold", "spec", "serviceUnhealthySecondThreshold"),
    field("deploymentUnhealthySecondThreshold", "spec", "deploymentUnhealthySecondThreshold"),
    field("clusterSpec", "spec", "rayClusterConfig", codec=CLUSTER_SPEC),
    Own(("spec", "suspend"), (False,)),
    Own(("spec", "managedBy"), ("ray.io/kuberay-operator",)),
    Own(("spec", "upgradeStrategy", "type"), ("NewCluster",)),
    Own(("spec", "excludeHeadPodFromServeSvc"), (False,)),
)


def _deployments(told: list[Json]) -> Json:
    return {one.get("deploymentName", ""): _said(one, "deploymentName") for one in told}


def _applications(told: list[Json]) -> Json:
    """V1 lists by chance what the status has by name."""
    return {one.get("name", ""): _application(one) for one in sorted(told, key=lambda one: str(one.get("name")))}


def _application(told: Json) -> Json:
    deployments = _deployments(told.get("serveDeploymentStatus") or [])
    return {**_said(told, "name", "serveDeploymentStatus"), "serveDeploymentStatuses": deployments}


def _said(told: Json, *besides: str) -> Json:
    return {key: value for key, value in told.items() if key not in besides}


# It has no field for the deployments of the one application of old.
_STATUS = message(
    field("rayClusterName"),
    field("rayClusterState", "rayClusterStatus", "state"),
    field("serviceEndpoint", "rayClusterStatus", "endpoints"),
    field("serveApplicationStatus", "applicationStatuses", codec=read(_applications)),
)
STATUS_FIELDS = frozenset(one.name for one in _STATUS.fields)
SERVICE_OUTPUTS: tuple[Field, ...] = (
    field("createdAt", "metadata", "creationTimestamp"),
    field(
        "deleteAt",
        "metadata",
        "deletionTimestamp",
        codec=read(lambda value: NOTHING if value == _NEVER else value),
    ),
    field("rayServiceStatus", "status", "activeServiceStatus", codec=_STATUS),
)
