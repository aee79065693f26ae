# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's argument spec is the truth: its defaults, its table and its README agree with it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.filter.role_arguments import role_arguments

from tests import readmes
from tests.checks import tree

ROLES = sorted(folder.name for folder in (tree.ROOT / "roles").iterdir() if folder.is_dir())
Json = dict[str, Any]
MADE = {
    "kuberay_apiserver": {"ingress", "ingress_hosts", "ingress_tls", "security", "service_account", "service_ports"}
}


def _yaml(role: str, path: str) -> Json:
    loaded: Json = yaml.safe_load((tree.ROOT / "roles" / role / path).read_text(encoding="utf-8"))
    return loaded


def _options(role: str) -> Json:
    options: Json = _yaml(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return options


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_spec(role: str) -> None:
    told = {name: option["default"] for name, option in _options(role).items() if "default" in option}
    assert _yaml(role, "defaults/main.yml") == told


@pytest.mark.parametrize("role", ROLES)
def test_every_path_is_of_a_variable(role: str) -> None:
    variables = _yaml(role, "vars/main.yml")
    told = variables.get(f"_{role}_paths", {}).keys() | variables.get(f"_{role}_named", {}).keys()
    unknown = {name for name in told if f"{role}_{name}" not in _options(role)}
    # What is made of several variables.
    assert unknown == MADE.get(role, set())


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_is_in_the_readme(role: str) -> None:
    prefix = f"{role}_"
    assert [name for name in _options(role) if f"`{name.removeprefix(prefix)}`" not in readmes.text(role)] == []


@pytest.mark.parametrize("role", ROLES)
def test_what_the_readme_sets_is_taken(role: str) -> None:
    options, prefix = _options(role), f"{role}_"
    for told in readmes.variables(role):
        # What a template gives is not known here; the name is.
        known = {name: None if "{{" in str(value) else value for name, value in told.items()}
        taken = role_arguments(known, options, prefix)
        wished = {name.removeprefix(prefix): value for name, value in known.items() if value is not None}
        assert {name: taken[name] for name in wished} == wished
