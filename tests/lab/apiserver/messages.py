# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""V1's messages: every field, its type, and the release that brought it."""

from __future__ import annotations

from typing import Any

from .wire import (
    BOOL,
    FLOAT,
    INT32,
    INT64,
    STRING,
    STRINGS,
    TIMESTAMP,
    UINT32,
    UINT64,
    Enumeration,
    ListOf,
    MapOf,
    Message,
    Optional,
    Since,
    Translated,
)

ENVIRONMENT = Enumeration("DEV", "TESTING", "STAGING", "PRODUCTION")
SOURCE = Enumeration("CONFIGMAP", "SECRET", "RESOURCEFIELD", "FIELD")
VOLUME_TYPE = Enumeration("PERSISTENT_VOLUME_CLAIM", "HOST_PATH", "EPHEMERAL", "CONFIGMAP", "SECRET", "EMPTY_DIR")
HOST_PATH_TYPE = Enumeration("DIRECTORY", "FILE")
PROPAGATION = Enumeration("NONE", "HOSTTOCONTAINER", "BIDIRECTIONAL")
ACCESS_MODE = Enumeration("RWO", "ROX", "RWX")

TOLERATION = Message("PodToleration", {"key": STRING, "operator": STRING, "value": STRING, "effect": STRING})
COMPUTE_TEMPLATE = Message(
    "ComputeTemplate",
    {
        "name": STRING,
        "namespace": STRING,
        "cpu": UINT32,
        "memory": UINT32,
        "gpu": UINT32,
        "gpu_accelerator": STRING,
        "tolerations": ListOf(TOLERATION),
        "extended_resources": Since("1.3", MapOf(UINT32)),
        "memory_unit": Since("1.5", STRING),
    },
)

VALUE_FROM = Message("EnvValueFrom", {"source": SOURCE, "name": STRING, "key": STRING})
VARIABLES = Message("EnvironmentVariables", {"values": STRINGS, "valuesFrom": MapOf(VALUE_FROM)})


def _values(variables: Any) -> Any:
    return variables.get("values", {})


# Until 1.0 a plain map.
VARIABLES_OR_MAP = Since("1.0", VARIABLES, before=Translated(STRINGS, lambda plain: {"values": plain}, _values))

VOLUME = Message(
    "Volume",
    {
        "mount_path": STRING,
        "volume_type": VOLUME_TYPE,
        "name": STRING,
        "source": STRING,
        "read_only": BOOL,
        "host_path_type": HOST_PATH_TYPE,
        "mount_propagation_mode": PROPAGATION,
        "storageClassName": Since("1.0", STRING),
        "accessMode": Since("1.0", ACCESS_MODE),
        "storage": Since("1.0", STRING),
        "items": Since("1.0", STRINGS),
    },
)
CAPABILITIES = Message("Capabilities", {"add": ListOf(STRING), "drop": ListOf(STRING)})
SECURITY_CONTEXT = Message("SecurityContext", {"capabilities": CAPABILITIES, "privileged": Optional(BOOL)})
AUTOSCALER_OPTIONS = Message(
    "AutoscalerOptions",
    {
        "idleTimeoutSeconds": INT32,
        "upscalingMode": STRING,
        "image": STRING,
        "imagePullPolicy": STRING,
        "cpu": STRING,
        "memory": STRING,
        "envs": VARIABLES,
        "volumes": ListOf(VOLUME),
    },
)
HEAD_GROUP_SPEC = Message(
    "HeadGroupSpec",
    {
        "compute_template": STRING,
        "image": STRING,
        "service_type": STRING,
        "enableIngress": Since("1.0", BOOL),
        "ray_start_params": STRINGS,
        "volumes": ListOf(VOLUME),
        "service_account": STRING,
        "image_pull_secret": STRING,
        "environment": VARIABLES_OR_MAP,
        "annotations": STRINGS,
        "labels": STRINGS,
        "imagePullPolicy": Since("1.2", STRING),
        "security_context": Since("1.3", SECURITY_CONTEXT),
    },
)
WORKER_GROUP_SPEC = Message(
    "WorkerGroupSpec",
    {
        "group_name": STRING,
        "compute_template": STRING,
        "image": STRING,
        "replicas": INT32,
        "min_replicas": INT32,
        "max_replicas": INT32,
        "ray_start_params": STRINGS,
        "volumes": ListOf(VOLUME),
        "service_account": STRING,
        "image_pull_secret": STRING,
        "environment": VARIABLES_OR_MAP,
        "annotations": STRINGS,
        "labels": STRINGS,
        "imagePullPolicy": Since("1.2", STRING),
        "security_context": Since("1.3", SECURITY_CONTEXT),
    },
)
CLUSTER_SPEC = Message(
    "ClusterSpec",
    {
        "head_group_spec": HEAD_GROUP_SPEC,
        "worker_group_spec": ListOf(WORKER_GROUP_SPEC),
        "enableInTreeAutoscaling": Since("1.1", BOOL),
        "autoscalerOptions": Since("1.1", AUTOSCALER_OPTIONS),
        "headServiceAnnotations": Since("1.4", STRINGS),
    },
)

_EVENT = {
    "id": STRING,
    "name": STRING,
    "created_at": TIMESTAMP,
    "first_timestamp": TIMESTAMP,
    "last_timestamp": TIMESTAMP,
    "reason": STRING,
    "message": STRING,
    "type": STRING,
    "count": INT32,
}
CLUSTER_EVENT = Message("ClusterEvent", _EVENT)
SERVICE_EVENT = Message("RayServiceEvent", _EVENT)

CLUSTER = Message(
    "Cluster",
    {
        "name": STRING,
        "namespace": STRING,
        "user": STRING,
        "version": STRING,
        "environment": ENVIRONMENT,
        "cluster_spec": CLUSTER_SPEC,
        "annotations": Since("1.0", STRINGS),
        "envs": VARIABLES_OR_MAP,
        "created_at": TIMESTAMP,
        "deleted_at": TIMESTAMP,
        "cluster_state": STRING,
        "events": ListOf(CLUSTER_EVENT),
        "service_endpoint": STRINGS,
    },
)

SUBMITTER = Message("RayJobSubmitter", {"image": STRING, "cpu": STRING, "memory": STRING})
JOB = Message(
    "RayJob",
    {
        "name": STRING,
        "namespace": STRING,
        "user": STRING,
        "version": Since("1.1", STRING),
        "entrypoint": STRING,
        "metadata": STRINGS,
        "runtime_env": STRING,
        "job_id": STRING,
        "shutdown_after_job_finishes": BOOL,
        "cluster_selector": STRINGS,
        "cluster_spec": CLUSTER_SPEC,
        "ttl_seconds_after_finished": INT32,
        "jobSubmitter": Since("1.0", SUBMITTER),
        "entrypointNumCpus": Since("1.0", FLOAT),
        "entrypointNumGpus": Since("1.0", FLOAT),
        "entrypointResources": Since("1.0", STRING),
        "activeDeadlineSeconds": Since("1.4", INT32),
        "created_at": TIMESTAMP,
        "delete_at": TIMESTAMP,
        "job_status": STRING,
        "job_deployment_status": STRING,
        "message": STRING,
        "start_time": Since("1.3", TIMESTAMP),
        "end_time": Since("1.3", TIMESTAMP),
        "ray_cluster_name": Since("1.3", STRING),
    },
)

DEPLOYMENT_STATUS = Message("ServeDeploymentStatus", {"deployment_name": STRING, "status": STRING, "message": STRING})
APPLICATION_STATUS = Message(
    "ServeApplicationStatus",
    {"name": STRING, "status": STRING, "message": STRING, "serve_deployment_status": ListOf(DEPLOYMENT_STATUS)},
)
SERVICE_STATUS = Message(
    "RayServiceStatus",
    {
        "application_status": STRING,
        "application_message": STRING,
        "serve_deployment_status": ListOf(DEPLOYMENT_STATUS),
        "ray_service_events": ListOf(SERVICE_EVENT),
        "ray_cluster_name": STRING,
        "ray_cluster_state": STRING,
        "service_endpoint": STRINGS,
        "serve_application_status": ListOf(APPLICATION_STATUS),
    },
)
SERVICE = Message(
    "RayService",
    {
        "name": STRING,
        "namespace": STRING,
        "user": STRING,
        "version": Since("1.1", STRING),
        "serve_config_V2": Since("1.0", STRING),
        "service_unhealthy_second_threshold": Since("1.0", INT32),
        "deployment_unhealthy_second_threshold": Since("1.0", INT32),
        "cluster_spec": CLUSTER_SPEC,
        "ray_service_status": SERVICE_STATUS,
        "created_at": TIMESTAMP,
        "delete_at": TIMESTAMP,
    },
)

SUBMISSION = Message(
    "RayJobSubmission",
    {
        "entrypoint": STRING,
        "submission_id": STRING,
        "metadata": STRINGS,
        "runtime_env": STRING,
        "entrypoint_num_cpus": FLOAT,
        "entrypoint_num_gpus": FLOAT,
        "entrypoint_resources": STRINGS,
    },
)
SUBMISSION_INFO = Message(
    "JobSubmissionInfo",
    {
        "entrypoint": STRING,
        "job_id": STRING,
        "submission_id": STRING,
        "status": STRING,
        "message": STRING,
        "error_type": STRING,
        "start_time": UINT64,
        "end_time": UINT64,
        "metadata": STRINGS,
        "runtime_env": STRINGS,
    },
)
SUBMITTED = Message("SubmitRayJobReply", {"submission_id": STRING})
SUBMISSIONS = Message("ListJobSubmissionInfo", {"submissions": ListOf(SUBMISSION_INFO)})
LOG = Message("GetJobLogReply", {"log": STRING})

EMPTY = Message("Empty", {})
TEMPLATES = Message("ListComputeTemplatesResponse", {"compute_templates": ListOf(COMPUTE_TEMPLATE)})
CLUSTERS = Message("ListClustersResponse", {"clusters": ListOf(CLUSTER), "continue": Since("1.4", STRING)})
JOBS = Message("ListRayJobsResponse", {"jobs": ListOf(JOB), "continue": Since("1.4", STRING)})
SERVICES = Message(
    "ListRayServicesResponse", {"services": ListOf(SERVICE), "total_size": INT32, "next_page_token": STRING}
)

# What of a list is asked for: the names of the token and of the limit differ.
NO_PAGE = Message("ListComputeTemplatesRequest", {})
PAGE = Message("ListClustersRequest", {"continue": Since("1.4", STRING), "limit": Since("1.4", INT64)})
# Declared before, honoured since 1.4.
SERVICES_PAGE = Message(
    "ListRayServicesRequest", {"page_token": Since("1.4", STRING), "page_size": Since("1.4", INT32)}
)

# Until jobs had a namespace in their path.
NAMESPACE = Message("CreateRayJobRequest", {"namespace": STRING})

# All that a client can meet, for who compares.
MESSAGES = (
    COMPUTE_TEMPLATE, TOLERATION, VALUE_FROM, VARIABLES, VOLUME, CAPABILITIES, SECURITY_CONTEXT, AUTOSCALER_OPTIONS,
    HEAD_GROUP_SPEC, WORKER_GROUP_SPEC, CLUSTER_SPEC, CLUSTER_EVENT, CLUSTER, SUBMITTER, JOB, SERVICE_EVENT,
    DEPLOYMENT_STATUS, APPLICATION_STATUS, SERVICE_STATUS, SERVICE, SUBMISSION, SUBMISSION_INFO, SUBMITTED, SUBMISSIONS,
    LOG, TEMPLATES, CLUSTERS, JOBS, SERVICES,
)  # fmt: skip
