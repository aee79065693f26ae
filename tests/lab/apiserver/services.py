# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: V1's message, and the RayService that is made of it."""

from __future__ import annotations

import random
from collections.abc import Callable

from ..operator.objects import Json, dig, labels_of
from . import clusterspec, events, labels
from .failures import Panic
from .groups import Making
from .releases import VERSION_TOLD, Release

THRESHOLDS = ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold")
ACTIVE = "status.activeServiceStatus"


def to_resource(service: Json, known: dict[str, Json], release: Release) -> Json:
    """The RayService to create; a ValueError where the message cannot be carried out."""
    if not service.get("serveConfigV2"):
        raise ValueError("serve configuration is not defined")
    making = Making(service.get("version", ""), known, release, serve=True)
    spec = {
        "serveConfigV2": service["serveConfigV2"],
        "rayClusterConfig": clusterspec.to_spec(service["clusterSpec"], making),
        **{key: service[key] for key in THRESHOLDS if service.get(key, 0) > 0},
    }
    metadata = {
        "name": service["name"],
        "namespace": service["namespace"],
        "labels": {labels.USER: service["user"], **labels.COMMON},
        "annotations": {labels.CREATED: labels.now()},
    }
    return {"metadata": metadata, "spec": spec}


def to_replacement(service: Json, live: Json, known: dict[str, Json], release: Release) -> Json:
    """What a PUT writes over a RayService: nothing of the old one is left but that it is the same object."""
    resource = to_resource(service, known, release)
    metadata = resource["metadata"]
    metadata["annotations"] = {labels.UPDATED: labels.now()}
    metadata["resourceVersion"] = live["metadata"]["resourceVersion"]
    return resource


def to_message(resource: Json, happened: list[Json], release: Release) -> Json:
    """What V1 tells of a RayService; nothing at all where it fails at the spec of the cluster."""
    metadata, spec = resource["metadata"], resource["spec"]
    try:
        cluster = clusterspec.to_message(spec["rayClusterConfig"], release)
    except Panic:
        return {}
    return {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "user": labels_of(resource).get(labels.USER, ""),
        "version": dig(spec, "rayClusterConfig.rayVersion", "") if release >= VERSION_TOLD else "",
        "serveConfigV2": spec.get("serveConfigV2"),
        **{key: spec.get(key) for key in THRESHOLDS},
        "clusterSpec": cluster,
        "rayServiceStatus": _status(resource, happened),
        "createdAt": metadata["creationTimestamp"],
        "deleteAt": metadata.get("deletionTimestamp", labels.NEVER),
    }


def active_cluster(resource: Json) -> str:
    """The RayCluster that serves; empty before there is one."""
    return str(dig(resource, f"{ACTIVE}.rayClusterName", ""))


def _status(resource: Json, happened: list[Json]) -> Json:
    """Of the active cluster only."""
    return {
        "rayServiceEvents": [events.to_message(event, resource["metadata"]["name"]) for event in happened],
        "rayClusterName": active_cluster(resource),
        "rayClusterState": dig(resource, f"{ACTIVE}.rayClusterStatus.state", ""),
        "serviceEndpoint": dig(resource, f"{ACTIVE}.rayClusterStatus.endpoints", {}),
        "serveApplicationStatus": _listed(dig(resource, f"{ACTIVE}.applicationStatuses", {}), _application),
    }


def _application(name: str, status: Json) -> Json:
    deployments = _listed(status.get("serveDeploymentStatuses") or {}, _deployment)
    return {"name": name, **_words(status), "serveDeploymentStatus": deployments}


def _deployment(name: str, status: Json) -> Json:
    return {"deploymentName": name, **_words(status)}


def _words(status: Json) -> Json:
    return {key: status.get(key, "") for key in ("status", "message")}


def _listed(named: Json, tell: Callable[[str, Json], Json]) -> list[Json]:
    """A list of a map, in no order."""
    return [tell(name, named[name]) for name in random.sample(list(named), len(named))]
