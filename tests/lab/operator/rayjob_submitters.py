# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever submits a RayJob's entrypoint: the submitter Job, or the container in the head pod."""

from __future__ import annotations

import copy
import json

import yaml

from .objects import Json, dig, owned_by
from .rayjob_words import SIDECAR, SUBMITTER_CONTAINER, mode
from .spec import env_of, head_container, token_auth
from .words import COMPONENT, CREATED_BY, DASHBOARD_PORT, ORIGIN_KIND, ORIGIN_NAME, clipped

SIZE = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m", "memory": "200Mi"}}
SHELL = ["/bin/bash", "-ce", "--"]
HEALTH = (
    "python -c \"import urllib.request; r=urllib.request.urlopen('{url}/api/gcs_healthz', timeout=10); "
    "exit(0 if b'success' in r.read() else 1)\""
)
BACKOFF_LIMIT = 2


def submitter_job(job: Json, cluster: Json) -> Json:
    """The Job, named as its RayJob."""
    template = copy.deepcopy(dig(job, "spec.submitterPodTemplate")) or {
        "spec": {"containers": [_default(cluster)], "restartPolicy": "Never"}
    }
    _configure(template["spec"]["containers"][0], job, cluster)
    labels = {ORIGIN_NAME: job["metadata"]["name"], ORIGIN_KIND: "RayJob", CREATED_BY: COMPONENT}
    metadata = template["metadata"] = template.get("metadata") or {}
    metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    spec = {"backoffLimit": dig(job, "spec.submitterConfig.backoffLimit", BACKOFF_LIMIT), "template": template}
    return owned_by(job, {"metadata": {"name": job["metadata"]["name"], "labels": labels}, "spec": spec})


def sidecar(job: Json, cluster: Json) -> Json:
    """The container that submits from within the head pod."""
    container = _default(cluster)
    _configure(container, job, cluster)
    return container


def command(job: Json) -> str:
    """The command line; it survives that a submitter is started again."""
    in_head = mode(job) == SIDECAR
    address = _address(job)
    url = f"http://localhost:{address.rpartition(':')[2]}" if in_head else address
    identity = job["status"]["jobId"]
    words = ["until", HEALTH.format(url=url), ">/dev/null", "2>&1", ";", "do", "echo"]
    words += [_quoted(f"Waiting for Ray Dashboard GCS to become healthy at {address} ..."), ";"]
    words += ["sleep", "2", ";", "done", ";"]
    if not in_head:
        words += ["if", "!", "ray", "job", "status", "--address", address, identity, ">/dev/null", "2>&1", ";", "then"]
    words += ["ray", "job", "submit", "--address", address, *([] if in_head else ["--no-wait"])]
    words += [*_options(job), "--submission-id", identity, *_resources(job)]
    words += ["--", dig(job, "spec.entrypoint", "").strip(), ";"]
    if not in_head:
        words += ["fi", ";", "ray", "job", "logs", "--address", address, "--follow", identity]
    return " ".join(words)


def _address(job: Json) -> str:
    if mode(job) == SIDECAR:
        ports = head_container({"spec": dig(job, "spec.rayClusterSpec")}).get("ports") or []
        named = {port.get("name"): port["containerPort"] for port in ports}
        return f"http://127.0.0.1:{named.get('dashboard', DASHBOARD_PORT)}"
    return f"http://{dig(job, 'status.dashboardURL', '')}"


def _options(job: Json) -> list[str]:
    words = []
    runtime, metadata = dig(job, "spec.runtimeEnvYAML", ""), dig(job, "spec.metadata")
    if runtime:
        words += ["--runtime-env-json", _quoted(_compact(yaml.safe_load(runtime)))]
    if metadata:
        words += ["--metadata-json", _quoted(_compact(metadata))]
    return words


def _resources(job: Json) -> list[str]:
    words = []
    for field, option in (
        ("entrypointNumCpus", "--entrypoint-num-cpus"),
        ("entrypointNumGpus", "--entrypoint-num-gpus"),
    ):
        amount = dig(job, f"spec.{field}", 0)
        words += [option, f"{amount:f}"] if amount > 0 else []
    custom = dig(job, "spec.entrypointResources", "")
    return words + (["--entrypoint-resources", _quoted(custom)] if custom else [])


def _default(cluster: Json) -> Json:
    return {
        "name": SUBMITTER_CONTAINER,
        "image": head_container(cluster).get("image", ""),
        "resources": copy.deepcopy(SIZE),
    }


def _configure(container: Json, job: Json, cluster: Json) -> None:
    if not container.get("command") or mode(job) == SIDECAR:
        container.update(command=SHELL, args=[command(job)])
    env = container["env"] = [
        *(container.get("env") or []),
        {"name": "PYTHONUNBUFFERED", "value": "1"},
        {"name": "RAY_DASHBOARD_ADDRESS", "value": dig(job, "status.dashboardURL", "")},
        {"name": "RAY_JOB_SUBMISSION_ID", "value": job["status"]["jobId"]},
    ]
    if token_auth(cluster):
        secret = dig(cluster, "spec.authOptions.secretName", "") or clipped(cluster["metadata"]["name"])
        named = env_of(container)
        env += [] if "RAY_AUTH_MODE" in named else [{"name": "RAY_AUTH_MODE", "value": "token"}]
        source = {"secretKeyRef": {"name": secret, "key": "auth_token"}}
        env += [] if "RAY_AUTH_TOKEN" in named else [{"name": "RAY_AUTH_TOKEN", "valueFrom": source}]


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _quoted(text: str) -> str:
    """As Go quotes."""
    return json.dumps(text, ensure_ascii=False)
