# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw fields get the types of their schema, whatever YAML or a survey made of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._desired.types import (
    BOOLEANS,
    EITHER,
    INTEGERS,
    NUMBERS,
    typed,
)
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import clean
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC

KUBERAYS_OWN = sorted((Path(__file__).resolve().parents[4] / "shared" / "crds").glob("ray.io_*.yaml"))


def _types(schema: dict[str, Any], name: str, found: dict[str, set[str]]) -> None:
    """The types that each field name has, leaves only; those of quantities and of maps' values are no field's."""
    if schema.get("x-kubernetes-int-or-string"):
        found[name].add("quantity" if schema.get("pattern") else "either")
    elif schema.get("type") in ("string", "integer", "boolean", "number"):
        found[name].add(schema["type"])
    for field, below in (schema.get("properties") or {}).items():
        _types(below, field, found)
    if isinstance(schema.get("items"), dict):
        _types(schema["items"], name, found)


@pytest.mark.skipif(not KUBERAYS_OWN, reason="KubeRay's own CRDs are not beside this checkout")
def test_the_names_are_those_of_kuberays_own_crds() -> None:
    versions = [yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["spec"]["versions"] for file in KUBERAYS_OWN]
    found: dict[str, set[str]] = defaultdict(set)
    for version in chain.from_iterable(versions):
        _types(version["schema"]["openAPIV3Schema"]["properties"]["spec"], "spec", found)
    # Numbers and texts share these names; the numbers among "values", those of exit codes, stand in the schema.
    several = {name for name, types in found.items() if len(types) > 1} - {"values"}
    assert several | {name for name, types in found.items() if types == {"either"}} == EITHER
    assert {name for name, types in found.items() if types == {"integer"}} == INTEGERS
    assert {name for name, types in found.items() if types == {"boolean"}} == BOOLEANS
    assert {name for name, types in found.items() if types == {"number"}} == NUMBERS


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("replicas", "3", 3),
        ("entrypointNumCpus", "0.5", 0.5),
        ("entrypointNumCpus", "1.0", 1),
        ("containerPort", " 8265 ", 8265),
        ("suspend", "yes", True),
        ("suspend", "False", False),
        ("port", "8265", 8265),
        ("port", "dashboard", "dashboard"),
        ("mode", "token", "token"),
        ("mode", "420", 420),
        ("rayVersion", 2, "2"),
        ("value", True, "true"),
        ("args", 8080, "8080"),
        ("image", "ray", "ray"),
        ("unheardOf", 3, 3),
    ],
)
def test_what_can_be_meant_one_way_only_is_taken_that_way(name: str, value: Any, meant: Any) -> None:
    assert typed(name, value, "spec") == meant
    assert type(typed(name, value, "spec")) is type(meant)


@pytest.mark.parametrize(
    ("name", "value"),
    [("replicas", "many"), ("replicas", True), ("replicas", 1.5), ("suspend", "perhaps"), ("value", 1.1)],
)
def test_what_cannot_is_refused_with_its_path(name: str, value: Any) -> None:
    with pytest.raises(OptionError, match=r"^spec\.x: "):
        typed(name, value, "spec.x")


def test_a_raw_spec_is_typed_at_every_depth() -> None:
    template = {
        "metadata": {"labels": {"gpu": True, "count": 1}},
        "spec": {
            "hostNetwork": "true",
            "nodeSelector": {"gpu": 1},
            "containers": [{"name": "r", "env": [{"name": "A", "value": 1}], "ports": [{"containerPort": "8265"}]}],
        },
    }
    spec = {"workerGroupSpecs": [{"groupName": "a", "maxReplicas": "3", "template": template}]}
    (group,) = clean(spec, CLUSTER_SPEC, "spec")["workerGroupSpecs"]
    assert group == {
        "groupName": "a",
        "maxReplicas": 3,
        "template": {
            "metadata": {"labels": {"gpu": "true", "count": "1"}},
            "spec": {
                "hostNetwork": True,
                "nodeSelector": {"gpu": "1"},
                "containers": [{"name": "r", "env": [{"name": "A", "value": "1"}], "ports": [{"containerPort": 8265}]}],
            },
        },
    }


def test_a_raw_quantity_has_to_be_one() -> None:
    with pytest.raises(OptionError, match=r"^spec\.autoscalerOptions\.resources\.limits\.cpu: 'lots'"):
        clean({"autoscalerOptions": {"resources": {"limits": {"cpu": "lots"}}}}, CLUSTER_SPEC, "spec")
