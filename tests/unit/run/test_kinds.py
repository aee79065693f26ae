# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of kinds: an object among many has the options of its kind's own module."""

from __future__ import annotations

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._kinds import GROUP
from ansible_collections.kuberay.core.plugins.module_utils._options.apply import APPLY
from ansible_collections.kuberay.core.plugins.module_utils._run.kinds import NAMES, managed_kind


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_said_is_as_the_kinds_module_has_it(name: str) -> None:
    kind = managed_kind(name)
    given = {option: spec.get("default") for option, spec in APPLY["argument_spec"].items()}
    options = kind.options({**given, "wait": False})
    assert options["wait"] is False
    assert options["wait_for"] == kind.spec["argument_spec"]["wait_for"]["default"]
    assert set(options) >= set(kind.spec["argument_spec"])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_for_all_means_the_same_as_for_one(name: str) -> None:
    one = managed_kind(name).spec["argument_spec"]
    for option, spec in APPLY["argument_spec"].items():
        if option in one and option != "src":
            assert spec == one[option], option


@pytest.mark.parametrize("name", NAMES)
def test_kinds_are_of_kuberay(name: str) -> None:
    kind = managed_kind(name).task.managed.kind
    assert (kind.name, kind.group) == (name, GROUP)
