# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clusters of a RayService: the one that serves, the one that is to serve next, and those that nobody needs."""

from __future__ import annotations

import copy
import os
import threading
import time

from .api import RAY_CLUSTERS, Api, ApiError
from .events import Recorder
from .objects import Json, Key, annotations_of, dig, is_deleting, key_of, labels_of, owned_by
from .offspring import Offspring
from .rayservice_words import (
    CLUSTER_HASH,
    GROUP_COUNT,
    INCREMENTAL,
    NEW_CLUSTER,
    ROLLING_BACK,
    UPGRADING,
    active_name,
    has,
    pending_name,
    upgrade_type,
)
from .rewrite import rewrite
from .spec import groups, recreate_hash
from .store import Store
from .words import KUBERAY_VERSION, ORIGIN_KIND, ORIGIN_NAME, VERSION_ANNOTATION

DELETION_SECONDS = 60.0
# KubeRay's own name. The spec is asked first.
ZERO_DOWNTIME_ENV = "ENABLE_ZERO_DOWNTIME"


class ServiceClusters:
    """Makes, changes and deletes them."""

    def __init__(self, api: Api, recorder: Recorder, clusters: Store) -> None:
        self._api = api
        self._recorder = recorder
        self._clusters = clusters
        self._offspring = Offspring(api, recorder)
        self._lock = threading.Lock()
        # When those that nobody needs are to go. A new operator counts from the beginning.
        self._ends: dict[Key, float] = {}

    def clean_up(self, service: Json) -> bool:
        """Delete what nobody needs once its time has come; whether there is any of that."""
        needed = () if is_deleting(service) else (active_name(service), pending_name(service))
        dangling = [cluster for cluster in self._of(service) if cluster["metadata"]["name"] not in needed]
        for cluster in dangling:
            if is_deleting(service) or self._is_over(service, cluster):
                self._offspring.delete(service, RAY_CLUSTERS, cluster, "RayCluster", "the RayCluster {}")
        return bool(dangling)

    def delete_all(self, service: Json) -> bool:
        """One step towards the end of all; True once they are gone."""
        found = self._of(service)
        for cluster in found:
            if not is_deleting(cluster):
                words = "the RayCluster {} during suspend"
                self._offspring.delete(service, RAY_CLUSTERS, cluster, "RayCluster", words)
        return not found

    def reconcile(self, service: Json) -> tuple[Json | None, Json | None]:
        """The active and the pending cluster, made or changed as far as that is done in place."""
        active, pending = self._find(service, active_name(service)), self._find(service, pending_name(service))
        if pending is None and pending_name(service):
            words = ("RayCluster", "Created the RayCluster {}", "Failed to create the RayCluster {}: {}")
            wish = _cluster(service, pending_name(service))
            return active, self._offspring.create(service, RAY_CLUSTERS, wish, *words)
        if active and _is_to_update(service, active):
            active = self._update(service, active, "active")
        if pending and _is_extended(service, pending):
            pending = self._update(service, pending, "pending")
        return active, pending

    def _update(self, service: Json, cluster: Json, which: str) -> Json:
        """The whole spec as the service has it now, replicas included. Only suspend is the cluster's own."""
        goal = _cluster(service, cluster["metadata"]["name"])
        spec = {key: value for key, value in goal["spec"].items() if key != "suspend"}
        own = {key: value for key, value in cluster["spec"].items() if key == "suspend"}
        marks = {key: goal["metadata"][key] for key in ("labels", "annotations")}
        where = key_of(cluster)
        try:
            changed = {**cluster, "metadata": {**cluster["metadata"], **marks}, "spec": {**spec, **own}}
            updated = self._api.update(RAY_CLUSTERS, changed)
        except ApiError as error:
            note = f"Failed to update the {which} RayCluster {where}: {error}"
            self._recorder.warning(service, "FailedToUpdateRayCluster", "Update", note)
            raise
        note = f"Updated the {which} RayCluster {where}"
        self._recorder.normal(service, "UpdatedRayCluster", "Update", note)
        return updated

    def _is_over(self, service: Json, cluster: Json) -> bool:
        """Whether a cluster that nobody needs has had its time; it begins when it is first seen so."""
        delay = float(dig(service, "spec.rayClusterDeletionDelaySeconds", DELETION_SECONDS))
        with self._lock:
            end = self._ends.get(key_of(cluster))
            self._ends.setdefault(key_of(cluster), time.monotonic() + delay)
        return end is not None and time.monotonic() > end

    def _of(self, service: Json) -> list[Json]:
        name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
        return self._clusters.select(namespace, {ORIGIN_NAME: name, ORIGIN_KIND: "RayService"})

    def _find(self, service: Json, name: str) -> Json | None:
        # The cache is behind what this controller has just made; the second look spares a useless creation.
        key = Key(service["metadata"]["namespace"], name)
        return (self._clusters.get(key) or self._api.get(RAY_CLUSTERS, *key)) if name else None


def needs_new_cluster(service: Json, active: Json | None, pending: Json | None) -> bool:
    """Whether the wish can only be had by a new cluster, and one may be made."""
    if has(service, ROLLING_BACK):
        return False
    latest = pending or active
    if latest is None:
        return True
    return not _is_same(service, latest) and not _is_extended(service, latest) and _may_upgrade(service)


def _may_upgrade(service: Json) -> bool:
    if dig(service, "spec.upgradeStrategy.type") is not None:
        return upgrade_type(service) in (NEW_CLUSTER, INCREMENTAL)
    return os.environ.get(ZERO_DOWNTIME_ENV, "").lower() != "false"


def _is_to_update(service: Json, active: Json) -> bool:
    if has(service, UPGRADING):
        return False
    version = annotations_of(active).get(VERSION_ANNOTATION)
    return version != KUBERAY_VERSION or _is_extended(service, active)


def _is_same(service: Json, cluster: Json) -> bool:
    return annotations_of(cluster).get(CLUSTER_HASH, "") == cluster_hash(service)


def _is_extended(service: Json, cluster: Json) -> bool:
    """Whether the wish differs, and only by worker groups after the cluster's own."""
    if _is_same(service, cluster):
        return False
    try:
        count = int(annotations_of(cluster).get(GROUP_COUNT, ""))
    except ValueError:
        return True
    if len(groups({"spec": service["spec"]["rayClusterConfig"]})) < count:
        return False
    return annotations_of(cluster).get(CLUSTER_HASH, "") == cluster_hash(service, count)


def cluster_hash(service: Json, first_groups: int | None = None) -> str:
    """The hash of the cluster that a service wants, perhaps of its first worker groups only.

    It is one of what Go makes of the spec: another spelling of a quantity is no change, another order of a list is.
    """
    spec = rewrite({"spec": service["spec"]["rayClusterConfig"]})["spec"]
    listed = spec.get("workerGroupSpecs") or []
    kept = {key: value for key, value in spec.items() if key not in ("suspend", "workerGroupSpecs")}
    return recreate_hash({"spec": {**kept, "workerGroupSpecs": listed[:first_groups]}})


def _cluster(service: Json, name: str) -> Json:
    """The cluster, with the service's labels and annotations."""
    spec = service["spec"]["rayClusterConfig"]
    labels = {**labels_of(service), ORIGIN_NAME: service["metadata"]["name"], ORIGIN_KIND: "RayService"}
    annotations = {
        **annotations_of(service),
        CLUSTER_HASH: cluster_hash(service),
        GROUP_COUNT: str(len(spec.get("workerGroupSpecs") or [])),
        VERSION_ANNOTATION: KUBERAY_VERSION,
    }
    metadata = {"name": name, "labels": labels, "annotations": annotations}
    return owned_by(service, rewrite({"metadata": metadata, "spec": copy.deepcopy(spec)}))
