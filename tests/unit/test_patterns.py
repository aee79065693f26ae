# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates of the pattern ask for what their playbooks take; the credential type gives what modules read."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC

from tests.checks import tree

Json = dict[str, Any]
FOLDER = tree.ROOT / "extensions" / "patterns" / "run_ray_jobs"
PATTERN: Json = json.loads((FOLDER / "meta" / "pattern.json").read_text("utf-8"))
RESOURCES: Json = PATTERN["aap_resources"]
TEMPLATES: dict[str, Json] = {one["name"]: one for one in RESOURCES["controller_job_templates"]}
CREDENTIAL_TYPE = tree.ROOT / "playbooks" / "files" / "credential_types" / "apiserver"
# What somebody may answer, where a survey has neither choices nor a default.
TEXT = "1"


def read(path: Any) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def imported(template: Json) -> Json:
    """The play of the pattern: the playbook that it imports, with variables made of the survey's."""
    (play,) = read(FOLDER / "playbooks" / template["playbook"])
    return dict(play)


def options(template: Json) -> Json:
    """What the collection's playbook takes."""
    (play,) = read(FOLDER / "playbooks" / imported(template)["ansible.builtin.import_playbook"])
    return dict(play["tasks"][0]["ansible.builtin.validate_argument_spec"]["argument_spec"])


def answers(template: Json, *, only_required: bool) -> Json:
    """The survey's answers as the controller gives them: texts, and those that were left empty too."""
    found: Json = {}
    for question in template["survey"]["spec"]:
        some = question.get("default") or (question.get("choices") or [TEXT])[0]
        found[question["variable"]] = "" if only_required and not question["required"] else some
    given = dict(found)
    for variable, text in imported(template)["vars"].items():
        given[variable] = given.pop(text.strip("{} "))
    return given


@pytest.mark.parametrize("only_required", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_survey_gives_what_the_playbook_takes(name: str, only_required: bool) -> None:
    template = TEMPLATES[name]
    spec = options(template)
    given = answers(template, only_required=only_required)
    # A job on the cluster of the workflow, for one, has a name of its own and the cluster's.
    assert set(given) <= set(spec)
    assert {variable for variable, option in spec.items() if option.get("required")} <= set(given)
    assert ArgumentSpecValidator(spec).validate(given).error_messages == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_playbook_must_have_is_asked_for(name: str) -> None:
    template = TEMPLATES[name]
    made = {variable: text.strip("{} ") for variable, text in imported(template)["vars"].items()}
    must = {made.get(variable, variable) for variable, option in options(template).items() if option.get("required")}
    assert {question["variable"] for question in template["survey"]["spec"] if question["required"]} == must


def test_choices_are_those_of_the_playbook() -> None:
    for template in TEMPLATES.values():
        spec = options(template)
        for question in template["survey"]["spec"]:
            allowed = spec.get(question["variable"], {}).get("choices")
            if allowed:
                assert set(question["choices"]) == set(allowed) - {""}


def test_the_same_variable_is_the_same_question_everywhere() -> None:
    """The workflow asks each of them once."""
    asked: dict[str, str] = {}
    for template in TEMPLATES.values():
        for question in template["survey"]["spec"]:
            assert asked.setdefault(question["variable"], question["question_name"]) == question["question_name"]


def test_the_pattern_is_whole() -> None:
    assert PATTERN["name"] == FOLDER.name
    assert [one["name"] for one in TEMPLATES.values() if one.get("primary")] == ["Ray cluster"]
    assert {one["execution_environment"] for one in TEMPLATES.values()} == {
        RESOURCES["controller_execution_environment"]["name"]
    }
    assert {label for one in TEMPLATES.values() for label in one["labels"]} == set(RESOURCES["controller_labels"])
    assert {one["playbook"] for one in TEMPLATES.values()} == {one.name for one in (FOLDER / "playbooks").iterdir()}
    assert (FOLDER / "README.md").is_file()


def test_the_workflow_is_of_the_patterns_templates() -> None:
    (workflow,) = (task for task in controller_tasks() if "awx.awx.workflow_job_template" in task)
    nodes = {one["identifier"]: one for one in workflow["awx.awx.workflow_job_template"]["workflow_nodes"]}
    assert {one["unified_job_template"]["name"] for one in nodes.values()} == set(TEMPLATES)
    followers = {
        after["identifier"]
        for one in nodes.values()
        for several in one.get("related", {}).values()
        for after in several
    }
    assert followers == set(nodes) - {"cluster"}


def controller_tasks() -> list[Json]:
    """``!unsafe`` is Ansible's own."""
    text = (tree.ROOT / "playbooks" / "tasks" / "controller.yml").read_text("utf-8")
    return list(yaml.safe_load(text.replace("!unsafe ", "")))


def test_the_credential_gives_variables_that_the_modules_read() -> None:
    injectors, inputs = read(CREDENTIAL_TYPE / "injectors.yml"), read(CREDENTIAL_TYPE / "inputs.yml")
    known = {name for option in CONNECTION_SPEC.values() for name in (option.get("fallback") or ("", []))[1]}
    assert set(injectors["env"]) <= known
    fields = {field["id"]: field for field in inputs["fields"]}
    assert fields["token"]["secret"] is True
    assert set(inputs["required"]) <= set(fields)
    api = CONNECTION_SPEC["api"]
    assert set(fields["api"]["choices"]) < set(api["choices"])
