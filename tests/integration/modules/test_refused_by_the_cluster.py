# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster does not allow: rights, quotas, limits, and a cluster without KubeRay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.room import Room, Stage, new_room, written
from tests.integration.modules.words import MAY_FAIL, group, info, manage, wish
from tests.integration.patience import SECONDS
from tests.integration.playbook import Run, side_by_side
from tests.integration.wire import Answer, Request, Wire
from tests.lab.api import Api
from tests.lab.processes import wait_until

Json = dict[str, Any]
# Accounts, and what they may do to RayClusters.
ACCOUNTS = {
    "reader": ["get"],
    "maker": ["get", "create"],
    "watcher": ["get", "create", "list", "watch"],
    "changer": ["get", "create", "list", "watch", "patch"],
}
HERE: Json = {"wait": False, **wish()}
# What an account tries: its options, and the words of its failure. Each has its own object, which it could make.
ATTEMPTS: dict[str, tuple[str, Json, list[str]]] = {
    "create": ("reader", {**HERE}, ["Creating RayCluster", "create", "reader"]),
    "watch": ("maker", {**wish()}, ["Waiting for RayCluster", "to become ready", "list", "maker"]),
    "patch": ("watcher", {**HERE, "labels": {"a": "b"}}, ["Changing RayCluster", "patch", "watcher"]),
    "delete": ("changer", {"state": "absent"}, ["Deleting RayCluster", "delete", "changer"]),
    "gather": ("watcher", {**HERE, "gather": ["pods"]}, ["Gathering the pods of RayCluster", "pods", "watcher"]),
    "dashboard": (
        "watcher",
        {**wish(), "wait_for": "dashboard"},
        ["Waiting for RayCluster", "dashboard", "services/proxy", "watcher"],
    ),
    "template": (
        "watcher",
        {**wish(group("g", compute_template="t")), "wait": False},
        ["Reading the compute template", "/t ", "configmaps", "watcher"],
    ),
    "impersonate": ("watcher", {**HERE, "impersonate_user": "boss"}, ["Reading RayCluster", "impersonate", "watcher"]),
}
BEFORE = ("patch", "delete", "gather", "dashboard")


@pytest.fixture(scope="module")
def attempts(stage: Stage) -> Run:
    """One play of everything that an account may not do."""
    tokens = {name: stage.room.account(name, {"rayclusters.ray.io": verbs}) for name, verbs in ACCOUNTS.items()}
    stage.succeed(*(manage(label, f"forbidden-{label}", **HERE) for label in BEFORE))
    tasks = [
        manage(label, f"forbidden-{label}", MAY_FAIL, api_key=tokens[who], **options)
        for label, (who, options, _) in ATTEMPTS.items()
    ]
    return stage.succeed(*tasks, connection={"host": stage.wire.url, "namespace": stage.room.name})


@pytest.mark.parametrize("label", ATTEMPTS)
def test_what_an_account_may_not_do_is_told_with_what_was_tried(attempts: Run, stage: Stage, label: str) -> None:
    outcome = attempts[label]
    assert (outcome.status, outcome["error"]["status"]) == ("failed", 403)
    for word in ("forbidden", stage.room.name, "kubectl auth can-i", *ATTEMPTS[label][2]):
        assert word in outcome.message
    # Only the attempt to wait had something to write, and says so.
    wrote = written(stage.requests(attempts, label))
    assert (outcome["changed"], bool(wrote)) == ((True, True) if label == "watch" else (False, False))
    assert "Traceback" not in str(outcome.result)


# Namespaces in which something is scarce, and what a wait for a cluster says there.
SCARCE: dict[str, tuple[str, Json, list[str]]] = {
    "pods": (
        "resourcequotas",
        {"hard": {"pods": "1"}},
        ["FailedCreateWorkerPod: pods ", "is forbidden: exceeded quota: scarce", "limited: pods=1"],
    ),
    "cpu": (
        "limitranges",
        {"limits": [{"type": "Container", "max": {"cpu": "50m"}}]},
        ["FailedCreateHeadPod: pods ", "maximum cpu usage per Container is 50m", "limit is 100m"],
    ),
    "clusters": (
        "resourcequotas",
        {"hard": {"count/rayclusters.ray.io": "0"}},
        ["Creating RayCluster", "exceeded quota: scarce", "ResourceQuota"],
    ),
}


@pytest.fixture(scope="module")
def scarcities(lab_api: Api, wire: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """A wait in each of these namespaces, side by side."""
    plays = {}
    with ExitStack() as stack:
        for label, (plural, spec, _) in SCARCE.items():
            room = stack.enter_context(new_room(lab_api))
            room.create(plural, {"metadata": {"name": "scarce"}, "spec": spec})
            assert wait_until(lambda room=room, plural=plural: _counts(room, plural), SECONDS)
            stage = Stage(wire, room, Path(tmp_path_factory.mktemp(label)))
            plays[label] = stage.prepare([manage("wait", "poor", MAY_FAIL, wait_timeout=600, **wish(group("small")))])
        yield side_by_side(plays)


def _counts(room: Room, plural: str) -> bool:
    """Whether it is in force: a quota refuses with other words until its first count."""
    return plural != "resourcequotas" or "hard" in (room.get("scarce", plural).get("status") or {})


@pytest.mark.parametrize("label", SCARCE)
def test_what_is_scarce_is_told_in_the_first_line(scarcities: dict[str, Run], label: str) -> None:
    outcome = scarcities[label]["wait"]
    assert outcome.status == "failed"
    assert outcome.message.count("\n") == 0
    for word in ("poor", *SCARCE[label][2]):
        assert word in outcome.message
    kind = "api" if label == "clusters" else "wait_failed"
    assert (outcome["error"]["kind"], outcome["changed"]) == (kind, kind == "wait_failed")


def test_a_cluster_without_kuberay_says_so_whatever_is_asked(stage: Stage) -> None:
    """As a real server answers for a group that it does not know."""
    status, body = stage.room.api.request("GET", "/apis/ray.invalid/v1/namespaces/x/rayclusters/y")
    assert (status, body) == (404, b"404 page not found\n")

    def unknown(request: Request, ask: Any) -> Answer | None:
        return (status, {"Content-Type": "text/plain"}, body) if request.path.startswith("/apis/ray.io/") else None

    stage.wire.fault = unknown
    try:
        run = stage.succeed(
            manage("make", "early", MAY_FAIL, **wish()),
            manage("delete", "early", MAY_FAIL, state="absent"),
            info("look", MAY_FAIL, name="early"),
            info("list", MAY_FAIL),
        )
    finally:
        stage.wire.fault = None
    for outcome in run.outcomes:
        assert (outcome.status, outcome["error"]["status"]) == ("failed", 404), outcome.name
        assert "does not serve ray.io/v1 rayclusters: install the KubeRay operator" in outcome.message
        assert outcome["changed"] is False
