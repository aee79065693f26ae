# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of pods as kwok plays it, and how they fail when an annotation asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.integration.patience import SECONDS
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.processes import wait_until

FAILS = "lab.kuberay.core/fails"


class Pods:
    """The pods of one namespace."""

    def __init__(self, api: Api, namespace: str) -> None:
        self._api = api
        self._path = f"/api/v1/namespaces/{namespace}"

    def create(self, name: str, annotations: dict[str, str] | None = None, **resources: str) -> None:
        container = {"name": "ray", "image": "rayproject/ray:2.50.0", "resources": {"limits": resources}}
        metadata = {"name": name, "annotations": annotations or {}}
        pod = {
            "metadata": metadata,
            "spec": {"containers": [container], "initContainers": [{**container, "name": "i"}]},
        }
        status, body = self._api.request("POST", f"{self._path}/pods", pod)
        assert status == 201, body

    def get(self, name: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self._api.get(f"{self._path}/pods/{name}")
        return found

    def delete(self, name: str) -> None:
        assert self._api.request("DELETE", f"{self._path}/pods/{name}")[0] == 200

    def events(self, name: str) -> list[tuple[str, str, str]]:
        listed = self._api.get(f"{self._path}/events")["items"]
        return [(e["type"], e["reason"], e["message"]) for e in listed if e["involvedObject"]["name"] == name]

    def until(self, name: str, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The pod as it was when this was true."""
        seen: list[dict[str, Any]] = []

        def holds() -> bool:
            seen.extend(pod for pod in [self.get(name)] if pod is not None and true(pod))
            return bool(seen)

        assert wait_until(holds, SECONDS), f"not within {SECONDS} s: {self.get(name)}"
        return seen[0]


def ready(pod: dict[str, Any]) -> bool:
    conditions = {c["type"]: c["status"] for c in pod["status"].get("conditions", [])}
    return conditions.get("Ready") == "True"


def waiting(pod: dict[str, Any]) -> str:
    states = [c["state"] for c in pod["status"].get("containerStatuses", [])]
    return str(states[0].get("waiting", {}).get("reason", "")) if states else ""


def test_pods_run_and_end(lab_api: Api, namespace: str) -> None:
    pods = Pods(lab_api, namespace)
    pods.create("one")
    pods.create("two", {"lab.kuberay.core/terminates-after": "10"})
    one, two = (pods.until(name, ready) for name in ("one", "two"))
    status = one["status"]
    assert status["phase"] == "Running"
    assert status["podIP"].startswith("10.244.")
    assert status["podIP"] != two["status"]["podIP"]
    assert status["startTime"]
    assert status["containerStatuses"][0]["ready"]
    assert {"Initialized", "Ready", "ContainersReady", "PodScheduled"} <= {c["type"] for c in status["conditions"]}

    began = time.monotonic()
    pods.delete("one")
    pods.delete("two")
    pods.until("two", lambda pod: "deletionTimestamp" in pod["metadata"])
    assert wait_until(lambda: pods.get("one") is None, SECONDS)
    assert pods.get("two") is not None, "terminates-after was not honoured"
    assert wait_until(lambda: pods.get("two") is None, SECONDS)
    assert time.monotonic() - began > 5


def test_pods_fail_as_asked(lab_api: Api, namespace: str) -> None:
    pods = Pods(lab_api, namespace)
    pods.create("image", {FAILS: "image-pull"})
    pods.create("crash", {FAILS: "crash-loop"})
    pods.create("slow", {FAILS: "slow-start", "lab.kuberay.core/seconds": "15"})
    pods.create("huge", None, **{"nvidia.com/gpu": "8"})
    pods.create("gpu", None, **{"nvidia.com/gpu": "4"})

    slow = pods.until("slow", lambda pod: pod["status"]["phase"] == "Running")
    assert not ready(slow)
    image = pods.until("image", lambda pod: waiting(pod) == "ImagePullBackOff")
    assert image["status"]["phase"] == "Pending"
    assert ("Warning", "BackOff", 'Back-off pulling image "rayproject/ray:2.50.0"') in pods.events("image")
    assert any(reason == "Failed" and "not found" in message for _, reason, message in pods.events("image"))
    crash = pods.until("crash", lambda pod: waiting(pod) == "CrashLoopBackOff")
    assert crash["status"]["phase"] == "Running"
    assert not ready(crash)
    pods.until("crash", lambda pod: pod["status"]["containerStatuses"][0]["restartCount"] >= 2)
    pods.until("slow", ready)
    assert pods.until("gpu", ready)["spec"]["nodeName"] == "lab-gpu-1"
    huge = pods.until("huge", lambda pod: bool(pod["status"].get("conditions")))
    assert huge["status"]["conditions"][0]["reason"] == "Unschedulable"

    heal = [{"op": "remove", "path": "/metadata/annotations/lab.kuberay.core~1fails"}]
    path = f"/api/v1/namespaces/{namespace}/pods/image"
    assert lab_api.request("PATCH", path, heal, content_type="application/json-patch+json")[0] == 200
    pods.until("image", ready)


def test_jobs_complete(lab_api: Api, namespace: str, lab: Lab) -> None:
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "busybox"}]}}
    assert lab_api.request("POST", path, {"metadata": {"name": "job"}, "spec": {"template": template}})[0] == 201
    assert wait_until(lambda: lab_api.get(f"{path}/job")["status"].get("succeeded") == 1, SECONDS), lab.status()
