# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayCluster as V1's message Cluster, and the cluster inside a job's or a service's message."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._v1.amounts import amounts
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import (
    Codec,
    Field,
    Own,
    enum,
    field,
    listed,
    message,
    only,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1.environment import AUTOSCALERS
from ansible_collections.kuberay.core.plugins.module_utils._v1.groups import HEAD, WORKERS
from ansible_collections.kuberay.core.plugins.module_utils._v1.volumes import mount

# Labels that V1 makes of its own fields.
USER_LABEL, VERSION_LABEL, ENVIRONMENT_LABEL = "ray.io/user", "ray.io/version", "ray.io/environment"
_OPERATOR = "ray.io/kuberay-operator"

AUTOSCALER = message(
    # The server looks at no 0.
    field("idleTimeoutSeconds", codec=only(lambda value: value != 0)),
    field("upscalingMode"),
    field("image"),
    field("imagePullPolicy", codec=only(lambda value: value in ("Always", "IfNotPresent"))),
    *amounts(),
    AUTOSCALERS,
    field("volumes", "volumeMounts", codec=listed(message(*mount()))),
)
CLUSTER_SPEC = message(
    field("headGroupSpec", codec=HEAD),
    field("workerGroupSpec", "workerGroupSpecs", codec=WORKERS),
    field("enableInTreeAutoscaling"),
    field("autoscalerOptions", codec=AUTOSCALER),
    field("headServiceAnnotations"),
    Own(("suspend",), (False,)),
    Own(("managedBy",), (_OPERATOR,)),
    Own(("upgradeStrategy", "type"), ("None",)),
)


def identity() -> tuple[Field, ...]:
    """What every message names its object by."""
    return (
        field("name", "metadata", "name"),
        field("namespace", "metadata", "namespace"),
        field("user", "metadata", "labels", USER_LABEL),
    )


def _same_words(*words: str) -> Codec:
    return enum(**{word: word for word in words})


CLUSTER = message(
    *identity(),
    field("version", "spec", "rayVersion"),
    field(
        "environment",
        "metadata",
        "labels",
        ENVIRONMENT_LABEL,
        codec=_same_words("DEV", "TESTING", "STAGING", "PRODUCTION"),
    ),
    field("clusterSpec", "spec", codec=CLUSTER_SPEC),
    field("annotations", "metadata", "annotations"),
)
# What only the server tells. It never says when a cluster was deleted, and calls one that is being made nothing.
CLUSTER_OUTPUTS: tuple[Field, ...] = (
    field("createdAt", "metadata", "creationTimestamp"),
    field("clusterState", "status", "state"),
    field("serviceEndpoint", "status", "endpoints"),
)
