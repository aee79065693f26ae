# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a full Update by Go types does to a RayCluster, a RayJob or a RayService.

The operator sends the whole object when it adds or removes a finalizer. What its Go types cannot say is lost, and what
they always say appears. This is that effect as tables; the walk below them knows nothing about Ray.
"""

from __future__ import annotations

from typing import Any

from .objects import Json
from .quantity import respell

# Structures that are no pointers in Go: an empty one is written out.
ALWAYS_THERE: dict[str, Json] = {
    "container": {"resources": {}},
    "template": {"metadata": {}, "spec": {"containers": None}},
    "group": {"scaleStrategy": {}},
    "service": {"metadata": {}, "spec": {}, "status": {"loadBalancer": {}}},
    "servicePort": {"targetPort": 0},
    "resourceFieldRef": {"divisor": "0"},
    "volumeClaimTemplate": {"metadata": {}, "spec": {"resources": {}}},
}

# Keys that lead to such a structure, or to a list of them.
KIND_OF_KEY = {
    "containers": "container",
    "initContainers": "container",
    "ephemeralContainers": "container",
    "template": "template",
    "submitterPodTemplate": "template",
    "workerGroupSpecs": "group",
    "headGroupSpec": "headGroupSpec",
    "headService": "service",
    "serveService": "service",
    "resourceFieldRef": "resourceFieldRef",
    "volumeClaimTemplate": "volumeClaimTemplate",
}

# The same for keys that lead to one only there: {(the structure, the key): the structure}.
KIND_OF_KEY_IN = {("service", "spec"): "serviceSpec", ("serviceSpec", "ports"): "servicePort"}

# Maps whose keys are the user's: nothing inside them is dropped, and they are dropped when empty, as no structure is.
# The first three hold quantities.
QUANTITY_MAPS = {"limits", "requests", "overhead"}
FREE_MAPS = {
    "labels", "annotations", "nodeSelector", "matchLabels", "rayStartParams", "headServiceAnnotations", "selector",
    "options", "volumeAttributes", "userAnnotations", "clusterSelector",
}  # fmt: skip
QUANTITIES = {"sizeLimit", "divisor"}

# Fields that are pointers in Go: their zero value is a value.
POINTERS = {
    "suspend", "enableInTreeAutoscaling", "enableIngress", "replicas", "minReplicas", "maxReplicas", "priority",
    "idleTimeoutSeconds", "automountServiceAccountToken", "terminationGracePeriodSeconds", "activeDeadlineSeconds",
    "runAsUser", "runAsGroup", "runAsNonRoot", "privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem",
    "fsGroup", "optional", "hostUsers", "enableServiceLinks", "shareProcessNamespace", "setHostnameAsFQDN",
    "defaultMode", "mode", "tolerationSeconds", "backoffLimit", "enableK8sTokenAuth", "secretName", "image", "pathType",
    "host",
    "path", "appProtocol", "allocateLoadBalancerNodePorts", "managedBy", "preemptionPolicy", "storageClassName",
    "rayClusterDeletionDelaySeconds", "serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold",
    "maxSurgePercent", "stepSizePercent", "intervalSeconds",
    "endPort", "minDomains", "lun", "expirationSeconds", "maxExpirationSeconds", "hostProcess", "enabled",
}  # fmt: skip
# Fields without omitempty: they are written even when they are zero.
REQUIRED = {
    "name", "groupName", "mountPath", "containerPort", "key", "template", "headGroupSpec", "port", "containers",
    "weight", "maxSkew", "seconds", "rayStartParams",
    "rayClusterConfig", "gatewayClassName",
}  # fmt: skip


def rewrite(cluster: Json) -> Json:
    """The object as the operator would send it back."""
    return {**cluster, "spec": _structure(cluster.get("spec") or {}, None)}


def rewrite_job(job: Json) -> Json:
    """The same for a RayJob, whose own suspend is no pointer and whose metadata are the user's: they go when empty."""
    spec = rewrite(job)["spec"]
    return {**job, "spec": {key: value for key, value in spec.items() if key not in ("suspend", "metadata") or value}}


def rewrite_service(service: Json) -> Json:
    """The same for a RayService, whose own suspend is no pointer either."""
    spec = rewrite(service)["spec"]
    return {**service, "spec": {key: value for key, value in spec.items() if key != "suspend" or value}}


def _structure(obj: Json, kind: str | None) -> Json:
    filled = {**obj, **{key: value for key, value in ALWAYS_THERE.get(kind or "", {}).items() if obj.get(key) is None}}
    written = {key: _value(key, value, kind) for key, value in filled.items()}
    always = ALWAYS_THERE.get(kind or "", {})
    return {key: value for key, value in written.items() if key in always or _stays(key, value, kind)}


def _value(key: str, value: Any, kind: str | None) -> Any:
    if key in QUANTITIES:
        return respell(value)
    if key in QUANTITY_MAPS and isinstance(value, dict):
        return {name: respell(amount) for name, amount in value.items()}
    if _is_map(key, kind) and isinstance(value, dict):
        return value
    if isinstance(value, list):
        return [_structure(item, _kind(key, kind)) if isinstance(item, dict) else item for item in value]
    return _structure(value, _kind(key, kind)) if isinstance(value, dict) else value


def _kind(key: str, parent: str | None) -> str | None:
    """The structure behind a key."""
    return KIND_OF_KEY_IN.get((parent or "", key)) or KIND_OF_KEY.get(key)


def _is_map(key: str, kind: str | None) -> bool:
    return key in QUANTITY_MAPS | FREE_MAPS or (key == "resources" and kind in {"group", "headGroupSpec"})


def _stays(key: str, value: Any, kind: str | None) -> bool:
    if value is None:
        return False
    if key in REQUIRED:
        return True
    if value == {}:
        return not _is_map(key, kind)
    if key == "image" and kind == "container":
        return bool(value)
    return key in POINTERS or value not in (False, "", 0, [], {})
