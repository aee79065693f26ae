# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pods that submit jobs: their command runs for real, and how it ends is how they end.

Which pods these are they say themselves, by the environment that KubeRay gives to whatever submits: the pods of a
submitter Job, and the container that SidecarMode puts into the head pod. kwok plays all the rest of their lives.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
import time
from dataclasses import dataclass, field

import urllib3

from tests.lab.errors import LabError
from tests.lab.kubelet.sharedhead import SharedHead
from tests.lab.kubelet.verdict import verdict
from tests.lab.operator.api import PODS, SECRETS, Api, ApiError
from tests.lab.operator.objects import Json, Key, dig, is_deleting, key_of, timestamp
from tests.lab.operator.store import Store

MARK = "RAY_JOB_SUBMISSION_ID"
REFERENCE = re.compile(r"\$\((\w+)\)")
ATTEMPTS = 20
CANNOT_RUN = 128
log = logging.getLogger(__name__)


@dataclass
class Run:
    """One container that runs, or has run."""

    key: Key
    uid: str
    container: str
    started: str = field(default_factory=timestamp)
    number: int = 0
    unwanted: bool = False


class Submitters:
    """Runs the containers that submit."""

    def __init__(self, api: Api, pods: list[Store], ray: SharedHead) -> None:
        self._api = api
        self._ray = ray
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], Run] = {}
        for store in pods:
            store.subscribe(self._changed)

    def _changed(self, old: Json | None, new: Json | None) -> None:
        pod = new or old or {}
        for container in pod["spec"]["containers"]:
            if not any(entry["name"] == MARK for entry in container.get("env") or []):
                continue
            if new is None or is_deleting(new):
                self._end(pod["metadata"]["uid"], container["name"])
            elif _runs(new, container["name"]):
                self._begin(new, container)

    def _begin(self, pod: Json, container: Json) -> None:
        identity = (pod["metadata"]["uid"], container["name"])
        with self._lock:
            if identity in self._runs:
                return
            run = self._runs[identity] = Run(key_of(pod), *identity)
        threading.Thread(target=self._run, args=(run, pod, container), daemon=True).start()

    def _end(self, uid: str, container: str) -> None:
        with self._lock:
            run = self._runs.get((uid, container))
            if run is None or run.unwanted:
                return
            run.unwanted = True
        if run.number:
            self._ray.end(run.number)

    def _run(self, run: Run, pod: Json, container: Json) -> None:
        try:
            environment = self._environment(pod, container)
            words = [_expand(word, environment) for word in [*container["command"], *(container.get("args") or [])]]
            name = f"pod-{run.key.namespace}-{run.key.name}.log"
            number = self._ray.run(words, environment, name, lambda code: self._ended(run, code))
        except (LabError, ApiError, KeyError, urllib3.exceptions.HTTPError) as problem:
            log.warning("%s cannot run: %s", run.key, problem)
            self._ended(run, CANNOT_RUN)
            return
        log.info("%s runs", run.key)
        with self._lock:
            run.number = number
        if run.unwanted:
            self._ray.end(number)

    def _ended(self, run: Run, code: int) -> None:
        # Not by the caller's thread: it has others to tell about.
        if not run.unwanted:
            threading.Thread(target=self._report, args=(run, code), daemon=True).start()

    def _report(self, run: Run, code: int) -> None:
        log.info("%s has ended with exit code %d", run.key, code)
        for _ in range(ATTEMPTS):
            try:
                pod = self._api.get(PODS, run.key.namespace, run.key.name)
                if pod is None or pod["metadata"]["uid"] != run.uid:
                    return
                self._api.request(
                    "PATCH",
                    PODS.path(run.key.namespace, run.key.name, "status"),
                    {"status": verdict(pod, run.container, run.started, code)},
                    content_type="application/strategic-merge-patch+json",
                )
                return
            except (ApiError, urllib3.exceptions.HTTPError) as problem:
                log.info("status of %s: %s", run.key, problem)
                time.sleep(0.5)

    def _environment(self, pod: Json, container: Json) -> dict[str, str]:
        values = {entry["name"]: self._value(pod, entry) for entry in container.get("env") or []}
        return {name: _expand(value, values) for name, value in values.items()}

    def _value(self, pod: Json, entry: Json) -> str:
        reference = dig(entry, "valueFrom.secretKeyRef")
        if reference:
            secret = self._api.get(SECRETS, pod["metadata"]["namespace"], reference["name"])
            return base64.b64decode(dig(secret, "data", {}).get(reference["key"], "")).decode()
        path = dig(entry, "valueFrom.fieldRef.fieldPath", "")
        return str(dig(pod, path, "")) if path else str(entry.get("value", ""))


def _runs(pod: Json, container: str) -> bool:
    """Whether the container has been started, by kwok."""
    statuses = dig(pod, "status.containerStatuses", [])
    return any(status["name"] == container and dig(status, "state.running") for status in statuses)


def _expand(text: str, values: dict[str, str]) -> str:
    """Kubernetes' own ``$(NAME)``; what is not known stays."""
    return REFERENCE.sub(lambda found: values.get(found[1], found[0]), text)
