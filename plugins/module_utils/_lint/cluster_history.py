# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about the collector of the history server, a container that the operator adds to every pod."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster, containers, variables
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import HISTORY_SERVER, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

_CONTAINER = "ray-history-collector"
_OWN_VARIABLES = (
    "POD_IP",
    "FQ_RAY_IP",
    "RAY_CLUSTER_NAME",
    "RAY_CLUSTER_NAMESPACE",
    "RAY_ROLE",
    "OWNER_KIND",
    "OWNER_NAME",
    "EVENTS_PORT",
)
_BACKEND = "STORAGE_BACKEND"
# The variables that a storage needs, by the value of STORAGE_BACKEND; of a pair, one will do.
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "GCS": (("GCS_BUCKET",),),
    "S3": (("S3_REGION",),),
    "ALIYUNOSS": (("OSS_BUCKET",), ("OSS_ENDPOINT",), ("OSS_REGION",)),
}
_AZURE = "AZUREBLOB"
_AZURE_MODE = "AZURE_STORAGE_AUTH_MODE"
_CONNECTION, _ACCOUNT = "AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT_URL"
_AZURE_NEEDED = {
    "connection_string": ((_CONNECTION,),),
    "workload_identity": ((_ACCOUNT,),),
    "default": ((_ACCOUNT,),),
}


def _collector(cluster: Cluster) -> Part:
    return cluster.spec.at("historyServerOptions.collectorOptions")


def _gate(cluster: Cluster) -> Found:
    options = cluster.spec["historyServerOptions"]
    if options.given:
        yield options, f"needs the feature gate {HISTORY_SERVER.name}, which is off by default"


def _image(cluster: Cluster) -> Found:
    image = _collector(cluster)["image"]
    if cluster.spec["historyServerOptions"].given and not image.filled:
        yield image, "is needed"


def _own_variables(cluster: Cluster) -> Found:
    given = variables(_collector(cluster))
    yield from ((given[name], "is KubeRay's own; leave it out") for name in _OWN_VARIABLES if name in given)


def _storage(cluster: Cluster) -> Found:
    collector = _collector(cluster)
    given = variables(collector)
    backend = given.get(_BACKEND, Part(None))["value"].text.upper()
    if collector.given and not backend:
        yield collector["env"], f"needs the variable {_BACKEND} with a value of its own"
    for choice in _needed(backend, given):
        if not any(given[name]["value"].filled or given[name]["valueFrom"].given for name in choice if name in given):
            yield collector["env"], f"needs the variable {' or '.join(choice)} for the storage {backend}"


def _needed(backend: str, given: dict[str, Part]) -> tuple[tuple[str, ...], ...]:
    if backend != _AZURE:
        return _NEEDED.get(backend, ())
    mode = given.get(_AZURE_MODE, Part(None))["value"].text.strip().lower()
    return _AZURE_NEEDED.get(mode, ((_CONNECTION, _ACCOUNT),))


def _container(cluster: Cluster) -> Found:
    if not _collector(cluster).given:
        return
    for group in cluster.groups:
        for container in containers(group):
            if container["name"].text == _CONTAINER:
                yield container, "is the name of the collector's container; take another one"


HISTORY_RULES: tuple[Rule[Cluster], ...] = (
    Rule("history-server-gate", _gate, since=release("1.7"), always=True, needs=only_off(HISTORY_SERVER)),
    Rule("history-server-image", _image, since=release("1.7"), always=True),
    Rule("history-server-own-variables", _own_variables, since=release("1.7"), always=True),
    Rule("history-server-storage", _storage, since=release("1.7"), always=True),
    Rule("history-server-container", _container, since=release("1.7"), always=True),
)
