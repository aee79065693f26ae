# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What KubeRay's APIServer V1 makes of a message: a custom resource, and of that a message again.

Written from the contract (2.3 to 2.5, 2.9 and 3), apart from the code that is tested with it.
"""

from __future__ import annotations

import copy
import random
import re
import struct
from decimal import Decimal
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import parse_quantity

Json = dict[str, Any]


def _words(text: str) -> list[str]:
    return text.split()


CREATED = "2026-01-01T12:00:00Z"
TEMPLATES: dict[str, Json] = {"small": {"cpu": "2", "memory": "4Gi"}, "big": {"cpu": "8", "memory": "32Gi"}}
_MANAGED = {"app.kubernetes.io/name": "kuberay", "app.kubernetes.io/managed-by": "kuberay-apiserver"}
_ENVIRONMENTS = ["DEV", "TESTING", "STAGING", "PRODUCTION"]
_HEAD_RESERVED = ["MY_POD_IP", "RAY_CLUSTER_NAME", "RAY_PORT", "RAY_ADDRESS", "RAY_USAGE_STATS_KUBERAY_IN_USE"]
_WORKER_OWN = [
    "RAY_DISABLE_DOCKER_CPU_WARNING",
    "TYPE",
    "CPU_REQUEST",
    "CPU_LIMITS",
    "MEMORY_REQUESTS",
    "MEMORY_LIMITS",
    "MY_POD_NAME",
    "MY_POD_IP",
]
_WORKER_RESERVED = [*_WORKER_OWN, *_HEAD_RESERVED, "FQ_RAY_IP", "RAY_IP", "REDIS_PASSWORD"]
_STRIPPED = [
    "ray.io/compute-image",
    "ray.io/compute-template",
    "ray.io/health-state",
    "ray.io/ft-enabled",
    "openshift.io/scc",
    "cni.projectcalico.org/podIP",
    "cni.projectcalico.org/podIPs",
    "cni.projectcalico.org/containerID",
    "k8s.v1.cni.cncf.io/network-status",
    "k8s.v1.cni.cncf.io/networks-status",
    "app.kubernetes.io/created-by",
    "app.kubernetes.io/name",
    "ray.io/cluster",
    "ray.io/cluster-dashboard",
    "ray.io/group",
    "ray.io/identifier",
    "ray.io/is-ray-node",
    "ray.io/node-type",
]
_LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")


class Refused(Exception):
    """The server's refusal, or Kubernetes' behind it."""


class Dead(Exception):
    """The server has ended."""


def sent_and_back(kind: Kind, message: Json, chance: int = 0) -> Json:
    """What a GET tells of an object that was made with this message."""
    return tell(kind, make(kind, message, chance))


def make(kind: Kind, message: Json, chance: int = 0) -> Json:
    """The custom resource. ``chance`` decides about the order of what the server has no order for."""
    _ensure(message.get("user"), "user")
    made: Json = _MAKE[kind.name](message, random.Random(chance))
    labels = {**_MANAGED, "ray.io/user": message["user"], **made.pop("labels", {})}
    if not all(_LABEL.fullmatch(value) for value in labels.values()):
        raise Refused("a label")
    metadata = {"name": message["name"], "namespace": message["namespace"], "creationTimestamp": CREATED}
    stamp = {} if kind is JOB else {"ray.io/creation-timestamp": "2026-01-01 12:00:00 +0000 UTC"}
    annotations = {**made.pop("annotations", {}), **stamp}
    return {"kind": kind.name, "metadata": {**metadata, "labels": labels, "annotations": annotations}, **made}


def tell(kind: Kind, resource: Json) -> Json:
    """The message about an object, as it comes over the wire."""
    labels = resource["metadata"]["labels"]
    told = {
        "name": resource["metadata"]["name"],
        "namespace": resource["metadata"]["namespace"],
        "user": labels.get("ray.io/user"),
        "createdAt": resource["metadata"]["creationTimestamp"],
        **_TELL[kind.name](resource),
    }
    return {key: value for key, value in told.items() if value not in (None, "", 0, [], {})}


def _ensure(value: Any, what: str) -> None:
    if not value:
        raise Refused(what)


def _cluster(message: Json, chance: random.Random) -> Json:
    environment = message.get("environment", 0)
    labels = {
        "ray.io/cluster-name": message["name"],
        "ray.io/version": message.get("version", ""),
        "ray.io/environment": _ENVIRONMENTS[environment] if isinstance(environment, int) else environment,
    }
    annotations = dict(message.get("annotations") or {})
    return {"labels": labels, "annotations": annotations, "spec": _spec(message, chance)}


def _job(message: Json, chance: random.Random) -> Json:
    spec: Json = {}
    names = {"runtimeEnv": "runtimeEnvYAML"}
    for name in [
        "entrypoint",
        "metadata",
        "runtimeEnv",
        "jobId",
        "shutdownAfterJobFinishes",
        "clusterSelector",
        "ttlSecondsAfterFinished",
        "entrypointNumCpus",
        "entrypointResources",
        "activeDeadlineSeconds",
    ]:
        if message.get(name):
            spec[names.get(name, name)] = message[name]
    if "entrypointNumCpus" in spec:
        spec["entrypointNumCpus"] = struct.unpack("f", struct.pack("f", spec["entrypointNumCpus"]))[0]
    if message.get("clusterSpec") or not message.get("clusterSelector"):
        spec["rayClusterSpec"] = _spec(message, chance, bool(message.get("clusterSelector")))
    if "jobSubmitter" in message:
        said = message["jobSubmitter"]
        amounts = {"cpu": said.get("cpu") or "1", "memory": said.get("memory") or "1Gi"}
        container = {"name": "ray-job-submitter", "image": said.get("image", ""), "resources": _both(amounts)}
        spec["submitterPodTemplate"] = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    for key in message.get("metadata") or {}:
        if not re.fullmatch(r"([-a-z0-9.]+/)?[-A-Za-z0-9_.]{1,63}", key):
            raise Refused("an annotation")
    return {"annotations": dict(message.get("metadata") or {}), "spec": spec}


def _service(message: Json, chance: random.Random) -> Json:
    _ensure(message.get("serveConfigV2"), "serve configuration is not defined")
    spec = {"serveConfigV2": message["serveConfigV2"], "rayClusterConfig": _spec(message, chance)}
    for name in ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold"):
        if message.get(name, 0) > 0:
            spec[name] = message[name]
    return {"spec": spec}


def _spec(message: Json, chance: random.Random, unchecked: bool = False) -> Json:
    said = message.get("clusterSpec")
    if said is None or said.get("headGroupSpec") is None:
        raise Dead("a cluster without a head") if unchecked else Refused("head")
    head, workers, version = said["headGroupSpec"], said.get("workerGroupSpec") or [], message.get("version", "")
    _ensure(head.get("rayStartParams"), "rayStartParams")
    for group in [head, *workers]:
        _ensure(group.get("computeTemplate") in TEMPLATES, "compute template")
        _ensure(group.get("imagePullPolicy", "Always") in ("Always", "IfNotPresent"), "imagePullPolicy")
    envs = message.get("envs") or {}
    made: Json = {"rayVersion": version, "headServiceAnnotations": said.get("headServiceAnnotations") or {}}
    made["headGroupSpec"] = {
        "rayStartParams": head["rayStartParams"],
        "serviceType": head.get("serviceType", ""),
        "enableIngress": head.get("enableIngress", False),
        "template": _template(head, version, envs, "ray-head", ["MY_POD_IP"], chance),
    }
    made["workerGroupSpecs"] = [_worker(group, version, envs, chance) for group in workers]
    if said.get("enableInTreeAutoscaling"):
        made["enableInTreeAutoscaling"] = True
        if said.get("autoscalerOptions") is not None:
            made["autoscalerOptions"] = _autoscaler(said["autoscalerOptions"], chance)
    return made


def _worker(group: Json, version: str, envs: Json, chance: random.Random) -> Json:
    _ensure(group.get("groupName"), "groupName")
    _ensure(group.get("maxReplicas"), "maxReplicas")
    _ensure(group.get("minReplicas", 0) <= group["maxReplicas"], "minReplicas")
    replicas = group.get("replicas", 0)
    return {
        "groupName": group["groupName"],
        "replicas": replicas,
        "minReplicas": group.get("minReplicas") or replicas,
        "maxReplicas": group["maxReplicas"],
        "rayStartParams": group.get("rayStartParams") or {},
        "template": _template(group, version, envs, "ray-worker", _WORKER_OWN, chance),
    }


def _template(group: Json, version: str, envs: Json, name: str, own: list[str], chance: random.Random) -> Json:
    annotations = {"ray.io/compute-template": group["computeTemplate"], "ray.io/compute-image": group.get("image", "")}
    given = _env(envs, chance) + _env(group.get("environment"), chance)
    container: Json = {
        "name": name,
        "image": group.get("image") or f"rayproject/ray:{version}",
        "imagePullPolicy": "Always" if group.get("imagePullPolicy") == "Always" else "IfNotPresent",
        "env": [*({"name": one, "value": ""} for one in own), *given],
        "resources": _both(TEMPLATES[group["computeTemplate"]]),
        "volumeMounts": [_mount(volume) for volume in group.get("volumes") or []],
    }
    names = [one["name"] for one in container["env"]]
    _ensure(len(names) == len(set(names)), "a variable twice")
    if group.get("securityContext") is not None:
        container["securityContext"] = {"capabilities": {}, **group["securityContext"]}
    pod: Json = {"containers": [container], "volumes": [_volume(one, chance) for one in group.get("volumes") or []]}
    if len(group.get("serviceAccount", "")) > 1:
        pod["serviceAccountName"] = group["serviceAccount"]
    if len(group.get("imagePullSecret", "")) > 1:
        pod["imagePullSecrets"] = [{"name": group["imagePullSecret"]}]
    metadata = {
        "annotations": {**annotations, **(group.get("annotations") or {})},
        "labels": dict(group.get("labels") or {}),
    }
    return {"metadata": metadata, "spec": pod}


def _env(said: Json | None, chance: random.Random) -> list[Json]:
    found = [{"name": name, "value": value} for name, value in ((said or {}).get("values") or {}).items()]
    for name, source in ((said or {}).get("valuesFrom") or {}).items():
        number, called, key = source.get("source", 0), source.get("name", ""), source.get("key", "")
        found.append(
            {
                "name": name,
                "valueFrom": [
                    {"configMapKeyRef": {"name": called, "key": key}},
                    {"secretKeyRef": {"name": called, "key": key}},
                    {"resourceFieldRef": {"containerName": called, "resource": key}},
                    {"fieldRef": {"fieldPath": key}},
                ][number],
            }
        )
    return _by_chance(found, chance)


def _by_chance(members: list[Any], chance: random.Random) -> list[Any]:
    return chance.sample(members, len(members))


def _mount(volume: Json) -> Json:
    mode = [None, "HostToContainer", "Bidirectional"][volume.get("mountPropagationMode", 0)]
    mount = {"name": volume["name"], "mountPath": volume["mountPath"], "readOnly": volume.get("readOnly", False)}
    return {**mount, **({"mountPropagation": mode} if mode else {})}


def _volume(volume: Json, chance: random.Random) -> Json:
    source, storage = volume.get("source", ""), volume.get("storage", "")
    items = [{"key": key, "path": path} for key, path in (volume.get("items") or {}).items()]
    some = {"items": _by_chance(items, chance)} if items else {}
    number = volume.get("volumeType", 0)
    if number == 2:
        _ensure(parse_quantity(storage), "storage")
    modes = [[mode] for mode in ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany")]
    claim = {
        "accessModes": modes[volume.get("accessMode", 0)],
        "storageClassName": volume.get("storageClassName"),
        "resources": {"requests": {"storage": _canonical(storage)}},
    }
    labelled = {"metadata": {"labels": {"app.kubernetes.io/managed-by": "kuberay-apiserver"}}, "spec": claim}
    made: list[Json] = [
        {"persistentVolumeClaim": {"claimName": source, "readOnly": volume.get("readOnly", False)}},
        {"hostPath": {"path": source, "type": ["Directory", "File"][volume.get("hostPathType", 0)]}},
        {"ephemeral": {"volumeClaimTemplate": labelled}},
        {"configMap": {"name": source, **some}},
        {"secret": {"secretName": source, **some}},
        {"emptyDir": {"sizeLimit": _canonical(storage)} if storage else {}},
    ]
    return {"name": volume["name"], **made[number]}


def _canonical(quantity: str) -> str:
    """A quantity as Kubernetes spells it, for the few that the tests have."""
    amount = parse_quantity(quantity)
    if amount is None:
        return quantity
    for suffix, factor in (("Gi", 1024**3), ("Mi", 1024**2), ("Ki", 1024)):
        if "i" in quantity and amount % factor == 0:
            return f"{amount // factor}{suffix}"
    return f"{(amount * 1000).normalize():f}m" if amount % 1 else f"{amount.quantize(Decimal(1))}"


def _both(amounts: Json) -> Json:
    known = {name: _canonical(amount) for name, amount in amounts.items()}
    return {"limits": known, "requests": dict(known)}


def _autoscaler(said: Json, chance: random.Random) -> Json:
    made = {key: said[key] for key in ("upscalingMode", "image") if said.get(key)}
    if said.get("idleTimeoutSeconds", 0) > 0:
        made["idleTimeoutSeconds"] = said["idleTimeoutSeconds"]
    if said.get("imagePullPolicy") == "Always":
        made["imagePullPolicy"] = "Always"
    envs = said.get("envs") or {}
    if envs.get("values"):
        made["env"] = _env({"values": envs["values"]}, chance)
    whole = [one for one in (envs.get("valuesFrom") or {}).values() if one.get("source", 0) < 2]
    if whole:
        made["envFrom"] = _by_chance(
            [{("configMapRef", "secretRef")[one.get("source", 0)]: {"name": one["name"]}} for one in whole], chance
        )
    if said.get("volumes"):
        made["volumeMounts"] = [_mount(one) for one in said["volumes"]]
    if said.get("cpu") or said.get("memory"):
        made["resources"] = _both({"cpu": said.get("cpu") or "500m", "memory": said.get("memory") or "512Mi"})
    return made


def _tell_cluster(resource: Json) -> Json:
    labels, status = resource["metadata"]["labels"], resource.get("status") or {}
    return {
        "version": labels.get("ray.io/version"),
        "environment": _ENVIRONMENTS.index(labels.get("ray.io/environment", "DEV")),
        "annotations": resource["metadata"]["annotations"],
        "clusterSpec": _tell_spec(resource["spec"]),
        "clusterState": status.get("state"),
        "serviceEndpoint": status.get("endpoints"),
    }


def _tell_job(resource: Json) -> Json:
    spec, status = copy.deepcopy(resource["spec"]), resource.get("status") or {}
    own = spec.get("rayClusterSpec")
    told = {
        key: spec.get(key)
        for key in [
            "entrypoint",
            "metadata",
            "shutdownAfterJobFinishes",
            "clusterSelector",
            "ttlSecondsAfterFinished",
            "entrypointNumCpus",
            "entrypointNumGpus",
            "entrypointResources",
        ]
    }
    for key in ("jobId", "jobStatus", "jobDeploymentStatus", "message", "startTime", "endTime", "rayClusterName"):
        told[key] = status.get(key)
    told["runtimeEnv"] = spec.get("runtimeEnvYAML")
    if told.get("entrypointNumCpus"):
        told["entrypointNumCpus"] = _shortest(told["entrypointNumCpus"])
    if own is not None:
        told.update(version=own.get("rayVersion"), clusterSpec=_tell_spec(own))
    if "submitterPodTemplate" in spec:
        container = spec["submitterPodTemplate"]["spec"]["containers"][0]
        limits, defaults = container["resources"]["limits"], {"cpu": "1", "memory": "1Gi"}
        amounts = {name: limits[name] for name, usual in defaults.items() if limits[name] != usual}
        told["jobSubmitter"] = {"image": container["image"], **amounts}
    told["deleteAt"] = resource["metadata"].get("deletionTimestamp")
    return told


def _shortest(number: float) -> float:
    """A number of single precision with as few digits as tell it."""
    known = struct.pack("f", number)
    return next(told for told in (float(f"{number:.{d}g}") for d in range(1, 10)) if struct.pack("f", told) == known)


def _tell_service(resource: Json) -> Json:
    spec, active = resource["spec"], (resource.get("status") or {}).get("activeServiceStatus") or {}
    applications = [
        {
            "name": name,
            **{key: one[key] for key in ("status", "message") if one.get(key)},
            "serveDeploymentStatus": [
                {"deploymentName": deployment, **told}
                for deployment, told in (one.get("serveDeploymentStatuses") or {}).items()
            ],
        }
        for name, one in reversed((active.get("applicationStatuses") or {}).items())
    ]
    status = {
        "rayClusterName": active.get("rayClusterName"),
        "rayClusterState": (active.get("rayClusterStatus") or {}).get("state"),
        "serviceEndpoint": (active.get("rayClusterStatus") or {}).get("endpoints"),
        "serveApplicationStatus": applications,
    }
    return {
        **{key: spec.get(key) for key in ("serveConfigV2", *_THRESHOLDS)},
        "version": spec["rayClusterConfig"]["rayVersion"],
        "clusterSpec": _tell_spec(spec["rayClusterConfig"]),
        "rayServiceStatus": {key: value for key, value in status.items() if value},
        "deleteAt": resource["metadata"].get("deletionTimestamp", "1969-12-31T23:59:59Z"),
    }


_THRESHOLDS = ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold")


def _tell_spec(spec: Json) -> Json:
    head = spec["headGroupSpec"]
    told: Json = {
        "headGroupSpec": {
            **_tell_group(head, _HEAD_RESERVED),
            **{key: head[key] for key in ("serviceType", "enableIngress") if head.get(key)},
        },
        "workerGroupSpec": [
            {
                "groupName": group["groupName"],
                **{key: group[key] for key in ("replicas", "minReplicas", "maxReplicas") if group[key]},
                **_tell_group(group, _WORKER_RESERVED),
            }
            for group in spec["workerGroupSpecs"]
        ],
        "headServiceAnnotations": spec.get("headServiceAnnotations"),
    }
    if spec.get("enableInTreeAutoscaling"):
        told["enableInTreeAutoscaling"] = True
        if "autoscalerOptions" in spec:
            told["autoscalerOptions"] = _tell_autoscaler(spec["autoscalerOptions"])
    return {key: value for key, value in told.items() if value or key == "autoscalerOptions"}


def _tell_group(group: Json, reserved: list[str]) -> Json:
    metadata, pod = group["template"]["metadata"], group["template"]["spec"]
    container = pod["containers"][0]
    told = {
        "computeTemplate": metadata["annotations"]["ray.io/compute-template"],
        "image": metadata["annotations"]["ray.io/compute-image"],
        "rayStartParams": group["rayStartParams"],
        "volumes": [_tell_volume(one, container["volumeMounts"]) for one in pod["volumes"]],
        "serviceAccount": pod.get("serviceAccountName"),
        "imagePullSecret": pod.get("imagePullSecrets", [{}])[0].get("name"),
        "imagePullPolicy": "Always" if container["imagePullPolicy"] == "Always" else "",
        "annotations": {key: value for key, value in metadata["annotations"].items() if key not in _STRIPPED},
        "labels": {key: value for key, value in metadata["labels"].items() if key not in _STRIPPED},
        "securityContext": container.get("securityContext"),
    }
    environment = _tell_env([one for one in container["env"] if one["name"] not in reserved])
    return {**{key: value for key, value in told.items() if value}, "environment": environment}


def _tell_env(variables: list[Json]) -> Json:
    values = {one["name"]: one["value"] for one in variables if "value" in one}
    sources = {}
    for one in variables:
        for number, name in enumerate(("configMapKeyRef", "secretKeyRef", "resourceFieldRef", "fieldRef")):
            found = (one.get("valueFrom") or {}).get(name)
            if found is not None:
                key = next(found[word] for word in ("key", "resource", "fieldPath") if word in found)
                source: Json = {"source": number, "key": key, "name": found.get("name", found.get("containerName"))}
                sources[one["name"]] = {key: value for key, value in source.items() if value}
    return {key: dict(sorted(found.items())) for key, found in (("values", values), ("valuesFrom", sources)) if found}


def _tell_volume(volume: Json, mounts: list[Json]) -> Json:
    mount = next((one for one in mounts if one["name"] == volume["name"]), None)
    if mount is None:
        raise Dead("a volume without a mount")
    names = ("persistentVolumeClaim", "hostPath", "ephemeral", "configMap", "secret", "emptyDir")
    number = next(number for number, name in enumerate(names) if name in volume)
    source = volume[names[number]]
    told: Json = {"name": volume["name"], "mountPath": mount["mountPath"], "volumeType": number}
    told["source"] = source.get("claimName") or source.get("path") or source.get("name") or source.get("secretName")
    if number < 3:
        told["mountPropagationMode"] = _tell_propagation(mount)
    if number == 0:
        told["readOnly"] = source["readOnly"]
    if number == 1:
        told["hostPathType"] = ["Directory", "File"].index(source["type"])
    if number == 2:
        claim = source["volumeClaimTemplate"]["spec"]
        told["accessMode"] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"].index(claim["accessModes"][0])
        told["storage"] = claim["resources"]["requests"]["storage"]
        told["storageClassName"] = claim["storageClassName"]
    if number == 4 and source.get("items"):
        raise Dead("a secret volume with items")
    if number == 5:
        told["storage"] = source.get("sizeLimit")
    told["items"] = {one["key"]: one["path"] for one in source.get("items") or []}
    return {key: value for key, value in told.items() if value}


def _tell_propagation(mount: Json) -> int:
    return [None, "HostToContainer", "Bidirectional"].index(mount.get("mountPropagation"))


def _tell_autoscaler(options: Json) -> Json:
    told = {key: options.get(key) for key in ("idleTimeoutSeconds", "upscalingMode", "image", "imagePullPolicy")}
    told.update((options.get("resources") or {}).get("limits") or {})
    envs: Json = {}
    if options.get("env"):
        envs["values"] = {one["name"]: one["value"] for one in options["env"]}
    if options.get("envFrom"):
        envs["valuesFrom"] = {
            str(index): {"name": one["configMapRef"]["name"]}
            if "configMapRef" in one
            else {"source": 1, "name": one["secretRef"]["name"]}
            for index, one in enumerate(options["envFrom"])
        }
    mounts = [
        {key: value for key, value in {**one, "mountPropagationMode": _tell_propagation(one)}.items() if value}
        for one in options.get("volumeMounts") or []
    ]
    told["envs"], told["volumes"] = envs, [{k: v for k, v in one.items() if k != "mountPropagation"} for one in mounts]
    return {key: value for key, value in told.items() if value}


_MAKE = {CLUSTER.name: _cluster, JOB.name: _job, SERVICE.name: _service}
_TELL = {CLUSTER.name: _tell_cluster, JOB.name: _tell_job, SERVICE.name: _tell_service}
