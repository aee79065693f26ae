# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cluster_info: one, a namespace, all namespaces, a selection, none, and what is gathered on demand."""

from __future__ import annotations

import pytest

from tests.integration.modules.room import Stage, new_room
from tests.integration.modules.words import MAY_FAIL, group, info, manage, manifest, wish
from tests.integration.playbook import Run
from tests.lab.api import Api

pytestmark = pytest.mark.usefixtures("everywhere")


@pytest.fixture(scope="module")
def looks(stage: Stage, lab_api: Api, way: str) -> Run:
    """One play of every look."""
    one, two = (f"{name}-{way.replace(' ', '-')}" for name in ("one", "two"))
    labels = {"team": one}
    with new_room(lab_api) as neighbour:
        neighbour.create("rayclusters", manifest("far", "small", labels=labels))
        return stage.succeed(
            manage("make one", one, labels=labels, **wish(group("small"))),
            manage("make two", two, wait=False, **wish()),
            info("one", name=one),
            info("one with more", name=one, gather=["pods", "events"]),
            info("namespace"),
            info("named namespace", namespace=neighbour.name),
            info("everywhere", all_namespaces=True),
            info("selected", all_namespaces=True, label_selectors=[f"team={one}"]),
            info("selected twice", label_selectors=[f"team={one}", "team!=nobody"]),
            info("by field", field_selectors=[f"metadata.name={two}"]),
            info("missing", name="nobody"),
            info("nowhere", namespace="nowhere-at-all"),
            info("contradiction", MAY_FAIL, name=one, all_namespaces=True),
            manage("forget two", two, state="absent", wait=False),
            manage("forget one", one, state="absent"),
            way=way,
        )


def names(run: Run, task: str) -> list[str]:
    return [facts["name"] for facts in run[task]["clusters"]]


def test_info_of_one_cluster_is_one_request_and_its_facts(looks: Run, stage: Stage) -> None:
    assert [one.method for one in stage.requests(looks, "one")] == ["GET"]
    facts = looks["one"]["clusters"][0]
    made = looks["make one"]["cluster"]
    assert (facts["uid"], facts["state"], facts["endpoints"]) == (made["uid"], "ready", made["endpoints"])
    assert (facts["pods"], facts["events"]) == (None, None)
    assert looks["one"]["changed"] is False


def test_pods_and_events_are_gathered_on_demand(looks: Run) -> None:
    facts = looks["one with more"]["clusters"][0]
    assert sorted((pod["group"], pod["ready"]) for pod in facts["pods"]) == [("head", True), ("small", True)]
    assert facts["worker_groups"][0]["ready"] == 1
    assert {"CreatedHeadPod", "CreatedWorkerPod"} <= {event["reason"] for event in facts["events"]}
    assert all(event["type"] == "Normal" and event["message"] for event in facts["events"])


def test_info_of_a_namespace_is_that_of_the_context_unless_one_is_named(looks: Run) -> None:
    one, two = looks["make one"]["cluster"]["name"], looks["make two"]["cluster"]["name"]
    assert names(looks, "namespace") == sorted([one, two])
    assert names(looks, "named namespace") == ["far"]


def test_info_of_all_namespaces_and_of_a_selection(looks: Run) -> None:
    one, two = looks["make one"]["cluster"]["name"], looks["make two"]["cluster"]["name"]
    assert {one, two, "far"} <= set(names(looks, "everywhere"))
    assert sorted(names(looks, "selected")) == ["far", one]
    assert names(looks, "selected twice") == [one]
    assert names(looks, "by field") == [two]


def test_what_is_not_there_is_an_empty_list(looks: Run) -> None:
    assert names(looks, "missing") == names(looks, "nowhere") == []


def test_a_name_in_all_namespaces_is_refused(looks: Run, stage: Stage) -> None:
    assert "all_namespaces excludes name" in looks["contradiction"].message
    assert stage.requests(looks, "contradiction") == []
