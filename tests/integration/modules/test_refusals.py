# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot work fails before or at the first write: the message names the option or the object, nothing changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.room import Stage, written
from tests.integration.modules.words import MAY_FAIL, group, info, manage, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
NAME = "refused"
LONG = "a" * 54
# task: what is wrong, and the words that its message has to hold
OPTIONS: dict[str, tuple[Json, list[str]]] = {
    "bad quantity": (wish(group("g", resources={"cpu": "lots"})), ["worker_groups[0].resources.cpu", "'lots'"]),
    "memory without a unit": (wish(group("g", resources={"memory": 4})), ["resources.memory", "unit"]),
    "minimum above maximum": (wish(group("g", 1, min_replicas=4, max_replicas=2)), ["[g]", "minReplicas 4"]),
    "group twice": (wish(group("g"), group("g")), ["workerGroupSpecs[g].groupName", "another group"]),
    "name too long": ({**wish(), "name": LONG}, [LONG, "53"]),
    "name not a label": ({**wish(), "name": "No_Name"}, ["name", "'No_Name'"]),
    "path as a name": ({**wish(), "name": "../../x/rayclusters/y"}, ["name: '../../x/rayclusters/y' is no name"]),
    "text for a mapping": (wish(head={"template": {"spec": "x"}}), ["head_group.template.spec", "mapping"]),
    "fraction as text": (wish(group("g", env={"V": 1.1})), ["worker_groups[0].env.V", "quotes"]),
    "no image": ({"head_group": {}}, ["head_group.image", "ray_version"]),
    "unknown field": (wish(spec={"headGroupSpec": {"typo": 1}}), [NAME, "unknown field", "spec.headGroupSpec.typo"]),
    "missing namespace": ({**wish(), "namespace": "nowhere"}, ["namespace nowhere does not exist"]),
    "unknown option": ({**wish(), "wroker_groups": []}, ["wroker_groups"]),
    "unknown choice": ({**wish(), "state": "gone"}, ["state", "gone"]),
}


@pytest.fixture(scope="module")
def refusals(stage: Stage, way: str) -> Run:
    """One play of everything that is wrong with options."""
    tasks = [
        manage(label, options.get("name", NAME), MAY_FAIL, **{key: options[key] for key in options if key != "name"})
        for label, (options, _) in OPTIONS.items()
    ]
    return stage.succeed(*tasks, way=way)


@pytest.mark.parametrize("label", OPTIONS)
def test_a_wish_that_cannot_be_fails_by_its_option_and_writes_nothing(refusals: Run, stage: Stage, label: str) -> None:
    outcome = refusals[label]
    assert outcome.status == "failed"
    for word in OPTIONS[label][1]:
        assert word in outcome.message
    assert outcome.result.get("changed", False) is False
    assert written(stage.requests(refusals, label)) == []
    assert "Traceback" not in str(outcome.result)


def connections(stage: Stage, token: str, folder: Path) -> dict[str, tuple[Json, str, list[str]]]:
    """Per connection: its options, the kind of error, and the words that its message has to hold."""
    broken = folder / "broken"
    broken.write_text("{clusters: [", encoding="utf-8")
    me = f"RayCluster {stage.room.name}/{NAME}"
    there, nowhere = {"host": stage.wire.url}, {"host": "http://127.0.0.1:9"}
    here = {"namespace": stage.room.name}
    return {
        "no route": ({**nowhere, **here, "api_key": "x"}, "connection", [me, "http://127.0.0.1:9"]),
        "bad token": ({**there, **here, "api_key": "no-such-token"}, "api", [me, "credentials"]),
        "forbidden": ({**there, **here, "api_key": token}, "api", [me, "forbidden", "rayclusters", NAME]),
        "no kubeconfig": ({"kubeconfig": "/nowhere/config"}, "credentials", ["/nowhere/config"]),
        "broken kubeconfig": ({"kubeconfig": str(broken)}, "credentials", [str(broken)]),
        "no context": ({"kubeconfig": str(stage.kubeconfig), "context": "none"}, "credentials", ["context", "none"]),
        "no certificate": ({**there, "host": "https://127.0.0.1:9", "client_cert": "/nowhere"}, "credentials", []),
    }


def test_a_connection_that_cannot_be_fails_by_what_is_wrong_with_it(stage: Stage, way: str, tmp_path: Path) -> None:
    table = connections(stage, stage.room.token(), tmp_path)
    tasks = [manage(label, NAME, MAY_FAIL, **options, **wish()) for label, (options, *_) in table.items()]
    run = stage.succeed(*tasks, way=way, connection={})
    for label, (_, kind, words) in table.items():
        outcome = run[label]
        assert (outcome.status, outcome["changed"], outcome["error"]["kind"]) == ("failed", False, kind), label
        for word in words:
            assert word in outcome.message, label
        assert written(stage.requests(run, label)) == []
        assert "Traceback" not in str(outcome.result), label
    assert run["bad token"]["error"]["status"] == 401
    assert run["forbidden"]["error"]["status"] == 403
    assert "no-such-token" not in str(run)


def test_what_may_not_be_read_is_told_by_info_too(stage: Stage) -> None:
    connection = {"host": stage.wire.url, "api_key": stage.room.token(), "namespace": stage.room.name}
    run = stage.succeed(
        info("one", MAY_FAIL, name=NAME, **connection), info("list", MAY_FAIL, **connection), connection={}
    )
    for outcome in run.outcomes:
        assert (outcome.status, outcome["error"]["status"]) == ("failed", 403)
        assert stage.room.name in outcome.message
