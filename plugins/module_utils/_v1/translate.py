# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Between the canonical form, a custom resource, and the messages of KubeRay's APIServer V1: pure.

Source: contract 1.5 and 3; proto/*.proto of KubeRay 1.7. Numbers of enums, times as texts, and no zero values.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import DEFAULT_IMAGE
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    API_VERSION,
    CLUSTER,
    CORE_VERSION,
    JOB,
    MANAGED_BY,
    SERVICE,
    TEMPLATE,
    V1_MANAGER,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1 import cluster, job, service, template
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import Codec, Field, decoded, merged
from ansible_collections.kuberay.core.plugins.module_utils._v1.groups import SERVE_ANNOTATION, SERVE_PORTS

Json = dict[str, Any]
# Who owns what nobody says the owner of: V1 makes nothing without one.
DEFAULT_USER = "kuberay.core"


class Form(NamedTuple):
    """How V1 has a kind: what can be said of it, what the server tells besides, and where its cluster stands."""

    codec: Codec
    outputs: tuple[Field, ...] = ()
    cluster: tuple[str, ...] = ()


FORMS = {
    CLUSTER.name: Form(cluster.CLUSTER, cluster.CLUSTER_OUTPUTS, ("spec",)),
    JOB.name: Form(job.JOB, job.JOB_OUTPUTS, ("spec", "rayClusterSpec")),
    SERVICE.name: Form(service.SERVICE, service.SERVICE_OUTPUTS, ("spec", "rayClusterConfig")),
    TEMPLATE.name: Form(template.TEMPLATE),
}


def form_of(kind: Kind) -> Form:
    """How V1 has a kind; OptionError for one that it does not have."""
    if kind.name not in FORMS:
        raise OptionError(f"api: KubeRay's APIServer V1 has no {kind.name}; kubernetes and apiserver_v2 have it")
    return FORMS[kind.name]


def to_message(kind: Kind, resource: Json) -> Json:
    """The message that asks for a resource; see expressible.py in this room for what no message can say."""
    said: Json = form_of(kind).codec.encode(resource)[0]
    return said if kind is TEMPLATE else {**said, "user": said.get("user", DEFAULT_USER)}


def told_message(kind: Kind, live: Json) -> Json:
    """The message that told of a live object, as far as it says what can be asked for."""
    # The id of a job stands in its status, whoever gave it.
    told = {"jobId": (live.get("status") or {}).get("jobId")} if kind is JOB else {}
    return {**to_message(kind, live), **{name: value for name, value in told.items() if value}}


def as_meant(message: Json) -> Json:
    """What a server tells, with the numbers of workers in their places: up to KubeRay 1.0 two of them are swapped.

    No server takes a group with more workers at least than at most.
    """
    spec = message.get("clusterSpec") or {}
    groups = [_unswapped(group) for group in spec.get("workerGroupSpec") or []]
    return {**message, "clusterSpec": {**spec, "workerGroupSpec": groups}} if groups else message


def _unswapped(group: Json) -> Json:
    least, most = group.get("minReplicas", 0), group.get("maxReplicas", 0)
    return {**group, "minReplicas": most, "maxReplicas": least} if least > most else group


def to_resource(kind: Kind, message: Json) -> Json:
    """What V1 tells of an object, in the canonical form.

    It never tells uid, generation, resourceVersion, finalizers, labels besides its own, conditions, counts of workers,
    nor what a group's compute template came to. What it makes of every message alike stands there where facts are read
    from it: the names of Ray's containers, the ports of the head.
    """
    form, message = form_of(kind), as_meant(message)
    made: Json = decoded(form.codec.decode(message), form.outputs, message)
    if kind is TEMPLATE:
        return {"apiVersion": CORE_VERSION, "kind": kind.name, **template.named(made, message)}
    managed = {"metadata": {"labels": {MANAGED_BY: V1_MANAGER}}}
    made = {"apiVersion": API_VERSION, "kind": kind.name, **merged(managed, made)}
    if message.get("clusterSpec"):
        _complete(_at(made, form.cluster), kind is SERVICE or _serves(message))
    return made


def _serves(message: Json) -> bool:
    return (message.get("annotations") or {}).get(SERVE_ANNOTATION) == "true"


def _complete(spec: Json, serves: bool) -> None:
    """What depends on more than a group: the image that it has by default, and the ports of a head that serves."""
    head = spec.get("headGroupSpec") or {}
    for group in [head, *(spec.get("workerGroupSpecs") or [])]:
        for container in group["template"]["spec"]["containers"][:1] if group else []:
            container.setdefault("image", f"{DEFAULT_IMAGE}:{spec.get('rayVersion', '')}")
    if head and serves:
        container = head["template"]["spec"]["containers"][0]
        container["ports"] += [dict(port) for port in SERVE_PORTS]


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        value = value[step]
    return value
