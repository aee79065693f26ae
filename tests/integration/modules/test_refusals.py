# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot work fails before or at the first write: the message names the option or the object, nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.room import Stage, written
from tests.integration.modules.words import MAY_FAIL, group, info, manage, wish
from tests.integration.playbook import Run

pytestmark = pytest.mark.usefixtures("everywhere")

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


# The same of values: of a wrong type, typed and raw, and such as only the server or the operator knows to be wrong.
VALUES: dict[str, tuple[Json, list[str]]] = {
    "text for a number": (wish(group("g", "three")), ["'replicas'", "worker_groups", "'three'", "int"]),
    "fraction for a number": (wish(group("g", 1.5)), ["'replicas'", "worker_groups", "1.5"]),
    "negative number": (wish(group("g", min_replicas=-1)), ["workerGroupSpecs[g].minReplicas", "negative"]),
    "text for a time": ({**wish(), "wait_timeout": "soon"}, ["'wait_timeout'", "'soon'"]),
    "negative time": ({**wish(), "wait_timeout": -1}, ["wait_timeout: -1"]),
    "text for labels": ({**wish(), "labels": "a"}, ["'labels'", "dict"]),
    "fraction for a label": ({**wish(), "labels": {"a": 1.5}}, ["labels.a", "quotes"]),
    "mapping for a label": ({**wish(), "labels": {"a": {"b": "c"}}}, ["labels.a", "text"]),
    "mapping for groups": ({**wish(), "worker_groups": {"a": 1}}, ["'worker_groups'", "list"]),
    "list for variables": (wish(head={"env": ["A=b"]}), ["'env'", "head_group", "dict"]),
    "word for a switch": ({**wish(), "suspend": "maybe"}, ["'suspend'", "maybe", "boolean"]),
    "text for resources": (wish(head={"resources": "4"}), ["'resources'", "head_group"]),
    "mapping for a quantity": (wish(head={"resources": {"cpu": {"a": 1}}}), ["head_group.resources.cpu", "500m"]),
    "fraction for a version": ({**wish(), "ray_version": 2.5}, ["ray_version", "quotes"]),
    "unknown kind of volume": (
        wish(head={"volumes": [{"name": "v", "mount_path": "/v", "volume_type": "nfs"}]}),
        ["volume_type", "nfs", "head_group -> volumes"],
    ),
    "volume without its source": (
        wish(head={"volumes": [{"name": "v", "mount_path": "/v", "volume_type": "secret"}]}),
        ["head_group.volumes[0].source"],
    ),
    "group without a name": (wish({"replicas": 1}), ["group_name", "worker_groups"]),
    "text for a spec": ({**wish(), "spec": "x"}, ["'spec'", "dict"]),
    "raw text for a list": (wish(spec={"workerGroupSpecs": "x"}), ["spec.workerGroupSpecs", "a list", "str"]),
    "raw mapping for a list": (
        wish(head={"template": {"spec": {"containers": {"a": 1}}}}),
        ["head_group.template.spec.containers", "a list", "dict"],
    ),
    "raw word for a switch": (wish(spec={"suspend": "maybe"}), ["spec.suspend", "true or false", "'maybe'"]),
    "raw text for a number": (
        wish(spec={"workerGroupSpecs": [{"groupName": "a", "replicas": "three"}]}),
        ["spec.workerGroupSpecs[0].replicas", "'three'", "whole number"],
    ),
    "raw fraction for a number": (
        wish(spec={"workerGroupSpecs": [{"groupName": "a", "replicas": 1.5}]}),
        ["spec.workerGroupSpecs[0].replicas", "1.5"],
    ),
    "raw bad quantity": (
        wish(head={"template": {"spec": {"containers": [{"resources": {"limits": {"cpu": "1x"}}}]}}}),
        ["head_group.template.spec.containers[0].resources.limits.cpu", "'1x'"],
    ),
    "number for a definition": ({"definition": 3}, ["definition", "a mapping", "int"]),
    "text that is no YAML": ({"definition": "a: ["}, ["definition: is not YAML", "line "]),
    "two documents": ({"definition": "a: 1\n---\nb: 2"}, ["definition", "2 documents"]),
    "another kind": ({"definition": {"kind": "Pod"}}, ["definition.kind", "RayCluster", "'Pod'"]),
    "another field": ({"definition": {"kind": "RayCluster", "sepc": {}}}, ["definition.sepc"]),
    "definition and options": ({"definition": {}, "image": "x"}, ["definition", "image", "mutually exclusive"]),
    "file that is not there": ({"src": "/nowhere/cluster.yml"}, ["src: /nowhere/cluster.yml"]),
    "unknown choice of the server's": (
        wish(spec={"upgradeStrategy": {"type": "Rolling"}}),
        [NAME, "spec.upgradeStrategy.type", "'Rolling'", "Recreate"],
    ),
    "bad value of a label": ({**wish(), "labels": {"a": "b c"}}, [NAME, "metadata.labels", '"b c"']),
    "bad name of an annotation": ({**wish(), "annotations": {"a b": "c"}}, [NAME, "metadata.annotations", '"a b"']),
    "number that is too large": (
        wish(autoscaler_options={"idle_timeout_seconds": 99999999999}),
        [NAME, "spec.autoscalerOptions.idleTimeoutSeconds", "int32"],
    ),
    "patch of nothing": ({"state": "patched", "suspend": True, "name": "nobody"}, ["nobody", "state=present"]),
    "missing template": (
        wish(group("g", compute_template="none-such")),
        ["worker_groups[0].compute_template", "'none-such'", "create it first"],
    ),
    "name that no template has": (
        wish(group("g", compute_template="../x")),
        ["worker_groups[0].compute_template", "'../x' is no name"],
    ),
}


def refused(table: dict[str, tuple[Json, list[str]]]) -> Iterator[Json]:
    """A task for each row of a table."""
    for label, (options, _) in table.items():
        rest = {key: value for key, value in options.items() if key != "name"}
        yield manage(label, options.get("name", NAME), MAY_FAIL, **rest)


@pytest.fixture(scope="module")
def refusals(stage: Stage, way: str) -> Run:
    """One play of everything that is wrong with options."""
    return stage.succeed(*refused(OPTIONS), way=way)


@pytest.fixture(scope="module")
def values(stage: Stage) -> Run:
    """One play of everything that is wrong with values: the code that looks at them is the same both ways."""
    return stage.succeed(*refused(VALUES))


def ensure_refused(stage: Stage, run: Run, label: str, words: list[str]) -> None:
    """The task has failed for these reasons, in words and not in a traceback, and nothing was written."""
    outcome = run[label]
    assert outcome.status == "failed"
    for word in words:
        assert word in outcome.message
    assert outcome.result.get("changed", False) is False
    assert written(stage.requests(run, label)) == []
    assert "Traceback" not in str(outcome.result)


@pytest.mark.parametrize("label", OPTIONS)
def test_a_wish_that_cannot_be_fails_by_its_option_and_writes_nothing(refusals: Run, stage: Stage, label: str) -> None:
    ensure_refused(stage, refusals, label, OPTIONS[label][1])


@pytest.mark.parametrize("label", VALUES)
def test_a_value_that_cannot_be_fails_by_its_place_and_writes_nothing(values: Run, stage: Stage, label: str) -> None:
    ensure_refused(stage, values, label, VALUES[label][1])


def test_nothing_of_all_this_is_there_afterwards(refusals: Run, values: Run, stage: Stage) -> None:
    assert stage.room.get(NAME) is None
    assert stage.room.get("nobody") is None


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
