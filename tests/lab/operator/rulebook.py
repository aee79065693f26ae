# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules about refused specs, in the order in which the operator asks them."""

from __future__ import annotations

from .facts import (
    DNS_1035,
    OPTIONS,
    V2_ENV,
    Rule,
    autoscaler_v2,
    bad_labels,
    bad_restart,
    both_resources,
    head_env,
    head_params,
    number,
    older,
    redis_options,
    start_params,
    unreadable_version,
)
from .objects import annotations_of, dig, labels_of
from .spec import TRUE_TEXTS, autoscaler_version, autoscaling, env_of, fault_tolerant, token_auth
from .words import FT_ENABLED, ORIGIN_KIND, STORAGE_NAMESPACE

MAX_NAME = 53
DNS_1035_HINT = (
    "[a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')]"
)
COMMAND_ENV = "KUBERAY_GEN_AUTOSCALER_START_CMD"
AUTH = "spec.authOptions.enableK8sTokenAuth"

METADATA_RULES = (
    Rule(lambda f: len(f["metadata.name"]) > MAX_NAME, f"RayCluster name should be no more than {MAX_NAME} characters"),
    Rule(
        lambda f: not DNS_1035.fullmatch(f["metadata.name"]),
        "RayCluster name should be a valid DNS1035 label: " + DNS_1035_HINT,
    ),
)

ANY_GROUP_RULES = (
    Rule(
        both_resources,
        "resource fields should not be set in both rayStartParams and Resources for {f.group_name} group; "
        "please use only one",
    ),
    Rule(
        lambda f: "labels" in start_params(f),
        "rayStartParams['labels'] is not supported for {f.group_name} group; "
        "please use the top-level Labels field instead",
    ),
    Rule(bad_labels, "invalid label key or value for {f.group_name} group: {f.group[labels]}"),
)

HEAD_RULES = (
    Rule(
        lambda f: not f["spec.headGroupSpec.template.spec.containers"],
        "headGroupSpec should have at least one container",
    ),
    *ANY_GROUP_RULES,
)

WORKER_RULES = (
    Rule(lambda f: not dig(f.group, "template.spec.containers"), "workerGroupSpec should have at least one container"),
    Rule(
        lambda f: not autoscaling(f.cluster) and None in (f.group.get("minReplicas"), f.group.get("maxReplicas")),
        "worker group {f.group_name} must set both minReplicas and maxReplicas when autoscaling is disabled",
    ),
    Rule(
        lambda f: number(f.group, "minReplicas") < 0,
        "worker group {f.group_name} has negative minReplicas {f.group[minReplicas]}",
    ),
    Rule(
        lambda f: number(f.group, "maxReplicas") < 0,
        "worker group {f.group_name} has negative maxReplicas {f.group[maxReplicas]}",
    ),
    Rule(
        lambda f: f.group.get("maxReplicas") is not None and number(f.group, "minReplicas") > f.group["maxReplicas"],
        "worker group {f.group_name} has minReplicas {f.group[minReplicas]} greater than maxReplicas "
        "{f.group[maxReplicas]}",
    ),
    *ANY_GROUP_RULES,
    Rule(
        lambda f: number(f.group, "idleTimeoutSeconds") < 0,
        "worker group {f.group_name}: idleTimeoutSeconds must be non-negative, got {f.group[idleTimeoutSeconds]}",
    ),
    Rule(
        lambda f: f.group.get("idleTimeoutSeconds") is not None and not autoscaler_v2(f),
        "worker group {f.group_name}: idleTimeoutSeconds is set, but autoscaler v2 is not enabled. Please set "
        ".spec.autoscalerOptions.version to 'v2' (or set RAY_enable_autoscaler_v2 environment variable to 'true' in "
        "the head pod if using KubeRay < 1.4.0)",
    ),
    Rule(
        lambda f: f.group.get("priority") and not f["spec.rayVersion"],
        "worker group {f.group_name}: priority is set, but RayVersion was not specified. "
        "Ray version 2.56.0 or later is required",
    ),
    Rule(
        lambda f: f.group.get("priority") and unreadable_version(f),
        "worker group {f.group_name}: priority is set, but RayVersion format is invalid: {f[spec.rayVersion]}",
    ),
    Rule(
        lambda f: f.group.get("priority") and older(f, (2, 56, 0)),
        "worker group {f.group_name}: priority is set, but minimum Ray version is 2.56.0, got {f[spec.rayVersion]}",
    ),
    Rule(
        lambda f: f.group.get("priority") and not autoscaler_v2(f),
        "worker group {f.group_name}: priority is set to {f.group[priority]}, but autoscaler v2 is not enabled. "
        "Priority is only supported with autoscaler v2 enabled",
    ),
)

CLUSTER_RULES = (
    Rule(
        lambda f: annotations_of(f.cluster).get(FT_ENABLED) and redis_options(f),
        "ray.io/ft-enabled annotation and GcsFaultToleranceOptions are both set. "
        "Please use only GcsFaultToleranceOptions to configure GCS fault tolerance",
    ),
    Rule(
        lambda f: not fault_tolerant(f.cluster) and "RAY_REDIS_ADDRESS" in head_env(f),
        "RAY_REDIS_ADDRESS is set which implicitly enables GCS fault tolerance, but GcsFaultToleranceOptions is not "
        "set. Please set GcsFaultToleranceOptions to enable GCS fault tolerance",
    ),
    Rule(
        lambda f: redis_options(f) and head_params(f).get("redis-password"),
        "cannot set `redis-password` in rayStartParams when GcsFaultToleranceOptions is enabled - "
        "use GcsFaultToleranceOptions.RedisPassword instead",
    ),
    Rule(
        lambda f: redis_options(f) and "REDIS_PASSWORD" in head_env(f),
        "cannot set `REDIS_PASSWORD` env var in head Pod when GcsFaultToleranceOptions is enabled - "
        "use GcsFaultToleranceOptions.RedisPassword instead",
    ),
    Rule(
        lambda f: redis_options(f) and "RAY_REDIS_ADDRESS" in head_env(f),
        "cannot set `RAY_REDIS_ADDRESS` env var in head Pod when GcsFaultToleranceOptions is enabled - "
        "use GcsFaultToleranceOptions.RedisAddress instead",
    ),
    Rule(
        lambda f: redis_options(f) and annotations_of(f.cluster).get(STORAGE_NAMESPACE),
        "cannot set `ray.io/external-storage-namespace` annotation when GcsFaultToleranceOptions is enabled - "
        "use GcsFaultToleranceOptions.ExternalStorageNamespace instead",
    ),
    Rule(
        lambda f: f[OPTIONS + ".backend"] == "rocksdb",
        "the embedded RocksDB GCS fault tolerance backend (GcsFaultToleranceOptions.Backend: 'rocksdb') requires the "
        "GCSFaultToleranceEmbeddedStorage feature gate to be enabled",
    ),
    Rule(
        lambda f: f[OPTIONS + ".storage"] is not None,
        "cannot set GcsFaultToleranceOptions.Storage when backend is 'redis' - "
        "it only applies to the 'rocksdb' backend",
    ),
    Rule(
        lambda f: head_params(f).get("redis-username") or "REDIS_USERNAME" in head_env(f),
        "cannot set redis username in rayStartParams or environment variables - "
        "use GcsFaultToleranceOptions.RedisUsername instead",
    ),
    Rule(
        lambda f: not autoscaling(f.cluster) and f.v2_env in TRUE_TEXTS,
        "environment variable RAY_enable_autoscaler_v2 cannot be set to '{f.v2_env}' when "
        "enableInTreeAutoscaling is false. Please set enableInTreeAutoscaling: true to use autoscaler v2",
    ),
    Rule(
        lambda f: autoscaling(f.cluster) and f.suspended_groups,
        "worker group {f.suspended_groups[0]} cannot be suspended with Autoscaler enabled",
    ),
    Rule(
        lambda f: autoscaling(f.cluster) and autoscaler_version(f.cluster) and V2_ENV in head_env(f),
        "both .spec.autoscalerOptions.version and head Pod env var RAY_enable_autoscaler_v2 are set, "
        "please only use the former",
    ),
    Rule(
        lambda f: (
            autoscaling(f.cluster) and autoscaler_version(f.cluster) == "v2" and bad_restart(f["spec.headGroupSpec"])
        ),
        "restartPolicy for head Pod should be Never or unset when using autoscaler V2",
    ),
    Rule(
        lambda f: autoscaling(f.cluster) and autoscaler_version(f.cluster) == "v2" and f.restarting_groups,
        "restartPolicy for worker group {f.restarting_groups[0]} should be Never or unset when using autoscaler V2",
    ),
    Rule(
        lambda f: (f["spec.autoscalerOptions.idleTimeoutSeconds"] or 0) < 0,
        "autoscalerOptions.idleTimeoutSeconds must be non-negative, got {f[spec.autoscalerOptions.idleTimeoutSeconds]}",
    ),
    Rule(
        lambda f: COMMAND_ENV in env_of(f["spec.autoscalerOptions"] or {}),
        "autoscalerOptions.env must not contain KUBERAY_GEN_AUTOSCALER_START_CMD: "
        "it is managed by KubeRay and injected automatically into the autoscaler container",
    ),
    Rule(
        lambda f: f["spec.historyServerOptions"] is not None,
        "RayClusterHistoryServer feature gate is not enabled",
    ),
    Rule(
        lambda f: token_auth(f.cluster) and not f["spec.rayVersion"],
        "authOptions.mode is 'token' but RayVersion was not specified. Ray version 2.52.0 or later is required",
    ),
    Rule(
        lambda f: token_auth(f.cluster) and unreadable_version(f),
        "authOptions.mode is 'token' but RayVersion format is invalid: {f[spec.rayVersion]}",
    ),
    Rule(
        lambda f: token_auth(f.cluster) and older(f, (2, 52, 0)),
        "authOptions.mode is 'token' but minimum Ray version is 2.52.0, got {f[spec.rayVersion]}",
    ),
    Rule(
        lambda f: token_auth(f.cluster) and f[AUTH] and older(f, (2, 55, 0)),
        "authOptions.enableK8sTokenAuth is enabled but minimum Ray version is 2.55.0, got {f[spec.rayVersion]}",
    ),
    Rule(
        lambda f: token_auth(f.cluster) and f[AUTH] and f["spec.authOptions.secretName"],
        "authOptions.enableK8sTokenAuth is enabled and authOptions.secretName is also set",
    ),
    Rule(
        lambda f: not token_auth(f.cluster) and f[AUTH],
        "authOptions.enableK8sTokenAuth is enabled but authOptions.mode not set to 'token'",
    ),
    Rule(
        lambda f: f["spec.networkPolicy"] is not None,
        "spec.networkPolicy requires the RayClusterNetworkPolicy feature gate to be enabled",
    ),
    Rule(
        lambda f: f["spec.tlsOptions"] is not None,
        "spec.tlsOptions requires the RayClusterMTLS feature gate to be enabled",
    ),
)

UPGRADE_RULES = (
    Rule(
        lambda f: f["spec.upgradeStrategy.type"] and labels_of(f.cluster).get(ORIGIN_KIND) in ("RayJob", "RayService"),
        "upgradeStrategy cannot be set when RayCluster is created by RayJob or RayService",
    ),
)
