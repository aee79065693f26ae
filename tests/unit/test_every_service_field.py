# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of a RayService and a RayCronJob besides their clusters and jobs, on a simulated API server.

Each is set, changed and left out. After each step the object is what the same wish makes from nothing, and the same
wish again changes nothing, however the object was written meanwhile. Their clusters and jobs are those of other tests.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._desired.cron_job import desired_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._desired.service import desired_service
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CRON_JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._plan.cron_job import plan_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, operations, plan_create
from ansible_collections.kuberay.core.plugins.module_utils._plan.service import plan_service

from tests.fields.exceptions import IMMUTABLE, is_among
from tests.fields.meaning import dropped, meaning
from tests.fields.schema import Field, Schema, fields, spec_schema
from tests.fields.server import Server, admitted
from tests.fields.values import LEFT_OUT, put, said_as_text, samples
from tests.lab.operator.rewrite import rewrite
from tests.unit.builders import IMAGE, cron_job_options, service_options

Json = dict[str, Any]
KUBERAYS_OWN = Path(__file__).resolve().parents[3] / "shared" / "crds"
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
CLUSTER: Json = {"headGroupSpec": {"template": {"spec": {"containers": [{"name": "ray", "image": IMAGE}]}}}}
# The cluster and the job inside, whose fields are tested as those of a RayCluster and a RayJob.
INSIDE = {"rayClusterConfig", "jobTemplate"}


@dataclass(frozen=True)
class Sort:
    """A kind: the least of a spec, and how wishes are made and planned."""

    kind: Kind
    base: Json
    wish: Callable[..., Json]
    options: Json
    plan: Callable[[Json, Json], Plan]


SORTS = [
    Sort(
        SERVICE,
        {"rayClusterConfig": CLUSTER},
        desired_service,
        service_options(validate="off"),
        plan_service,
    ),
    Sort(
        CRON_JOB,
        {"schedule": "@daily", "jobTemplate": {"entrypoint": "true", "rayClusterSpec": CLUSTER}},
        desired_cron_job,
        cron_job_options(),
        lambda live, wish: plan_cron_job(live, wish, False, NOW),
    ),
]


@functools.cache
def _schema(plural: str) -> Schema:
    text = (KUBERAYS_OWN / f"ray.io_{plural}.yaml").read_text(encoding="utf-8")
    return spec_schema(yaml.load(text, yaml.CSafeLoader))


def _own_fields() -> list[tuple[Sort, Field]]:
    if not KUBERAYS_OWN.exists():
        return []
    return [
        (sort, field) for sort in SORTS for field in fields(_schema(sort.kind.plural)) if field.path[0] not in INSIDE
    ]


class _Life:
    """One object, and the wishes for it."""

    def __init__(self, sort: Sort) -> None:
        self._sort = sort
        self.schema = _schema(sort.kind.plural)
        self.server = self.made(sort.base)

    def made(self, spec: Json) -> Server:
        server = Server(self.schema)
        server.create(plan_create(self._sort.kind, self._wished(spec, None)).target or {})
        return server

    def plan(self, live: Json, spec: Json) -> Plan:
        return self._sort.plan(live, self._wished(spec, live))

    def run(self, spec: Json) -> None:
        """Bring the object there: it is what the wish makes from nothing, and stays so."""
        plan = self.plan(self.server.live, spec)
        if plan.changed:
            self.server.patch(operations(self.server.live, plan))
        assert self._meant(self.server.live) == self._meant(self.made(spec).live)
        for live in (self.server.live, rewrite(self.server.live), self._sent_back(self.server.live)):
            assert self.plan(live, spec).reasons() == []

    def _wished(self, spec: Json, live: Json | None) -> Json:
        return self._sort.wish({**self._sort.options, "spec": copy.deepcopy(spec)}, "ray", live, lambda _name: {})

    def _meant(self, live: Json) -> Any:
        return meaning(live["spec"], self.schema)

    def _sent_back(self, live: Json) -> Json:
        return {**live, "spec": admitted(dropped(live["spec"], self.schema), self.schema)}


@pytest.mark.skipif(not KUBERAYS_OWN.exists(), reason="KubeRay's own CRDs are not beside this checkout")
@pytest.mark.parametrize(("sort", "field"), _own_fields() or [(SORTS[0], Field((), {}))], ids=str)
def test_every_field_is_set_changed_and_removed(sort: Sort, field: Field) -> None:
    life = _Life(sort)
    values = samples(field)[:1] if is_among(field, IMMUTABLE) else samples(field)
    for value in values:
        life.run(put(sort.base, life.schema, field.path, value))
        as_text = put(sort.base, life.schema, field.path, said_as_text(field, value))
        assert life.plan(life.server.live, as_text).reasons() == []
    if not field.required:
        life.run(put(sort.base, life.schema, field.path, LEFT_OUT))
    life.run(sort.base)


def test_there_are_fields_to_test() -> None:
    found = [str(field) for _sort, field in _own_fields()]
    assert not KUBERAYS_OWN.exists() or {"serveConfigV2", "serveService.spec.ports[].nodePort", "timeZone"} <= set(
        found
    )
