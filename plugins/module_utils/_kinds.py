# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds that the collection manages, as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import (
    COMPUTE_TEMPLATE,
    RAY_CLUSTER,
    RAY_CRON_JOB,
    RAY_JOB,
    RAY_SERVICE,
    Node,
)

Json = dict[str, Any]
GROUP = "ray.io"
# What objects are written through wherever it is served; the older one is for KubeRay 0.6, which has no other.
API_VERSION, OLD_API_VERSION = f"{GROUP}/v1", f"{GROUP}/v1alpha1"
CORE_VERSION = "v1"
# The label of a Ray pod that names its cluster; the labels of what the operator makes for a job.
CLUSTER_LABEL = "ray.io/cluster"
# The label of a job that names the cron job which made it, and the annotation with the time that it was made for.
CRON_JOB_LABEL, CRON_JOB_TIME = "ray.io/cronjob-name", "ray.io/cronjob-scheduled-timestamp"
# What is sized by a compute template is annotated with its name; where one asks for GPUs of no kind, these are meant.
TEMPLATE_ANNOTATION, DEFAULT_GPU = "ray.io/compute-template", "nvidia.com/gpu"
# What KubeRay's APIServer V1 calls itself, in a label of the claims and objects that it makes.
MANAGED_BY, V1_MANAGER = "app.kubernetes.io/managed-by", "kuberay-apiserver"
ORIGIN_NAME, ORIGIN_KIND = "ray.io/originated-from-cr-name", "ray.io/originated-from-crd"


def _no_pods(_name: str, _resource: Json | None) -> tuple[str, ...]:
    return ()


def _pods_of_cluster(name: str, _resource: Json | None) -> tuple[str, ...]:
    return (f"{CLUSTER_LABEL}={name}",)


def _pods_of_job(name: str, resource: Json | None) -> tuple[str, ...]:
    """The submitter's, and those of the job's own cluster, whose name is known from the status only."""
    submitter = f"{ORIGIN_NAME}={name},{ORIGIN_KIND}=RayJob"
    own = (resource or {}).get("status", {}).get("rayClusterName")
    if not own or (resource or {}).get("spec", {}).get("clusterSelector"):
        return (submitter,)
    return (submitter, f"{CLUSTER_LABEL}={own}")


def _pods_of_service(_name: str, resource: Json | None) -> tuple[str, ...]:
    """Those of the cluster that serves, and of the one that is being prepared; the status names both."""
    status = (resource or {}).get("status") or {}
    names = [(status.get(part) or {}).get("rayClusterName") for part in ("activeServiceStatus", "pendingServiceStatus")]
    return tuple(f"{CLUSTER_LABEL}={name}" for name in names if name)


class Kind(NamedTuple):
    """One kind: its names on the wire, the keys of its facts in results (one, and a list), and what its schema says.

    ``pod_selectors`` are the label selectors of its pods, by its name and what is seen of it. ``group`` is its API
    group, '' for what is of Kubernetes' own core. ``since`` is the version of KubeRay that it came with, where that is
    later than ray.io/v1.
    """

    name: str
    plural: str
    result: str
    results: str
    schema: Node
    pod_selectors: Callable[[str, Json | None], tuple[str, ...]] = _no_pods
    group: str = GROUP
    since: str = ""


CLUSTER = Kind("RayCluster", "rayclusters", "cluster", "clusters", RAY_CLUSTER, _pods_of_cluster)
JOB = Kind("RayJob", "rayjobs", "job", "jobs", RAY_JOB, _pods_of_job)
SERVICE = Kind("RayService", "rayservices", "service", "services", RAY_SERVICE, _pods_of_service)
CRON_JOB = Kind("RayCronJob", "raycronjobs", "cronjob", "cronjobs", RAY_CRON_JOB, since="1.6")
TEMPLATE = Kind("ConfigMap", "configmaps", "template", "templates", COMPUTE_TEMPLATE, group="")
