# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up tasks of many options at once, over a server that has V1's round trip."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import inexpressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import DEFAULT_USER, to_message, to_resource
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.v1.rows import ROWS, Row
from tests.unit.v1.server import sent_and_back
from tests.unit.v1.tasks import TEMPLATES, message, wish, with_option

Json = dict[str, Any]
# What nobody empties by saying nothing about it.
_SAID = frozenset(["environment"])
KINDS: tuple[Kind, ...] = (CLUSTER, JOB, SERVICE)


@st.composite
def tasks(draw: Any, kind: Kind) -> Json:
    """A task with some of the options that V1 has, each with one of its values."""
    rows = [row for row in ROWS if row.kind is kind]
    task = rows[0].task()
    chosen: list[Row] = draw(st.lists(st.sampled_from(rows), max_size=8, unique_by=lambda row: row.option))
    # What holds other options comes before them.
    chosen = sorted(chosen, key=lambda row: (not row.option.endswith("worker_groups"), row.option))
    for row in chosen:
        task = with_option(task, row.option, draw(st.sampled_from(row.values)))
    for option, value in [needed for row in chosen for needed in row.needs]:
        task = with_option(task, option, value)
    return task


KINDS_AND_TASKS = st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), tasks(kind), tasks(kind)))
CHANCE = st.integers(0, 9)


@given(KINDS_AND_TASKS, CHANCE)
def test_a_second_run_changes_nothing(drawn: tuple[Kind, Json, Json], chance: int) -> None:
    kind, task, _other = drawn
    said = message(kind, task)
    assert same(kind, sent_and_back(kind, said, chance), said) == []


@given(KINDS_AND_TASKS, CHANCE)
def test_a_change_is_seen_wherever_it_makes_a_difference(drawn: tuple[Kind, Json, Json], chance: int) -> None:
    kind, task, other = drawn
    one, two = message(kind, task), message(kind, other)
    live, then = sent_and_back(kind, one), sent_and_back(kind, two, chance)
    assert bool(same(kind, live, two)) == (_meaning(kind, live, two) != _meaning(kind, then, two))
    assert same(kind, then, two) == []


def _meaning(kind: Kind, told: Json, wished: Json) -> Json:
    """What a message says, without what stays where the wish says nothing about it, or belongs to somebody else."""
    told = {key: value for key, value in returned(kind.name, told).items() if key not in _SAID or key in wished}
    if wished["user"] == DEFAULT_USER:
        told.pop("user", None)
    if kind is not CLUSTER and told.get("version") is None:
        # Nobody can tell a server that returns no version from an object that has none.
        told["version"] = wished.get("version")
    # What stands here is another one's, or was not there when the wish was made.
    annotations = told.pop("annotations", {})
    told["annotations"] = {key: annotations.get(key) for key in wished.get("annotations") or {}}
    spec = told.get("clusterSpec") or {}
    if kind is CLUSTER and spec.get("enableInTreeAutoscaling"):
        spec["workerGroupSpec"] = [{**one, "replicas": "the autoscaler's"} for one in spec.get("workerGroupSpec", [])]
    return told


@given(KINDS_AND_TASKS)
def test_what_can_be_said_is_not_refused_and_comes_back_as_the_table_says(drawn: tuple[Kind, Json, Json]) -> None:
    kind, task, _other = drawn
    resource = wish(kind, task)
    assert [str(one) for one in inexpressible(kind, resource, TEMPLATES) if one.refused] == []
    said = to_message(kind, resource)
    back = returned(kind.name, said)
    assert returned(kind.name, back) == back
    assert same(kind, sent_and_back(kind, said), back) == []


@given(KINDS_AND_TASKS, CHANCE)
def test_a_resource_that_is_read_asks_for_what_is_there(drawn: tuple[Kind, Json, Json], chance: int) -> None:
    kind, task, _other = drawn
    live = sent_and_back(kind, message(kind, task), chance)
    resource = to_resource(kind, live)
    again = to_message(kind, resource)
    assert same(kind, live, again) == []
    then = sent_and_back(kind, again, chance)
    assert returned(kind.name, then)["clusterSpec"] == returned(kind.name, live)["clusterSpec"]
