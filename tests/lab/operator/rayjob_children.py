# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a RayJob: its cluster, its head Service and its submitter Job."""

from __future__ import annotations

import copy

from .api import JOBS, RAY_CLUSTERS, Api
from .controller import ReconcileError
from .events import Recorder
from .objects import Json, annotations_of, dig, is_deleting, key_of, labels_of, owned_by
from .offspring import Offspring
from .rayjob_submitters import sidecar, submitter_job
from .rayjob_words import HTTP, SIDECAR, SUBMISSION_MODE, cluster_key, mode, selects
from .rewrite import rewrite
from .services import owned_head_service
from .store import Store
from .words import KEEP_HEAD_DEAD, ORIGIN_KIND, ORIGIN_NAME


class JobChildren:
    """Makes and deletes them, and tells about it in events."""

    def __init__(self, api: Api, recorder: Recorder, clusters: Store) -> None:
        self._api = api
        self._recorder = recorder
        self._clusters = clusters
        self._offspring = Offspring(api, recorder)

    def cluster(self, job: Json) -> Json:
        """The job's cluster, made if it is missing and the job's own."""
        found = self.find_cluster(job)
        return found if found is not None else self._make_cluster(job)

    def submitter(self, job: Json) -> Json | None:
        """The submitter Job; whatever Job has its name is taken for it."""
        return self._api.get(JOBS, *key_of(job))

    def make_submitter(self, job: Json, cluster: Json) -> None:
        """Make the submitter Job, unless there is one of its name."""
        if self.submitter(job) is None:
            words = ("RayJobSubmitter", "Created Kubernetes Job {}", "Failed to create new Kubernetes Job {}: {}")
            self._offspring.create(job, JOBS, submitter_job(job, cluster), *words)

    def service(self, job: Json, cluster: Json) -> None:
        """Point the job's own head Service to its cluster."""
        if not selects(job):
            self._offspring.point(job, owned_head_service(job, cluster))

    def delete_cluster(self, job: Json) -> bool:
        """One step towards the end of the job's own cluster; True once it is gone."""
        if selects(job):
            return True
        cluster = self.find_cluster(job)
        if cluster is None:
            return True
        if not is_deleting(cluster):
            self._offspring.delete(job, RAY_CLUSTERS, cluster, "RayCluster", "cluster {}")
        return False

    def delete_submitter(self, job: Json) -> bool:
        """One step towards the end of the submitter Job; True once it is gone."""
        if mode(job) in (HTTP, SIDECAR):
            return True
        submitter = self.submitter(job)
        if submitter is None:
            return True
        if not is_deleting(submitter):
            self._offspring.delete(job, JOBS, submitter, "RayJobSubmitter", "submitter K8s Job {}")
        return False

    def suspend_workers(self, job: Json) -> None:
        """Suspend all worker groups of the cluster, with a full Update."""
        cluster = self.find_cluster(job)
        if cluster is None:
            raise ReconcileError(f"RayCluster {cluster_key(job)} not found")
        changed = copy.deepcopy(cluster)
        for group in changed["spec"].get("workerGroupSpecs") or []:
            group["suspend"] = True
        self._api.update(RAY_CLUSTERS, rewrite(changed))
        note = f"Set the `suspend` field to true for all worker groups in cluster {key_of(cluster)}"
        self._recorder.normal(job, "UpdatedRayCluster", "Update", note)

    def cluster_is_gone(self, job: Json) -> bool:
        """Whether the cluster is gone, or on its way."""
        cluster = self.find_cluster(job)
        return cluster is None or is_deleting(cluster)

    def workers_are_suspended(self, job: Json) -> bool:
        """Whether no worker group is left to suspend."""
        cluster = self.find_cluster(job)
        listed = [] if cluster is None or is_deleting(cluster) else dig(cluster, "spec.workerGroupSpecs", [])
        return all(group.get("suspend") for group in listed)

    def find_cluster(self, job: Json) -> Json | None:
        """The job's cluster as it is; None where it is gone, or never was."""
        # The cache is behind what this controller has just made; the second look spares a useless creation.
        key = cluster_key(job)
        return (self._clusters.get(key) or self._api.get(RAY_CLUSTERS, *key)) if key.name else None

    def _make_cluster(self, job: Json) -> Json:
        key = cluster_key(job)
        if selects(job):
            note = f"RayCluster {key} set in the clusterSelector is not found. It must be created manually"
            self._recorder.warning(job, "RayClusterNotFound", "Validate", note)
            raise ReconcileError(f"clusterSelector mode is enabled, but RayCluster {key} is not found")
        words = ("RayCluster", "Created RayCluster {}", "Failed to create RayCluster {}: {}")
        return self._offspring.create(job, RAY_CLUSTERS, _cluster(job), *words)


def _cluster(job: Json) -> Json:
    """The cluster, with the job's labels and annotations."""
    name = job["metadata"]["name"]
    labels = {**labels_of(job), ORIGIN_NAME: name, ORIGIN_KIND: "RayJob", SUBMISSION_MODE: mode(job)}
    annotations = {**annotations_of(job), **({KEEP_HEAD_DEAD: "true"} if mode(job) == SIDECAR else {})}
    metadata = {"name": cluster_key(job).name, "labels": labels, "annotations": annotations}
    cluster: Json = {"metadata": metadata, "spec": copy.deepcopy(job["spec"]["rayClusterSpec"])}
    if mode(job) == SIDECAR:
        pod = cluster["spec"]["headGroupSpec"]["template"]["spec"]
        pod.update(containers=[*pod["containers"], sidecar(job, cluster)], restartPolicy="Never")
    return owned_by(job, rewrite(cluster))
