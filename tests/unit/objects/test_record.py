# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of the last wish: its paths, never its values."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import (
    ANNOTATION,
    dump_record,
    load_record,
    make_record,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC, RAY_CLUSTER
from hypothesis import given

from tests.unit.trees import OBJECTS, SCHEMA, shuffled

Json = dict[str, Any]


def _carrying(text: str) -> Json:
    return {"metadata": {"annotations": {ANNOTATION: text}}}


@given(OBJECTS)
def test_a_record_is_read_as_it_was_written(wish: Json) -> None:
    record = make_record(wish, SCHEMA, None, None)
    assert load_record(_carrying(dump_record(record))) == record


@given(OBJECTS)
def test_the_same_paths_give_the_same_text(wish: Json) -> None:
    again = make_record(shuffled(wish), SCHEMA, None, None)
    assert dump_record(again) == dump_record(make_record(wish, SCHEMA, None, None))


def test_a_record_holds_no_value() -> None:
    env = [{"name": "DB_PASSWORD", "value": "hunter2"}]
    template = {"spec": {"containers": [{"name": "ray", "env": env, "args": ["--key=hunter2"]}]}}
    wish = {"spec": {"headGroupSpec": {"template": template, "rayStartParams": {"redis-password": "hunter2"}}}}
    assert "hunter2" not in dump_record(make_record(wish, RAY_CLUSTER, None, None))


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "null", '"a"'])
def test_an_annotation_that_is_not_ours_to_read_is_no_record(text: str) -> None:
    assert load_record(_carrying(text)) is None


@pytest.mark.parametrize("resource", [{}, {"metadata": {}}, {"metadata": {"annotations": None}}])
def test_an_object_without_annotations_has_no_record(resource: Json) -> None:
    assert load_record(resource) is None


def test_a_record_tells_members_that_we_made_from_those_that_were_there() -> None:
    wish = {"workerGroupSpecs": [{"groupName": "ours"}, {"groupName": "theirs"}]}
    record = make_record(wish, CLUSTER_SPEC, {"workerGroupSpecs": [{"groupName": "theirs"}]}, None)
    assert record["workerGroupSpecs"] == {"ours": {"groupName": 1, ".": 1}, "theirs": {"groupName": 1}}


def test_a_member_that_we_made_stays_ours() -> None:
    wish = {"workerGroupSpecs": [{"groupName": "ours"}]}
    first = make_record(wish, CLUSTER_SPEC, {}, None)
    assert make_record(wish, CLUSTER_SPEC, wish, first) == first
