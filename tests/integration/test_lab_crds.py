# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The condensed CRDs behave as KubeRay's own, and where those are at hand, are the same."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.patience import SECONDS
from tests.lab import crds
from tests.lab.api import Api
from tests.lab.layout import CHECKOUT
from tests.lab.processes import wait_until
from tests.lab.schema import Kubernetes

KUBERAYS = CHECKOUT.parent / "shared" / "crds"
# The status of a Service makes no sense in the spec of a RayCluster, so its details are not copied.
TOLERATED = ("status.loadBalancer.ingress[].ports[]", "status.loadBalancer.ingress[].ports[].error")
TEMPLATE = {"spec": {"containers": [{"name": "ray", "image": "rayproject/ray:2.50.0"}]}}


def cluster(name: str, **spec: Any) -> dict[str, Any]:
    groups = [{"groupName": "small", "rayStartParams": {}, "template": TEMPLATE}]
    return {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": name},
        # The operator leaves it alone: this is about the API server.
        "spec": {
            "managedBy": "kueue.x-k8s.io/multikueue",
            "headGroupSpec": {"rayStartParams": {}, "template": TEMPLATE},
            "workerGroupSpecs": groups,
            **spec,
        },
    }


def path(namespace: str, name: str = "", version: str = "v1") -> str:
    return f"/apis/ray.io/{version}/namespaces/{namespace}/rayclusters/{name}".rstrip("/")


def create(api: Api, namespace: str, body: dict[str, Any]) -> tuple[int, Any]:
    status, answer = api.request("POST", path(namespace), body, fieldValidation="Strict")
    return status, json.loads(answer)


def test_defaults_are_filled_in(lab_api: Api, namespace: str) -> None:
    status, made = create(lab_api, namespace, cluster("a"))
    assert status == 201, made
    group = made["spec"]["workerGroupSpecs"][0]
    wanted = {"replicas": 0, "minReplicas": 0, "maxReplicas": 2147483647, "numOfHosts": 1, "priority": 0}
    assert {key: group[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"upgradeStrategy": {"type": "Sometimes"}}, "Unsupported value"),
        ({"managedBy": "me"}, "must be either 'ray.io/kuberay-operator'"),
        ({"workerGroupSpecs": [{"template": TEMPLATE}]}, "groupName"),
        ({"rayVersio": "2.50.0"}, 'unknown field "spec.rayVersio"'),
        ({"rayVersion": 2.5}, "must be of type string"),
    ],
    ids=["enum", "rule", "required", "unknown", "type"],
)
def test_what_the_schema_forbids_is_refused(lab_api: Api, namespace: str, spec: dict[str, Any], message: str) -> None:
    status, answer = create(lab_api, namespace, cluster("a", **spec))
    assert status in (400, 422)
    assert message in answer["message"]


def test_immutable_fields(lab_api: Api, namespace: str) -> None:
    create(lab_api, namespace, cluster("a"))
    change = {"spec": {"managedBy": "ray.io/kuberay-operator"}}
    kind = "application/merge-patch+json"
    status, body = lab_api.request("PATCH", path(namespace, "a"), change, content_type=kind)
    assert status == 422
    assert b"immutable" in body


def test_v1alpha1_hides_and_loses_newer_fields(lab_api: Api, namespace: str) -> None:
    create(lab_api, namespace, cluster("a", upgradeStrategy={"type": "Recreate"}))
    old = lab_api.get(path(namespace, "a", "v1alpha1"))
    assert "upgradeStrategy" not in old["spec"]
    assert "numOfHosts" not in old["spec"]["workerGroupSpecs"][0]
    change = [{"op": "replace", "path": "/spec/workerGroupSpecs/0/replicas", "value": 2}]
    status, body = lab_api.request(
        "PATCH", path(namespace, "a", "v1alpha1"), change, content_type="application/json-patch+json"
    )
    assert status == 200, body
    assert "upgradeStrategy" not in lab_api.get(path(namespace, "a"))["spec"]


def test_foreground_deletion_waits_for_children(lab_api: Api, namespace: str) -> None:
    """The garbage collector knows the kind from the lab's first moment."""
    _, owner = create(lab_api, namespace, cluster("a"))
    reference = {"apiVersion": "ray.io/v1", "kind": "RayCluster", "name": "a", "uid": owner["metadata"]["uid"]}
    child = {"metadata": {"name": "child", "ownerReferences": [{**reference, "blockOwnerDeletion": True}]}}
    maps = f"/api/v1/namespaces/{namespace}/configmaps"
    assert lab_api.request("POST", maps, child)[0] == 201
    began = time.monotonic()
    assert lab_api.request("DELETE", path(namespace, "a"), {"propagationPolicy": "Foreground"})[0] == 200
    assert wait_until(lambda: lab_api.get(path(namespace, "a")) is None, SECONDS)
    assert lab_api.get(f"{maps}/child") is None, "the child outlived its owner"
    # It looks for new kinds every half minute.
    assert time.monotonic() - began < 25


@pytest.mark.skipif(not KUBERAYS.is_dir(), reason=f"KubeRay's own CRDs are not in {KUBERAYS}")
def test_condensed_crds_are_kuberays(lab_api: Api) -> None:
    ours = crds.condensed(Kubernetes(lab_api.get))
    for file in sorted(KUBERAYS.glob("*.yaml")):
        theirs = read(file)
        mine = ours[theirs["metadata"]["name"]]
        for part in ("group", "names", "scope"):
            assert mine["spec"][part] == theirs["spec"][part]
        pairs = zip(mine["spec"]["versions"], theirs["spec"]["versions"], strict=True)
        for my, their in pairs:
            assert without_schema(my) == without_schema(their)
            assert differences(my, their) == [], f"{file.name} {my['name']}"


def read(file: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), loader)
    return document


def without_schema(version: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in version.items() if key != "schema"}


def differences(mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """The paths at which two schemas say something different."""
    flat = []
    for version in (mine, theirs):
        paths: dict[str, Any] = {}
        flatten(version["schema"]["openAPIV3Schema"], "", paths)
        flat.append(paths)
    a, b = flat
    return [
        f"{where}: ours {a.get(where)}, KubeRay's {b.get(where)}"
        for where in sorted({*a, *b})
        if a.get(where) != b.get(where) and not where.endswith(TOLERATED)
    ]


def flatten(schema: dict[str, Any], where: str, into: dict[str, Any]) -> None:
    """{path: what the schema says there}, without prose and in one order."""
    nested = ("properties", "items", "additionalProperties", "description")
    own = {key: value for key, value in schema.items() if key not in nested}
    into[where] = {key: sorted(value) if key in ("enum", "required") else value for key, value in own.items()}
    for name, part in schema.get("properties", {}).items():
        flatten(part, f"{where}.{name}", into)
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(key), dict):
            flatten(schema[key], where + mark, into)
