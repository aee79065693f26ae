# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of a RayCluster on a real API server, a block at a time: set, unchanged, changed, unchanged, left out.

The task is called directly, without a playbook; what it did is read by the admin. Nothing looks after these clusters
(``managedBy``), since no operator would take all of this at once.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._run.cluster import run_cluster

from tests.fields.batches import full, held, names, variants
from tests.fields.meaning import meaning
from tests.fields.schema import MEMBER, Path, Schema, below, spec_schema
from tests.fields.values import put
from tests.integration.modules.room import Room
from tests.integration.modules.words import IMAGE
from tests.lab.api import Api
from tests.lab.crds import CRDS
from tests.lab.lab import Lab
from tests.lab.operator.rewrite import rewrite
from tests.unit.builders import options

Json = dict[str, Any]


def _group() -> Json:
    return {"template": {"spec": {"containers": [{"name": "ray", "image": IMAGE}]}}}


BASE: Json = {
    "managedBy": "kueue.x-k8s.io/multikueue",
    "headGroupSpec": _group(),
    "workerGroupSpecs": [{"groupName": "small", **_group()}],
}
GROUPS: tuple[Path, ...] = (("headGroupSpec",), ("workerGroupSpecs", MEMBER))
PODS: tuple[Path, ...] = tuple((*group, "template") for group in GROUPS)
# Blocks with many fields each, or with fields that exclude each other, are for themselves.
LARGE = ("gcsFaultToleranceOptions", "autoscalerOptions", "networkPolicy", "historyServerOptions")
PARTS = ("containers", "initContainers", "ephemeralContainers", "volumes", "affinity")
BLOCKS = ("cluster", "groups", "pods", *LARGE, *PARTS)
KEPT = {"managedBy", "groupName", "template", "headGroupSpec", "workerGroupSpecs"}


@pytest.fixture(scope="module")
def schema(lab_api: Api) -> Schema:
    """What the lab's API server has: the project's own CRDs or others."""
    return spec_schema(lab_api.get(f"{CRDS}/rayclusters.ray.io"))


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_fields_is_set_changed_and_removed(block: str, room: Room, lab: Lab, schema: Schema) -> None:
    cluster = _Cluster(block.lower(), room, str(lab.kubeconfig))
    cluster.run(BASE)
    bare = meaning(cluster.live["spec"], schema)
    for one, other in _wishes(block, schema):
        for wish in (one, other):
            told = cluster.run(wish)
            assert (told["changed"], told["action"]) == (True, "patch")
            assert all(reason["path"].startswith("spec.") for reason in told["reasons"])
            assert _missing(meaning(wish, schema), meaning(cluster.live["spec"], schema)) == []
            cluster.stays(wish)
            cluster.send_back()
            cluster.stays(wish)
        cluster.run(BASE)
        assert _without_false_suspend(meaning(cluster.live["spec"], schema)) == bare
        cluster.stays(BASE)


def test_the_blocks_hold_every_field(schema: Schema) -> None:
    wishes = [wish for block in BLOCKS for pair in _wishes(block, schema) for wish in pair]
    assert names(schema) - {name for wish in wishes for name in held(wish, schema)} == set()


class _Cluster:
    """One cluster, and the tasks on it."""

    def __init__(self, name: str, room: Room, kubeconfig: str) -> None:
        self._room = room
        connection = {"kubeconfig": kubeconfig, "namespace": room.name}
        # The operator's rules are tested elsewhere; these wishes are for the API server.
        self._options = options(name=name, image=None, wait=False, redact=False, validate="off", **connection)

    @property
    def live(self) -> Json:
        """The object as its admin sees it."""
        return dict(self._room.get(self._options["name"]))

    def run(self, spec: Json) -> Json:
        """A task with this raw spec."""
        return run_cluster({**self._options, "spec": copy.deepcopy(spec)}, Context(diff=True))

    def stays(self, spec: Json) -> None:
        """The same task again is one that changes nothing."""
        before = self.live["metadata"]
        told = self.run(spec)
        assert (told["reasons"], told["changed"], told["action"]) == ([], False, "none")
        assert self.live["metadata"]["resourceVersion"] == before["resourceVersion"]

    def send_back(self) -> None:
        """Send the whole object back, as the operator does when it adds a finalizer."""
        path = self._room.path("rayclusters", self._options["name"])
        status, answer = self._room.api.request("PUT", path, rewrite(self.live))
        assert status == 200, answer


def _wishes(block: str, schema: Schema) -> Iterator[tuple[Json, Json]]:
    """Pairs of wishes with other values in the same fields, until each field of a block has been in one."""
    places = list(_places(block, schema))
    for variant in range(max(variants(part, path) for path, part in places)):
        yield (_wish(places, schema, 0, variant), _wish(places, schema, 1, variant))


def _wish(places: list[tuple[Path, Schema]], schema: Schema, turn: int, variant: int) -> Json:
    wish = BASE
    for path, part in places:
        value = full(part, path, turn, variant)
        # Ray's container stays beside the others.
        value = [{"name": "ray", "image": IMAGE}, *value] if path[-1] == "containers" else value
        wish = put(wish, schema, path, value)
    options = wish.get("gcsFaultToleranceOptions")
    if options:
        # The backend cannot be changed, and has to go with the rest.
        options["backend"] = "rocksdb" if "storage" in options else "redis"
    return wish


def _places(block: str, schema: Schema) -> Iterator[tuple[Path, Schema]]:
    """Where the fields of a block are."""
    above: tuple[Path, ...] = {"cluster": ((),), "groups": GROUPS, "pods": PODS}.get(block, ((),))
    if block in PARTS:
        above = tuple((*path, "spec") for path in PODS)
    for path in above:
        for name, part in below(_at(schema, path)).items():
            if name == block or (block not in LARGE + PARTS and name not in KEPT and name not in LARGE):
                yield from _parts((*path, name), part)


def _parts(path: Path, part: Schema) -> Iterator[tuple[Path, Schema]]:
    """A pod's spec is taken apart, without the parts that are blocks for themselves."""
    if path[-2:] != ("template", "spec"):
        yield path, part
        return
    for name, below_it in below(part).items():
        if name not in PARTS:
            yield (*path, name), below_it


def _at(schema: Schema, path: Path) -> Schema:
    for step in path:
        schema = below(schema)[step]
    return schema


def _missing(wished: Any, live: Any, path: str = "") -> list[str]:
    """The places at which a wish is not in the live object."""
    if isinstance(wished, dict) and isinstance(live, dict):
        return [one for key, value in wished.items() for one in _missing(value, live.get(key), f"{path}.{key}")]
    if isinstance(wished, list) and isinstance(live, list) and len(wished) == len(live):
        return [
            one
            for index, pair in enumerate(zip(wished, live, strict=True))
            for one in _missing(*pair, f"{path}[{index}]")
        ]
    return [] if wished == live else [f"{path}: {live!r} is not {wished!r}"]


def _without_false_suspend(meant: Json) -> Json:
    """A cluster that was suspended is resumed by an explicit false, which then stays."""
    return {key: value for key, value in meant.items() if (key, value) != ("suspend", False)}
