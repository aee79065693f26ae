# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve configs: the same content in other words, and the applications in it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import SERVICE_SPEC
from ansible_collections.kuberay.core.plugins.module_utils._objects.serve_config import (
    holds,
    same_config,
    wished_applications,
)
from hypothesis import given
from hypothesis import strategies as st

Json = dict[str, Any]
_SCALARS = st.one_of(st.booleans(), st.integers(0, 2), st.sampled_from(["", "1", "true", "a: b", "ü"]), st.none())
_FREE = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.one_of(_SCALARS, st.lists(_SCALARS, max_size=2)), max_size=3
)
_DEPLOYMENTS = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["D", "E", "F"]), "user_config": _FREE}),
    max_size=2,
    unique_by=lambda one: one["name"],
)
_CONFIGS = st.fixed_dictionaries(
    {
        "applications": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(["x", "y", "z"]), "args": _FREE}, optional={"deployments": _DEPLOYMENTS}
            ),
            max_size=3,
            unique_by=lambda one: one["name"],
        )
    },
    optional={"http_options": _FREE},
)


def _spelled(value: Any, draw: Any) -> str:
    return yaml.safe_dump(
        value,
        default_flow_style=draw(st.booleans()),
        sort_keys=draw(st.booleans()),
        default_style=None,
        width=draw(st.sampled_from([20, 200])),
    )


def _reordered(value: Json, draw: Any) -> Json:
    """The config with its applications, their deployments and all keys in another order."""
    applications = [
        {
            **one,
            **({"deployments": draw(st.permutations(one["deployments"]))} if "deployments" in one else {}),
        }
        for one in draw(st.permutations(value["applications"]))
    ]
    keys = draw(st.permutations(sorted({**value, "applications": applications})))
    return {key: {**value, "applications": applications}[key] for key in keys}


@given(_CONFIGS, st.data())
def test_a_config_in_other_words_and_in_another_order_keeps_the_live_words(config: Json, data: Any) -> None:
    live, wish = _spelled(config, data.draw), _spelled(_reordered(config, data.draw), data.draw)
    assert overlay({"serveConfigV2": live}, {"serveConfigV2": wish}, SERVICE_SPEC, None) == {"serveConfigV2": live}


@given(_CONFIGS, _CONFIGS)
def test_another_content_is_another_config(one: Json, other: Json) -> None:
    texts = [yaml.safe_dump(value) for value in (one, other)]
    assert same_config(*texts) == (_keyed(one) == _keyed(other))


def _keyed(config: Json) -> str:
    """The content as it is meant, as a text in which 1 is not True."""
    applications = {
        one["name"]: {**one, "deployments": {part["name"]: part for part in one["deployments"]}}
        if "deployments" in one
        else one
        for one in config["applications"]
    }
    return yaml.safe_dump({**config, "applications": applications}, sort_keys=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a: 1", "a: '1'"), ("a: yes", "a: 1"), ("l: [1, 2]", "l: [2, 1]"), ("a: [", "a: ["), ("a: 1", 1), (None, "a: 1")],
)
def test_what_is_not_the_same(one: Any, other: Any) -> None:
    assert same_config(one, other) is False


def test_only_the_first_document_counts_as_for_the_operator() -> None:
    assert same_config("a: 1\n---\nb: 2\n", "a: 1")


def test_a_new_text_takes_the_place_of_the_old_one() -> None:
    changed = overlay({"serveConfigV2": "a: 1"}, {"serveConfigV2": "a: 2"}, SERVICE_SPEC, None)
    assert changed == {"serveConfigV2": "a: 2"}


def test_the_applications_of_a_config_by_name() -> None:
    text = "applications: [{import_path: m:a}, {name: b, import_path: m:b}]"
    assert wished_applications(text) == {
        "default": {"import_path": "m:a"},
        "b": {"name": "b", "import_path": "m:b"},
    }
    assert wished_applications("") == wished_applications("a: [") == wished_applications("applications: 3") == {}


@pytest.mark.parametrize(
    ("value", "wish", "held"),
    [
        ({"a": 1, "b": {"c": [1], "d": 2}}, {"b": {"c": [1]}}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": None}, {"b": 1}, False),
        (None, {"a": 1}, False),
    ],
)
def test_ray_may_have_added_to_what_was_wished_for(value: Any, wish: Any, held: bool) -> None:
    assert holds(value, wish) is held
