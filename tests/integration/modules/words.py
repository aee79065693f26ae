# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules say: tasks, clusters and groups in few words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
VERSION = "2.52.0"
IMAGE = f"rayproject/ray:{VERSION}"
SIZE = {"cpu": "100m", "memory": "128Mi"}
CHECK: Json = {"check_mode": True, "diff": True}
DIFF: Json = {"diff": True}
# Groups that V1 of an APIServer can make, too: by a compute template, and a head with parameters.
SIZED: Json = {"compute_template": "small"}
SIZED_HEAD: Json = {**SIZED, "ray_start_params": {"dashboard-host": "0.0.0.0"}}
SIZED_WORKERS: Json = {"group_name": "few", "replicas": 1, "min_replicas": 1, "max_replicas": 3, **SIZED}
SIZED_CLUSTER: Json = {"ray_version": VERSION, "head_group": SIZED_HEAD}
MAY_FAIL: Json = {"ignore_errors": True}
SHIPPED: Json = {"vars": {"kuberay_run_in_process": False}}
# The lab's pods do as these annotations say; see tests/lab/kwok/pods.yaml.
NO_IMAGE = {"lab.kuberay.core/fails": "image-pull"}
# Longer than any test takes.
SLOW_START = {"lab.kuberay.core/fails": "slow-start", "lab.kuberay.core/seconds": "1800"}


def manage(label: str, name: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_cluster; ``label`` is its name, ``keywords`` are the task's own."""
    return {"name": label, "kuberay.core.kuberay_cluster": {"name": name, **options}, **(keywords or {})}


def info(label: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_cluster_info."""
    return {"name": label, "kuberay.core.kuberay_cluster_info": options, **(keywords or {})}


def job(label: str, name: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_job; the job runs on a small cluster of its own unless the options say otherwise."""
    alone = {"cluster_selector", "definition", "src", "spec", "cluster"} & set(options)
    own = {} if alone or options.get("state") == "absent" else {"cluster": small_cluster()}
    return {"name": label, "kuberay.core.kuberay_job": {"name": name, **own, **options}, **(keywords or {})}


def job_info(label: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_job_info."""
    return {"name": label, "kuberay.core.kuberay_job_info": options, **(keywords or {})}


def service(label: str, name: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_service; it serves a greeting on a small cluster unless the options say otherwise."""
    alone = {"definition", "src", "spec"} & set(options) or options.get("state") in ("absent", "patched")
    own: Json = {} if alone else {"cluster": small_cluster(), "serve_config": greets()}
    return {"name": label, "kuberay.core.kuberay_service": {"name": name, **own, **options}, **(keywords or {})}


def service_info(label: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_service_info."""
    return {"name": label, "kuberay.core.kuberay_service_info": options, **(keywords or {})}


def greets(greeting: str = "hello", name: str = "greeting", **more: Any) -> Json:
    """A Serve config: the lab's application, which answers what it is told to."""
    return {"applications": [{"name": name, "import_path": "greeting:app", "args": {"greeting": greeting}, **more}]}


def cronjob(label: str, name: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_cronjob; its job says something on a small cluster unless the options say otherwise."""
    alone = {"definition", "src", "spec"} & set(options) or options.get("state") in ("absent", "patched")
    job: Json = {"entrypoint": "python -c 'print(7)'", "submission_mode": "HTTPMode", "cluster": small_cluster()}
    own: Json = {} if alone else {"schedule": "0 3 * * *", "job": job}
    return {"name": label, "kuberay.core.kuberay_cronjob": {"name": name, **own, **options}, **(keywords or {})}


def cronjob_info(label: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_cronjob_info."""
    return {"name": label, "kuberay.core.kuberay_cronjob_info": options, **(keywords or {})}


def asks(url: str, namespace: str, label: str, name: str) -> Json:
    """A task that asks a service's application through the service proxy of the API server at ``url``.

    The proxy chooses among pods that it learns of by a watch of its own, and on a busy machine a moment later than we:
    that it reaches none is tried again, an answer of any application is not.
    """
    path = f"/api/v1/namespaces/{namespace}/services/{name}-serve-svc:8000/proxy/"
    task = {"url": f"{url}{path}", "return_content": True, "status_code": [200, 503]}
    again = {"register": "asked", "until": "asked.status == 200", "retries": 120, "delay": 1}
    return {"name": label, "ansible.builtin.uri": task, **again}


def small_cluster(*groups: Json, **head: Any) -> Json:
    """The options of a job's own cluster: a head, unless more is said."""
    return {"ray_version": VERSION, "head_group": {"resources": SIZE, **head}, "worker_groups": list(groups)}


def manage_template(label: str, name: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_template."""
    return {"name": label, "kuberay.core.kuberay_template": {"name": name, **options}, **(keywords or {})}


def template_info(label: str, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_template_info."""
    return {"name": label, "kuberay.core.kuberay_template_info": options, **(keywords or {})}


def apply(label: str, *manifests: Json, keywords: Json | None = None, **options: Any) -> Json:
    """A task of kuberay_apply; what is to be applied is a list unless the options say otherwise."""
    own = {} if {"definition", "src", "template"} & set(options) else {"definition": list(manifests)}
    return {"name": label, "kuberay.core.kuberay_apply": {**own, **options}, **(keywords or {})}


def group(name: str, replicas: Any = 1, **more: Any) -> Json:
    """A small worker group."""
    size = {} if "compute_template" in more else {"resources": SIZE}
    return {"group_name": name, "replicas": replicas, "min_replicas": 0, "max_replicas": 5, **size, **more}


def wish(*groups: Json, head: Json | None = None, **more: Any) -> Json:
    """The options of a small cluster."""
    return {
        "ray_version": VERSION,
        "head_group": {"resources": SIZE, **(head or {})},
        "worker_groups": list(groups),
        **more,
    }


def manifest(name: str, *groups: str, **metadata: Any) -> Json:
    """A RayCluster as others would write it."""

    def template() -> Json:
        container = {"name": "ray", "image": IMAGE, "resources": {"limits": SIZE, "requests": SIZE}}
        return {"spec": {"containers": [container]}}

    counts = {"replicas": 1, "minReplicas": 0, "maxReplicas": 5}
    workers = [{"groupName": one, **counts, "rayStartParams": {}, "template": template()} for one in groups]
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": name, **metadata},
        "spec": {
            "rayVersion": VERSION,
            "headGroupSpec": {"rayStartParams": {}, "template": template()},
            "workerGroupSpecs": workers,
        },
    }


def job_manifest(name: str, entrypoint: str, **metadata: Any) -> Json:
    """A RayJob as others would write it, on a small cluster of its own."""
    spec = {"entrypoint": entrypoint, "submissionMode": "HTTPMode", "rayClusterSpec": manifest(name)["spec"]}
    return {"apiVersion": "ray.io/v1", "kind": "RayJob", "metadata": {"name": name, **metadata}, "spec": spec}
