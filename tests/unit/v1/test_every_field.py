# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of KubeRay's own CRDs over V1: it is sent, or refused; none is dropped in silence."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import leaves
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import inexpressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.fields.schema import Field, fields, spec_schema
from tests.fields.values import put, samples
from tests.unit.builders import IMAGE
from tests.unit.simulated import KUBERAYS_OWN, blocks, needs_kuberays_own, schema, wished

pytestmark = pytest.mark.thorough
Json = dict[str, Any]
CRDS = KUBERAYS_OWN.parent


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
    "submissionMode": ("K8sJobMode",),
    "backoffLimit": (0,),
    "shutdownAfterJobFinishes": (False,),
    "ttlSecondsAfterFinished": (0,),
    "entrypointNumCpus": (0,),
    "excludeHeadPodFromServeSvc": (False,),
    "serviceUnhealthySecondThreshold": (0,),
    "deploymentUnhealthySecondThreshold": (0,),
    "minReplicas": (0,),
    "mountPropagation": ("None",),
    "divisor": ("0",),
    "apiVersion": ("v1",),
}


# What another kind needs, and the cluster inside, whose fields are tested as those of a RayCluster.
OTHERS: dict[str, tuple[Kind, Json, str]] = {
    JOB.name: (JOB, {"entrypoint": "true", "rayClusterSpec": BASE}, "rayClusterSpec"),
    SERVICE.name: (SERVICE, {"serveConfigV2": "applications: []", "rayClusterConfig": BASE}, "rayClusterConfig"),
}


BLOCKS = blocks()


@needs_kuberays_own
@pytest.mark.parametrize("block", BLOCKS or ["none"])
def test_no_field_is_dropped_in_silence(block: str) -> None:
    lost = [
        f"{path} = {value!r}"
        for field in BLOCKS[block]
        for resource in _wishes(field)
        for path, value in _lost(CLUSTER, resource)
    ]
    assert not lost, "\n".join(dict.fromkeys(lost))


@needs_kuberays_own
@pytest.mark.parametrize("name", OTHERS)
def test_no_field_of_another_kind_is_dropped_in_silence(name: str) -> None:
    kind, least, inside = OTHERS[name]
    own = spec_schema(yaml.load((CRDS / f"ray.io_{kind.plural}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader))
    besides = {inside, "submitterPodTemplate", "serveService"}
    # No sample is known for numbers with a fraction: they stand among the rows of test_fields.py.
    chosen = [one for one in fields(own) if one.path[0] not in besides and one.schema.get("type") != "number"]
    assert len(chosen) > 5
    lost = [
        f"{path} = {value!r}"
        for field in chosen
        for sample in samples(field)
        for path, value in _lost(kind, _resource(kind, put(least, own, field.path, sample)))
    ]
    assert not lost, "\n".join(dict.fromkeys(lost))


def _resource(kind: Kind, spec: Json) -> Json:
    return {"metadata": {"name": "demo", "namespace": "ray"}, "spec": copy.deepcopy(spec)}


def _wishes(field: Field) -> Iterator[Json]:
    """Wishes for each sample of a field; some are none, as one for no image."""
    for sample in samples(field):
        with suppress(OptionError):
            yield wished(put(BASE, schema(), field.path, sample), None)


def _lost(kind: Kind, resource: Json) -> Iterator[tuple[str, Any]]:
    """What neither comes back from the message nor is told to be impossible."""
    node, said = kind.schema.child("spec"), to_message(kind, resource)
    # The id of a job comes back in its status.
    carried = {"spec.jobId": said.get("jobId")}
    carried |= {leaf.path: leaf.after for leaf in leaves(to_resource(kind, said)["spec"], node, "add", "spec")}
    # A container of another name is another one altogether.
    told = tuple(one.path.removesuffix("].name") for one in inexpressible(kind, resource) if one.refused)
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
