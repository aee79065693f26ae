# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX and Automation Platform accept of a pattern, a survey, a credential type; each function tells what not.

Sources: the Ansible pattern specification 2.0 and its schema; what AWX's API checks when a survey or a credential type
is saved, as its documentation tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

Json = dict[str, Any]
Test = Callable[[Any], bool]
_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_FILE = re.compile(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?")


def text(longest: int = 1 << 20, form: str = ".+") -> Test:
    return lambda said: isinstance(said, str) and len(said) <= longest and bool(re.fullmatch(form, said, re.S))


def flag(said: Any) -> bool:
    return isinstance(said, bool)


def one_of(*words: str) -> Test:
    return lambda said: said in words


def texts(said: Any) -> bool:
    """Some, and none of them twice."""
    return isinstance(said, list) and bool(said) and all(map(text(), said)) and len(set(said)) == len(said)


@dataclass(frozen=True)
class Shape:
    """An object, or a list of such: the keys that have to be there, and those that may be."""

    must: Mapping[str, Test | Shape]
    may: Mapping[str, Test | Shape]
    is_list: bool = False

    def problems(self, said: Any, path: str) -> list[str]:
        if self.is_list:
            if not isinstance(said, list) or not said:
                return [f"{path}: no list with something in it"]
            each = Shape(self.must, self.may)
            return [line for place, one in enumerate(said) for line in each.problems(one, f"{path}[{place}]")]
        if not isinstance(said, dict):
            return [f"{path}: no object"]
        found = [f"{path}.{key}: missing" for key in self.must if key not in said]
        for key, value in said.items():
            test = {**self.must, **self.may}.get(key)
            if test is None:
                found.append(f"{path}.{key}: unknown")
            elif isinstance(test, Shape):
                found += test.problems(value, f"{path}.{key}")
            elif not test(value):
                found.append(f"{path}.{key}: {value!r}")
        return found


NAME = text(200)
QUESTION = Shape(
    {
        "type": one_of("text", "textarea", "password", "integer", "float", "multiplechoice", "multiselect"),
        "question_name": text(),
        # A sentence that says what to do.
        "question_description": text(form=r"[A-Z].*\."),
        "variable": text(64, "[a-z0-9_]+"),
        "required": flag,
    },
    {"choices": texts, "default": text()},
    is_list=True,
)
SURVEY = Shape({"name": text(), "description": text(), "spec": QUESTION}, {})
TEMPLATE = Shape(
    {"name": NAME, "description": text(), "playbook": text()},
    {
        "execution_environment": text(),
        "labels": texts,
        "survey": SURVEY,
        **dict.fromkeys(
            ("primary", *(f"ask_{what}_on_launch" for what in ("credential", "inventory", "verbosity"))), flag
        ),
    },
    is_list=True,
)
PATTERN = Shape(
    {
        "schema_version": text(),
        "name": text(64, "[a-z0-9_]+"),
        "title": text(64),
        "description": text(),
        "short_description": text(form=r".*[^.]"),
        "aap_resources": Shape(
            {
                "controller_project": Shape({"name": NAME, "description": text()}, {}),
                "controller_job_templates": TEMPLATE,
            },
            {
                "controller_execution_environment": Shape(
                    {"name": NAME, "description": text(), "image_name": text(form="[a-z0-9_-]+/[a-z0-9_-]+")},
                    {"pull": one_of("always", "missing", "never")},
                ),
                "controller_labels": texts,
            },
        ),
    },
    {"tags": texts},
)


def pattern(said: Json) -> list[str]:
    """A pattern and its surveys."""
    found = PATTERN.problems(said, "pattern")
    return found or [
        line for one in said["aap_resources"]["controller_job_templates"] for line in survey(one.get("survey"))
    ]


def survey(said: Json | None) -> list[str]:
    """A default is of the question's type, and one of its choices, and no variable is asked for twice."""
    if said is None:
        return []
    found = SURVEY.problems(said, "survey")
    if found:
        return found
    asked: set[str] = set()
    for question in said["spec"]:
        variable, sort, default = question["variable"], question["type"], question.get("default", "")
        if variable in asked:
            found.append(f"{variable}: asked for twice")
        asked.add(variable)
        # A pattern's default is a text, AWX's one of these two is a number: there is none that both take.
        if default and sort in ("integer", "float"):
            found.append(f"{variable}: the default of a number")
        if sort in ("multiplechoice", "multiselect"):
            choices = question.get("choices", [])
            found += [f"{variable}: {said} is no choice" for said in default.splitlines() if said not in choices]
            found += [f"{variable}: no choices"] * (not choices)
    return found


FIELD = Shape(
    {"id": text(form=_VARIABLE.pattern), "label": text()},
    {
        "type": one_of("string", "boolean"),
        "help_text": text(),
        "choices": texts,
        "default": lambda said: isinstance(said, (str, bool)),
        "format": one_of("ssh_private_key", "url"),
        **dict.fromkeys(("secret", "multiline", "ask_at_runtime"), flag),
    },
    is_list=True,
)


def credential_type(inputs: Json, injectors: Json) -> list[str]:
    """The fields, and that the injectors' templates name nothing else."""
    found = Shape({"fields": FIELD}, {"required": texts}).problems(inputs, "inputs")
    if found:
        return found
    ids = [field["id"] for field in inputs["fields"]]
    found += [f"{one}: twice" for one in ids if ids.count(one) > 1] + ["tower: taken"] * ("tower" in ids)
    found += [f"{one}: required, and no field" for one in inputs.get("required", []) if one not in ids]
    found += [f"{key}: unknown" for key in injectors if key not in ("env", "extra_vars", "file")]
    files = injectors.get("file", {})
    found += [f"{name}: no name for a file" for name in files if not _FILE.fullmatch(name)]
    found += [
        f"{name}: no name for a variable"
        for name in injectors.get("env", {})
        if not _VARIABLE.fullmatch(name) or name.startswith("ANSIBLE_")
    ]
    names = {name.removeprefix("template."): "a path" for name in files if "." in name}
    known = {**dict.fromkeys(ids, "something"), "tower": {"filename": names or "a path"}}
    strict = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for part in injectors.values():
        for name, template in part.items():
            try:
                strict.from_string(template).render(known)
            except jinja2.TemplateError as problem:
                found.append(f"{name}: {problem}")
    return found
