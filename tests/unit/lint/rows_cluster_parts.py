# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about what a cluster may have besides: fault tolerance, network policies, TLS and the history server."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import cluster, worker
from tests.unit.lint.rows import (
    GROUP,
    ON,
    SERVER,
    Row,
    group,
    head,
    pods,
    small,
    variables,
    with_metadata,
)

Json = dict[str, Any]
HEAD = "spec.headGroupSpec.template.spec.containers[ray-head]"
REDIS: Json = {"redisAddress": "redis:6379"}
ROCKSDB: Json = {"backend": "rocksdb"}
OPTIONS = "spec.gcsFaultToleranceOptions"
COLLECTOR = "spec.historyServerOptions.collectorOptions"
TLS: Json = {"tlsOptions": {"enabled": True}}


def _off(gate: str) -> dict[str, bool]:
    return {**ON, gate: False}


def _with_redis(**fields: Any) -> Json:
    return cluster(gcsFaultToleranceOptions=REDIS, **fields)


def _annotated(resource: Json, annotation: str, value: str) -> Json:
    return with_metadata(resource, annotations={annotation: value})


def _rocksdb(head_pods: Json | None = None, **options: Any) -> Json:
    return cluster(
        headGroupSpec=head(**(head_pods or {})),
        gcsFaultToleranceOptions={**ROCKSDB, **options},
    )


def _mount(name: str, path: str) -> Json:
    return {"container": {"volumeMounts": [{"name": name, "mountPath": path}]}}


FAULT_TOLERANCE = (
    Row(
        "fault-tolerance-once",
        _annotated(_with_redis(), "ray.io/ft-enabled", "false"),
        _annotated(_with_redis(), "ray.io/ft-enabled", ""),
        "metadata.annotations['ray.io/ft-enabled']",
    ),
    Row(
        "redis-address-variable",
        cluster(headGroupSpec=head(env={"RAY_REDIS_ADDRESS": "redis:6379"})),
        _annotated(cluster(headGroupSpec=head(env={"RAY_REDIS_ADDRESS": "r:1"})), "ray.io/ft-enabled", "True"),
        f"{HEAD}.env[RAY_REDIS_ADDRESS]",
    ),
    Row(
        "redis-settings-once",
        _with_redis(headGroupSpec=head({"redis-password": "x"})),
        _with_redis(headGroupSpec=head({"redis-password": ""})),
        "spec.headGroupSpec.rayStartParams.redis-password",
    ),
    *(
        Row(
            "redis-settings-once",
            _with_redis(headGroupSpec=head(env={name: ""})),
            _with_redis(headGroupSpec=head(env={"MINE": ""})),
            f"{HEAD}.env[{name}]",
        )
        for name in ("REDIS_PASSWORD", "RAY_REDIS_ADDRESS")
    ),
    Row(
        "redis-settings-once",
        _annotated(_with_redis(), "ray.io/external-storage-namespace", "x"),
        _annotated(cluster(), "ray.io/external-storage-namespace", "x"),
        "metadata.annotations['ray.io/external-storage-namespace']",
    ),
    Row(
        "redis-username",
        cluster(headGroupSpec=head({"redis-username": "x"})),
        cluster(headGroupSpec=head({"redis-username": ""})),
        "spec.headGroupSpec.rayStartParams.redis-username",
    ),
    Row(
        "redis-username",
        cluster(headGroupSpec=head(env={"REDIS_USERNAME": "x"})),
        cluster(group(template=pods(env={"REDIS_USERNAME": "x"}))),
        f"{HEAD}.env[REDIS_USERNAME]",
    ),
    Row(
        "redis-address-needed",
        cluster(gcsFaultToleranceOptions={}),
        _with_redis(),
        f"{OPTIONS}.redisAddress",
        SERVER,
        version="1.6.2",
    ),
    Row(
        "redis-without-storage",
        cluster(gcsFaultToleranceOptions={**REDIS, "storage": {}}),
        _rocksdb(storage={}),
        f"{OPTIONS}.storage",
    ),
    Row(
        "rocksdb-gate",
        _rocksdb(),
        _with_redis(),
        f"{OPTIONS}.backend",
        gates=_off("GCSFaultToleranceEmbeddedStorage"),
    ),
    *(
        Row("rocksdb-without-redis", _rocksdb(**{name: value}), _rocksdb(redisAddress=""), f"{OPTIONS}.{name}")
        for name, value in {
            "redisAddress": "redis:6379",
            "redisUsername": {},
            "redisPassword": {"value": "x"},
            "externalStorageNamespace": "x",
        }.items()
    ),
    *(
        Row(
            "rocksdb-claim",
            _rocksdb(storage={"claimName": "mine", name: value}),
            _rocksdb(storage={"claimName": "", name: value}),
            f"{OPTIONS}.storage.{name}",
        )
        for name, value in {"size": "1Gi", "storageClassName": "", "accessModes": ["ReadWriteOnce"]}.items()
    ),
    *(
        Row("rocksdb-managed", _rocksdb({"env": {name: "x"}}), _rocksdb({"env": {"X": "x"}}), f"{HEAD}.env[{name}]")
        for name in ("RAY_gcs_storage", "RAY_gcs_storage_path")
    ),
    *(
        Row(
            "rocksdb-managed",
            _rocksdb(_mount(name, path)),
            _rocksdb(_mount("mine", "/data")),
            f"{HEAD}.volumeMounts[{name}]",
        )
        for name, path in (("gcs-storage", "/mine"), ("mine", "/data/gcs"))
    ),
    Row(
        "rocksdb-managed",
        _rocksdb({"volumes": [{"name": "gcs-storage", "emptyDir": {}}]}),
        _rocksdb({"volumes": [{"name": "mine", "emptyDir": {}}]}),
        "spec.headGroupSpec.template.spec.volumes[gcs-storage]",
    ),
)


def _policy(*workers: Json, **policy: Any) -> Json:
    return cluster(*(workers or (group(),)), networkPolicy=policy)


def _tls(env: Json | None = None, **pod: Any) -> Json:
    return cluster(group(template=pods(env=env, **pod)), **TLS)


NETWORK = (
    Row(
        "network-policy-gate",
        _policy(),
        small(),
        "spec.networkPolicy",
        gates=_off("RayClusterNetworkPolicy"),
    ),
    Row(
        "network-policy-idle-rules",
        _policy(mode="DenyAllEgress", head={"ingressRules": [{}]}),
        _policy(mode="DenyAllEgress", head={"ingressRules": [], "egressRules": [{}]}),
        "spec.networkPolicy.head.ingressRules",
    ),
    Row(
        "network-policy-idle-rules",
        _policy(mode="DenyAllIngress", worker={"egressRules": [{}]}),
        _policy(mode="DenyAll", worker={"egressRules": [{}]}),
        "spec.networkPolicy.worker.egressRules",
    ),
    Row(
        "network-policy-idle-rules",
        _policy(mode="DenyAllIngress", workerGroups=[{"groupName": GROUP, "egressRules": [{}]}]),
        _policy(workerGroups=[{"groupName": GROUP, "egressRules": [{}]}]),
        f"spec.networkPolicy.workerGroups[{GROUP}].egressRules",
    ),
    *(
        Row(
            "network-policy-group-names",
            _policy(worker(name)),
            _policy(worker("1a-b")),
            f"spec.workerGroupSpecs[{name}].groupName",
        )
        for name in ("Big", "a_b", "a" * 64)
    ),
    Row(
        "network-policy-groups",
        _policy(workerGroups=[{"groupName": "other"}]),
        _policy(workerGroups=[{"groupName": GROUP}]),
        "spec.networkPolicy.workerGroups[other].groupName",
    ),
    Row(
        "network-policy-groups",
        _policy(workerGroups=[{"groupName": GROUP}, {"groupName": GROUP}]),
        _policy(group(), worker("b"), workerGroups=[{"groupName": GROUP}, {"groupName": "b"}]),
        f"spec.networkPolicy.workerGroups[{GROUP}].groupName",
        SERVER,
    ),
    Row(
        "tls-gate",
        cluster(tlsOptions={}),
        cluster(),
        "spec.tlsOptions",
        gates=_off("RayClusterMTLS"),
    ),
    *(
        Row(
            "tls-managed",
            _tls({name: "1"}),
            cluster(group(template=pods(env={name: "1"})), tlsOptions={"enabled": False}),
            f"spec.workerGroupSpecs[{GROUP}].template.spec.containers[ray-worker].env[{name}]",
        )
        for name in ("RAY_USE_TLS", "RAY_TLS_SERVER_CERT", "RAY_TLS_SERVER_KEY", "RAY_TLS_CA_CERT")
    ),
    Row(
        "tls-managed",
        cluster(headGroupSpec=head(**_mount("ray-tls", "/mine")), **TLS),
        cluster(headGroupSpec=head(**_mount("mine", "/etc/ray")), **TLS),
        f"{HEAD}.volumeMounts[ray-tls]",
    ),
    Row(
        "tls-managed",
        cluster(autoscalerOptions={"volumeMounts": [{"name": "mine", "mountPath": "/etc/ray/tls"}]}, **TLS),
        cluster(autoscalerOptions={"env": variables({"MINE": "x"})}, **TLS),
        "spec.autoscalerOptions.volumeMounts[mine]",
    ),
)


def _history(*workers: Json, env: Json | None = None, **collector: Any) -> Json:
    own = {"image": "collector", "env": variables({"STORAGE_BACKEND": "localtest"} if env is None else env)}
    return cluster(*workers, historyServerOptions={"collectorOptions": {**own, **collector}})


def _storage(backend: str, broken: Json, fine: Json) -> Row:
    return Row(
        "history-server-storage",
        _history(env={"STORAGE_BACKEND": backend, **broken}),
        _history(env={"STORAGE_BACKEND": backend, **fine}),
        f"{COLLECTOR}.env",
    )


_ALIYUN = {"OSS_BUCKET": "b", "OSS_ENDPOINT": "e", "OSS_REGION": "r"}
_CONNECTION = {"AZURE_STORAGE_CONNECTION_STRING": {"secretKeyRef": {"name": "s", "key": "k"}}}
_ACCOUNT = {"AZURE_STORAGE_ACCOUNT_URL": "https://a"}

HISTORY = (
    Row(
        "history-server-gate",
        _history(),
        cluster(),
        "spec.historyServerOptions",
        gates=_off("RayClusterHistoryServer"),
    ),
    Row("history-server-image", _history(image=""), _history(), f"{COLLECTOR}.image"),
    Row("history-server-image", cluster(historyServerOptions={}), _history(), f"{COLLECTOR}.image"),
    Row(
        "history-server-own-variables",
        _history(env={"STORAGE_BACKEND": "localtest", "RAY_ROLE": "x"}),
        _history(env={"STORAGE_BACKEND": "localtest", "ROLE": "x"}),
        f"{COLLECTOR}.env[RAY_ROLE]",
    ),
    Row("history-server-storage", _history(env={}), _history(), f"{COLLECTOR}.env"),
    _storage("GCS", {"GCS_BUCKET": ""}, {"GCS_BUCKET": "b"}),
    _storage("s3", {}, {"S3_REGION": {"configMapKeyRef": {"name": "c", "key": "k"}}}),
    *(_storage("AliyunOSS", {**_ALIYUN, missing: ""}, _ALIYUN) for missing in _ALIYUN),
    _storage("AzureBlob", {}, _CONNECTION),
    _storage("AzureBlob", {"AZURE_STORAGE_AUTH_MODE": "Connection_String", **_ACCOUNT}, _ACCOUNT),
    _storage(
        "AzureBlob",
        {"AZURE_STORAGE_AUTH_MODE": " workload_identity ", **_CONNECTION},
        {"AZURE_STORAGE_AUTH_MODE": "default", **_ACCOUNT},
    ),
    Row(
        "history-server-container",
        _history(group(template=pods("ray-history-collector"))),
        _history(group(template=pods("mine"))),
        f"spec.workerGroupSpecs[{GROUP}].template.spec.containers[ray-history-collector]",
    ),
)

ROWS = (*FAULT_TOLERANCE, *NETWORK, *HISTORY)
