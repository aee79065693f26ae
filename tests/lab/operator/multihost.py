# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker groups whose replicas have several hosts: a replica lives and dies as a whole."""

from __future__ import annotations

from .controller import ReconcileError
from .objects import Json, dig, labels_of
from .pods import worker_pod
from .podstate import hopeless
from .podwriter import PodWriter
from .spec import autoscaling, hosts, wanted
from .words import REPLICA_INDEX, REPLICA_NAME, WORKER, with_suffix


class MultiHost:
    """Brings the replicas of one group closer to its spec."""

    def __init__(self, writer: PodWriter) -> None:
        self._writer = writer

    def reconcile(self, cluster: Json, group: Json, pods: list[Json]) -> None:
        """One pass over the group."""
        replicas: dict[str, list[Json]] = {}
        for pod in pods:
            if REPLICA_NAME in labels_of(pod):
                replicas.setdefault(labels_of(pod)[REPLICA_NAME], []).append(pod)
        self._delete_incomplete(cluster, group, replicas)
        self._delete_unhealthy(cluster, group, replicas)
        self._delete_named(cluster, group, replicas)
        surplus = len(replicas) - wanted(group) // hosts(group)
        if surplus > 0 and not autoscaling(cluster):
            for name in list(replicas)[:surplus]:
                self._delete(cluster, group, replicas[name], "scaling down")
        for _ in range(-surplus):
            self._add(cluster, group, replicas)

    def _delete_incomplete(self, cluster: Json, group: Json, replicas: dict[str, list[Json]]) -> None:
        for name, pods in replicas.items():
            if len(pods) < hosts(group):
                self._delete(cluster, group, pods, "cleanup of incomplete multi-host group")
                raise ReconcileError(f"cleaned up incomplete replica group {name}, requeueing")

    def _delete_unhealthy(self, cluster: Json, group: Json, replicas: dict[str, list[Json]]) -> None:
        for name, pods in list(replicas.items()):
            reason = next(filter(None, (hopeless(pod, WORKER) for pod in pods)), None)
            if reason:
                self._delete(cluster, group, replicas.pop(name), reason)

    def _delete_named(self, cluster: Json, group: Json, replicas: dict[str, list[Json]]) -> None:
        named = set(dig(group, "scaleStrategy.workersToDelete", []))
        doomed = [pod for pods in replicas.values() if named & _names(pods) for pod in pods]
        if doomed:
            self._delete(cluster, group, doomed, "autoscaler scale-down request")
            raise ReconcileError(f"deleted {len(doomed)} worker Pods based on ScaleStrategy, requeueing")

    def _add(self, cluster: Json, group: Json, replicas: dict[str, list[Json]]) -> None:
        used = {labels_of(pod).get(REPLICA_INDEX) for pods in replicas.values() for pod in pods}
        index = next(number for number in range(len(replicas) + 1) if str(number) not in used)
        name = with_suffix(group["groupName"])
        made = [worker_pod(cluster, group, index, name, host) for host in range(hosts(group))]
        for pod in made:
            self._writer.create(cluster, group["groupName"], pod, WORKER)
        replicas[name] = made

    def _delete(self, cluster: Json, group: Json, pods: list[Json], reason: str) -> None:
        name = group["groupName"]
        for pod in pods:
            self._writer.delete(cluster, name, pod, WORKER, f"worker Pod {{}} for group {name}: {reason}")


def _names(pods: list[Json]) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods}
