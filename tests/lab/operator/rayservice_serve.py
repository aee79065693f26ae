# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ray Serve in the clusters of RayServices: the config that is sent, and what its applications tell of themselves."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus

import urllib3
import yaml

from .api import PODS, Api, ApiError
from .conditions import is_true
from .controller import ReconcileError
from .dashboard import Dashboard
from .events import Recorder
from .objects import Json, Key, dig, key_of, labels_of
from .rayservice_status import Side
from .rayservice_words import APPLICATION_RUNNING, active_name, pending_name
from .services import dashboard_address
from .store import Store
from .words import CLUSTER, DEFAULT_PORTS, HEAD, NODE_TYPE, SERVE

HEALTH = "-/healthz"
ADVICE = (
    'fail to create / update Serve applications. If you observe this error consistently, please check "Issue 5: Fail '
    'to create / update Serve applications." in https://docs.ray.io/en/master/cluster/kubernetes/troubleshooting/'
    "rayservice-troubleshooting.html#kuberay-raysvc-troubleshoot for more details. err: "
)
NO_MAPPING = (
    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value of type "
    "map[string]interface {{}}"
)
JSON_TYPES = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}


class ServeApplications:
    """Speaks with Serve. What was sent to which cluster is remembered here only: a new operator sends it again."""

    def __init__(self, api: Api, recorder: Recorder, pods: Store) -> None:
        self._api = api
        self._recorder = recorder
        self._pods = pods
        self._lock = threading.Lock()
        self._sent: dict[Key, dict[str, str]] = {}

    def forget_others(self, service: Json) -> None:
        """Forget what was sent to clusters that the service no longer has."""
        with self._lock:
            sent = self._sent.get(key_of(service), {})
            for name in set(sent) - {active_name(service), pending_name(service)}:
                del sent[name]

    def reconcile(self, service: Json, cluster: Json) -> Side:
        """Send the config where that is needed, and tell what was found before."""
        if not is_true(dig(cluster, "status.conditions", []), "HeadPodReady"):
            return Side(cluster)
        dashboard_address(self._api, cluster)
        dashboard = Dashboard(self._api, cluster)
        applications = dashboard.applications()
        ready = all(told["status"] == APPLICATION_RUNNING for told in applications.values())
        if self._is_to_send(service, cluster, applications):
            self._send(service, cluster, dashboard)
        return Side(cluster, applications, bool(applications) and ready)

    def mark_head(self, service: Json, cluster: Json) -> None:
        """Let the Service for Serve choose the head pod, or not: by its label, since no probe of it asks Serve."""
        labels = {CLUSTER: cluster["metadata"]["name"], NODE_TYPE: HEAD}
        heads = self._pods.select(cluster["metadata"]["namespace"], labels)
        if len(heads) != 1:
            raise ReconcileError(f"found {len(heads)} head. cluster name {cluster['metadata']['name']}")
        excluded = bool(dig(service, "spec.excludeHeadPodFromServeSvc", False))
        value = "true" if not excluded and self._is_healthy(heads[0]) else "false"
        if labels_of(heads[0]).get(SERVE) == value:
            return
        where = key_of(heads[0])
        try:
            self._api.merge(PODS, *where, {"metadata": {"labels": {SERVE: value}}})
        except ApiError as error:
            note = f'Failed to update the serve label to "{value}" for the Head Pod {where}: {error}'
            self._recorder.warning(service, "FailedToUpdateHeadPodServeLabel", "Update", note)
            raise
        note = f'Updated the serve label to "{value}" for the Head Pod {where}'
        self._recorder.normal(service, "UpdatedHeadPodServeLabel", "Update", note)

    def _is_to_send(self, service: Json, cluster: Json, applications: Json) -> bool:
        with self._lock:
            sent = self._sent.get(key_of(service), {}).get(cluster["metadata"]["name"], "")
        # Without applications: the head was made anew and has forgotten them.
        return not sent or not applications or sent != _config(service)

    def _send(self, service: Json, cluster: Json, dashboard: Dashboard) -> None:
        where = key_of(cluster)
        try:
            dashboard.deploy(_parsed(_config(service)))
        except (ReconcileError, ApiError, urllib3.exceptions.HTTPError) as error:
            told = error if isinstance(error, ReconcileError) else f"{ADVICE}{_refusal(error)}"
            note = f"Failed to update serve applications to the RayCluster {where}: {told}"
            self._recorder.warning(service, "FailedToUpdateServeApplications", "Update", note)
            raise
        if _config(service):
            with self._lock:
                self._sent.setdefault(key_of(service), {})[where.name] = _config(service)
        note = f"Updated serve applications to the RayCluster {where}"
        self._recorder.normal(service, "UpdatedServeApplications", "Update", note)

    def _is_healthy(self, head: Json) -> bool:
        listed = head["spec"]["containers"][0].get("ports") or []
        ports = {port.get("name"): port["containerPort"] for port in listed}
        namespace, name = key_of(head)
        address = PODS.path(namespace, f"{name}:{ports.get('serve', DEFAULT_PORTS['serve'])}", f"proxy/{HEALTH}")
        try:
            self._api.request("GET", address)
        except (ApiError, urllib3.exceptions.HTTPError):
            return False
        return True


def _refusal(error: Exception) -> str:
    """What the operator says of an answer, or of none."""
    if isinstance(error, ApiError):
        return f"UpdateDeployments fail: {error.status} {HTTPStatus(error.status).phrase} {error}"
    return f"{error}"


def _config(service: Json) -> str:
    return str(dig(service, "spec.serveConfigV2", ""))


def _parsed(config: str) -> Json:
    try:
        read = yaml.safe_load(config)
    except yaml.YAMLError as error:
        raise ReconcileError(f"error converting YAML to JSON: yaml: {error}") from error
    if not isinstance(read, dict | None):
        raise ReconcileError(NO_MAPPING.format(JSON_TYPES.get(type(read), "value")))
    return dict(json.loads(json.dumps(read or {}, default=str)))
