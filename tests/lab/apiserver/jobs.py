# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: V1's message, and the RayJob that is made of it."""

from __future__ import annotations

from ..operator import quantity
from ..operator.objects import Json, dig, labels_of
from . import clusterspec, labels, templates
from .failures import Panic
from .groups import Making, without_empty
from .releases import JOB_VERSION, VERSION_TOLD, Release

# V1's field and the RayJob's, where it is given. The GPUs of the entrypoint are not among them: V1 forgets them.
FIELDS = {
    "entrypoint": "entrypoint",
    "metadata": "metadata",
    "runtimeEnv": "runtimeEnvYAML",
    "jobId": "jobId",
    "shutdownAfterJobFinishes": "shutdownAfterJobFinishes",
    "ttlSecondsAfterFinished": "ttlSecondsAfterFinished",
    "clusterSelector": "clusterSelector",
    "entrypointNumCpus": "entrypointNumCpus",
    "entrypointResources": "entrypointResources",
    "activeDeadlineSeconds": "activeDeadlineSeconds",
}
# Stored only where they are more than nothing.
POSITIVE = ("entrypointNumCpus", "activeDeadlineSeconds")
# And back: what is told of the spec and of the status.
TOLD = {
    "entrypoint": "spec.entrypoint",
    "metadata": "spec.metadata",
    "runtimeEnv": "spec.runtimeEnvYAML",
    "shutdownAfterJobFinishes": "spec.shutdownAfterJobFinishes",
    "clusterSelector": "spec.clusterSelector",
    "jobId": "status.jobId",
    "createdAt": "metadata.creationTimestamp",
    "jobStatus": "status.jobStatus",
    "jobDeploymentStatus": "status.jobDeploymentStatus",
    "message": "status.message",
}
# The same, but told after the cluster's spec: a spec that V1 cannot tell hides them.
TOLD_LAST = {
    "ttlSecondsAfterFinished": "spec.ttlSecondsAfterFinished",
    "deleteAt": "metadata.deletionTimestamp",
    "entrypointNumCpus": "spec.entrypointNumCpus",
    "entrypointNumGpus": "spec.entrypointNumGpus",
    "entrypointResources": "spec.entrypointResources",
    "startTime": "status.startTime",
    "endTime": "status.endTime",
    "rayClusterName": "status.rayClusterName",
}
SUBMITTER = "ray-job-submitter"
SUBMITTER_AMOUNTS = {"cpu": "1", "memory": "1Gi"}
OLD_VERSION = "1.13"


def to_resource(job: Json, known: dict[str, Json], release: Release) -> Json:
    """The RayJob to create; a ValueError where the message cannot be carried out."""
    spec = {there: job[here] for here, there in FIELDS.items() if job.get(here)}
    spec = {key: value for key, value in spec.items() if key not in POSITIVE or value > 0}
    if job.get("clusterSpec") is not None:
        version = job.get("version", "") if release >= JOB_VERSION else OLD_VERSION
        spec["rayClusterSpec"] = clusterspec.to_spec(job["clusterSpec"], Making(version, known, release))
    if job.get("jobSubmitter") is not None:
        spec["submitterPodTemplate"] = _submitter(job["jobSubmitter"])
    own = {labels.CLUSTER_NAME: job["name"], labels.USER: job["user"]}
    metadata = {
        "name": job["name"],
        "namespace": job["namespace"],
        "labels": {**own, **labels.COMMON},
        "annotations": job.get("metadata", {}),
    }
    return {"metadata": metadata, "spec": spec}


def to_message(resource: Json, happened: list[Json], release: Release) -> Json:
    """What V1 tells of a RayJob: all of it, or what comes before a spec of a cluster that it fails at."""
    metadata, cluster = resource["metadata"], dig(resource, "spec.rayClusterSpec")
    told = {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "user": labels_of(resource).get(labels.USER, ""),
        "version": dig(cluster, "rayVersion", "") if release >= VERSION_TOLD else "",
        **{here: dig(resource, there) for here, there in TOLD.items()},
    }
    try:
        if cluster is not None:
            told["clusterSpec"] = clusterspec.to_message(cluster, release)
    except Panic:
        return told
    told.update({here: dig(resource, there) for here, there in TOLD_LAST.items()})
    submitter = dig(resource, "spec.submitterPodTemplate")
    if submitter is not None:
        told["jobSubmitter"] = _told_submitter(submitter)
    return told


def _submitter(message: Json) -> Json:
    amounts = {name: _amount(name, message.get(name) or usual) for name, usual in SUBMITTER_AMOUNTS.items()}
    container = {
        "name": SUBMITTER,
        "image": message.get("image", ""),
        "resources": {"limits": amounts, "requests": dict(amounts)},
    }
    return {"metadata": {}, "spec": {"containers": [without_empty(container)], "restartPolicy": "Never"}}


def _told_submitter(template: Json) -> Json:
    container = template["spec"]["containers"][0]
    limits = {name: quantity.respell(dig(container, f"resources.limits.{name}", "0")) for name in SUBMITTER_AMOUNTS}
    return {
        "image": container.get("image", ""),
        **{name: text for name, text in limits.items() if text != SUBMITTER_AMOUNTS[name]},
    }


def _amount(name: str, text: str) -> str:
    try:
        return str(quantity.parse(text))
    except (ValueError, ArithmeticError):
        words = f"{name} for ray job submitter {text} is not specified correctly"
        raise ValueError(f"{words}: {templates.MISMATCH}") from None
