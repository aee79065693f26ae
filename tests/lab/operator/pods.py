# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pods of a cluster, as the operator builds them from the groups' templates."""

from __future__ import annotations

import copy
from typing import Any

from .autoscaler import autoscaler_container
from .objects import Json, annotations_of, dig, labels_of, owned_by
from .spec import (
    autoscaler_version,
    autoscaling,
    embedded_storage,
    env_of,
    fault_tolerant,
    hosts,
    recreate_hash,
    token_auth,
)
from .startcommand import SHELL, head_port, probe, set_command, start_command, start_params
from .words import (
    APP_NAME,
    APPLICATION,
    CLUSTER,
    COMPONENT,
    CREATED_BY,
    DEFAULT_PORTS,
    FT_ENABLED,
    GROUP,
    HEAD,
    HEAD_GROUP,
    HOST_INDEX,
    IDENTIFIER,
    KUBERAY_VERSION,
    METRICS_PORT,
    NODE,
    NODE_TYPE,
    ORIGIN_KIND,
    OVERWRITE_COMMAND,
    RECREATE_HASH,
    REPLICA_INDEX,
    REPLICA_NAME,
    SERVE,
    STORAGE_NAMESPACE,
    VERSION_ANNOTATION,
    WORKER,
    clipped,
    head_address,
    head_service_name,
    identifier,
    pod_prefix,
    service_account_name,
)

READINESS = {"initialDelaySeconds": 10, "failureThreshold": 10}
LIVENESS = {"initialDelaySeconds": 30, "failureThreshold": 120}
SERVICE_ENVIRONMENT = {
    "RAY_timeout_ms_task_wait_for_death_info": "0",
    "RAY_gcs_server_request_timeout_seconds": "5",
    "RAY_SERVE_KV_TIMEOUT_S": "5",
}
SERVE_READINESS = {**READINESS, "failureThreshold": 1}
TOKEN_MOUNT = {"name": "ray-token", "mountPath": "/var/run/secrets/ray.io/serviceaccount", "readOnly": True}
TOKEN_VOLUME = {"name": "ray-token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
SMALL = {"cpu": "200m", "memory": "256Mi"}
NOT_OVERRIDABLE = (NODE_TYPE, GROUP, CLUSTER)


def head_pod(cluster: Json) -> Json:
    """The head pod. The hash and the version are what the Recreate strategy looks at later."""
    group = cluster["spec"]["headGroupSpec"]
    pod = _pod(cluster, group, HEAD, HEAD_GROUP, cluster["metadata"]["name"])
    spec, annotations = pod["spec"], pod["metadata"]["annotations"]
    ray = spec["containers"][0]
    if autoscaling(cluster):
        spec["serviceAccountName"] = clipped(service_account_name(cluster))
        spec["containers"].append(autoscaler_container(cluster, ray.get("image", "")))
        _set_autoscaler_version(cluster, spec)
    annotations[FT_ENABLED] = str(fault_tolerant(cluster)).lower()
    if fault_tolerant(cluster) and not embedded_storage(cluster):
        _use_redis(cluster, pod)
    params = start_params({**group, "rayStartParams": _redis_params(cluster, group)}, HEAD, "")
    if autoscaling(cluster):
        params["no-monitor"] = "true"
    _finish(cluster, pod, params, HEAD)
    annotations[RECREATE_HASH] = recreate_hash(cluster)
    annotations[VERSION_ANNOTATION] = KUBERAY_VERSION
    return pod


def worker_pod(cluster: Json, group: Json, replica_index: int, replica_name: str = "", host_index: int = 0) -> Json:
    """A worker pod, with its place among the group's replicas and hosts."""
    name = group["groupName"]
    pod = _pod(cluster, group, WORKER, name, f"{cluster['metadata']['name']}-{name}")
    pod["metadata"].pop("name", None)
    pod["metadata"]["labels"][REPLICA_INDEX] = str(replica_index)
    if hosts(group) > 1:
        pod["metadata"]["labels"].update({REPLICA_NAME: replica_name, HOST_INDEX: str(host_index)})
    spec = pod["spec"]
    ray = spec["containers"][0]
    spec["initContainers"] = [*(spec.get("initContainers") or []), _wait_gcs_ready(cluster, ray)]
    if fault_tolerant(cluster):
        _default_env(ray, "RAY_gcs_rpc_server_reconnect_timeout_s", "600")
    if autoscaling(cluster) and autoscaler_version(cluster) == "v2":
        spec["restartPolicy"] = "Never"
    address = f"{head_address(cluster)}:{head_port(cluster)}"
    _finish(cluster, pod, start_params(group, WORKER, address), WORKER)
    return pod


def _pod(cluster: Json, group: Json, node_type: str, group_name: str, prefix: str) -> Json:
    template = copy.deepcopy(group["template"])
    metadata = {**(template.get("metadata") or {}), "generateName": pod_prefix(prefix, node_type)}
    metadata["labels"] = _labels(cluster, group, node_type, group_name)
    metadata["annotations"] = dict(metadata.get("annotations") or {})
    if annotations_of(cluster).get(OVERWRITE_COMMAND, "").lower() == "true":
        metadata["annotations"][OVERWRITE_COMMAND] = "true"
    return owned_by(cluster, {"metadata": metadata, "spec": template["spec"]})


def _labels(cluster: Json, group: Json, node_type: str, group_name: str) -> dict[str, str]:
    name = cluster["metadata"]["name"]
    own = {**dig(group, "template.metadata.labels", {}), **(group.get("labels") or {})}
    labels = {
        NODE: "yes",
        CLUSTER: name,
        NODE_TYPE: node_type,
        GROUP: group_name,
        IDENTIFIER: identifier(name, node_type),
        APP_NAME: APPLICATION,
        CREATED_BY: COMPONENT,
        **{key: value for key, value in own.items() if key not in NOT_OVERRIDABLE},
    }
    if labels_of(cluster).get(ORIGIN_KIND) == "RayService":
        labels[SERVE] = "false" if node_type == HEAD else "true"
    return labels


def _finish(cluster: Json, pod: Json, params: dict[str, str], node_type: str) -> None:
    """What both types get: ports, authentication, shared memory, command, environment and probes."""
    spec = pod["spec"]
    ray = spec["containers"][0]
    ports = ray.setdefault("ports", [])
    if not any(port.get("name") == "metrics" for port in ports):
        ports.append({"name": "metrics", "containerPort": METRICS_PORT})
    if token_auth(cluster):
        waiting = [init for init in spec.get("initContainers") or [] if init["name"] == "wait-gcs-ready"]
        for container in [ray, *waiting, *_autoscalers(spec)]:
            _authenticate(cluster, spec, container)
    if "plasma-directory" not in params:
        _share(spec, [ray], "shared-mem", "/dev/shm", _memory_medium(ray))
    _share(spec, [ray, *_autoscalers(spec)] if _autoscalers(spec) else [], "ray-logs", "/tmp/ray", {})
    command = start_command(params, node_type, ray)
    if pod["metadata"]["annotations"].get(OVERWRITE_COMMAND) != "true":
        set_command(ray, command)
    for init in spec.get("initContainers") or []:
        init["env"] = [*(init.get("env") or []), *_addresses(cluster)]
    _environment(cluster, ray, node_type, command)
    new = _at_least_2_53(str(dig(cluster, "spec.rayVersion", "")))
    ray.setdefault("livenessProbe", probe(params, node_type, new, LIVENESS))
    if node_type == WORKER and labels_of(cluster).get(ORIGIN_KIND) == "RayService":
        ports = {port.get("name"): port["containerPort"] for port in ray["ports"]}
        serve = probe(params, node_type, new, SERVE_READINESS, ports.get("serve", DEFAULT_PORTS["serve"]))
        ray.setdefault("readinessProbe", serve)
    ray.setdefault("readinessProbe", probe(params, node_type, new, READINESS))


def _environment(cluster: Json, ray: Json, node_type: str, command: str) -> None:
    host = "127.0.0.1" if node_type == HEAD else head_address(cluster)
    env = ray.setdefault("env", [])
    env += _addresses(cluster) if node_type == WORKER else []
    env += [
        _field("RAY_CLUSTER_NAME", f"metadata.labels['{CLUSTER}']"),
        _field("RAY_CLUSTER_NAMESPACE", "metadata.namespace"),
        _field("RAY_CLOUD_INSTANCE_ID", "metadata.name"),
        _field("RAY_NODE_TYPE_NAME", f"metadata.labels['{GROUP}']"),
        {"name": "KUBERAY_GEN_RAY_START_CMD", "value": command},
    ]
    _default_env(ray, "RAY_PORT", head_port(cluster))
    creator = labels_of(cluster).get(ORIGIN_KIND, "RayCluster")
    for name, value in SERVICE_ENVIRONMENT.items() if creator == "RayService" else ():
        _default_env(ray, name, value)
    _default_env(ray, "RAY_ADDRESS", f"{host}:{head_port(cluster)}")
    _default_env(ray, "RAY_USAGE_STATS_KUBERAY_IN_USE", "1")
    if node_type == HEAD:
        tags = f"kuberay_version={KUBERAY_VERSION};kuberay_crd={creator}"
        env.append({"name": "RAY_USAGE_STATS_EXTRA_TAGS", "value": tags})
    _default_env(ray, "RAY_DASHBOARD_ENABLE_K8S_DISK_USAGE", "1")


def _set_autoscaler_version(cluster: Json, spec: Json) -> None:
    version = autoscaler_version(cluster)
    if version:
        env = {"name": "RAY_enable_autoscaler_v2", "value": "true" if version == "v2" else "false"}
        spec["containers"][0].setdefault("env", []).append(env)
    if version == "v2":
        spec["restartPolicy"] = "Never"


def _use_redis(cluster: Json, pod: Json) -> None:
    options = dig(cluster, "spec.gcsFaultToleranceOptions", {})
    annotation = annotations_of(cluster).get(STORAGE_NAMESPACE)
    storage = options.get("externalStorageNamespace") or annotation or cluster["metadata"]["uid"]
    pod["metadata"]["annotations"][STORAGE_NAMESPACE] = storage
    ray = pod["spec"]["containers"][0]
    _default_env(ray, "RAY_external_storage_namespace", storage)
    if options:
        ray["env"].append({"name": "RAY_REDIS_ADDRESS", "value": options.get("redisAddress", "")})
    for field, name in (("redisUsername", "REDIS_USERNAME"), ("redisPassword", "REDIS_PASSWORD")):
        if field in options:
            ray["env"].append({"name": name, **options[field]})


def _redis_params(cluster: Json, group: Json) -> dict[str, str]:
    """The start parameters, with credentials by reference to the environment."""
    options = dig(cluster, "spec.gcsFaultToleranceOptions", {})
    named = (
        ("redisUsername", "redis-username", "$REDIS_USERNAME"),
        ("redisPassword", "redis-password", "$REDIS_PASSWORD"),
    )
    added = {param: value for field, param, value in named if field in options}
    return {**(group.get("rayStartParams") or {}), **added}


def _wait_gcs_ready(cluster: Json, ray: Json) -> Json:
    check = f"ray health-check --address {head_address(cluster)}:{head_port(cluster)}"
    copied = ("image", "imagePullPolicy", "securityContext", "env", "volumeMounts")
    return {
        **{key: copy.deepcopy(ray[key]) for key in copied if key in ray},
        "name": "wait-gcs-ready",
        "command": SHELL,
        "args": [f"until {check} > /dev/null 2>&1; do echo Waiting for GCS to be ready.; sleep 5; done"],
        "resources": {"limits": dict(SMALL), "requests": dict(SMALL)},
    }


def _share(spec: Json, containers: list[Json], name: str, path: str, source: Json) -> None:
    """Mount a volume of the pod's own into containers that have nothing at that path."""
    for container in containers:
        mounts = container.setdefault("volumeMounts", [])
        if any(mount["mountPath"] == path for mount in mounts):
            continue
        volumes = spec["volumes"] = spec.get("volumes") or []
        if not any(volume["name"] == name for volume in volumes):
            volumes.append({"name": name, "emptyDir": source})
        mounts.append({"name": name, "mountPath": path})


def _memory_medium(ray: Json) -> Json:
    resources = ray.get("resources") or {}
    size = dig(resources, "limits.memory") or dig(resources, "requests.memory")
    return {"medium": "Memory", **({"sizeLimit": size} if size else {})}


def _autoscalers(spec: Json) -> list[Json]:
    return [container for container in spec["containers"] if container["name"] == "autoscaler"]


def _authenticate(cluster: Json, spec: Json, container: Json) -> None:
    _default_env(container, "RAY_AUTH_MODE", "token")
    if dig(cluster, "spec.authOptions.enableK8sTokenAuth", False):
        _default_env(container, "RAY_ENABLE_K8S_TOKEN_AUTH", "true")
        for items, item in ((container, TOKEN_MOUNT), (spec, TOKEN_VOLUME)):
            listed = items.setdefault("volumeMounts" if items is container else "volumes", [])
            if not any(entry["name"] == item["name"] for entry in listed):
                listed.append(dict(item))
    elif "RAY_AUTH_TOKEN" not in env_of(container):
        secret = dig(cluster, "spec.authOptions.secretName", "") or clipped(cluster["metadata"]["name"])
        source = {"secretKeyRef": {"name": secret, "key": "auth_token"}}
        container["env"].append({"name": "RAY_AUTH_TOKEN", "valueFrom": source})


def _addresses(cluster: Json) -> list[Json]:
    return [
        {"name": "FQ_RAY_IP", "value": head_address(cluster)},
        {"name": "RAY_IP", "value": head_service_name(cluster)},
    ]


def _default_env(container: Json, name: str, value: str) -> None:
    env = container.setdefault("env", [])
    if not any(entry["name"] == name for entry in env):
        env.append({"name": name, "value": value})


def _field(name: str, path: str) -> Json:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _at_least_2_53(version: str) -> bool:
    parts: list[Any] = version.split(".")
    return len(parts) > 1 and all(part.isdigit() for part in parts[:2]) and (int(parts[0]), int(parts[1])) >= (2, 53)
