# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: V1's message, and the RayCluster that is made of it."""

from __future__ import annotations

from ..operator.objects import Json, annotations_of, dig, labels_of
from . import clusterspec, events, labels
from .groups import Making
from .messages import ENVIRONMENT
from .releases import SERVE_PORT_ANNOTATION, Release


def to_resource(cluster: Json, known: dict[str, Json], release: Release) -> Json:
    """The RayCluster to create; a ValueError where the message cannot be carried out."""
    annotations = {**cluster.get("annotations", {}), labels.CREATED: labels.now()}
    serve = release >= SERVE_PORT_ANNOTATION and annotations.get(labels.SERVE_SERVICE) == "true"
    making = Making(cluster.get("version", ""), known, release, cluster.get("envs"), serve)
    own = {
        labels.CLUSTER_NAME: cluster["name"],
        labels.USER: cluster["user"],
        labels.VERSION: cluster.get("version", ""),
        labels.ENVIRONMENT: _environment(cluster.get("environment", 0)),
    }
    metadata = {
        "name": cluster["name"],
        "namespace": cluster["namespace"],
        "labels": {**own, **labels.COMMON},
        "annotations": annotations,
    }
    return {"metadata": metadata, "spec": clusterspec.to_spec(cluster["clusterSpec"], making)}


def to_message(resource: Json, happened: list[Json], release: Release) -> Json:
    """What V1 tells of a RayCluster and its events."""
    metadata, own = resource["metadata"], labels_of(resource)
    environment = own.get(labels.ENVIRONMENT, "")
    return {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "version": own.get(labels.VERSION, ""),
        "user": own.get(labels.USER, ""),
        "environment": ENVIRONMENT.names.index(environment) if environment in ENVIRONMENT.names else 0,
        "annotations": annotations_of(resource),
        "createdAt": metadata["creationTimestamp"],
        "clusterState": dig(resource, "status.state", ""),
        "clusterSpec": clusterspec.to_message(resource["spec"], release),
        "events": [events.to_message(event, own.get(labels.CLUSTER_NAME, "")) for event in happened],
        "serviceEndpoint": dig(resource, "status.endpoints", {}),
    }


def _environment(number: int) -> str:
    return ENVIRONMENT.names[number] if 0 <= number < len(ENVIRONMENT.names) else str(number)
