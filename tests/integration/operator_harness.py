# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world for tests of the operator: make clusters and jobs, look at them, wait for what they become."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import urllib3
import yaml

from tests.integration.patience import RAY_SECONDS, RAYS_SECONDS, SECONDS
from tests.lab.operator.api import (
    EVENTS,
    PODS,
    RAY_CLUSTERS,
    RAY_CRON_JOBS,
    RAY_JOBS,
    RAY_SERVICES,
    SERVICES,
    Api,
    ApiError,
    selector,
)
from tests.lab.operator.objects import Json, Resource, dig

PAUSE = 0.05
IMAGE = "rayproject/ray:2.52.0"
OTHER_IMAGE = "rayproject/ray:2.53.0"
# Long enough that something can be done meanwhile.
SLOW_END = {"lab.kuberay.core/terminates-after": "10"}
BROKEN_IMAGE = {"lab.kuberay.core/fails": "image-pull"}
Seen = TypeVar("Seen")


def template(image: str = IMAGE, annotations: dict[str, str] | None = None, **container: Any) -> Json:
    """A pod template with one Ray container."""
    resources = {"limits": {"cpu": "1000m", "memory": "2Gi"}}
    pod: Json = {"spec": {"containers": [{"name": "ray", "image": image, "resources": resources, **container}]}}
    return {**pod, "metadata": {"annotations": annotations}} if annotations else pod


def group(name: str = "small", replicas: int = 1, **fields: Any) -> Json:
    """A worker group."""
    return {
        "groupName": name,
        "replicas": replicas,
        "minReplicas": 0,
        "maxReplicas": 9,
        "template": template(),
        **fields,
    }


def spec(*groups: Json, head: Json | None = None, **fields: Any) -> Json:
    """A RayCluster's spec."""
    return {
        "rayVersion": "2.52.0",
        "headGroupSpec": {"template": template(), **(head or {})},
        "workerGroupSpecs": list(groups),
        **fields,
    }


def job_spec(entrypoint: str = "true", **fields: Any) -> Json:
    """A RayJob's spec, submitted over HTTP: that is the quickest."""
    return {"entrypoint": entrypoint, "submissionMode": "HTTPMode", "rayClusterSpec": spec(), **fields}


def gate(file: Path) -> str:
    """An entrypoint that waits for a file."""
    return f"sh -c 'until [ -e {file} ]; do sleep 0.2; done; echo passed'"


def serve_config(import_path: str = "greeting:app", args: Json | None = None, **user_config: Any) -> str:
    """A serve config with one of the lab's applications."""
    deployments = [{"name": "Greeter", "user_config": user_config}] if user_config else []
    application = {"name": "greeting", "import_path": import_path, "route_prefix": "/", "args": args or {}}
    return yaml.safe_dump({"applications": [{**application, "deployments": deployments}]})


def service_spec(*groups: Json, head: Json | None = None, config: str = "", **fields: Any) -> Json:
    """A RayService's spec. What it leaves behind is deleted soon."""
    return {
        "serveConfigV2": config or serve_config(),
        "rayClusterConfig": spec(*groups, head=head),
        "rayClusterDeletionDelaySeconds": 1,
        **fields,
    }


class World:
    """One namespace, seen by its RayClusters."""

    kind = RAY_CLUSTERS
    seconds = SECONDS
    pause = PAUSE

    def __init__(self, api: Api, namespace: str) -> None:
        self.api = api
        self.namespace = namespace

    def create(self, name: str, spec: Json, **metadata: Any) -> Json:
        """Create an object of this world's kind."""
        body = {"metadata": {"name": name, "namespace": self.namespace, **metadata}, "spec": spec}
        return self.api.create(self.kind, body)

    def get(self, name: str) -> Json:
        """One that is there."""
        return self.api.request("GET", self.kind.path(self.namespace, name))

    def the(self, resource: Resource, name: str) -> Json:
        """Any object that must be there, or come in a moment: an operator that has much to do makes one thing after
        the other."""
        return self.until(lambda: self.find(resource, name), f"{resource.kind} {name}")

    def find(self, resource: Resource, name: str) -> Json | None:
        """Any object, or None."""
        return self.api.get(resource, self.namespace, name)

    def patch(self, name: str, **patch: Any) -> Json:
        """Merge a patch into one."""
        return self.api.merge(self.kind, self.namespace, name, patch)

    def put(self, name: str, path: str, value: Any) -> Json:
        """Put one value into one, with a JSON patch."""
        operation = [{"op": "add", "path": path, "value": value}]
        address = self.kind.path(self.namespace, name)
        body: Any = operation
        return self.api.request("PATCH", address, body, content_type="application/json-patch+json")

    def delete(self, name: str) -> None:
        """Delete one in the background."""
        self.api.delete(self.kind, self.namespace, name)

    def pods(self, cluster: str, **labels: str) -> list[Json]:
        """The cluster's pods, oldest first."""
        wanted = {"ray.io/cluster": cluster, **{f"ray.io/{key}".replace("_", "-"): v for key, v in labels.items()}}
        pods = self.api.list(PODS, {"labelSelector": selector(wanted)}, self.namespace)["items"]
        return sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))

    def alive(self, cluster: str, **labels: str) -> set[str]:
        """The names of the cluster's pods that are not on their way out."""
        pods = self.pods(cluster, **labels)
        return {pod["metadata"]["name"] for pod in pods if "deletionTimestamp" not in pod["metadata"]}

    def events(self, cluster: str, reason: str = "") -> list[Json]:
        """The events about a cluster."""
        listed = self.api.list(EVENTS, {"fieldSelector": f"regarding.name={cluster}"}, self.namespace)["items"]
        return [event for event in listed if reason in ("", event["reason"])]

    def until(self, look: Callable[[], Seen | None], what: str, seconds: float | None = None) -> Seen:
        """Look until there is something to see."""
        seconds = seconds or self.seconds
        end = time.monotonic() + seconds
        while True:
            seen = look()
            if seen:
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not within {seconds:.0f} s; {self._told()}")
            time.sleep(self.pause)

    def until_status(self, name: str, **fields: Any) -> Json:
        """Wait for fields of the status; None stands for absent."""

        def look() -> Json | None:
            status = self.get(name).get("status") or {}
            return status if all(dig(status, path) == value for path, value in fields.items()) else None

        return self.until(look, f"{name} with status {fields}")

    def until_condition(self, name: str, kind: str, status: str, reason: str = "") -> Json:
        """Wait for a condition."""

        def look() -> Json | None:
            found = condition(self.get(name), kind)
            right = found.get("status") == status and reason in ("", found["reason"])
            return found if right else None

        return self.until(look, f"{name} with {kind}={status} {reason}")

    def until_event(self, cluster: str, reason: str) -> Json:
        """Wait for an event."""
        return self.until(lambda: self.events(cluster, reason), f"{cluster}: event {reason}")[0]

    def until_alive(self, cluster: str, count: int, **labels: str) -> set[str]:
        """Wait for a number of pods."""

        def look() -> set[str] | None:
            names = self.alive(cluster, **labels)
            return names or {""} if len(names) == count else None

        return self.until(look, f"{count} pods of {cluster} {labels}")

    def ready(self, name: str, spec: Json, workers: int | None, **metadata: Any) -> Json:
        """Create a cluster and wait until all of it is ready."""
        self.create(name, spec, **metadata)
        return self.until_status(name, state="ready", readyWorkerReplicas=workers)

    def settle(self, name: str) -> None:
        """Wait until the operator has surely seen what was written before: a cluster made after it is ready."""
        self.ready(name, spec(), None)

    def _told(self) -> Json:
        """What those of this namespace say about themselves."""
        listed = self.api.list(self.kind, None, self.namespace)["items"]
        return {one["metadata"]["name"]: one.get("status") for one in listed}


class Jobs(World):
    """One namespace, seen by its RayJobs."""

    kind = RAY_JOBS
    seconds = RAY_SECONDS

    def until_deployment(self, name: str, status: str) -> Json:
        """Wait for a jobDeploymentStatus; nothing else may end the job before."""
        ends = {"Complete", "Failed", "ValidationFailed"}

        def look() -> Json | None:
            told = self.get(name).get("status") or {}
            now = told.get("jobDeploymentStatus")
            assert now == status or now not in ends, f"{name} is {now}: {told}"
            return told if now == status else None

        return self.until(look, f"{name} {status}")

    def begun(self, name: str) -> Json:
        """Wait until a job has names for what it will make: Initializing can be too short to be seen."""

        def look() -> Json | None:
            status: Json = self.get(name).get("status") or {}
            return status if "rayClusterName" in status else None

        return self.until(look, f"{name} with a cluster's name")

    def under_way(self, name: str) -> Json:
        """Wait until a job runs or has run: Running can be too short to be seen."""

        def look() -> Json | None:
            status: Json = self.get(name).get("status") or {}
            return status if status.get("jobDeploymentStatus") in ("Running", "Complete", "Failed") else None

        return self.until(look, f"{name} under way")

    def clusters(self, job: str) -> list[Json]:
        """The RayClusters that a job has made and that are there."""
        chosen = {"labelSelector": selector({"ray.io/originated-from-cr-name": job})}
        listed = self.api.list(RAY_CLUSTERS, chosen, self.namespace)["items"]
        return [cluster for cluster in listed if "deletionTimestamp" not in cluster["metadata"]]

    def ray(self, cluster: str, submission: str = "", action: str = "", body: Json | None = None) -> Json | None:
        """Ask Ray's job API by way of a cluster's head Service; None where it knows no such job, or does not answer."""
        service = SERVICES.path(self.namespace, f"{cluster}-head-svc:dashboard", "proxy")
        method = "GET" if body is None else "POST"
        try:
            return self.api.request(method, f"{service}/api/jobs/{submission}{action}", body)
        except urllib3.exceptions.HTTPError:
            return None
        except ApiError as error:
            if error.status == 404 or error.status >= 500:
                return None
            raise


class Services(World):
    """One namespace, seen by its RayServices."""

    kind = RAY_SERVICES
    seconds = RAYS_SECONDS
    # The Rays need the processors more than those who wait for them.
    pause = 0.2

    def until_ready(self, name: str) -> Json:
        """Wait until a service is ready in all that it was told, and return its status."""

        def look() -> Json | None:
            found = self.get(name)
            status: Json = found.get("status") or {}
            ready, upgrade = condition(found, "Ready"), condition(found, "UpgradeInProgress")
            seen = status.get("observedGeneration") == found["metadata"]["generation"]
            done = ready.get("status") == "True" and upgrade.get("reason") == "NoPendingCluster"
            return status if seen and done else None

        return self.until(look, f"{name} ready")

    def until_observed(self, name: str) -> Json:
        """Wait until the operator has gone through all with the spec as it is, and return the status."""

        def look() -> Json | None:
            found = self.get(name)
            status: Json = found.get("status") or {}
            return status if status.get("observedGeneration") == found["metadata"]["generation"] else None

        return self.until(look, f"{name} observed")

    def until_application(self, name: str, status: str) -> Json:
        """Wait for what Serve says about the application of the active cluster."""

        def look() -> Json | None:
            application = dig(self.get(name), "status.activeServiceStatus.applicationStatuses.greeting", {})
            return application if application.get("status") == status else None

        return self.until(look, f"the application of {name} {status}")

    def until_answer(self, name: str, text: str) -> None:
        """Wait until a Service of Kubernetes answers this."""
        self.until(lambda: self.answer(name) == text, f"{text!r} from {name}")

    def answer(self, name: str) -> str:
        """What a Service of Kubernetes answers at its port for Serve; empty for no answer that is well."""
        return str(self.ask(f"{name}:serve", "/").get("message", ""))

    def ask(self, port: str, path: str) -> Json:
        """What is answered at a port of a Service of Kubernetes; nothing for no answer that is well."""
        try:
            return self.api.request("GET", SERVICES.path(self.namespace, port, "proxy") + path)
        except (ApiError, urllib3.exceptions.HTTPError):
            return {}

    def clusters(self, service: str) -> dict[str, Json]:
        """The RayClusters that a service has and that are not on their way out."""
        chosen = {"labelSelector": selector({"ray.io/originated-from-cr-name": service})}
        listed = self.api.list(RAY_CLUSTERS, chosen, self.namespace)["items"]
        return {one["metadata"]["name"]: one for one in listed if "deletionTimestamp" not in one["metadata"]}

    def conditions(self, name: str) -> dict[str, tuple[str, str]]:
        """Status and reason of each condition."""
        listed = dig(self.get(name), "status.conditions", [])
        return {one["type"]: (one["status"], one["reason"]) for one in listed}


class CronJobs(World):
    """One namespace, seen by its RayCronJobs."""

    kind = RAY_CRON_JOBS

    def jobs(self, cron_job: str) -> list[Json]:
        """The RayJobs that a cron job has made, by name."""
        chosen = {"labelSelector": selector({"ray.io/cronjob-name": cron_job})}
        listed = self.api.list(RAY_JOBS, chosen, self.namespace)["items"]
        return sorted(listed, key=lambda job: str(job["metadata"]["name"]))


def condition(cluster: Json, kind: str) -> Json:
    """A condition of a cluster; empty where there is none."""
    return next((c for c in dig(cluster, "status.conditions", []) if c["type"] == kind), {})


def images(pods: list[Json]) -> set[str]:
    """The images of the pods' Ray containers."""
    return {pod["spec"]["containers"][0]["image"] for pod in pods}


def owner(obj: Json | None) -> Json:
    """The first owner of an object that must be there."""
    assert obj is not None
    return dict(obj["metadata"]["ownerReferences"][0])
