# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of a RayService and a RayCronJob besides their clusters and jobs, on a real API server, all at once.

Nothing looks after these services (``managedBy``), since no operator would take all of this; the cron jobs sleep.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._run.cron_job import run_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._run.service import run_service

from tests.fields.batches import full, held, names, variants
from tests.fields.meaning import meaning
from tests.fields.schema import Schema, below, spec_schema
from tests.integration.modules.room import Room
from tests.integration.modules.words import IMAGE
from tests.lab.api import Api
from tests.lab.crds import CRDS
from tests.lab.lab import Lab
from tests.lab.operator.rewrite import rewrite
from tests.unit.builders import cron_job_options, service_options

Json = dict[str, Any]
CLUSTER: Json = {"headGroupSpec": {"template": {"spec": {"containers": [{"name": "ray", "image": IMAGE}]}}}}
KEPT = {"managedBy", "suspend", "rayClusterConfig", "jobTemplate"}


@dataclass(frozen=True)
class Sort:
    """A kind: its objects on the wire, the least of a spec, and the task."""

    plural: str
    base: Json
    run: Callable[[Json, Context], Json]
    options: Json


SORTS = (
    Sort(
        "rayservices",
        {"managedBy": "kueue.x-k8s.io/multikueue", "rayClusterConfig": CLUSTER},
        run_service,
        service_options(validate="off", wait=False),
    ),
    Sort(
        "raycronjobs",
        {"schedule": "@yearly", "suspend": True, "jobTemplate": {"entrypoint": "true", "rayClusterSpec": CLUSTER}},
        run_cron_job,
        cron_job_options(validate="off", wait=False),
    ),
)


def _wishes(sort: Sort, schema: Schema) -> Iterator[Json]:
    """Wishes with all fields, in as many variants as it takes, each with two values of everything."""
    own = {name: part for name, part in below(schema).items() if name not in KEPT}
    for variant in range(max(variants(part, (name,)) for name, part in own.items())):
        for turn in (0, 1):
            yield {**sort.base, **{name: full(part, (name,), turn, variant) for name, part in own.items()}}


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.plural)
def test_all_fields_are_set_changed_and_removed(sort: Sort, room: Room, lab: Lab, lab_api: Api) -> None:
    schema = spec_schema(lab_api.get(f"{CRDS}/{sort.plural}.ray.io"))
    connection = {"kubeconfig": str(lab.kubeconfig), "namespace": room.name}
    options = {**sort.options, **connection, "name": "fields", "redact": False}

    def live() -> Json:
        return dict(room.get("fields", sort.plural))

    def run(spec: Json) -> Json:
        return sort.run({**options, "spec": copy.deepcopy(spec)}, Context(diff=True))

    def stays(spec: Json) -> None:
        told = run(spec)
        assert (told["reasons"], told["changed"], told["action"]) == ([], False, "none")

    run(sort.base)
    bare, wishes = meaning(live()["spec"], schema), list(_wishes(sort, schema))
    for wish in wishes:
        told = run(wish)
        assert (told["action"], told["changed"]) == ("patch", True)
        assert meaning({**wish, **_inside(live())}, schema) == meaning(live()["spec"], schema)
        stays(wish)
        status, answer = room.api.request("PUT", room.path(sort.plural, "fields"), rewrite(live()))
        assert status == 200, answer
        stays(wish)
    run(sort.base)
    assert meaning(live()["spec"], schema) == bare
    stays(sort.base)
    own = {name for name in names(schema) if name.split(".")[0] not in KEPT}
    assert own - {name for wish in wishes for name in held(wish, schema)} == set()


def _inside(live: Json) -> Json:
    """What stands in the object with the defaults of a cluster or a job."""
    return {name: value for name, value in live["spec"].items() if name in KEPT}
