# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods of a RayCluster: one head, and each group's workers."""

from __future__ import annotations

from .api import PODS, Api, ApiError
from .conditions import is_true
from .controller import ReconcileError
from .events import Recorder
from .expectations import Expectations
from .multihost import MultiHost
from .objects import Json, annotations_of, dig, is_deleting, key_of, labels_of
from .pods import head_pod, worker_pod
from .podstate import describe, hopeless
from .podwriter import PodWriter, ReplicaFailure
from .spec import autoscaling, groups, hosts, recreate_hash, suspended, wanted
from .store import Store
from .words import (
    CLUSTER,
    GROUP,
    HEAD,
    KEEP_HEAD_DEAD,
    KUBERAY_VERSION,
    NODE_TYPE,
    RECREATE_HASH,
    REPLICA_INDEX,
    VERSION_ANNOTATION,
    WORKER,
)

HEAD_EXPECTATIONS = ""


class ClusterPods:
    """Brings the pods of one cluster closer to its spec."""

    def __init__(self, api: Api, recorder: Recorder, pods: Store) -> None:
        self._recorder = recorder
        self._pods = pods
        self._api = api
        self.expectations = Expectations(pods.get)
        self._writer = PodWriter(api, recorder, self.expectations)
        self._multihost = MultiHost(self._writer)

    def reconcile(self, cluster: Json) -> None:
        """One pass, in the operator's order."""
        conditions = dig(cluster, "status.conditions", [])
        if is_true(conditions, "RayClusterSuspending"):
            self._delete_all(cluster, "suspension", "Deleted Pods for RayCluster {} due to suspension")
        elif is_true(conditions, "RayClusterSuspended") or dig(cluster, "spec.suspend", False):
            return
        elif self._outdated(cluster):
            cause = "spec change with Recreate upgradeStrategy"
            self._delete_all(cluster, cause, "Deleted all Pods for RayCluster {} due to " + cause)
            self.expectations.forget(key_of(cluster))
        elif self._head(cluster):
            for group in groups(cluster):
                if self.expectations.met(key_of(cluster), group["groupName"]):
                    self._group(cluster, group)

    def of(self, cluster: Json, labels: dict[str, str] | None = None) -> list[Json]:
        """The cluster's pods. They are found by label, so those of a deleted namesake count as well."""
        metadata = cluster["metadata"]
        return self._pods.select(metadata["namespace"], {CLUSTER: metadata["name"], **(labels or {})})

    def delete_all(self, cluster: Json, labels: dict[str, str]) -> None:
        """Delete the cluster's pods with these labels, unless all of them are on their way out."""
        metadata = cluster["metadata"]
        every = {CLUSTER: metadata["name"], **labels}
        if any(not is_deleting(pod) for pod in self._pods.select(metadata["namespace"], every)):
            self._api.delete_selected(PODS, metadata["namespace"], every)

    def _delete_all(self, cluster: Json, cause: str, note: str) -> None:
        where = str(key_of(cluster))
        try:
            self.delete_all(cluster, {})
        except ApiError as error:
            text = f"Failed deleting Pods due to {cause} for RayCluster {where}, {error}"
            self._recorder.warning(cluster, "FailedToDeletePodCollection", "Delete", text)
            raise ReplicaFailure("FailedDeleteAllPods", error) from error
        self._recorder.normal(cluster, "DeletedPod", "Delete", note.format(where))

    def _outdated(self, cluster: Json) -> bool:
        """Whether the Recreate strategy sees another spec than the one that the head was made from."""
        if dig(cluster, "spec.upgradeStrategy.type") != "Recreate":
            return False
        for head in self.of(cluster, {NODE_TYPE: HEAD})[:1]:
            annotations = annotations_of(head)
            if annotations.get(VERSION_ANNOTATION, KUBERAY_VERSION) != KUBERAY_VERSION:
                fresh = {RECREATE_HASH: recreate_hash(cluster), VERSION_ANNOTATION: KUBERAY_VERSION}
                name, namespace = head["metadata"]["name"], head["metadata"]["namespace"]
                self._api.merge(PODS, namespace, name, {"metadata": {"annotations": fresh}})
                return False
            return annotations.get(RECREATE_HASH, recreate_hash(cluster)) != recreate_hash(cluster)
        return False

    def _head(self, cluster: Json) -> bool:
        """Look after the head; False where the workers must wait."""
        if not self.expectations.met(key_of(cluster), HEAD_EXPECTATIONS):
            return True
        heads = self.of(cluster, {NODE_TYPE: HEAD})
        if len(heads) > 1:
            names = " ".join(head["metadata"]["name"] for head in heads)
            raise ReconcileError(f"{len(heads)} head pods found [{names}]. Please delete extra head pods")
        if heads:
            reason = hopeless(heads[0], HEAD)
            if reason:
                self._writer.delete(cluster, HEAD_EXPECTATIONS, heads[0], HEAD, f"head Pod {{}}; {describe(heads[0])}")
                raise ReconcileError(reason)
            return True
        provisioned = is_true(dig(cluster, "status.conditions", []), "RayClusterProvisioned")
        if provisioned and annotations_of(cluster).get(KEEP_HEAD_DEAD) == "true":
            return False
        self._writer.create(cluster, HEAD_EXPECTATIONS, head_pod(cluster), HEAD)
        return True

    def _group(self, cluster: Json, group: Json) -> None:
        name = group["groupName"]
        if suspended(group):
            self._suspend(cluster, name)
            return
        pods = self.of(cluster, {GROUP: name})
        if hosts(group) > 1:
            self._multihost.reconcile(cluster, group, pods)
            return
        self._delete_unhealthy(cluster, name, pods)
        deleted = self._delete_named(cluster, group)
        staying = [pod for pod in pods if pod["metadata"]["name"] not in deleted]
        missing = wanted(group) - len(staying)
        if missing > 0:
            self._add(cluster, group, staying, missing)
        elif missing < 0 and not autoscaling(cluster):
            # Terminating pods count and may be chosen: the surplus is "random" in the order of the cache.
            for pod in staying[:-missing]:
                self._writer.delete(cluster, name, pod, WORKER, "Pod {}")

    def _suspend(self, cluster: Json, group: str) -> None:
        where = str(key_of(cluster))
        try:
            self.delete_all(cluster, {GROUP: group})
        except ApiError as error:
            note = f"Failed deleting worker Pods for suspended group {group} in RayCluster {where}, {error}"
            self._recorder.warning(cluster, "FailedToDeleteWorkerPodCollection", "Delete", note)
            raise ReplicaFailure("FailedDeleteWorkerPod", error) from error
        note = f"Deleted all pods for suspended worker group {group} in RayCluster {where}"
        self._recorder.normal(cluster, "DeletedWorkerPod", "Delete", note)

    def _delete_unhealthy(self, cluster: Json, group: str, pods: list[Json]) -> None:
        unhealthy = [pod for pod in pods if hopeless(pod, WORKER)]
        for pod in unhealthy:
            self._writer.delete(cluster, group, pod, WORKER, f"worker Pod {{}}; {describe(pod)}")
        if unhealthy:
            raise ReconcileError(f"delete {len(unhealthy)} unhealthy worker Pods")

    def _delete_named(self, cluster: Json, group: Json) -> set[str]:
        """Delete workersToDelete, whatever the replicas say; the list itself stays in the spec."""
        namespace = cluster["metadata"]["namespace"]
        names = dig(group, "scaleStrategy.workersToDelete", [])
        pods: list[Json] = [{"metadata": {"name": name, "namespace": namespace}} for name in names]
        return {
            pod["metadata"]["name"]
            for pod in pods
            if self._writer.delete(cluster, group["groupName"], pod, WORKER, "pod {}")
        }

    def _add(self, cluster: Json, group: Json, staying: list[Json], missing: int) -> None:
        used = {labels_of(pod).get(REPLICA_INDEX) for pod in staying}
        free = (index for index in range(len(staying) + missing) if str(index) not in used)
        for _, index in zip(range(missing), free, strict=False):
            self._writer.create(cluster, group["groupName"], worker_pod(cluster, group, index), WORKER)
