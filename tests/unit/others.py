# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other writers of a RayCluster, people and webhooks and Kueue: what they add, and whether it is still there."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
# Where something is: keys of mappings; in lists a member's name.
Way = tuple[str, ...]

_NAMED = {"groupName", "name"}
# What the members of lists that others add to are told apart by.
_KEYS = {*_NAMED, "key", "ip", "topologyKey", "mountPath", "containerPort"}
_POD: list[tuple[Way, Any]] = [
    (("metadata", "labels"), {"theirs": ""}),
    (("metadata", "annotations"), {"theirs": "x"}),
    (("spec", "nodeSelector"), {"theirs": "x"}),
    (("spec", "tolerations"), [{"key": "theirs", "operator": "Exists"}]),
    (("spec", "schedulingGates"), [{"name": "theirs"}]),
    (("spec", "volumes"), [{"name": "theirs", "emptyDir": {}}]),
    (("spec", "containers"), [{"name": "theirs", "image": "theirs", "args": ["theirs"]}]),
    (("spec", "initContainers"), [{"name": "theirs", "image": "theirs"}]),
    (("spec", "imagePullSecrets"), [{"name": "theirs"}]),
    (("spec", "hostAliases"), [{"ip": "10.0.0.1", "hostnames": ["theirs"]}]),
    (
        ("spec", "topologySpreadConstraints"),
        [{"topologyKey": "theirs", "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1}],
    ),
    (("spec", "securityContext"), {"fsGroup": 3}),
    (("spec", "runtimeClassName"), "theirs"),
    (
        ("spec", "affinity"),
        {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "preference": {}}]}},
    ),
]
_CONTAINER: list[tuple[Way, Any]] = [
    (("env",), [{"name": "THEIRS", "value": "3"}]),
    (("env",), [{"name": "THEIRS_TOO", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]),
    (("volumeMounts",), [{"name": "theirs", "mountPath": "/theirs"}]),
    (("ports",), [{"containerPort": 9, "name": "theirs", "protocol": "UDP"}]),
    (("resources", "limits"), {"theirs/fpga": "7"}),
    (("livenessProbe",), {"periodSeconds": 7}),
    (("securityContext",), {"readOnlyRootFilesystem": True}),
]
_GROUP: list[tuple[Way, Any]] = [(("rayStartParams",), {"theirs": "x"}), (("labels",), {"theirs": "x"})]
_CLUSTER: list[tuple[Way, Any]] = [
    (("metadata", "labels"), {"theirs": "x"}),
    (("metadata", "annotations"), {"theirs/x": "x"}),
    (("metadata", "finalizers"), ["theirs"]),
    (("spec", "headServiceAnnotations"), {"theirs": "x"}),
    (("spec", "tlsOptions"), {"enabled": True}),
]
# What Kueue writes into a pod template when it admits a workload.
KUEUES: list[tuple[Way, Any]] = [
    (("metadata", "labels"), {"kueue.x-k8s.io/podset": "theirs"}),
    (("metadata", "annotations"), {"kueue.x-k8s.io/workload": "theirs"}),
    (("spec", "nodeSelector"), {"flavor": "theirs"}),
    (("spec", "tolerations"), [{"key": "theirs", "operator": "Equal", "value": "spot", "effect": "NoSchedule"}]),
    (("spec", "schedulingGates"), [{"name": "kueue.x-k8s.io/topology"}]),
]


@dataclass(frozen=True)
class Addition:
    """Something that others added at one place."""

    way: Way
    value: Any

    def apply(self, resource: Json) -> None:
        """Add it: to what a list or a mapping has already, or as a value of its own."""
        *above, last = self.way
        place: Any = resource
        for step in above:
            place = _into(place, step)
        place[last] = _plus(place.get(last), copy.deepcopy(self.value))

    def is_to_stay(self, wish: Json) -> bool:
        """Whether a wish leaves it alone.

        It does not where it says the same itself, nor where it drops the group or the container that this was added to.
        """
        place: Any = wish
        for step in self.way:
            below = _look(place, step)
            if below is None:
                return not isinstance(place, list) and step != "workerGroupSpecs"
            place = below
        return not _speaks_of(place, self.value)

    def holds(self, resource: Json) -> bool:
        """Whether it is still there."""
        place: Any = resource
        for step in self.way:
            place = _look(place, step)
        return _holds(place, self.value)

    def take_away(self, resource: Json) -> None:
        """The other way round."""
        *above, last = self.way
        place: Any = resource
        for step in above:
            place = _look(place, step)
        if place is None or last not in place:
            return
        rest = _minus(place.pop(last), self.value)
        place.update({} if rest is None else {last: rest})


def additions(resource: Json) -> list[Addition]:
    """All that others might add to an object."""
    found = [Addition(way, value) for way, value in _CLUSTER]
    for at, group in _groups(resource):
        found += [Addition(at + way, value) for way, value in _GROUP]
        found += _pod_additions(at, group, _POD)
    return found


@st.composite
def added_to(draw: Draw, resource: Json, wish: Json) -> list[Addition]:
    """Some of that, besides what a wish says itself."""
    free = [one for one in additions(resource) if one.is_to_stay(wish)]
    return draw(st.lists(st.sampled_from(free), max_size=8, unique_by=lambda one: (one.way, repr(one.value))))


def kueues(resource: Json) -> list[Addition]:
    """What Kueue adds."""
    return [Addition((*at, "template", *way), value) for at, _group in _groups(resource) for way, value in KUEUES]


def after(resource: Json, added: list[Addition]) -> Json:
    """The object with additions."""
    resource = copy.deepcopy(resource)
    for one in added:
        one.apply(resource)
    return resource


def without(resource: Json, added: list[Addition]) -> Json:
    """The object without additions."""
    resource = copy.deepcopy(resource)
    for one in added:
        one.take_away(resource)
    return resource


def _pod_additions(at: Way, group: Json, table: list[tuple[Way, Any]]) -> Iterator[Addition]:
    for way, value in table:
        yield Addition((*at, "template", *way), value)
    for container in group["template"]["spec"].get("containers") or []:
        for way, value in _CONTAINER:
            yield Addition((*at, "template", "spec", "containers", container["name"], *way), value)


def _groups(resource: Json) -> Iterator[tuple[Way, Json]]:
    yield ("spec", "headGroupSpec"), resource["spec"]["headGroupSpec"]
    for group in resource["spec"].get("workerGroupSpecs") or []:
        yield ("spec", "workerGroupSpecs", group["groupName"]), group


def _into(place: Any, step: str) -> Any:
    if isinstance(place, list):
        return _look(place, step)
    return place.setdefault(step, {})


def _look(place: Any, step: str) -> Any:
    if isinstance(place, list):
        return next((one for one in place if any(one.get(key) == step for key in _NAMED)), None)
    return place.get(step) if isinstance(place, dict) else None


def _speaks_of(wish: Any, value: Any) -> bool:
    """Whether a wish has a say about any part of a value."""
    if isinstance(wish, dict) and isinstance(value, dict):
        return any(key in wish and _speaks_of(wish[key], one) for key, one in value.items())
    return not (isinstance(wish, list) and all(isinstance(one, dict) and one.keys() & _KEYS for one in wish))


def _plus(place: Any, value: Any) -> Any:
    """A value with another added to it."""
    if isinstance(place, dict) and isinstance(value, dict):
        return {**place, **{key: _plus(place.get(key), one) for key, one in value.items()}}
    return [*place, *value] if isinstance(place, list) and isinstance(value, list) else value


def _minus(place: Any, value: Any) -> Any:
    """What is left of a value without another."""
    if isinstance(place, dict) and isinstance(value, dict):
        rest = {key: _minus(one, value[key]) if key in value else one for key, one in place.items()}
        return {key: one for key, one in rest.items() if key not in value or one is not None}
    if isinstance(place, list) and isinstance(value, list):
        return [there for there in place if not any(_holds(there, one) for one in value)]
    return None


def _holds(place: Any, value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(place, dict) and all(key in place and _holds(place[key], one) for key, one in value.items())
    if isinstance(value, list):
        return isinstance(place, list) and all(any(_holds(there, one) for there in place) for one in value)
    return bool(place == value)
