# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects and options as the tests need them, short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.cron_job import desired_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.job import desired_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.service import desired_service
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, CRON_JOB, JOB, SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER as CLUSTER_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.cron_job import CRON_JOB as CRON_JOB_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB as JOB_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._options.service import SERVICE as SERVICE_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import plan_create

Json = dict[str, Any]
IMAGE = "rayproject/ray:2.52.0"


def options(**task: Any) -> Json:
    """A task's options as a module gets them: checked, with every option that was left out."""
    result = ArgumentSpecValidator(CLUSTER_SPEC["argument_spec"]).validate({"name": "demo", "image": IMAGE, **task})
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def desired(live: Json | None = None, templates: Mapping[str, Json] | None = None, **task: Any) -> Json:
    """The RayCluster that a task wishes for; ``templates`` are ConfigMap data by name."""
    return desired_cluster(options(**task), "ray", live, lambda name: (templates or {})[name])


def job_options(**task: Any) -> Json:
    """A job task's options as a module gets them."""
    result = ArgumentSpecValidator(JOB_SPEC["argument_spec"]).validate({"name": "demo", **task})
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def desired_demo_job(live: Json | None = None, **task: Any) -> Json:
    """The RayJob that a task wishes for; on a cluster of its own unless it says otherwise."""
    own = {} if {"cluster_selector", "definition", "spec"} & set(task) else {"cluster": {"image": IMAGE}}
    return desired_job(job_options(**{"entrypoint": "true", **own, **task}), "ray", live, lambda name: {})


def service_options(**task: Any) -> Json:
    """A service task's options as a module gets them."""
    result = ArgumentSpecValidator(SERVICE_SPEC["argument_spec"]).validate({"name": "demo", **task})
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def desired_demo_service(live: Json | None = None, **task: Any) -> Json:
    """The RayService that a task wishes for; it has an application and a head unless it says otherwise."""
    whole = {"definition", "spec"} & set(task) or task.get("state") == "patched"
    own = {} if whole else {"cluster": {"image": IMAGE}, "serve_config": {"applications": [{"import_path": "m:app"}]}}
    return desired_service(service_options(**{**own, **task}), "ray", live, lambda name: {})


def cron_job_options(**task: Any) -> Json:
    """A cron job task's options as a module gets them."""
    result = ArgumentSpecValidator(CRON_JOB_SPEC["argument_spec"]).validate({"name": "demo", **task})
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def desired_demo_cron_job(live: Json | None = None, **task: Any) -> Json:
    """The RayCronJob that a task wishes for; it runs something every hour unless it says otherwise."""
    whole = {"definition", "spec"} & set(task) or task.get("state") == "patched"
    job: Json = {"entrypoint": "true", "cluster": {"image": IMAGE}}
    own: Json = {} if whole else {"schedule": "0 * * * *", "job": job}
    return desired_cron_job(cron_job_options(**{**own, **task}), "ray", live, lambda name: {})


def stored(wish: Json, **status: Any) -> Json:
    """A wish as the server holds it after it was created, record included."""
    target = (
        plan_create(
            {kind.name: kind for kind in (CLUSTER, CRON_JOB, JOB, SERVICE)}[wish.get("kind", CLUSTER.name)], wish
        ).target
        or {}
    )
    return as_live(target, **status)


def as_live(resource: Json, **status: Any) -> Json:
    """An object with what a server adds."""
    metadata = {"uid": "u-1", "generation": 1, "resourceVersion": "7", **resource["metadata"]}
    return {**resource, "metadata": metadata, **({"status": status} if status else {})}


def worker(name: str = "small", **fields: Any) -> Json:
    """A live worker group."""
    containers = [{"name": "ray-worker", "image": IMAGE}]
    defaults = {"replicas": 1, "minReplicas": 0, "maxReplicas": 3, "numOfHosts": 1, "rayStartParams": {}}
    return {"groupName": name, **defaults, "template": {"spec": {"containers": containers}}, **fields}


def cluster(*workers: Json, status: Json | None = None, **spec: Any) -> Json:
    """A live RayCluster that nobody's wish is recorded on."""
    head = {"rayStartParams": {}, "template": {"spec": {"containers": [{"name": "ray-head", "image": IMAGE}]}}}
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": "demo", "namespace": "ray", "uid": "u-1", "generation": 1, "resourceVersion": "7"},
        "spec": {"headGroupSpec": head, "workerGroupSpecs": list(workers), **spec},
        **({"status": status} if status else {}),
    }


def job(status: Json | None = None, **spec: Any) -> Json:
    """A live RayJob that nobody's wish is recorded on."""
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayJob",
        "metadata": {"name": "demo", "namespace": "ray", "uid": "u-1", "generation": 1, "resourceVersion": "7"},
        "spec": {"entrypoint": "true", "rayClusterSpec": cluster(worker())["spec"], **spec},
        **({"status": status} if status else {}),
    }


def service(status: Json | None = None, **spec: Any) -> Json:
    """A live RayService that nobody's wish is recorded on."""
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": {"name": "demo", "namespace": "ray", "uid": "u-1", "generation": 1, "resourceVersion": "7"},
        "spec": {
            "serveConfigV2": "applications:\n- import_path: m:app\n",
            "rayClusterConfig": cluster(worker())["spec"],
            **spec,
        },
        **({"status": status} if status else {}),
    }


def cron_job(last: str | None = None, **spec: Any) -> Json:
    """A live RayCronJob that nobody's wish is recorded on; it was made at noon."""
    metadata = {"name": "demo", "namespace": "ray", "uid": "u-1", "generation": 1, "resourceVersion": "7"}
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayCronJob",
        "metadata": {**metadata, "creationTimestamp": "2026-01-01T12:00:00Z"},
        "spec": {"schedule": "0 * * * *", "jobTemplate": job()["spec"], **spec},
        **({"status": {"lastScheduleTime": last}} if last else {}),
    }


def serving(active: str = "demo-a", pending: str = "", observed: int = 1, **applications: str) -> Json:
    """The status of a service that answers requests; ``applications`` are their statuses by name."""
    told = {name: {"status": status} for name, status in (applications or {"default": "RUNNING"}).items()}
    return {
        "conditions": [
            condition("Ready", reason="NonZeroServeEndpoints"),
            condition("UpgradeInProgress", "True" if pending else "False"),
        ],
        "activeServiceStatus": {"rayClusterName": active, "applicationStatuses": told},
        "pendingServiceStatus": {"rayClusterName": pending} if pending else {},
        "numServeEndpoints": 1,
        "observedGeneration": observed,
        "serviceStatus": "Running",
    }


def condition(sort: str, status: str = "True", **more: Any) -> Json:
    """One condition of a status."""
    return {"type": sort, "status": status, **more}


def pod(group: str = "small", ready: bool = True, leaving: bool = False, name: str = "p", **status: Any) -> Json:
    """A Ray pod; the head's group is ``head``."""
    labels = {"ray.io/node-type": "head", "ray.io/group": "headgroup"}
    metadata: Json = {"name": name, "uid": name, "labels": labels if group == "head" else {"ray.io/group": group}}
    if leaving:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    conditions = [condition("Ready", "True" if ready else "False")]
    return {"metadata": metadata, "spec": {}, "status": {"phase": "Running", "conditions": conditions, **status}}


def waiting(reason: str, message: str = "", init: bool = False, group: str = "small") -> Json:
    """A pod whose container waits."""
    statuses = [{"name": "ray", "state": {"waiting": {"reason": reason, "message": message}}}]
    return pod(group, ready=False, name="w-1", **{"initContainerStatuses" if init else "containerStatuses": statuses})


def unschedulable() -> Json:
    """A pod that no node takes."""
    told = condition("PodScheduled", "False", reason="Unschedulable", message="0/3 nodes")
    return pod(name="w-1", conditions=[told])


def refusal(resource: Json, **about: str) -> Json:
    """The event by which the operator refuses a spec."""
    metadata = resource["metadata"]
    regarding = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"], **about}
    return {
        "metadata": {"name": "e"},
        "reason": "InvalidRayClusterSpec",
        "note": "no containers",
        "regarding": regarding,
    }
