# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RayService controller.

Each pass goes through all of it: clusters, applications, Services, status. A pass that breaks off leaves the status as
it was, and that is why a serve config that cannot be read shows nowhere but in an event. Whatever comes of it, the
service is looked at again after two seconds, as nothing else would tell that an application runs.
"""

from __future__ import annotations

import copy

from . import rayservice_suspension as suspension
from .api import RAY_SERVICES, Api
from .controller import DONE, SOON, Controller, ReconcileError, Result
from .objects import Json, Key, dig, is_deleting
from .raycluster import OURS
from .rayservice_clusters import ServiceClusters, needs_new_cluster
from .rayservice_rules import refusal
from .rayservice_serve import ServeApplications
from .rayservice_services import ServiceServices
from .rayservice_status import (
    Condition,
    Side,
    changed,
    concluded,
    counted,
    differs,
    given_up,
    looked_at,
    overdue,
    promoted,
    stamped,
    with_conditions,
)
from .rayservice_words import (
    FINALIZER,
    INCREMENTAL,
    READY,
    VALIDATION_FAILED,
    is_timed_out,
    upgrade_type,
)
from .rewrite import rewrite_service
from .store import Store
from .words import with_suffix

# The lab has no Gateway API: without its kinds an operator can do nothing for such a service, and tells it nobody.
NO_GATEWAYS = 'no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"'


class RayServiceController(Controller):
    """Looks after RayServices."""

    name = "rayservice-controller"

    def __init__(self, api: Api, services: Store, clusters: Store, k8s_services: Store, pods: Store) -> None:
        super().__init__(api, services, [clusters, k8s_services])
        self._clusters = ServiceClusters(api, self.recorder, clusters)
        self._serve = ServeApplications(api, self.recorder, pods)
        self._services = ServiceServices(api, self.recorder, k8s_services)

    def reconcile(self, key: Key) -> Result:
        """One pass."""
        seen = self.main.get(key)
        if seen is None or dig(seen, "spec.managedBy", OURS) != OURS:
            return DONE
        service = copy.deepcopy(seen)
        self._serve.forget_others(service)
        dangling = self._clusters.clean_up(service)
        if is_deleting(service):
            return SOON if dangling else self._let_go(service)
        if FINALIZER not in service["metadata"].get("finalizers", []):
            self._finalizers(service, [*service["metadata"].get("finalizers", []), FINALIZER])
            return SOON
        refused = refusal(service)
        if refused:
            self.recorder.warning(service, refused.reason, "Validate", f"{key}: {refused.message}")
            told = Condition(READY, "False", VALIDATION_FAILED, refused.message)
            self._update(with_conditions(service, told))
            return DONE
        service = self._write(service, suspension.step(service, self._delete_all))
        if suspension.decides(service):
            return DONE if suspension.rests(service) else SOON
        if is_timed_out(service):
            return SOON if dangling else DONE
        self._write(service, self._look_after(service))
        return SOON

    def _look_after(self, service: Json) -> Json:
        """The service after all that could be done for it."""
        active, pending = self._clusters.reconcile(service)
        for cluster in (active, pending):
            if cluster is not None:
                self._serve.mark_head(service, cluster)
        sides = self._sides(service, active, pending)
        if upgrade_type(service) == INCREMENTAL:
            raise ReconcileError(NO_GATEWAYS)
        new = looked_at(service, *sides)
        serving = next((side.cluster for side in reversed(sides) if side.ready), None)
        if serving is not None:
            self._services.reconcile(service, serving)
            if serving is not active:
                new = promoted(new)
        if serving in (None, active) and needs_new_cluster(new, active, pending):
            new = changed(new, pendingServiceStatus={"rayClusterName": with_suffix(service["metadata"]["name"])})
        new = counted(new, self._services.endpoints(service))
        late = overdue(new)
        if late:
            timeout, spent = late
            note = f"RayService initializing timeout exceeded after {spent} (configured timeout: {timeout})"
            self.recorder.warning(service, "RayServiceInitializingTimeout", "Reconcile", note)
            new = given_up(new, timeout, spent)
        return concluded(new)

    def _sides(self, service: Json, active: Json | None, pending: Json | None) -> tuple[Side, Side]:
        """What Serve tells. While there is a pending cluster, or is to be one, nobody asks the active one."""
        if pending is not None:
            return Side(active), self._serve.reconcile(service, pending)
        if active is not None and not needs_new_cluster(service, active, None):
            return self._serve.reconcile(service, active), Side()
        return Side(active), Side()

    def _delete_all(self, service: Json) -> bool:
        """Both kinds are asked to go before either is waited for."""
        return all([self._clusters.delete_all(service), self._services.delete_all(service)])

    def _write(self, old: Json, new: Json) -> Json:
        return self._update(new) if differs(old, new) else old

    def _update(self, service: Json) -> Json:
        return self.api.update(RAY_SERVICES, stamped(service), "status")

    def _let_go(self, service: Json) -> Result:
        kept = [name for name in service["metadata"].get("finalizers", []) if name != FINALIZER]
        self._finalizers(service, kept)
        return DONE

    def _finalizers(self, service: Json, names: list[str]) -> None:
        """A full Update, which rewrites the whole object."""
        metadata = {**service["metadata"], "finalizers": names}
        self.api.update(RAY_SERVICES, rewrite_service({**service, "metadata": metadata}))
