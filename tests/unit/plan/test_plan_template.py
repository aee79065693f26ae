# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a compute template: compared by what it means, replaced as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION, load_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import mean_the_same, read_data
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, operations
from ansible_collections.kuberay.core.plugins.module_utils._plan.template import plan_template
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import json_patch
from tests.unit.templates import TASKS, config_map, desired, respelled, stored

Json = dict[str, Any]


def _plan(live: Json, **task: Any) -> Plan:
    return plan_template(live, desired(**task), names_unit=bool(task.get("memory_unit")))


def _after(live: Json, **task: Any) -> Json:
    patched: Json = json_patch.apply(live, operations(live, _plan(live, **task)))
    return patched


@given(TASKS)
def test_the_same_template_again_changes_nothing(task: Json) -> None:
    live = stored(desired(**task))
    plan = _plan(live, **task)
    assert (plan.action, plan.reasons(), plan.warnings, plan.target) == ("none", [], [], live)


@given(TASKS, st.data())
def test_a_template_that_is_spelled_otherwise_changes_nothing(task: Json, data: Any) -> None:
    live = data.draw(respelled(stored(desired(**task))))
    assert _plan(live, **task).reasons() == []


@given(TASKS, st.data())
def test_a_template_that_others_made_is_taken_over_as_it_is(task: Json, data: Any) -> None:
    live = data.draw(respelled(stored(desired(**task))))
    del live["metadata"]["annotations"][ANNOTATION]
    assert not _plan(live, **task).changed


@given(TASKS, TASKS, st.data())
def test_the_patch_makes_the_template_what_the_plan_says(first: Json, second: Json, data: Any) -> None:
    live = data.draw(respelled(stored(desired(**first))))
    plan = _plan(live, **second)
    patched = json_patch.apply(live, operations(live, plan))
    assert patched == plan.target
    assert not _plan(patched, **second).changed
    assert mean_the_same(read_data("a", patched["data"]), read_data("b", desired(**second)["data"]))
    assert patched["metadata"]["labels"]["theirs"] == "too"
    assert patched["data"].get("note") == live["data"].get("note")


@given(TASKS, TASKS)
def test_a_template_that_differs_is_stored_as_a_new_one_would_be(first: Json, second: Json) -> None:
    live = stored(desired(**first))
    made = stored(desired(**second))
    if not mean_the_same(read_data("a", live["data"]), read_data("b", made["data"])):
        assert _after(live, **second)["data"] == made["data"]
    assert _after(live, **second)["metadata"]["labels"] == made["metadata"]["labels"]


def test_a_template_of_kuberays_own_is_no_change_and_gets_no_record() -> None:
    live = config_map(extended_resources='{"b":1, "a":2}')
    plan = _plan(live, extended_resources={"a": 2, "b": 1})
    assert (plan.action, plan.target) == ("none", live)


def test_a_reason_says_what_is_written() -> None:
    assert _plan(config_map(), cpu=5).reasons() == [{"path": "data.cpu", "from": "4", "to": "5"}]
    tolerated = '[{"key":"a","operator":"Exists","effect":"NoExecute"}]'
    assert _plan(config_map(tolerations=tolerated)).reasons() == [
        {"path": "data.tolerations", "from": tolerated, "to": None}
    ]


def test_labels_that_make_it_a_template_are_added_where_one_is_missing() -> None:
    live = config_map()
    del live["metadata"]["labels"]["ray.io/compute-template"]
    assert [reason["path"] for reason in _plan(live).reasons()] == ["metadata.labels['ray.io/compute-template']"]


def test_labels_of_an_earlier_task_go_and_those_of_others_stay() -> None:
    live = _after(config_map(), labels={"mine": "1"}, annotations={"my": "note"})
    live["metadata"]["labels"]["theirs"] = "2"
    live["metadata"]["annotations"]["their"] = "note"
    again = _after(live)
    assert "mine" not in again["metadata"]["labels"]
    assert again["metadata"]["labels"]["theirs"] == "2"
    assert set(again["metadata"]["annotations"]) == {"their", ANNOTATION}


def test_a_record_is_kept_with_the_first_real_change() -> None:
    assert load_record(_after(config_map(), cpu=5))["data"]["cpu"] == 1


@pytest.mark.parametrize("broken", [{"cpu": "lots"}, {"extended_resources": "{"}, {"tolerations": "3"}])
def test_a_template_that_cannot_be_read_is_replaced(broken: Json) -> None:
    assert _after(config_map(**broken))["data"] == config_map()["data"]


def test_a_template_without_any_data_gets_them() -> None:
    live = config_map()
    del live["data"]
    assert _after(live)["data"] == config_map()["data"]


def _without_unit() -> Json:
    live = config_map()
    del live["data"]["memory_unit"]
    return live


def test_a_template_of_an_old_kuberay_is_taken_in_gibibytes_and_warned_about() -> None:
    plan = _plan(_without_unit())
    assert plan.action == "none"
    assert "takes its memory for bytes" in " ".join(plan.warnings)


def test_its_unit_is_written_where_the_task_says_it_or_something_else_changes() -> None:
    for task in ({"memory_unit": "Gi"}, {"cpu": 5}):
        plan = _plan(_without_unit(), **task)
        assert {"path": "data.memory_unit", "from": None, "to": "Gi"} in plan.reasons()
        assert plan.warnings == []


def test_a_patch_is_refused_by_a_template_that_has_moved_on() -> None:
    live = config_map()
    patch = operations(live, _plan(live, cpu=5))
    for field in ("resourceVersion", "uid"):
        moved = {**live, "metadata": {**live["metadata"], field: "another"}}
        with pytest.raises(json_patch.TestFailed):
            json_patch.apply(moved, patch)


def test_the_record_of_a_wish_names_no_values() -> None:
    made = stored(desired(labels={"team": "hush"}))
    assert "hush" not in json.dumps(load_record(made))
