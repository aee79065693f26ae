# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to happen to an object, and how a result tells it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION, load_record
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import (
    operations,
    plan_create,
    plan_delete,
    plan_update,
)

from tests.unit import json_patch
from tests.unit.builders import as_live, cluster, stored, worker

Json = dict[str, Any]


def _wish(spec: Json, **metadata: Any) -> Json:
    return {"metadata": {"name": "demo", "namespace": "ray", **metadata}, "spec": spec}


def _carried_out(live: Json, wish: Json) -> Json:
    return json_patch.apply(live, operations(live, plan_update(CLUSTER, live, wish)))


def test_a_created_object_carries_the_record_of_its_wish() -> None:
    plan = plan_create(CLUSTER, _wish({"suspend": True}, labels={"a": "b"}))
    assert plan.target is not None
    assert load_record(plan.target) == {"metadata": {"labels": {"a": 1}}, "spec": {"suspend": 1}}
    assert (plan.action, plan.changed, plan.shows) == ("create", True, True)
    assert plan.reasons() == [{"path": "$", "from": "absent", "to": "present"}]


def test_the_wish_itself_is_left_without_a_record() -> None:
    wish = _wish({"suspend": True}, annotations={"a": "b"})
    before = copy.deepcopy(wish)
    plan_create(CLUSTER, wish)
    assert wish == before


def test_the_same_wish_on_what_it_made_is_no_action() -> None:
    wish = _wish({"suspend": True}, labels={"a": "b"}, annotations={"c": "d"})
    live = stored(wish)
    plan = plan_update(CLUSTER, live, wish)
    assert (plan.action, plan.changed, plan.reasons(), plan.target) == ("none", False, [], live)


def test_a_deletion_shows_what_goes() -> None:
    plan = plan_delete(CLUSTER, cluster(suspend=True))
    assert plan.reasons() == [{"path": "$", "from": "present", "to": "absent"}]
    assert ("spec.suspend", True, None) in [(one.path, one.before, one.after) for one in plan.changes]


def test_a_reason_says_from_what_to_what() -> None:
    live = stored(_wish({"suspend": True}))
    assert plan_update(CLUSTER, live, _wish({"suspend": False})).reasons() == [
        {"path": "spec.suspend", "from": True, "to": False}
    ]


def test_a_patch_is_refused_by_an_object_that_has_moved_on() -> None:
    live = stored(_wish({"suspend": True}))
    patch = operations(live, plan_update(CLUSTER, live, _wish({"suspend": False})))
    for field, value in (("generation", 2), ("uid", "another")):
        moved = {**live, "metadata": {**live["metadata"], field: value}}
        with pytest.raises(json_patch.TestFailed):
            json_patch.apply(moved, patch)


def test_what_has_no_generation_is_guarded_by_its_version() -> None:
    live: Json = {"metadata": {"name": "demo", "namespace": "ray", "uid": "u-1", "resourceVersion": "7"}}
    wish = {"metadata": {"name": "demo", "namespace": "ray"}, "data": {"a": "b"}}
    patch = operations(live, plan_update(CLUSTER, live, wish))
    assert json_patch.apply(live, patch)["data"] == {"a": "b"}
    moved = {**live, "metadata": {**live["metadata"], "resourceVersion": "8"}}
    with pytest.raises(json_patch.TestFailed):
        json_patch.apply(moved, patch)


def test_adopting_an_equal_object_only_records_the_wish() -> None:
    live = cluster(worker(), suspend=True)
    plan = plan_update(CLUSTER, live, _wish({"suspend": True}))
    assert (plan.action, plan.shows) == ("patch", False)
    assert [reason["to"] for reason in plan.reasons()] == ["recorded"]
    assert plan.only_records
    assert not plan_update(CLUSTER, live, _wish({"suspend": False})).only_records
    assert not plan_update(CLUSTER, live, _wish({"suspend": True}, annotations={"mine": "1"})).only_records


def test_the_record_is_not_shown_among_other_changes() -> None:
    live = cluster(suspend=True)
    plan = plan_update(CLUSTER, live, _wish({"suspend": False}, annotations={"mine": "1"}))
    told = {reason["path"]: reason["to"] for reason in plan.reasons()}
    assert told == {"metadata.annotations": {"mine": "1"}, "spec.suspend": False}


def test_the_record_is_written_all_the_same() -> None:
    live = cluster(suspend=True)
    patched = _carried_out(live, _wish({"suspend": False}, annotations={"mine": "1"}))
    assert set(patched["metadata"]["annotations"]) == {"mine", ANNOTATION}


def test_annotations_of_others_stay_beside_the_record() -> None:
    live = cluster()
    live["metadata"]["annotations"] = {"theirs": "1"}
    assert _carried_out(live, _wish({}))["metadata"]["annotations"].keys() == {"theirs", ANNOTATION}


def test_labels_that_the_wish_no_longer_names_are_gone_from_the_target_too() -> None:
    live = stored(_wish({}, labels={"a": "b"}))
    plan = plan_update(CLUSTER, live, _wish({}))
    assert plan.target is not None
    assert "labels" not in plan.target["metadata"]
    assert "labels" not in _carried_out(live, _wish({}))["metadata"]


def test_a_broken_record_is_an_adoption() -> None:
    live = stored(_wish({"suspend": True}))
    live["metadata"]["annotations"][ANNOTATION] = "{"
    patched = _carried_out(live, _wish({}))
    assert patched["spec"] == {"suspend": True}
    assert load_record(patched) == {"metadata": {}}


def test_what_the_server_keeps_about_an_object_is_not_planned() -> None:
    wish = _wish({"suspend": True})
    live = as_live({**stored(wish), "status": {"state": "ready"}})
    live["metadata"]["finalizers"] = ["f"]
    live["metadata"]["managedFields"] = [{}]
    assert plan_update(CLUSTER, live, wish).action == "none"


@pytest.mark.parametrize("metadata", [{"labels": {"a": "b"}}, {"annotations": {"a": "b"}}])
def test_first_labels_or_annotations_do_not_overwrite_what_came_meanwhile(metadata: Json) -> None:
    live = cluster(suspend=True)
    patch = operations(live, plan_update(CLUSTER, live, _wish({"suspend": True}, **metadata)))
    moved = {**live, "metadata": {**live["metadata"], "resourceVersion": "8", "labels": {"theirs": "1"}}}
    with pytest.raises(json_patch.TestFailed):
        json_patch.apply(moved, patch)


def test_further_changes_do_not_mind_a_status_that_is_written_meanwhile() -> None:
    live = stored(_wish({"suspend": True}, labels={"a": "b"}))
    patch = operations(live, plan_update(CLUSTER, live, _wish({"suspend": False}, labels={"a": "c"})))
    assert "/metadata/resourceVersion" not in [operation["path"] for operation in patch]
