# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about the groups of a cluster: names, pods, counts, and what Ray is told about their resources."""

from __future__ import annotations

import re

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS

_RESOURCE_PARAMS = ("num-cpus", "num-gpus", "memory", "resources")
_NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_LABEL_VALUE = re.compile(rf"(?:{_NAME})?")
_DNS_1123 = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_LABEL_KEY = re.compile(rf"(?:(?P<domain>{_DNS_1123}(?:\.{_DNS_1123})*)/)?{_NAME}")
_LONGEST_DOMAIN = 253
_SYNTAX = "letters, digits, '-', '_' and '.', 63 at most, a letter or digit at both ends"


def _containers(cluster: Cluster) -> Found:
    for group in cluster.groups:
        containers = group.at("template.spec.containers")
        if not containers.filled:
            yield containers, "a container is needed"


def _names(cluster: Cluster) -> Found:
    for group in cluster.workers:
        if not group["groupName"].text:
            yield group["groupName"], "a name is needed"


def _namesakes(cluster: Cluster) -> Found:
    seen: set[str] = set()
    for group in cluster.workers:
        name = group["groupName"]
        if name.text and name.text in seen:
            yield name, f"{name.text!r} is the name of another group too"
        seen.add(name.text)


def _negative(cluster: Cluster) -> Found:
    for group in cluster.workers:
        for bound in (group["minReplicas"], group["maxReplicas"]):
            if (bound.number or 0) < 0:
                yield bound, "must not be negative"


def _bounds(cluster: Cluster) -> Found:
    for group in cluster.workers:
        low, high = group["minReplicas"].number or 0, group["maxReplicas"].number
        high = MOST_REPLICAS if high is None else high
        if 0 <= high < low:
            yield group["minReplicas"], f"minReplicas {low} is above maxReplicas {high}"


def _negative_replicas(cluster: Cluster) -> Found:
    for group in cluster.workers:
        if (group["replicas"].number or 0) < 0:
            yield group["replicas"], "is negative; the operator takes minReplicas instead"


def _start_params(cluster: Cluster) -> Found:
    for group in cluster.groups:
        if not group["rayStartParams"].given:
            yield group["rayStartParams"], "is needed before KubeRay 1.4, if only as an empty mapping"


def _resources_twice(cluster: Cluster) -> Found:
    for group in cluster.groups:
        twice = [name for name in _RESOURCE_PARAMS if group["rayStartParams"][name].filled]
        if group["resources"].filled and twice:
            yield group["resources"], f"excludes rayStartParams {', '.join(twice)}; say it in one place"


def _labels_as_params(cluster: Cluster) -> Found:
    for group in cluster.groups:
        labels = group["rayStartParams"]["labels"]
        if labels.given:
            yield labels, "is refused by the operator since KubeRay 1.5; use the group's labels"


def _labels(cluster: Cluster) -> Found:
    for group in cluster.groups:
        for key, value in group["labels"].fields():
            match = _LABEL_KEY.fullmatch(key)
            if match is None or len(match["domain"] or "") > _LONGEST_DOMAIN:
                yield value, f"{key!r} is no label's name: {_SYNTAX}, and perhaps a domain/ before it"
            if not _LABEL_VALUE.fullmatch(value.text):
                yield value, f"{value.text!r} is no label's value: {_SYNTAX}"


GROUP_RULES: tuple[Rule[Cluster], ...] = (
    Rule("container-needed", _containers),
    Rule("group-name-needed", _names),
    Rule("group-name-once", _namesakes),
    Rule("replicas-bound-negative", _negative),
    Rule("replicas-bounds-order", _bounds),
    Rule("replicas-negative", _negative_replicas, warns=True),
    Rule("start-parameters-needed", _start_params, until=release("1.4")),
    Rule("resources-once", _resources_twice, since=release("1.5"), always=True),
    Rule("labels-not-as-start-parameter", _labels_as_params, since=release("1.5")),
    Rule("label-syntax", _labels, since=release("1.5"), always=True),
)
