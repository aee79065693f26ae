# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RayCluster controller: the order in which a cluster is looked after.

What a client must not believe follows from this order. The status is worked out from the cache after the pods were
written, so it lags; it is compared with the cached one, so a change there and back that is faster than the echo of
the first write is missed, and the old counts stand until the unconditional requeue. Rebalancing two groups does just
that: the ready workers go from 3 to 2 as one pod ends and back to 3 as its replacement starts. Any change of spec,
label or annotation makes the controller look again.
"""

from __future__ import annotations

import copy

import urllib3

from .api import RAY_CLUSTERS, Api, ApiError
from .children import Children
from .controller import DONE, SOON, Controller, ReconcileError, Result, later
from .objects import Json, Key, dig, is_deleting, key_of
from .raycluster_pods import ClusterPods
from .raycluster_redis import RedisCleanup
from .raycluster_status import differs, new_status
from .rules import complaint, refusal
from .spec import embedded_storage, fault_tolerant
from .store import Store
from .words import REDIS_FINALIZER, head_selector

OURS = "ray.io/kuberay-operator"


class RayClusterController(Controller):
    """Looks after RayClusters."""

    name = "raycluster-controller"

    def __init__(self, api: Api, clusters: Store, pods: Store, services: Store) -> None:
        super().__init__(api, clusters, [pods, services])
        self._services = services
        self._children = Children(api, self.recorder, services)
        self._pods = ClusterPods(api, self.recorder, pods)
        self._redis = RedisCleanup(api, self.recorder, self._pods.of, self._pods.delete_all)

    def reconcile(self, key: Key) -> Result:
        """Bring the world closer to what the cluster says."""
        seen = self.main.get(key)
        if seen is None:
            self._pods.expectations.forget(key)
            return DONE
        if dig(seen, "spec.managedBy", OURS) != OURS:
            return DONE
        cluster = _with_defaults(copy.deepcopy(seen))
        refused = refusal(cluster)
        if refused:
            # An event and nothing else: the status stays, and nobody looks again until the object changes.
            self.recorder.warning(cluster, refused.reason, "Validate", refused.note)
            return DONE
        complained = complaint(cluster)
        if complained:
            self.recorder.warning(cluster, "InvalidRayClusterSpec", "Validate", complained)
        if fault_tolerant(cluster) and not embedded_storage(cluster):
            if is_deleting(cluster):
                return self._redis.finalize(cluster)
            if REDIS_FINALIZER not in cluster["metadata"].get("finalizers", []):
                return self._redis.add_finalizer(cluster)
        if is_deleting(cluster):
            return DONE
        return self._look_after(cluster)

    def _look_after(self, cluster: Json) -> Result:
        failure: Exception | None = None
        try:
            self._children.reconcile(cluster)
            self._pods.reconcile(cluster)
        except (ReconcileError, ApiError, urllib3.exceptions.HTTPError) as error:
            failure = error
        self._pods.expectations.await_created(key_of(cluster))
        written = self._write_status(cluster, failure)
        if failure is not None:
            raise failure
        return SOON if written else later()

    def _write_status(self, cluster: Json, failure: Exception | None) -> bool:
        key = key_of(cluster)
        services = self._services.select(key.namespace, head_selector(key.name))
        try:
            status = new_status(cluster, self._pods.of(cluster), services, failure)
            if not differs(cluster.get("status") or {}, status):
                return False
            self.api.update(RAY_CLUSTERS, {**cluster, "status": status}, "status")
        except (ReconcileError, ApiError) as error:
            # The first failure is the one that is told.
            raise failure or error from error
        return True


def _with_defaults(cluster: Json) -> Json:
    """What the operator fills in before it looks: it shows in the object only when that is rewritten as a whole."""
    for group in [cluster["spec"]["headGroupSpec"], *(cluster["spec"].get("workerGroupSpecs") or [])]:
        group["rayStartParams"] = group.get("rayStartParams") or {}
    return cluster
