# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What V1's server makes of a message on its way into a custom resource and back (contract 2.5), as a table.

Only what a message can be told to be is here: what the server stores nowhere is not sent (see expressible.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import NOTHING, is_zero
from ansible_collections.kuberay.core.plugins.module_utils._v1.environment import (
    HEAD_RESERVED,
    WORKER_RESERVED,
    source_number,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1.groups import IMAGE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._v1.volumes import (
    CLAIM,
    EMPTY_DIR,
    EPHEMERAL,
    HOST_PATH,
    type_number,
)

Json = dict[str, Any]


class Loss(NamedTuple):
    """What comes ``back`` of a field, by the message that it stands in; NOTHING where nothing does.

    ``hides``: a later change of the field would not be seen. Otherwise what comes back means the same.
    """

    back: Callable[[Json], Any]
    hides: bool = False


# The annotations and labels of pods that the server takes for Ray's or the platform's own.
STRIPPED_ANNOTATIONS = frozenset(
    [IMAGE_ANNOTATION, TEMPLATE_ANNOTATION, "ray.io/health-state", "ray.io/ft-enabled", "openshift.io/scc"]
    + [f"cni.projectcalico.org/{name}" for name in ("podIP", "podIPs", "containerID")]
    + [f"k8s.v1.cni.cncf.io/{name}" for name in ("network-status", "networks-status")]
)
STRIPPED_LABELS = frozenset(
    ["app.kubernetes.io/created-by", "app.kubernetes.io/name"]
    + [f"ray.io/{name}" for name in ("cluster", "cluster-dashboard", "group", "identifier", "is-ray-node", "node-type")]
)


def _as_said(name: str, test: Callable[[Json], bool]) -> Callable[[Json], Any]:
    """A field that comes back where the test holds."""
    return lambda message: message.get(name, NOTHING) if test(message) else NOTHING


def _without(name: str, keys: Collection[str]) -> Callable[[Json], Any]:
    return lambda message: {key: value for key, value in (message.get(name) or {}).items() if key not in keys}


def _unreserved(reserved: Collection[str]) -> Callable[[Json], Any]:
    def back(message: Json) -> Json:
        said = message.get("environment") or {}
        return {part: _without(part, reserved)(said) for part in said if said[part]}

    return back


_ALWAYS = Loss(_as_said("imagePullPolicy", lambda message: message.get("imagePullPolicy") == "Always"))


def _group(reserved: Collection[str]) -> dict[str, Loss]:
    return {
        "imagePullPolicy": _ALWAYS,
        "environment": Loss(_unreserved(reserved), hides=True),
        "annotations": Loss(_without("annotations", STRIPPED_ANNOTATIONS), hides=True),
        "labels": Loss(_without("labels", STRIPPED_LABELS), hides=True),
    }


def _sources(message: Json) -> Any:
    """Of the autoscaler's whole ConfigMaps and Secrets neither the key comes back nor, by chance, the order."""
    said = message.get("envs") or {}
    sources = sorted((said.get("valuesFrom") or {}).values(), key=lambda one: (source_number(one), one.get("name", "")))
    return (
        {**said, "valuesFrom": {str(index): one for index, one in enumerate(sources)}} if sources else said or NOTHING
    )


def _partner(name: str, other: str, amount: str) -> Callable[[Json], Any]:
    """Where one of the autoscaler's amounts is said, the server gives the other one."""
    return lambda message: message.get(name) or (amount if message.get(other) else NOTHING)


# By message and field.
LOSSES: dict[str, dict[str, Loss]] = {
    "ClusterSpec": {
        "autoscalerOptions": Loss(_as_said("autoscalerOptions", lambda one: bool(one.get("enableInTreeAutoscaling"))))
    },
    "HeadGroupSpec": _group(HEAD_RESERVED),
    "WorkerGroupSpec": {
        **_group(WORKER_RESERVED),
        "minReplicas": Loss(lambda one: one.get("minReplicas") or one.get("replicas", NOTHING)),
    },
    "Volume": {
        "readOnly": Loss(_as_said("readOnly", lambda one: type_number(one) == CLAIM), hides=True),
        "mountPropagationMode": Loss(
            _as_said("mountPropagationMode", lambda one: type_number(one) in (CLAIM, HOST_PATH, EPHEMERAL)), hides=True
        ),
        "source": Loss(_as_said("source", lambda one: type_number(one) not in (EPHEMERAL, EMPTY_DIR))),
    },
    "AutoscalerOptions": {
        "imagePullPolicy": _ALWAYS,
        "envs": Loss(_sources),
        "cpu": Loss(_partner("cpu", "memory", "500m")),
        "memory": Loss(_partner("memory", "cpu", "512Mi")),
    },
    "RayJob": {"activeDeadlineSeconds": Loss(lambda _one: NOTHING, hides=True)},
}
# The message that a field holds, one or a list of them. The autoscaler's volumes are mounts, which come back whole.
PARTS: dict[str, dict[str, str]] = {
    "RayCluster": {"clusterSpec": "ClusterSpec"},
    "RayJob": {"clusterSpec": "ClusterSpec"},
    "RayService": {"clusterSpec": "ClusterSpec"},
    "ClusterSpec": {
        "headGroupSpec": "HeadGroupSpec",
        "workerGroupSpec": "WorkerGroupSpec",
        "autoscalerOptions": "AutoscalerOptions",
    },
    "HeadGroupSpec": {"volumes": "Volume"},
    "WorkerGroupSpec": {"volumes": "Volume"},
}


def returned(name: str, message: Json, hidden_only: bool = False) -> Json:
    """What comes back of a message of that name; ``hidden_only`` applies no more than what hides a later change."""
    parts = PARTS.get(name, {})
    made = {key: _parts(parts[key], value, hidden_only) if key in parts else value for key, value in message.items()}
    chosen = {key: loss for key, loss in LOSSES.get(name, {}).items() if loss.hides or not hidden_only}
    made.update({key: loss.back(made) for key, loss in chosen.items()})
    return {key: value for key, value in made.items() if value is not NOTHING and not is_zero(value)}


def _parts(name: str, value: Any, hidden_only: bool) -> Any:
    if isinstance(value, list):
        return [returned(name, one, hidden_only) for one in value]
    return returned(name, value, hidden_only)
