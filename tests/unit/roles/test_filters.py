# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a role's variables to a chart's values."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.kuberay.core.plugins.filter.chart_values import chart_values
from ansible_collections.kuberay.core.plugins.filter.collection_version import collection_version
from ansible_collections.kuberay.core.plugins.filter.role_arguments import role_arguments

from tests.checks import tree
from tests.lab.helm_charts import SOURCES

Json = dict[str, Any]
SPEC: Json = {
    "my_wait": {"type": "bool", "default": True},
    "my_names": {"type": "list", "elements": "str"},
    "my_share": {"type": "float"},
    "my_gates": {"type": "dict"},
}
CHART: Json = {"name": "c", "version": "1.5.0", "values": {"a": {"b": 1}, "list": [{"name": "x", "enabled": True}]}}


def test_texts_become_what_they_stand_for() -> None:
    told = {"my_wait": "no", "my_names": "a,b", "my_share": "0.5", "my_gates": '{"A": true}'}
    expected = {"wait": False, "names": ["a", "b"], "share": 0.5, "gates": {"A": True}}
    assert role_arguments(told, SPEC, "my_") == expected


def test_empty_is_left_out_and_defaults_are_filled_in() -> None:
    assert role_arguments({"my_wait": "", "my_names": None, "my_share": ""}, SPEC, "my_") == {"wait": True}


@pytest.mark.parametrize(
    ("told", "word"),
    [({"my_wiat": True}, "my_wiat: there is no such variable; is it my_wait"), ({"my_share": "x"}, "my_share")],
)
def test_a_wrong_variable_is_named(told: Json, word: str) -> None:
    with pytest.raises(AnsibleFilterError, match=word):
        role_arguments(told, SPEC, "my_")


def test_values_go_where_the_table_says() -> None:
    paths = {"deep": {"a.b": "1.0.0"}, "moved": {"new.place": "1.6.0", "old.place": "1.4.0"}, "unset": {"z": "1.0.0"}}
    assert chart_values({"deep": 0, "moved": "m"}, paths, CHART) == {"a": {"b": 0}, "old": {"place": "m"}}


def test_what_the_version_does_not_have_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"later: the chart c 1\.5\.0 has no such value; 1\.5\.1 is the first"):
        chart_values({"later": 1}, {"later": {"later": "1.5.1"}}, CHART)


@pytest.mark.parametrize(
    ("wish", "key", "expected"),
    [
        ({"x": "false", "y": True}, "enabled", [{"name": "x", "enabled": False}, {"name": "y", "enabled": True}]),
        ({"y": True}, "value", [{"name": "x", "enabled": True}, {"name": "y", "value": "true"}]),
        ({"y": {"valueFrom": {}}}, "value", [{"name": "x", "enabled": True}, {"name": "y", "valueFrom": {}}]),
        (["y"], "name", [{"name": "x", "enabled": True}, {"name": "y"}]),
    ],
)
def test_lists_are_merged_by_name(wish: Any, key: str, expected: Any) -> None:
    assert chart_values({"it": wish}, {"it": {"list": "1.0.0"}}, CHART, {"it": key}) == {"list": expected}


def test_values_are_laid_over() -> None:
    wish = {"deep": 1, "values": {"a": {"c": 2}, "list": []}}
    assert chart_values(wish, {"deep": {"a.b": "1.0.0"}}, CHART) == {"a": {"b": 1, "c": 2}, "list": []}


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"values\.lst: .* has no such value; is it list"):
        chart_values({"values": {"lst": []}}, {}, CHART)


def test_collections() -> None:
    assert collection_version("nobody.nothing") == ""
    assert collection_version("kuberay.core") == "0.0.0"


@pytest.mark.parametrize("role", ["kuberay_operator", "kuberay_apiserver"])
def test_the_labs_charts_have_the_shape_of_the_real_ones(role: str) -> None:
    """Every path of the table that is for the newest chart leads somewhere, but for values that charts leave open."""
    table = yaml.safe_load((tree.ROOT / f"roles/{role}/vars/main.yml").read_text(encoding="utf-8"))[f"_{role}_paths"]
    values = yaml.safe_load((SOURCES / role.replace("_", "-") / "values.yaml").read_text(encoding="utf-8"))
    open_ones = {"watchNamespace", "useKubernetesProxy", "cors.allowOrigin", "ingress.hosts", "route.tls"}
    missing = [path for path in (next(iter(paths)) for paths in table.values()) if not _leads(values, path)]
    assert set(missing) <= open_ones


def _leads(values: Any, path: str) -> bool:
    for key in path.split("."):
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True
