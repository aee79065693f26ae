# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both ways of running give equal results apart from the invocation."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.modules.room import Stage
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, SHIPPED, group, info, manage, wish
from tests.integration.playbook import Run

pytestmark = [pytest.mark.contract, pytest.mark.usefixtures("everywhere")]
Json = dict[str, Any]
REASON = re.compile(r" \(run as a shipped module by \S*python\S* because [^)]*\)$")
WISH = wish(group("small", env={"A": 1, "API_TOKEN": "hush"}), labels={"on": True, "n": 3}, annotations={"note": ""})
SCALED = wish(group("small", 2), group("new", "1"))
TOO_LONG = "a" * 60


def tasks() -> list[Json]:
    """Each of these is run in process and shipped, and changes nothing."""
    everything = {"gather": ["pods", "events"]}
    return [
        manage("predict create", "other", CHECK, **WISH),
        manage("nothing to do", "same", DIFF, **WISH),
        manage("predict change", "same", CHECK, **SCALED),
        manage("predict delete", "same", CHECK, state="absent"),
        manage("absent", "other", state="absent"),
        info("info", name="same", **everything),
        info("list"),
        manage("refused by the lint", TOO_LONG, MAY_FAIL, **WISH),
        manage("refused by an option", "other", MAY_FAIL, **wish(group("small", resources={"cpu": "lots"}))),
        manage("refused by the server", "other", MAY_FAIL, spec={"typo": 1}, **WISH),
        manage("no such namespace", "other", {**MAY_FAIL, **CHECK}, namespace="nowhere", **WISH),
        manage("no kubeconfig", "other", MAY_FAIL, kubeconfig="/nowhere/config", **WISH),
    ]


@pytest.fixture(scope="module")
def both(stage: Stage) -> Run:
    """One play with every task twice."""
    twice = []
    for task in tasks():
        twice += [task, {**task, **SHIPPED, "name": f"{task['name']}, shipped"}]
    return stage.succeed(manage("make", "same", **WISH), *twice)


def comparable(result: Json) -> Json:
    """What does not depend on the way: uids and times of objects that only a dry run made do not count."""
    left = {key: value for key, value in result.items() if key not in ("invocation", "msg") and key[0] != "_"}
    left["msg"] = REASON.sub("", result.get("msg", ""))
    if left.get("action") == "create":
        for metadata in (left.get("resource") or {}).get("metadata") or {}, left.get("cluster") or {}:
            metadata.pop("uid", None)
            metadata.pop("creationTimestamp", None)
            metadata.pop("times", None)
    return left


@pytest.mark.parametrize("task", [task["name"] for task in tasks()])
def test_both_ways_of_running_give_equal_results(both: Run, task: str) -> None:
    here, shipped = both[task], both[f"{task}, shipped"]
    assert here.status == shipped.status
    assert comparable(here.result) == comparable(shipped.result)


def test_only_a_shipped_failure_says_why_it_was_shipped(both: Run) -> None:
    assert "shipped module" not in both["refused by the lint"].message
    shipped = both["refused by the lint, shipped"].message
    assert REASON.search(shipped)
    assert shipped.endswith(" because kuberay_run_in_process is false)")


def test_values_that_look_secret_are_hidden_both_ways(both: Run) -> None:
    for task in ("predict create", "predict create, shipped", "nothing to do", "nothing to do, shipped"):
        result = {key: value for key, value in both[task].result.items() if key != "invocation"}
        assert "hush" not in str(result), task
