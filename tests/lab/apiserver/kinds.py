# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V1's kinds as data: where they are, their messages, what they are made of, and the words of what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..operator.objects import Json, Resource
from . import clusters, jobs, messages, services, validation
from .kubernetes import RAY_CLUSTERS, RAY_JOBS, RAY_SERVICES
from .releases import Release
from .wire import Message


@dataclass(frozen=True)
class Words:
    """In each ``{name}`` and ``{namespace}``; of a job's own name V1 says its jobId instead, where it says it at all.

    ``empty_name`` and ``empty_namespace`` are of a request that names neither, the others go from the outside inwards.
    """

    empty_name: str
    empty_namespace: str
    create: str
    cannot_make: str
    cannot_create: str
    get: str
    not_found: str
    cannot_get: str
    not_managed: str
    delete: str
    cannot_delete: str
    list_one: str
    list_all: str
    cannot_list: str


@dataclass(frozen=True)
class Kind:
    """One of the kinds that are custom resources. ``page`` are the names of a list's limit and token, in and out."""

    plural: str
    resource: Resource
    message: Message
    listed: Message
    asked: Message
    page: tuple[str, str, str]
    check: Callable[[str, Json, Release], None]
    to_resource: Callable[[Json, dict[str, Json], Release], Json]
    to_message: Callable[[Json, list[Json], Release], Json]
    words: Words
    called_by: str = "name"


VALID = validation.VALID
CLUSTER = Kind(
    plural="clusters",
    resource=RAY_CLUSTERS,
    message=messages.CLUSTER,
    listed=messages.CLUSTERS,
    asked=messages.PAGE,
    page=("limit", "continue", "continue"),
    check=validation.check_cluster,
    to_resource=clusters.to_resource,
    to_message=clusters.to_message,
    words=Words(
        empty_name=f"Cluster name is empty. {VALID}",
        empty_namespace=f"Namespace is empty. {VALID}",
        create="Create Cluster failed.",
        cannot_make="Failed to create a Ray cluster",
        cannot_create="Failed to create a cluster for ({namespace}/{name})",
        get="Get cluster failed.",
        not_found="Cluster {name} not found",
        cannot_get="Get Cluster failed",
        not_managed="RayCluster with name {name} not managed by kuberay-apiserver",
        delete="Get cluster failure",
        cannot_delete="Failed to delete cluster {name}.",
        list_one="List clusters failed.",
        list_all="List clusters from all namespaces failed.",
        cannot_list="List RayCluster failed in {namespace}",
    ),
)
JOB = Kind(
    plural="jobs",
    resource=RAY_JOBS,
    message=messages.JOB,
    listed=messages.JOBS,
    asked=messages.PAGE,
    page=("limit", "continue", "continue"),
    check=validation.check_job,
    to_resource=jobs.to_resource,
    to_message=jobs.to_message,
    words=Words(
        empty_name=f"job name is empty. {VALID}",
        empty_namespace=f"job namespace is empty. {VALID}",
        create="Create Job failed.",
        cannot_make="Failed to create a Ray Job",
        cannot_create="Failed to create a job for ({namespace}/{name})",
        get="Get cluster failed.",
        not_found="Job {name} not found",
        cannot_get="Get Job failed",
        not_managed="RayCluster with name {name} not managed by kuberay-apiserver",
        delete="Get job failure",
        cannot_delete="Failed to delete cluster {name}.",
        list_one="List jobs failed.",
        list_all="List jobs failed.",
        cannot_list="List RayCluster failed in {namespace} with Limit {limit} and ContinueToken {token}",
    ),
    called_by="jobId",
)
SERVICE = Kind(
    plural="services",
    resource=RAY_SERVICES,
    message=messages.SERVICE,
    listed=messages.SERVICES,
    asked=messages.SERVICES_PAGE,
    page=("pageSize", "pageToken", "nextPageToken"),
    check=validation.check_service,
    to_resource=services.to_resource,
    to_message=services.to_message,
    words=Words(
        empty_name=f"ray service name is empty. {VALID}",
        empty_namespace=f"ray service namespace is empty. {VALID}",
        create="Create ray service failed.",
        cannot_make="Failed to create a Ray Service",
        cannot_create="Failed to create service for ({namespace}/{name})",
        get="get ray service failed",
        not_found="Service {name} not found",
        cannot_get="get service failed",
        not_managed="RayService with name {name} not managed by kuberay-apiserver",
        delete="delete ray service failure",
        cannot_delete="failed to delete ray service {name}.",
        list_one="failed to list rayservice.",
        list_all="list all services failed.",
        cannot_list="List RayService failed in {namespace} with next page token {token} and page limit {limit}",
    ),
)
KINDS = (CLUSTER, JOB, SERVICE)
