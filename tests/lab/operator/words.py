# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's words: labels, annotations, ports and the names of what the operator makes."""

from __future__ import annotations

import random
import string

from .objects import Json, dig

KUBERAY_VERSION = "v1.7.0"

CLUSTER = "ray.io/cluster"
NODE = "ray.io/is-ray-node"
NODE_TYPE = "ray.io/node-type"
GROUP = "ray.io/group"
IDENTIFIER = "ray.io/identifier"
SERVE = "ray.io/serve"
HEADLESS_WORKER_SERVICE = "ray.io/headless-worker-svc"
REPLICA_NAME = "ray.io/worker-group-replica-name"
REPLICA_INDEX = "ray.io/worker-group-replica-index"
HOST_INDEX = "ray.io/replica-host-index"
ORIGIN_NAME = "ray.io/originated-from-cr-name"
ORIGIN_KIND = "ray.io/originated-from-crd"
APP_NAME = "app.kubernetes.io/name"
CREATED_BY = "app.kubernetes.io/created-by"

RECREATE_HASH = "ray.io/upgrade-strategy-recreate-hash"
VERSION_ANNOTATION = "ray.io/kuberay-version"
FT_ENABLED = "ray.io/ft-enabled"
STORAGE_NAMESPACE = "ray.io/external-storage-namespace"
FT_DELETION_TIMEOUT = "ray.io/gcs-ft-deletion-timeout"
OVERWRITE_COMMAND = "ray.io/overwrite-container-cmd"
ENABLE_SERVE_SERVICE = "ray.io/enable-serve-service"
KEEP_HEAD_DEAD = "ray.io/disable-provisioned-head-restart"
INGRESS_CLASS = "kubernetes.io/ingress.class"
REDIS_FINALIZER = "ray.io/gcs-ft-redis-cleanup-finalizer"

HEAD = "head"
WORKER = "worker"
REDIS_CLEANUP = "redis-cleanup"
HEAD_GROUP = "headgroup"
APPLICATION = "kuberay"
COMPONENT = "kuberay-operator"

# Kubernetes leaves out what could make a word, or be read as something else.
LETTERS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("aeiou013")))

METRICS_PORT = 8080
GCS_PORT = 6379
DASHBOARD_PORT = 8265
AGENT_PORT = 52365
DEFAULT_PORTS = {"client": 10001, "gcs-server": GCS_PORT, "dashboard": DASHBOARD_PORT, "serve": 8000}


def common_labels(cluster: str) -> dict[str, str]:
    """The labels of objects that belong to a cluster as a whole."""
    return {CLUSTER: cluster, APP_NAME: APPLICATION, CREATED_BY: COMPONENT}


def identifier(cluster: str, node_type: str) -> str:
    """The value of the identifier label, which names the pods of one type."""
    return clipped(f"{cluster}-{node_type}", 63)


def head_selector(cluster: str) -> dict[str, str]:
    """The labels that find a cluster's head Service; its pods carry them too."""
    return {CLUSTER: cluster, NODE_TYPE: HEAD, IDENTIFIER: identifier(cluster, HEAD)}


def pod_prefix(name: str, node_type: str) -> str:
    """The generateName of a pod."""
    return f"{name[:50]}-{node_type}-".lower()


def clipped(name: str, length: int = 50) -> str:
    """The end of a name that is too long, never starting with a digit or punctuation."""
    name = name[-length:]
    digit = length == 50 and name[0].isdigit()
    return "r" + name[1:] if digit or name[0] in string.punctuation else name


def with_suffix(name: str) -> str:
    """A name of a child, or of a submission."""
    return f"{name}-{''.join(random.choices(LETTERS, k=5))}"


def head_service_name(cluster: Json) -> str:
    """The head Service: the custom one's own name, else after the cluster."""
    name = cluster["metadata"]["name"]
    return str(dig(cluster, "spec.headGroupSpec.headService.metadata.name", "") or f"{name}-head-svc")


def head_address(cluster: Json) -> str:
    """The name under which workers find the head."""
    return f"{head_service_name(cluster)}.{cluster['metadata']['namespace']}.svc.cluster.local"


def service_account_name(cluster: Json) -> str:
    """The account of the head pod: the template's own, else after the cluster."""
    return str(dig(cluster, "spec.headGroupSpec.template.spec.serviceAccountName", "") or cluster["metadata"]["name"])
