# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's own RayCluster on a simulated API server: wishes for any of its fields, made and planned."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import desired_cluster
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, operations, plan_create

from tests.fields.meaning import dropped
from tests.fields.schema import Field, Schema, fields, spec_schema
from tests.fields.server import Server, admitted
from tests.unit.builders import IMAGE, options

Json = dict[str, Any]
KUBERAYS_OWN = Path(__file__).resolve().parents[3] / "shared" / "crds" / "ray.io_rayclusters.yaml"
needs_kuberays_own = pytest.mark.skipif(
    not KUBERAYS_OWN.exists(), reason="KubeRay's own CRDs are not beside this checkout"
)
_OPTIONS = options(image=None)


def _group() -> Json:
    return {"template": {"spec": {"containers": [{"name": "ray", "image": IMAGE}]}}}


# The least that a cluster needs, without and with a worker group.
HEAD: Json = {"headGroupSpec": _group()}
BOTH: Json = {**HEAD, "workerGroupSpecs": [{"groupName": "small", **_group()}]}


@functools.cache
def schema() -> Schema:
    """The schema of the spec."""
    return spec_schema(yaml.load(KUBERAYS_OWN.read_text(encoding="utf-8"), yaml.CSafeLoader))


def every_field() -> list[Field]:
    """All fields; none where the CRD is not there."""
    return list(fields(schema())) if KUBERAYS_OWN.exists() else []


def blocks() -> dict[str, list[Field]]:
    """The fields by the block that they stand in, so that a test has a name and not too many fields."""
    found: dict[str, list[Field]] = {}
    for field in every_field():
        depth = 5 if "template" in field.path else 2
        found.setdefault(str(Field(field.path[:depth], {})), []).append(field)
    return found


def wished(spec: Json, live: Json | None) -> Json:
    """The object that a task with this raw spec wishes for."""
    return desired_cluster({**_OPTIONS, "spec": spec}, "ray", live, lambda _name: {})


def made(spec: Json) -> Server:
    """A server on which such a task has made its object."""
    server = Server(schema())
    server.create(plan_create(CLUSTER, wished(spec, None)).target or {})
    return server


def plan(live: Json, spec: Json) -> Plan:
    """The plan of such a task for a live object."""
    return plan_cluster(live, wished(spec, live), purge=True)


def run(server: Server, spec: Json) -> Plan:
    """Carry it out."""
    found = plan(server.live, spec)
    if found.changed:
        server.patch(operations(server.live, found))
    return found


def sent_back(live: Json) -> Json:
    """The object after somebody has sent the whole of it back, without what is empty or zero."""
    return {**live, "spec": admitted(dropped(live["spec"], schema()), schema())}
