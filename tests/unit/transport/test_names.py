# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name becomes a part of a path: it must not be able to become another path."""

from __future__ import annotations

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection

WRONG = ["", ".", "..", "../../other/rayclusters/victim", "demo?x", "demo/status", "Demo", "a..b", "demo%2f", "-a"]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match=r"^name: "):
        Ref(CLUSTER, "default", name)


@pytest.mark.parametrize("namespace", WRONG)
def test_what_is_no_namespace_is_refused(namespace: str) -> None:
    with pytest.raises(OptionError, match=r"^namespace: "):
        Ref(CLUSTER, namespace, "demo")
    with pytest.raises(OptionError, match=r"^namespace: "):
        Selection(CLUSTER, namespace)


@pytest.mark.parametrize("name", ["demo", "a", "a-1", "team.demo"])
def test_names_that_kubernetes_takes_are_taken(name: str) -> None:
    assert Ref(CLUSTER, "default", name).name == name
