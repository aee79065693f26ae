# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field that V1 has, one by one: set, changed and left out, over a server that has V1's round trip."""

from __future__ import annotations

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import inexpressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit.v1.rows import NEEDED, ROWS, Row
from tests.unit.v1.server import sent_and_back
from tests.unit.v1.tasks import TEMPLATES, message, wish

each_row = pytest.mark.parametrize("row", ROWS, ids=[f"{index}-{row}" for index, row in enumerate(ROWS)])


@each_row
def test_a_field_is_unchanged_when_it_comes_back(row: Row) -> None:
    for value in row.values:
        said = message(row.kind, row.task(value))
        for chance in range(4):
            assert same(row.kind, sent_and_back(row.kind, said, chance), said) == []


@each_row
def test_a_change_is_seen_where_it_is_and_nowhere_else(row: Row) -> None:
    one, other = (message(row.kind, row.task(value)) for value in row.values)
    for before, after in ((one, other), (other, one)):
        found = same(row.kind, sent_and_back(row.kind, before), after)
        assert {change.path for change in found} == set(row.paths)


@each_row
def test_a_field_that_is_left_out_is_to_go(row: Row) -> None:
    live = sent_and_back(row.kind, message(row.kind, row.task(row.values[0])))
    found = same(row.kind, live, message(row.kind, row.task()))
    assert bool(found) is not (row.stays or (row.option.rpartition(".")[2] in NEEDED and row.values[0] == _base(row)))


def _base(row: Row) -> object:
    place: object = row.task()
    for step in row.option.split("."):
        place = place[int(step)] if isinstance(place, list) else place.get(step)  # type: ignore[attr-defined]
    return place


@each_row
def test_a_field_that_v1_has_is_neither_refused_nor_warned_about(row: Row) -> None:
    for value in row.values:
        found = inexpressible(row.kind, wish(row.kind, row.task(value)), TEMPLATES)
        assert [str(one) for one in found if one.refused] == []
        assert {one.path.rpartition(".")[2] for one in found} <= {"minReplicas", "cpu"}


@each_row
def test_what_a_message_says_is_said_again_by_the_resource_that_is_read_from_it(row: Row) -> None:
    for value in row.values:
        said = message(row.kind, row.task(value))
        assert to_message(row.kind, to_resource(row.kind, said)) == said


@each_row
def test_what_is_read_can_be_said_again(row: Row) -> None:
    for value in row.values:
        live = sent_and_back(row.kind, message(row.kind, row.task(value)))
        assert [str(one) for one in inexpressible(row.kind, to_resource(row.kind, live)) if one.refused] == []


@each_row
def test_a_message_has_no_zero_values_but_those_that_mean_something(row: Row) -> None:
    for value in row.values:
        said = message(row.kind, row.task(value))
        assert [path for path, one in _leaves(said) if not one and path.rpartition(".")[2] != "privileged"] == []


def _leaves(value: object, path: str = "") -> list[tuple[str, object]]:
    """The fields; maps of the user's own keys are one value."""
    maps = ("values", "labels", "annotations", "rayStartParams", "metadata", "items")
    if isinstance(value, dict) and value and path.rpartition(".")[2] not in maps:
        return [leaf for key, below in value.items() for leaf in _leaves(below, f"{path}.{key}")]
    if isinstance(value, list) and value:
        return [leaf for below in value for leaf in _leaves(below, path)]
    return [(path, value)]
