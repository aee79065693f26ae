# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates of the pattern ask for what their playbooks take; the credential type gives what modules read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.kuberay.core.plugins.module_utils._options.connection import CONNECTION_SPEC

from tests.checks import tree
from tests.unit import awx_rules

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
    return dict(read(FOLDER / "playbooks" / template["playbook"])[0])


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


def test_the_pattern_is_one() -> None:
    assert awx_rules.pattern(PATTERN) == []


def spoilt(change: Callable[[Json], object]) -> Json:
    """A copy of the pattern, changed."""
    copied: Json = json.loads(json.dumps(PATTERN))
    change(copied)
    return copied


def first(pattern: Json) -> Json:
    """The first question of its first survey."""
    question: Json = pattern["aap_resources"]["controller_job_templates"][0]["survey"]["spec"][0]
    return question


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda one: one.pop("title"), "pattern.title: missing"),
        (lambda one: one.update(name="Run Ray"), "pattern.name: 'Run Ray'"),
        (lambda one: one.update(colour="red"), "pattern.colour: unknown"),
        (lambda one: one["aap_resources"].update(controller_labels=[]), "controller_labels: []"),
        (lambda one: first(one).update(type="number"), "type: 'number'"),
        (lambda one: first(one).update(required="yes"), "required: 'yes'"),
        (lambda one: first(one).update(type="integer", default="1"), "the default of a number"),
        (lambda one: first(one).update(type="multiplechoice"), "no choices"),
        (lambda one: first(one).update(type="multiplechoice", choices=["a"], default="b"), "b is no choice"),
        (lambda one: first(one).update(variable="kuberay_namespace"), "asked for twice"),
    ],
)
def test_a_pattern_that_would_be_refused_is_seen(change: Callable[[Json], object], problem: str) -> None:
    assert problem in "\n".join(awx_rules.pattern(spoilt(change)))


def test_the_pattern_is_whole() -> None:
    assert PATTERN["name"] == FOLDER.name
    assert [one["name"] for one in TEMPLATES.values() if one.get("primary")] == ["Ray cluster"]
    assert {one["execution_environment"] for one in TEMPLATES.values()} == {
        RESOURCES["controller_execution_environment"]["name"]
    }
    assert {label for one in TEMPLATES.values() for label in one["labels"]} == set(RESOURCES["controller_labels"])
    assert {one["playbook"] for one in TEMPLATES.values()} == {one.name for one in (FOLDER / "playbooks").iterdir()}
    assert (FOLDER / "README.md").is_file()


def test_the_credential_gives_variables_that_the_modules_read() -> None:
    injectors, inputs = read(CREDENTIAL_TYPE / "injectors.yml"), read(CREDENTIAL_TYPE / "inputs.yml")
    assert awx_rules.credential_type(inputs, injectors) == []
    known = {name for option in CONNECTION_SPEC.values() for name in (option.get("fallback") or ("", []))[1]}
    assert set(injectors["env"]) <= known
    fields = {field["id"]: field for field in inputs["fields"]}
    assert fields["token"]["secret"] is True
    api = CONNECTION_SPEC["api"]
    assert set(fields["api"]["choices"]) < set(api["choices"])


@pytest.mark.parametrize(
    ("inputs", "injectors", "problem"),
    [
        ({"id": "url"}, {}, "label: missing"),
        ({"id": "tower", "label": "x"}, {}, "tower: taken"),
        ({"id": "url", "label": "x", "type": "number"}, {}, "type: 'number'"),
        ({"id": "url", "label": "x"}, {"env": {"ANSIBLE_HOME": "x"}}, "ANSIBLE_HOME: no name"),
        ({"id": "url", "label": "x"}, {"env": {"URL": "{{ uri }}"}}, "'uri' is undefined"),
        ({"id": "url", "label": "x"}, {"env": {"CA": "{{ tower.filename.ca }}"}, "file": {"template.b": "x"}}, "'ca'"),
    ],
)
def test_a_credential_type_that_would_be_refused_is_seen(inputs: Json, injectors: Json, problem: str) -> None:
    assert problem in "\n".join(awx_rules.credential_type({"fields": [inputs]}, injectors))
