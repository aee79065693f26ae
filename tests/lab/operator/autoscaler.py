# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in-tree autoscaling needs: the sidecar in the head pod and its permissions. Nothing here scales."""

from __future__ import annotations

import copy

from .objects import Json, dig, owned_by
from .startcommand import SHELL
from .words import CLUSTER, clipped, common_labels, service_account_name

COMMAND = "ray kuberay-autoscaler --cluster-name $(RAY_CLUSTER_NAME) --cluster-namespace $(RAY_CLUSTER_NAMESPACE)"
SIZE = {"cpu": "500m", "memory": "512Mi"}

RULES: list[Json] = [
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch", "patch"]},
    {"apiGroups": [""], "resources": ["pods/resize"], "verbs": ["patch"]},
    {"apiGroups": ["ray.io"], "resources": ["rayclusters"], "verbs": ["get", "patch"]},
]


def autoscaler_container(cluster: Json, image: str) -> Json:
    """The sidecar, with the user's options over its defaults."""
    options = copy.deepcopy(dig(cluster, "spec.autoscalerOptions", {}))
    container: Json = {
        "name": "autoscaler",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": SHELL,
        "args": [COMMAND],
        "resources": {"limits": dict(SIZE), "requests": dict(SIZE)},
        "env": [
            _field("RAY_CLUSTER_NAME", f"metadata.labels['{CLUSTER}']"),
            _field("RAY_CLUSTER_NAMESPACE", "metadata.namespace"),
            _field("RAY_HEAD_POD_NAME", "metadata.name"),
            {"name": "KUBERAY_CRD_VER", "value": "v1"},
            {"name": "KUBERAY_GEN_AUTOSCALER_START_CMD", "value": COMMAND},
        ],
    }
    for field in ("resources", "image", "imagePullPolicy", "securityContext", "command", "args"):
        if options.get(field) not in (None, []):
            container[field] = options[field]
    for field in ("env", "envFrom", "volumeMounts"):
        container[field] = [*container.get(field, []), *(options.get(field) or [])]
    return container


def service_account(cluster: Json) -> Json:
    """The account of the head pod."""
    return owned_by(cluster, {"metadata": _metadata(cluster, clipped(service_account_name(cluster)))})


def role(cluster: Json) -> Json:
    """What the sidecar may do."""
    metadata = _metadata(cluster, clipped(cluster["metadata"]["name"]))
    return owned_by(cluster, {"metadata": metadata, "rules": RULES})


def role_binding(cluster: Json) -> Json:
    """That the account may do it."""
    name = clipped(cluster["metadata"]["name"])
    account = clipped(service_account_name(cluster))
    binding = {
        "metadata": _metadata(cluster, name),
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": cluster["metadata"]["namespace"]}],
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
    }
    return owned_by(cluster, binding)


def _metadata(cluster: Json, name: str) -> Json:
    return {"name": name, "labels": common_labels(cluster["metadata"]["name"])}


def _field(name: str, path: str) -> Json:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}
