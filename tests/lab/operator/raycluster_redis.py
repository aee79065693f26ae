# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a cluster whose GCS keeps its state in Redis: a finalizer, a cleanup Job, and patience with a limit."""

from __future__ import annotations

from collections.abc import Callable

from .api import JOBS, RAY_CLUSTERS, Api, ApiError, selector
from .controller import DONE, SOON, Result
from .events import Recorder
from .objects import Json, age, annotations_of, key_of, owned_by
from .pods import head_pod
from .rewrite import rewrite
from .startcommand import SHELL
from .words import (
    CLUSTER,
    FT_DELETION_TIMEOUT,
    HEAD,
    NODE_TYPE,
    REDIS_CLEANUP,
    REDIS_FINALIZER,
    STORAGE_NAMESPACE,
    WORKER,
    clipped,
)

PATIENCE_SECONDS = 300
HEAD_SECONDS = 10.0
ENDS = ("Complete", "Failed", "FailureTarget")
SIZE = {"cpu": "200m", "memory": "256Mi"}

PodsOf = Callable[[Json, dict[str, str]], list[Json]]
DeletePods = Callable[[Json, dict[str, str]], None]


class RedisCleanup:
    """The finalizer's life."""

    def __init__(self, api: Api, recorder: Recorder, pods_of: PodsOf, delete_pods: DeletePods) -> None:
        self._api = api
        self._recorder = recorder
        self._pods_of = pods_of
        self._delete_pods = delete_pods

    def add_finalizer(self, cluster: Json) -> Result:
        """Add the finalizer with a full Update, which rewrites the whole object."""
        finalizers = [*cluster["metadata"].get("finalizers", []), REDIS_FINALIZER]
        self._update(cluster, finalizers)
        return SOON

    def finalize(self, cluster: Json) -> Result:
        """One step towards the end of a cluster that is being deleted."""
        heads = self._pods_of(cluster, {NODE_TYPE: HEAD})
        self._delete_pods(cluster, {NODE_TYPE: HEAD})
        self._delete_pods(cluster, {NODE_TYPE: WORKER})
        if heads:
            return Result(HEAD_SECONDS)
        finalizers = cluster["metadata"].get("finalizers", [])
        waited = age(cluster["metadata"]["deletionTimestamp"])
        if REDIS_FINALIZER in finalizers and waited >= _patience(cluster):
            return self._give_up(cluster, waited)
        labels = {CLUSTER: cluster["metadata"]["name"], NODE_TYPE: REDIS_CLEANUP}
        query = {"labelSelector": selector(labels)}
        jobs = self._api.list(JOBS, query, cluster["metadata"]["namespace"])["items"]
        if not jobs:
            return self._create_job(cluster)
        if not _finished(jobs[0]):
            return SOON
        self._remove_finalizer(cluster)
        return DONE

    def _give_up(self, cluster: Json, waited: float) -> Result:
        self._remove_finalizer(cluster)
        storage = annotations_of(cluster).get(STORAGE_NAMESPACE, "")
        note = (
            f"Force-removed GCS FT finalizer after {waited:.9f}s due to Redis cleanup timeout; "
            f'Redis storage namespace "{storage}" may need manual cleanup'
        )
        self._recorder.warning(cluster, "ForceDeletedStuckCluster", "Cleanup", note)
        return DONE

    def _create_job(self, cluster: Json) -> Result:
        job = _cleanup_job(cluster)
        where = key_of(job)
        try:
            self._api.create(JOBS, job)
        except ApiError as error:
            if error.status == 409:
                return SOON
            note = f"Failed to create Redis cleanup Job {where}, {error}"
            self._recorder.warning(cluster, "FailedToCreateRedisCleanupJob", "Create", note)
            raise
        self._recorder.normal(cluster, "CreatedRedisCleanupJob", "Create", f"Created Redis cleanup Job {where}")
        return SOON

    def _remove_finalizer(self, cluster: Json) -> None:
        rest = [name for name in cluster["metadata"].get("finalizers", []) if name != REDIS_FINALIZER]
        self._update(cluster, rest)

    def _update(self, cluster: Json, finalizers: list[str]) -> None:
        self._api.update(
            RAY_CLUSTERS, rewrite({**cluster, "metadata": {**cluster["metadata"], "finalizers": finalizers}})
        )


def _patience(cluster: Json) -> float:
    text = annotations_of(cluster).get(FT_DELETION_TIMEOUT, "")
    return float(text) if text.isdigit() and int(text) > 0 else PATIENCE_SECONDS


def _finished(job: Json) -> bool:
    conditions = (job.get("status") or {}).get("conditions") or []
    return any(condition["type"] in ENDS and condition["status"] == "True" for condition in conditions)


def _cleanup_job(cluster: Json) -> Json:
    """A Job with the head's own pod, so that it has its image, environment and volumes."""
    pod = head_pod(cluster)
    metadata, spec = pod["metadata"], pod["spec"]
    metadata["labels"][NODE_TYPE] = REDIS_CLEANUP
    ray = spec["containers"][0]
    ray.update(command=SHELL, args=["python -c 'from ray._private.gcs_utils import cleanup_redis_storage'"])
    ray["resources"] = {"limits": dict(SIZE), "requests": dict(SIZE)}
    for probe in ("livenessProbe", "readinessProbe"):
        ray.pop(probe, None)
    spec.update(containers=[ray], restartPolicy="Never")
    kept = {"labels": metadata["labels"], "annotations": metadata["annotations"]}
    job = {
        "metadata": {"name": clipped(f"{cluster['metadata']['name']}-redis-cleanup", 63), **kept},
        "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 300, "template": {"metadata": dict(kept), "spec": spec}},
    }
    return owned_by(cluster, job)
