# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole object as a wish: as a mapping, a text or a file; the same object by typed options is the same wish."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.integration.modules.room import Stage, outside_the_wait
from tests.integration.modules.words import MAY_FAIL, SHIPPED, manifest
from tests.integration.playbook import Play, Run

Json = dict[str, Any]
MODULE = "kuberay.core.kuberay_cluster"
PASSWORD = "planted-password-51de"


def defined(label: str, keywords: Json | None = None, **options: Any) -> Json:
    return {"name": label, MODULE: options, **(keywords or {})}


def name_of(way: str) -> str:
    return f"whole-{way.split()[0]}"


def play(stage: Stage, way: str) -> Play:
    """Every form that an object may come in, one after the other; the last ones cannot be meant."""
    whole = manifest(name_of(way), "small")
    text = yaml.safe_dump(whole)
    scaled = yaml.safe_load(text)
    scaled["spec"]["workerGroupSpecs"][0]["replicas"] = "{{ '2' }}"
    part = {"spec": {"workerGroupSpecs": [{"groupName": "small", "maxReplicas": 7}]}}
    prepared = stage.prepare(
        [
            defined("mapping", definition=whole),
            defined("again", definition=whole),
            defined("text", resource_definition=text),
            defined("file", src="cluster.yml"),
            defined("file again", src="cluster.yml", name=name_of(way)),
            defined("scaled", definition=scaled),
            defined("part", state="patched", name=name_of(way), definition=part),
            defined("both", MAY_FAIL, definition=whole, src="cluster.yml"),
            defined("and options", MAY_FAIL, definition=whole, image="x"),
            defined("no file", MAY_FAIL, src="nowhere.yml"),
            defined("no yaml", MAY_FAIL, definition=f"a: [{PASSWORD}"),
            defined("two documents", MAY_FAIL, definition="a: 1\n---\nb: 2\n"),
            defined("no name", MAY_FAIL, image="x"),
            defined("unknown field", MAY_FAIL, definition={**whole, "spec": {**whole["spec"], "typo": 1}}),
            defined("gone", definition=whole, state="absent"),
        ],
        way,
    )
    files = prepared.folder / "files"
    files.mkdir(parents=True)
    (files / "cluster.yml").write_text(f"---\n{text}\n---\n", encoding="utf-8")
    return prepared


@pytest.fixture(scope="module")
def forms(stage: Stage, way: str) -> Run:
    run = play(stage, way).run()
    assert run.code == 0, str(run)
    return run


@pytest.mark.parametrize("form", ["again", "text", "file", "file again"])
def test_the_same_object_in_another_form_changes_nothing(forms: Run, form: str) -> None:
    assert forms["mapping"]["action"] == "create"
    assert (forms[form].status, forms[form]["reasons"], forms[form]["changed"]) == ("ok", [], False)


def test_an_object_is_as_it_was_given(forms: Run) -> None:
    cluster = forms["mapping"]["cluster"]
    assert (cluster["state"], cluster["workers"]["ready"]) == ("ready", 1)
    assert forms["mapping"]["resource"]["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["name"] == "ray"


def test_a_changed_object_is_a_change_of_that_path(forms: Run) -> None:
    assert forms["scaled"]["reasons"] == [{"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 2}]
    assert forms["part"]["reasons"] == [{"path": "spec.workerGroupSpecs[small].maxReplicas", "from": 5, "to": 7}]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("both", ["mutually exclusive", "definition", "src"]),
        ("and options", ["mutually exclusive", "definition", "image"]),
        ("no file", ["src: nowhere.yml cannot be read"]),
        ("no yaml", ["definition: is not YAML (line "]),
        ("two documents", ["definition: holds 2 documents"]),
        ("no name", ["one of the following is required: name, definition, src"]),
        ("unknown field", ["unknown field", "spec.typo"]),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_option(forms: Run, label: str, words: list[str]) -> None:
    assert forms[label].status == "failed"
    for word in words:
        assert word in forms[label].message
    assert PASSWORD not in str(forms)


def test_a_definition_names_what_is_deleted(forms: Run, stage: Stage, way: str) -> None:
    assert forms["gone"]["action"] == "delete"
    assert stage.room.get(name_of(way)) is None


def test_secrets_in_a_definition_are_hidden_however_it_is_given(stage: Stage) -> None:
    whole = manifest("secretive", "small")
    whole["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["env"] = [
        {"name": "DB_PASSWORD", "value": PASSWORD}
    ]
    run = stage.succeed(
        defined("mapping", wait=False, definition=whole),
        defined("text", SHIPPED, wait=False, definition=yaml.safe_dump(whole)),
        verbosity=3,
        diff=True,
    )
    assert run["text"]["changed"] is False
    assert PASSWORD not in f"{run.stdout}{run.stderr}{[outcome.result for outcome in run.outcomes]}"


def test_a_vaulted_file_is_opened(stage: Stage) -> None:
    from ansible.parsing.vault import VaultLib, VaultSecret

    prepared = stage.prepare(
        [defined("vaulted", src="vaulted.yml", wait=False)], environment={"ANSIBLE_VAULT_PASSWORD_FILE": "password"}
    )
    prepared.folder.mkdir(parents=True, exist_ok=True)
    (prepared.folder / "password").write_text("pass", encoding="utf-8")
    text = yaml.safe_dump(manifest("vaulted", "small"))
    vaulted = VaultLib([("default", VaultSecret(b"pass"))]).encrypt(text)
    (prepared.folder / "vaulted.yml").write_bytes(vaulted)
    run = prepared.run()
    assert run.code == 0, str(run)
    assert run["vaulted"]["action"] == "create"


def test_an_unchanged_definition_costs_one_request(forms: Run, stage: Stage) -> None:
    assert outside_the_wait(stage.requests(forms, "again")) == ["GET rayclusters"]
