# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of KubeRay's own RayCluster over V1: it is sent, or refused; none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import leaves
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import inexpressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.fields.schema import Field
from tests.fields.values import put, samples
from tests.unit.builders import IMAGE
from tests.unit.simulated import every_field, needs_kuberays_own, schema, wished

pytestmark = pytest.mark.thorough
Json = dict[str, Any]


def _group(container: str) -> Json:
    annotations = {"ray.io/compute-template": "small"}
    pod = {"containers": [{"name": container, "image": IMAGE}]}
    return {"rayStartParams": {"a": "b"}, "template": {"metadata": {"annotations": annotations}, "spec": pod}}


_HEAD = _group("ray-head")
_WORKER = {"groupName": "small", "maxReplicas": 3, **_group("ray-worker")}
BASE: Json = {"enableInTreeAutoscaling": True, "headGroupSpec": _HEAD, "workerGroupSpecs": [_WORKER]}
# What is what V1 does where nothing is said.
_SILENT: dict[str, tuple[Any, ...]] = {
    "suspend": (False,),
    "managedBy": ("ray.io/kuberay-operator",),
    "upgradeStrategy.type": ("None",),
    "enableIngress": (False,),
    "enableInTreeAutoscaling": (False,),
    "numOfHosts": (1,),
    "optional": (False,),
    "readOnly": (False,),
    "replicas": (0,),
    "minReplicas": (0,),
    "mountPropagation": ("None",),
    "divisor": ("0",),
    "apiVersion": ("v1",),
}


def _blocks() -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for field in every_field():
        depth = 5 if "template" in field.path else 2
        found.setdefault(str(Field(field.path[:depth], {})), []).append(field)
    return found


BLOCKS = _blocks()


@needs_kuberays_own
@pytest.mark.parametrize("block", BLOCKS or ["none"])
def test_no_field_is_dropped_in_silence(block: str) -> None:
    lost = [
        f"{path} = {value!r}"
        for field in BLOCKS[block]
        for resource in _wishes(field)
        for path, value in _lost(resource)
    ]
    assert not lost, "\n".join(dict.fromkeys(lost))


def _wishes(field: Field) -> Iterator[Json]:
    """Wishes for each sample of a field; some are none, as one for no image."""
    for sample in samples(field):
        with suppress(OptionError):
            yield wished(put(BASE, schema(), field.path, sample), None)


def _lost(resource: Json) -> Iterator[tuple[str, Any]]:
    """What neither comes back from the message nor is told to be impossible."""
    node = CLUSTER.schema.child("spec")
    carried = {
        leaf.path: leaf.after
        for leaf in leaves(to_resource(CLUSTER, to_message(CLUSTER, resource))["spec"], node, "add", "spec")
    }
    # A container of another name is another one altogether.
    told = tuple(one.path.removesuffix("].name") for one in inexpressible(CLUSTER, resource) if one.refused)
    for leaf in leaves(resource["spec"], node, "add", "spec"):
        path, value = leaf.path, leaf.after
        same = path in carried and (carried[path] == value or same_quantity(carried[path], value))
        silent = any(path.endswith(f".{end}") and value in values for end, values in _SILENT.items())
        if not (same or silent or value in ("", [], {}, None) or path.startswith(told) or _is_templates(path)):
            yield path, value


def _is_templates(path: str) -> bool:
    """Without its templates a wish is believed to be sized by them."""
    resources = (".containers[ray-head].resources", ".containers[ray-worker].resources")
    return any(part in path for part in (*resources, ".template.spec.tolerations"))
