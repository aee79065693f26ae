# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up tasks for RayClusters, and what the operator, the API server and the autoscaler make of an object."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC, Node
from hypothesis import strategies as st

from tests.unit.trees import shuffled

Json = dict[str, Any]

_AMOUNTS = {"1": "1000m", "1000m": "1", "2": "2000m", "500m": "0.5", "1Gi": "1024Mi", "2048Mi": "2Gi", "4G": "4000M"}
_NAMES = st.sampled_from(["a", "b.c", "d/e"])
_TEXTS = st.dictionaries(_NAMES, st.sampled_from(["", "x", "1", "1000m"]), max_size=2)
_CPU, _MEMORY = st.sampled_from(["1", "1000m", "500m", "2"]), st.sampled_from(["1Gi", "2048Mi", "4G"])
_RESOURCES = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"cpu": _CPU, "memory": _MEMORY}, optional={"gpu": st.sampled_from([0, 1])}),
    st.fixed_dictionaries({"requests": st.fixed_dictionaries({"cpu": _CPU}), "limits": st.just({})}),
)
_TOLERATION = st.fixed_dictionaries(
    {"key": st.sampled_from(["t", "u"])},
    optional={
        "operator": st.sampled_from(["Exists", "Equal"]),
        "value": st.sampled_from(["", "x"]),
        "toleration_seconds": st.sampled_from([0, 5]),
    },
)
_TEMPLATE = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({}, optional={"labels": _TEXTS}),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "automountServiceAccountToken": st.booleans(),
                "terminationGracePeriodSeconds": st.sampled_from([0, 30]),
                "securityContext": st.fixed_dictionaries({}, optional={"runAsUser": st.sampled_from([0, 1000])}),
                "volumes": st.just([{"name": "v", "emptyDir": {}}, {"name": "w", "emptyDir": {"sizeLimit": "1Gi"}}]),
                "containers": st.just([{"name": "ray"}, {"name": "sidecar", "image": "s", "args": ["a", "b"]}]),
            },
        ),
    },
)
_GROUP: dict[str, st.SearchStrategy[Any]] = {
    "resources": _RESOURCES,
    "env": _TEXTS,
    "labels": _TEXTS,
    "annotations": _TEXTS,
    "node_selector": _TEXTS,
    "ray_start_params": _TEXTS,
    "tolerations": st.lists(_TOLERATION, max_size=2, unique_by=lambda one: one["key"]),
    "template": _TEMPLATE,
    "service_account": st.sampled_from(["", "robot"]),
    "image_pull_secret": st.just("pull"),
}
_WORKER = st.fixed_dictionaries(
    {"group_name": st.sampled_from(["one", "two", "three"])},
    optional={**_GROUP, "replicas": st.just(2), "min_replicas": st.integers(0, 2), "max_replicas": st.integers(2, 4)},
)

# The options of a task on a RayCluster.
TASKS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {},
    optional={
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "suspend": st.booleans(),
        "enable_in_tree_autoscaling": st.booleans(),
        "head_service_annotations": _TEXTS,
        "head_group": st.fixed_dictionaries({}, optional={**_GROUP, "enable_ingress": st.booleans()}),
        "worker_groups": st.lists(_WORKER, max_size=3, unique_by=lambda one: one["group_name"]),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "autoscalerOptions": st.fixed_dictionaries(
                    {"resources": st.fixed_dictionaries({"limits": st.fixed_dictionaries({"cpu": _CPU})})},
                    optional={"idleTimeoutSeconds": st.sampled_from([0, 60])},
                ),
                "authOptions": st.just({}),
            },
        ),
    },
)


def served(resource: Json) -> Json:
    """The object with the defaults of the CRD."""
    resource = copy.deepcopy(resource)
    for group in resource["spec"].get("workerGroupSpecs") or []:
        for field, default in {"replicas": 0, "minReplicas": 0, "maxReplicas": 2147483647, "numOfHosts": 1}.items():
            group.setdefault(field, default)
    return resource


@st.composite
def rewritten(draw: Callable[[st.SearchStrategy[Any]], Any], resource: Json) -> Json:
    """The object after a whole update by the operator: the same, said in another way."""
    resource = copy.deepcopy(resource)
    for group in _groups(resource):
        for container in (group["template"].get("spec") or {}).get("containers") or []:
            container.setdefault("resources", {})
            _respell(container["resources"])
        group["template"].setdefault("metadata", {})
    for group in resource["spec"].get("workerGroupSpecs") or []:
        group.setdefault("scaleStrategy", {})
    _respell((resource["spec"].get("autoscalerOptions") or {}).get("resources") or {})
    _drop_empties(resource["spec"], CLUSTER_SPEC, draw)
    return served(shuffled(resource, reverse=draw(st.booleans())))


@st.composite
def autoscaled(draw: Callable[[st.SearchStrategy[Any]], Any], resource: Json) -> Json:
    """The object after patches of the autoscaler: replicas within their range, and workers to delete."""
    resource = copy.deepcopy(resource)
    for group in resource["spec"].get("workerGroupSpecs") or []:
        group["replicas"] = draw(st.integers(group["minReplicas"], min(group["maxReplicas"], 9)))
        group["scaleStrategy"] = {"workersToDelete": draw(st.lists(st.sampled_from(["p1", "p2"]), max_size=1))}
    return resource


def _groups(resource: Json) -> Iterator[Json]:
    yield resource["spec"]["headGroupSpec"]
    yield from resource["spec"].get("workerGroupSpecs") or []


def _respell(resources: Json) -> None:
    for side in ("requests", "limits"):
        amounts = resources.get(side) or {}
        amounts.update({name: _AMOUNTS.get(amount, amount) for name, amount in amounts.items()})


def _drop_empties(
    value: Any,
    node: Node,
    draw: Callable[[st.SearchStrategy[Any]], Any],
    droppable: tuple[Any, ...] = (False, 0, "", []),
) -> None:
    """Go leaves fields out that hold a zero value: some of them, as their types say.

    A map's texts all stay, and so do empty blocks; inside a list without keys no zero is lost.
    """
    if isinstance(value, list):
        for member in value:
            _drop_empties(member, node.member(), draw, droppable if node.index(value) else ("", []))
    elif isinstance(value, dict):
        for key in list(value):
            child = node.child(key)
            _drop_empties(value[key], child, draw, droppable)
            is_empty = value[key] == {} if child.is_map else not child.text and value[key] in droppable
            if is_empty and draw(st.booleans()):
                del value[key]
