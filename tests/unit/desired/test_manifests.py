# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests in every form become one after the other, each with the path at which it stands."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.manifests import each_manifest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

A, B = {"kind": "RayCluster", "metadata": {"name": "a"}}, {"kind": "RayJob", "metadata": {"name": "b"}}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (A, [("d", A)]),
        ([A, None, B], [("d[0]", A), ("d[2]", B)]),
        ([[A], [B]], [("d[0][0]", A), ("d[1][0]", B)]),
        ({"kind": "List", "items": [A, B]}, [("d.items[0]", A), ("d.items[1]", B)]),
        ([{"kind": "List", "items": [{"kind": "List", "items": [B]}]}], [("d[0].items[0].items[0]", B)]),
        ([], []),
    ],
)
def test_each_by_itself(given: Any, found: list[Any]) -> None:
    assert list(each_manifest(given, "d")) == found


def test_what_a_list_of_one_kind_says_holds_for_its_items() -> None:
    listed = {"apiVersion": "ray.io/v1", "kind": "RayJobList", "items": [{"metadata": {"name": "b"}}, {**A}]}
    kinds = [(one["apiVersion"], one["kind"]) for _, one in each_manifest(listed)]
    assert kinds == [("ray.io/v1", "RayJob"), ("ray.io/v1", "RayCluster")]


@pytest.mark.parametrize(
    ("given", "path"), [("text", "d"), ([A, 3], "d[1]"), ({"kind": "List", "items": [7]}, "d.items[0]")]
)
def test_what_is_none_is_told_by_its_path(given: Any, path: str) -> None:
    with pytest.raises(OptionError) as refused:
        list(each_manifest(given, "d"))
    assert refused.value.message.startswith(f"{path}: a manifest (a mapping)")
