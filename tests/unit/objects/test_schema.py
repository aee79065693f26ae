# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection knows of the schemas of its kinds, place by place, against KubeRay's own CRDs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import (
    CLUSTER_SPEC,
    CRON_JOB_SPEC,
    JOB_SPEC,
    SERVICE_SPEC,
    Node,
)

from tests.fields.schema import MEMBER, Field, Schema, below, is_quantity, spec_schema
from tests.fields.schema import Path as Steps

KUBERAYS_OWN = Path(__file__).resolve().parents[4] / "shared" / "crds"
# Lists that are one value to Kubernetes and whose members the collection tells apart.
OURS = {
    ("workerGroupSpecs",): ("groupName",),
    ("autoscalerOptions", "env"): ("name",),
    ("autoscalerOptions", "volumeMounts"): ("mountPath",),
    ("historyServerOptions", "collectorOptions", "env"): ("name",),
    ("spec", "tolerations"): ("key", "operator", "value", "effect"),
}
# Defaults that are not the CRD's: Kubernetes' own, and what the operator adds whenever it writes the whole object.
DEFAULTS = {
    ("tolerations", MEMBER): {"key": "", "operator": "Equal", "value": "", "effect": ""},
    ("resourceFieldRef",): {"divisor": "0"},
}


def _differences(schema: Schema, node: Node, path: Steps) -> Iterator[str]:
    """Every place at which the two say something else."""
    expected = _expected(schema, path)
    known = {
        "keys": node.keys,
        "quantity": node.quantity,
        "a map of texts": node.each is not None and node.each.text,
        "a map of quantities": node.each is not None and node.each.quantity,
        "defaults": dict(node.defaults),
    }
    for what, value in expected.items():
        if known[what] != value:
            yield f"{Field(path, {})}: {what} {known[what]!r}, KubeRay's {value!r}"
    for step, part in below(schema).items():
        child = node.member() if step == MEMBER else node.child(step)
        yield from _differences(part, child, (*path, step))


def _expected(schema: Schema, path: Steps) -> dict[str, Any]:
    inner = below(schema)
    keys = schema.get("x-kubernetes-list-map-keys") or _of(OURS, path, ())
    values = schema.get("additionalProperties") or {}
    defaults = {name: part["default"] for name, part in inner.items() if "default" in part}
    return {
        "keys": tuple(keys),
        "quantity": is_quantity(schema),
        "a map of texts": values.get("type") == "string",
        "a map of quantities": is_quantity(values),
        "defaults": {**defaults, **_of(DEFAULTS, path, {})},
    }


def _of(table: dict[Steps, Any], path: Steps, otherwise: Any) -> Any:
    return next((value for end, value in table.items() if path[-len(end) :] == end), otherwise)


@pytest.mark.skipif(not KUBERAYS_OWN.exists(), reason="KubeRay's own CRDs are not beside this checkout")
@pytest.mark.parametrize(
    ("plural", "node"),
    [
        ("rayclusters", CLUSTER_SPEC),
        ("rayjobs", JOB_SPEC),
        ("rayservices", SERVICE_SPEC),
        ("raycronjobs", CRON_JOB_SPEC),
    ],
)
def test_what_is_known_of_the_schema_is_what_kuberays_own_crd_says(plural: str, node: Node) -> None:
    crd = yaml.load((KUBERAYS_OWN / f"ray.io_{plural}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    differences = list(_differences(spec_schema(crd), node, ()))
    assert not differences, "\n".join(differences)
