# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What V1's server refuses, dies of, or makes something else of, although a message can say it.

Source: contract 2.3, 2.5, 2.9, 2.10 and 11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    CLUSTER,
    JOB,
    SERVICE,
    TEMPLATE_ANNOTATION,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found
from ansible_collections.kuberay.core.plugins.module_utils._v1.cluster import USER_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._v1.groups import IMAGE_ANNOTATION

_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_QUALIFIED = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_CLUSTERS = {CLUSTER.name: "spec", JOB.name: "spec.rayClusterSpec", SERVICE.name: "spec.rayClusterConfig"}


def cluster_of(kind: Kind, resource: Part) -> Part:
    """The RayClusterSpec in a resource."""
    return resource.at(_CLUSTERS[kind.name])


def groups_of(kind: Kind, resource: Part) -> Iterator[Part]:
    """Its head and its worker groups."""
    cluster = cluster_of(kind, resource)
    if cluster["headGroupSpec"].filled:
        yield cluster["headGroupSpec"]
    yield from cluster["workerGroupSpecs"].members("groupName")


def _no_head(kind: Kind, resource: Part) -> Found:
    cluster = cluster_of(kind, resource)
    if cluster.given and not cluster["headGroupSpec"].filled:
        yield cluster["headGroupSpec"], "is needed: V1 refuses a cluster without a head, and some of its servers end"


def _no_template(kind: Kind, resource: Part) -> Found:
    for group in groups_of(kind, resource):
        named = group.at("template.metadata.annotations")[TEMPLATE_ANNOTATION]
        if not named.text:
            yield named, "V1 makes every group from a compute template: name one"


def _no_start_params(kind: Kind, resource: Part) -> Found:
    params = cluster_of(kind, resource)["headGroupSpec"]["rayStartParams"]
    if cluster_of(kind, resource)["headGroupSpec"].filled and not params.filled:
        yield params, "V1 refuses a head without any; dashboard-host: 0.0.0.0 is what most heads need"


def _replicas(kind: Kind, resource: Part) -> Found:
    for group in cluster_of(kind, resource)["workerGroupSpecs"].members("groupName"):
        least, most = group["minReplicas"], group["maxReplicas"]
        if most.number == 0:
            yield most, "V1 refuses a group that has 0 workers at most"
        elif most.number is not None and (least.number or 0) > most.number:
            yield least, f"V1 refuses more than the {most.number} of maxReplicas"


def _autoscaler_off(kind: Kind, resource: Part) -> Found:
    cluster = cluster_of(kind, resource)
    if cluster["autoscalerOptions"].filled and not cluster["enableInTreeAutoscaling"].is_true:
        yield cluster["autoscalerOptions"], "V1 stores none of it unless enableInTreeAutoscaling is true"


def _host_path_types(kind: Kind, resource: Part) -> Found:
    for group in groups_of(kind, resource):
        for volume in group.at("template.spec.volumes").members():
            if volume["hostPath"].given and not volume["hostPath"]["type"].filled:
                yield volume["hostPath"]["type"], "V1 has Directory and File only, and makes Directory of nothing"


def _image_annotation(kind: Kind, resource: Part) -> Found:
    for group in groups_of(kind, resource):
        noted = group.at("template.metadata.annotations")[IMAGE_ANNOTATION]
        container = next(iter(group.at("template.spec.containers").members()), Part({}))
        if noted.given and noted.text != container["image"].text:
            yield noted, "V1 keeps the image of the group in it: leave it out"


def _label_values(kind: Kind, resource: Part) -> Found:
    values = [resource.at("metadata.labels")[USER_LABEL]]
    if kind is CLUSTER:
        values.append(resource.at("spec.rayVersion"))
    for value in values:
        if not _LABEL_VALUE.fullmatch(value.text):
            yield value, f"V1 makes a label of it, and {value.text!r} cannot be the value of one"


def _metadata_keys(kind: Kind, resource: Part) -> Found:
    for key, value in resource.at("spec.metadata").fields() if kind is JOB else []:
        if not _QUALIFIED.fullmatch(key):
            yield value, "V1 makes an annotation of it, and the key cannot be that of one"


def _no_serve_config(kind: Kind, resource: Part) -> Found:
    config = resource.at("spec.serveConfigV2")
    if kind is SERVICE and not config.text:
        yield config, "V1 makes no service without one"


REFUSED: tuple[Callable[[Kind, Part], Found], ...] = (
    _no_head,
    _no_template,
    _no_start_params,
    _replicas,
    _autoscaler_off,
    _host_path_types,
    _image_annotation,
    _label_values,
    _metadata_keys,
    _no_serve_config,
)


def _least_workers(kind: Kind, resource: Part) -> Found:
    if not cluster_of(kind, resource)["enableInTreeAutoscaling"].is_true:
        return
    for group in cluster_of(kind, resource)["workerGroupSpecs"].members("groupName"):
        least, now = group["minReplicas"], group["replicas"].number or 0
        if not least.number and now > 0:
            yield least, f"V1 makes it the {now} of replicas where it is 0 or left out: begin with 0 replicas to have 0"


def _one_amount(kind: Kind, resource: Part) -> Found:
    """What the server gives by itself to an autoscaler that has one amount of two."""
    limits = cluster_of(kind, resource)["autoscalerOptions"]["resources"]["limits"]
    for name, other, amount in (("cpu", "memory", "500m"), ("memory", "cpu", "512Mi")):
        if limits[other].given and not limits[name].given:
            yield limits[name], f"V1 makes it {amount} where {other} alone is given"


WARNED: tuple[Callable[[Kind, Part], Found], ...] = (_least_workers, _one_amount)
