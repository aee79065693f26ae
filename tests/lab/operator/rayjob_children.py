# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a RayJob: its cluster, its head Service and its submitter Job."""

from __future__ import annotations

import copy
import random

from .api import JOBS, RAY_CLUSTERS, SERVICES, Api, ApiError, Resource
from .controller import ReconcileError
from .events import Recorder
from .multihost import LETTERS
from .objects import Json, annotations_of, dig, is_deleting, key_of, labels_of, owned_by
from .rayjob_submitters import sidecar, submitter_job
from .rayjob_words import HTTP, SIDECAR, SUBMISSION_MODE, cluster_key, mode, selects
from .rewrite import rewrite
from .services import head_service
from .store import Store
from .words import CLUSTER, HEAD, IDENTIFIER, KEEP_HEAD_DEAD, NODE_TYPE, ORIGIN_KIND, ORIGIN_NAME, identifier


def with_suffix(name: str) -> str:
    """A name of a child, or of a submission."""
    return f"{name}-{''.join(random.choices(LETTERS, k=5))}"


class JobChildren:
    """Makes and deletes them, and tells about it in events."""

    def __init__(self, api: Api, recorder: Recorder, clusters: Store) -> None:
        self._api = api
        self._recorder = recorder
        self._clusters = clusters

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
            self._create(job, JOBS, submitter_job(job, cluster), *words)

    def service(self, job: Json, cluster: Json) -> None:
        """Point the job's own head Service to its cluster."""
        if selects(job):
            return
        wish = _service(job, cluster)
        live = self._api.get(SERVICES, *key_of(wish))
        if live is None:
            words = ("Service", "Created the service {}", "Failed to create the service {}, {}")
            self._create(job, SERVICES, wish, *words)
        elif dig(live, "spec.selector", {}).get(CLUSTER) != wish["spec"]["selector"][CLUSTER]:
            kept = {"clusterIP": live["spec"].get("clusterIP")}
            self._api.update(SERVICES, {**live, "spec": {**wish["spec"], **kept}})
            note = f"Updated the service {key_of(live)}"
            self._recorder.normal(job, "UpdatedService", "Update", note)

    def delete_cluster(self, job: Json) -> bool:
        """One step towards the end of the job's own cluster; True once it is gone."""
        if selects(job):
            return True
        cluster = self.find_cluster(job)
        if cluster is None:
            return True
        if not is_deleting(cluster):
            self._delete(job, RAY_CLUSTERS, cluster, "RayCluster", "cluster {}")
        return False

    def delete_submitter(self, job: Json) -> bool:
        """One step towards the end of the submitter Job; True once it is gone."""
        if mode(job) in (HTTP, SIDECAR):
            return True
        submitter = self.submitter(job)
        if submitter is None:
            return True
        if not is_deleting(submitter):
            self._delete(job, JOBS, submitter, "RayJobSubmitter", "submitter K8s Job {}")
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
        return self._create(job, RAY_CLUSTERS, _cluster(job), *words)

    def _create(self, job: Json, resource: Resource, child: Json, kind: str, done: str, failed: str) -> Json:
        where = key_of(child)
        try:
            made = self._api.create(resource, child)
        except ApiError as error:
            self._recorder.warning(job, f"FailedToCreate{kind}", "Create", failed.format(where, error))
            raise
        self._recorder.normal(job, f"Created{kind}", "Create", done.format(where))
        return made

    def _delete(self, job: Json, resource: Resource, child: Json, kind: str, words: str) -> None:
        text = words.format(key_of(child))
        try:
            self._api.delete(resource, *key_of(child))
        except ApiError as error:
            self._recorder.warning(job, f"FailedToDelete{kind}", "Delete", f"Failed to delete {text}: {error}")
            raise
        self._recorder.normal(job, f"Deleted{kind}", "Delete", f"Deleted {text}")


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


def _service(job: Json, cluster: Json) -> Json:
    """The cluster's head Service under another name."""
    name = job["metadata"]["name"]
    service = head_service(cluster)
    labels = {
        ORIGIN_NAME: name,
        ORIGIN_KIND: "RayJob",
        NODE_TYPE: HEAD,
        IDENTIFIER: identifier(name, HEAD),
    }
    service["metadata"] = {**service["metadata"], "name": f"{name}-head-svc", "labels": labels, "annotations": {}}
    return owned_by(job, service)
