# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Head and worker groups. V1 sizes each by a compute template, and names Ray's container itself."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import (
    NOTHING,
    Codec,
    Field,
    Own,
    field,
    listed,
    message,
    only,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1.environment import HEAD_OWN, WORKER_OWN, environment
from ansible_collections.kuberay.core.plugins.module_utils._v1.volumes import VOLUMES

Json = dict[str, Any]

# Where the server keeps the image as it was asked for.
IMAGE_ANNOTATION = "ray.io/compute-image"
_METADATA, _POD = ("template", "metadata"), ("template", "spec")
CONTAINER = (*_POD, "containers", 0)
HEAD_PORTS = [
    {"name": "redis", "containerPort": 6379},
    {"name": "head", "containerPort": 10001},
    {"name": "dashboard", "containerPort": 8265},
    {"name": "metrics", "containerPort": 8080},
]
# The head of a service has these too, and that of a cluster with this annotation.
SERVE_PORTS = [{"name": "dashboard-agent", "containerPort": 52365}, {"name": "serve", "containerPort": 8000}]
SERVE_ANNOTATION = "ray.io/enable-serve-service"

# The server drops a name of one character.
_NAME = only(lambda value: isinstance(value, str) and len(value) > 1)
_PULL_POLICY = only(lambda value: value in ("Always", "IfNotPresent"))
_REFERENCE = message(field("name", codec=_NAME))


def _secret_out(value: Any) -> tuple[Any, Any]:
    """The first secret to pull images with: V1 has one for each group."""
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return NOTHING, value
    said, left = _REFERENCE.encode(value[0])
    rest = [{} if left is NOTHING else left, *value[1:]]
    return (NOTHING if said is NOTHING else said["name"]), rest if any(rest) else NOTHING


_PULL_SECRET = Codec(_secret_out, lambda value: [{"name": value}])
CAPABILITIES = message(field("add"), field("drop"))
_SECURITY = message(field("capabilities", codec=CAPABILITIES), field("privileged", presence=True))


def _group(container: str, own: frozenset[str]) -> tuple[Field | Own, ...]:
    return (
        Own((*CONTAINER, "name"), (container,), shown=True),
        field("computeTemplate", *_METADATA, "annotations", TEMPLATE_ANNOTATION),
        field("image", *CONTAINER, "image"),
        field("rayStartParams", zero={}),
        field("volumes", *_POD, codec=VOLUMES),
        field("serviceAccount", *_POD, "serviceAccountName", codec=_NAME),
        field("imagePullSecret", *_POD, "imagePullSecrets", codec=_PULL_SECRET),
        field("environment", *CONTAINER, "env", codec=environment(own)),
        field("annotations", *_METADATA, "annotations"),
        field("labels", *_METADATA, "labels"),
        field("imagePullPolicy", *CONTAINER, "imagePullPolicy", codec=_PULL_POLICY),
        field("securityContext", *CONTAINER, "securityContext", codec=_SECURITY),
    )


HEAD = message(
    *_group("ray-head", HEAD_OWN),
    field("serviceType"),
    field("enableIngress"),
    Own((*CONTAINER, "ports"), (HEAD_PORTS, HEAD_PORTS + SERVE_PORTS), shown=True),
)
WORKER = message(
    field("groupName"),
    field("replicas", zero=0),
    field("minReplicas", zero=0),
    # Kubernetes' own default is a number that V1 has, too.
    field("maxReplicas", absent=MOST_REPLICAS, zero=0),
    *_group("ray-worker", WORKER_OWN),
    Own((*CONTAINER, "ports"), ([{"containerPort": 80}],)),
    Own(("numOfHosts",), (1,)),
    Own(("suspend",), (False,)),
)
WORKERS = listed(WORKER)
