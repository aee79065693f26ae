# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field that V1 has and returns, as a row: the kind, the option, two values, and where a change of it shows."""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind

from tests.unit.v1.tasks import SERVE, WORKER, base, with_option

Json = dict[str, Any]


class Row(NamedTuple):
    """``paths`` are those of the resource that a change from the first value to the second shows.

    ``needs`` are options that the field needs beside it; ``stays``: saying nothing about it leaves it as it is.
    """

    kind: Kind
    option: str
    values: tuple[Any, Any]
    paths: tuple[str, ...]
    needs: tuple[tuple[str, Any], ...] = ()
    stays: bool = False

    def task(self, value: Any = None) -> Json:
        """The task with this value, or without the option."""
        task = base(self.kind)
        for option, needed in self.needs:
            task = with_option(task, option, needed)
        return task if value is None else with_option(task, self.option, value)

    def __str__(self) -> str:
        return f"{self.kind.name}-{self.option}"


def _volume(kind: str, **more: Any) -> Json:
    return {"name": "v", "mount_path": "/v", "volume_type": kind, **more}


_CLAIM, _HOST = _volume("persistent_volume_claim", source="c"), _volume("host_path", source="/h")
_EPHEMERAL = _volume("ephemeral", storage="1Gi")
# Pairs of volumes: what differs, and where it shows below the pod spec.
_VOLUMES: tuple[tuple[Json, Json, tuple[str, ...]], ...] = (
    (_CLAIM, {**_CLAIM, "source": "d"}, ("volumes[v].persistentVolumeClaim.claimName",)),
    (
        _CLAIM,
        {**_CLAIM, "read_only": True},
        ("volumes[v].persistentVolumeClaim.readOnly", "containers[ray].volumeMounts[/v].readOnly"),
    ),
    (
        _CLAIM,
        {**_CLAIM, "mount_propagation_mode": "bidirectional"},
        ("containers[ray].volumeMounts[/v].mountPropagation",),
    ),
    (
        {**_HOST, "mount_propagation_mode": "host_to_container"},
        {**_HOST, "mount_propagation_mode": "bidirectional"},
        ("containers[ray].volumeMounts[/v].mountPropagation",),
    ),
    (_HOST, {**_HOST, "source": "/i"}, ("volumes[v].hostPath.path",)),
    (_HOST, {**_HOST, "host_path_type": "file"}, ("volumes[v].hostPath.type",)),
    (
        _EPHEMERAL,
        {**_EPHEMERAL, "storage": "2Gi"},
        ("volumes[v].ephemeral.volumeClaimTemplate.spec.resources.requests.storage",),
    ),
    (
        _EPHEMERAL,
        {**_EPHEMERAL, "storage_class_name": "fast"},
        ("volumes[v].ephemeral.volumeClaimTemplate.spec.storageClassName",),
    ),
    (
        {**_EPHEMERAL, "access_mode": "ROX"},
        {**_EPHEMERAL, "access_mode": "RWX"},
        ("volumes[v].ephemeral.volumeClaimTemplate.spec.accessModes",),
    ),
    (
        _volume("configmap", source="m", items={"a": "x", "b": "y"}),
        _volume("configmap", source="m", items={"a": "x", "b": "z"}),
        ("volumes[v].configMap.items",),
    ),
    (
        _volume("configmap", source="m"),
        _volume("configmap", source="n"),
        ("volumes[v].configMap.name",),
    ),
    (_volume("secret", source="s"), _volume("secret", source="t"), ("volumes[v].secret.secretName",)),
    (
        _volume("empty_dir", storage="1Gi"),
        _volume("empty_dir", storage="2048Mi"),
        ("volumes[v].emptyDir.sizeLimit",),
    ),
    (
        _volume("empty_dir"),
        {**_volume("empty_dir"), "mount_path": "/w"},
        ("containers[ray].volumeMounts[/v]", "containers[ray].volumeMounts[/w]"),
    ),
    (
        _CLAIM,
        _volume("secret", source="c"),
        ("volumes[v].persistentVolumeClaim", "volumes[v].secret"),
    ),
)
# Options of any group, two values of each, and where a change shows below the group.
_GROUP: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    (
        "compute_template",
        "small",
        "big",
        ("template.metadata.annotations['ray.io/compute-template']",),
    ),
    ("image", "ray:1", "ray:2", ("template.spec.containers[ray].image",)),
    ("ray_start_params", {"a": "1", "b": ""}, {"a": "2", "b": ""}, ("rayStartParams.a",)),
    ("service_account", "robot", "other", ("template.spec.serviceAccountName",)),
    (
        "image_pull_secret",
        "pull",
        "other",
        ("template.spec.imagePullSecrets[pull]", "template.spec.imagePullSecrets[other]"),
    ),
    (
        "env",
        {"A": "1", "B": "", "C": "3"},
        {"A": "1", "B": "2", "C": "3"},
        ("template.spec.containers[ray].env[B].value",),
    ),
    *(
        (
            "env",
            {"A": "1", "B": {source: one}},
            {"A": "1", "B": {source: other}},
            (f"template.spec.containers[ray].env[B].valueFrom.{source}.{key}",),
        )
        for source, one, other, key in (
            ("configMapKeyRef", {"name": "m", "key": "k"}, {"name": "n", "key": "k"}, "name"),
            ("secretKeyRef", {"name": "m", "key": "k"}, {"name": "m", "key": "l"}, "key"),
            (
                "resourceFieldRef",
                {"containerName": "c", "resource": "limits.cpu"},
                {"containerName": "c", "resource": "requests.cpu"},
                "resource",
            ),
            ("fieldRef", {"fieldPath": "metadata.name"}, {"fieldPath": "metadata.uid"}, "fieldPath"),
        )
    ),
    ("annotations", {"a/b": "1"}, {"a/b": "2"}, ("template.metadata.annotations['a/b']",)),
    ("labels", {"a": "1", "b": ""}, {"a": "2", "b": ""}, ("template.metadata.labels.a",)),
    ("image_pull_policy", "Always", "IfNotPresent", ("template.spec.containers[ray].imagePullPolicy",)),
    (
        "security_context",
        {"privileged": False, "capabilities": {"add": ["SYS_PTRACE"]}},
        {"privileged": True, "capabilities": {"add": ["SYS_PTRACE"]}},
        ("template.spec.containers[ray].securityContext.privileged",),
    ),
    (
        "security_context",
        {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}},
        {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["KILL"]}},
        ("template.spec.containers[ray].securityContext.capabilities.drop",),
    ),
    *(("volumes", [one], [other], tuple(f"template.spec.{path}" for path in paths)) for one, other, paths in _VOLUMES),
)
_HEAD: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("service_type", "NodePort", "LoadBalancer", ("serviceType",)),
    ("enable_ingress", True, False, ("enableIngress",)),
)
_WORKER: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("replicas", 2, 3, ("replicas", "minReplicas")),
    ("min_replicas", 2, 3, ("minReplicas",)),
    ("max_replicas", 4, 5, ("maxReplicas",)),
)
_AUTOSCALING = (("enable_in_tree_autoscaling", True),)
_SCALER = "autoscalerOptions"


def _scaler(one: Json, other: Json, *paths: str) -> tuple[str, Any, Any, tuple[str, ...], Any]:
    return "autoscaler_options", one, other, tuple(f"{_SCALER}.{path}" for path in paths), _AUTOSCALING


def _mounted(path: str, **more: Any) -> Json:
    return {"autoscalerOptions": {"volumeMounts": [{"name": "v", "mountPath": path, **more}]}}


_CLUSTER: tuple[tuple[str, Any, Any, tuple[str, ...], Any], ...] = (
    ("ray_version", "2.52.0", "2.53.0", ("rayVersion",), ()),
    ("enable_in_tree_autoscaling", True, False, ("enableInTreeAutoscaling",), ()),
    ("head_service_annotations", {"a/b": "1"}, {"a/b": "2"}, ("headServiceAnnotations['a/b']",), ()),
    (
        "worker_groups",
        [WORKER, {**WORKER, "group_name": "two"}],
        [{**WORKER, "group_name": "two"}, {**WORKER, "group_name": "three"}],
        ("workerGroupSpecs[one]", "workerGroupSpecs[three]"),
        (),
    ),
    _scaler({"idle_timeout_seconds": 30}, {"idle_timeout_seconds": 60}, "idleTimeoutSeconds"),
    _scaler({"upscaling_mode": "Default"}, {"upscaling_mode": "Conservative"}, "upscalingMode"),
    _scaler({"image": "a"}, {"image": "b"}, "image"),
    _scaler(
        {"image": "a", "image_pull_policy": "Always"},
        {"image": "a", "image_pull_policy": "IfNotPresent"},
        "imagePullPolicy",
    ),
    _scaler(
        {"resources": {"cpu": "1000m", "memory": "1Gi"}},
        {"resources": {"cpu": "2", "memory": "1Gi"}},
        "resources.limits.cpu",
        "resources.requests.cpu",
    ),
    _scaler(
        {"resources": {"memory": "1Gi"}},
        {"resources": {"memory": "2Gi"}},
        "resources.limits.memory",
        "resources.requests.memory",
    ),
    _scaler({"env": {"A": "1", "B": "2"}}, {"env": {"A": "1", "B": "3"}}, "env[B].value"),
    _scaler(
        {"env_from": [{"secret": "s"}, {"config_map": "m"}, {"config_map": "a"}]},
        {"env_from": [{"secret": "t"}, {"config_map": "m"}, {"config_map": "a"}]},
        "envFrom",
    ),
    ("spec", _mounted("/v"), _mounted("/v", readOnly=True), (f"{_SCALER}.volumeMounts[/v].readOnly",), _AUTOSCALING),
)


def _container(path: str, name: str) -> str:
    return path.replace("containers[ray]", f"containers[ray-{name}]")


def _cluster_rows(kind: Kind, option: str, spec: str) -> list[Row]:
    """The rows of a cluster that stands below this option, and below this path."""
    rows = [
        Row(
            kind,
            f"{option}{name}",
            (one, other),
            tuple(f"{spec}.{path}" for path in paths),
            tuple((f"{option}{needed}", value) for needed, value in needs),
        )
        for name, one, other, paths, needs in _CLUSTER
    ]
    for name, path, where, fields in (
        ("head", "head_group", "headGroupSpec", _GROUP + _HEAD),
        ("worker", "worker_groups.0", "workerGroupSpecs[one]", _GROUP + _WORKER),
    ):
        rows += [
            Row(
                kind,
                f"{option}{path}.{field}",
                (one, other),
                tuple(f"{spec}.{where}.{_container(below, name)}" for below in paths),
            )
            for field, one, other, paths in fields
        ]
    return rows


def _submitter(**container: Any) -> Json:
    return {"spec": {"restartPolicy": "Never", "containers": [{"name": "ray-job-submitter", **container}]}}


def _sized(cpu: str, memory: str) -> Json:
    amounts = {"cpu": cpu, "memory": memory}
    return _submitter(image="s", resources={"limits": amounts, "requests": dict(amounts)})


_SUBMITTER = "spec.submitterPodTemplate.spec.containers[ray-job-submitter]"
_JOB = (
    ("entrypoint", "a", "b", ("spec.entrypoint",)),
    ("metadata", {"a": "1", "b": ""}, {"a": "2", "b": ""}, ("spec.metadata.a",)),
    ("runtime_env", {"pip": ["a"]}, {"pip": ["b"]}, ("spec.runtimeEnvYAML",)),
    ("shutdown_after_job_finishes", True, False, ("spec.shutdownAfterJobFinishes",)),
    ("ttl_seconds_after_finished", 5, 6, ("spec.ttlSecondsAfterFinished",)),
    ("entrypoint_num_cpus", 0.1, 0.25, ("spec.entrypointNumCpus",)),
    ("entrypoint_resources", {"a": 1}, {"a": 2}, ("spec.entrypointResources",)),
    ("cluster_selector", {"ray.io/cluster": "a"}, {"ray.io/cluster": "b"}, ("spec.clusterSelector['ray.io/cluster']",)),
    ("submitter_pod_template", _submitter(image="a"), _submitter(image="b"), (f"{_SUBMITTER}.image",)),
    (
        "submitter_pod_template",
        _sized("1000m", "1Gi"),
        _sized("2", "2Gi"),
        tuple(f"{_SUBMITTER}.resources.{side}.{name}" for side in ("limits", "requests") for name in ("cpu", "memory")),
    ),
)
_THRESHOLDS = ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold")
ROWS = [
    *_cluster_rows(CLUSTER, "", "spec"),
    Row(CLUSTER, "annotations", ({"a/b": "1"}, {"a/b": "2"}), ("metadata.annotations['a/b']",), stays=True),
    Row(
        CLUSTER,
        "labels",
        (
            {"ray.io/user": "me", "ray.io/environment": "TESTING"},
            {"ray.io/user": "you", "ray.io/environment": "STAGING"},
        ),
        ("metadata.labels['ray.io/user']", "metadata.labels['ray.io/environment']"),
        stays=True,
    ),
    *_cluster_rows(JOB, "cluster.", "spec.rayClusterSpec"),
    *(Row(JOB, option, (one, other), paths) for option, one, other, paths in _JOB),
    *_cluster_rows(SERVICE, "cluster.", "spec.rayClusterConfig"),
    Row(
        SERVICE,
        "serve_config",
        (SERVE, {"applications": [{**SERVE["applications"][0], "import_path": "m:other"}]}),
        ("spec.serveConfigV2",),
    ),
    *(Row(SERVICE, "spec", ({name: 300}, {name: 400}), (f"spec.{name}",)) for name in _THRESHOLDS),
]
# Options without which there is no task, or that the base says already.
NEEDED = frozenset(
    ["compute_template", "ray_start_params", "max_replicas", "worker_groups", "entrypoint", "serve_config"]
)
