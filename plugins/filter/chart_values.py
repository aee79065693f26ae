# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

DOCUMENTATION = r"""
name: chart_values
short_description: Values of a Helm chart, from plain variables
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Makes the values that a role of this collection installs a chart with, by a table of where each variable goes.
  - A variable that this version of the chart has no value for, and a value that the chart does not know, are refused,
    because Helm would drop them in silence.
positional: paths, chart, named, prefix
options:
  _input:
    description:
      - The variables, by names without the role's prefix. Names that are not in O(paths) are left alone.
      - C(values) among them is laid over the rest, mapping by mapping.
    type: dict
    required: true
  paths:
    description:
      - Where each variable goes, as a mapping of paths in the chart's values to the first version of the chart that has
        this path. The first path that the chart has is taken.
    type: dict
    required: true
  chart:
    description: The chart, with its C(name), its C(version) and its own C(values).
    type: dict
    required: true
  named:
    description:
      - Variables that are mappings of names, or lists of names, where the chart has a list of mappings with a C(name),
        and the key of such a mapping that holds the value. They are merged with the chart's own list by name.
    type: dict
    default: {}
  prefix:
    description: What the names of the role's variables begin with, for messages.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: One feature gate more than the chart has
  ansible.builtin.debug:
    msg: "{{ wish | kuberay.core.chart_values(paths, chart, {'gates': 'enabled'}) }}"
  vars:
    wish: {gates: {RayCronJob: true}, replicas: 2}
    paths:
      gates: {featureGates: 1.2.0}
      replicas: {replicas: 1.5.1}
    chart:
      name: kuberay-operator
      version: 1.7.0
      values:
        replicas: 1
        featureGates:
          - {name: RayCronJob, enabled: false}
          - {name: RayJobDeletionPolicy, enabled: true}
"""

RETURN = r"""
_value:
  description: The values, without those that the chart has by itself.
  type: dict
  sample:
    featureGates:
      - {name: RayCronJob, enabled: true}
      - {name: RayJobDeletionPolicy, enabled: true}
    replicas: 2
"""

Json = dict[str, Any]
# What Helm hands to every chart.
_EVERY_CHARTS = "global"


def chart_values(
    wish: Mapping[str, Any],
    paths: Mapping[str, Mapping[str, str]],
    chart: Mapping[str, Any],
    named: Mapping[str, str] | None = None,
    prefix: str = "",
) -> Json:
    """The filter."""
    values: Json = {}
    keys = named or {}
    for name, table in paths.items():
        if name in wish:
            path, value = _path(prefix + name, table, chart), wish[name]
            own = _at(chart["values"], path)
            _put(values, path, _merged(value, keys[name], own) if name in keys else value)
    more = wish.get("values") or {}
    _check_known(f"{prefix}values", more, paths, chart)
    return _laid_over(values, more)


def _path(name: str, table: Mapping[str, str], chart: Mapping[str, Any]) -> str:
    """Where the variable goes in this version of the chart."""
    have = _numbers(chart["version"])
    for path, since in table.items():
        if have >= _numbers(since):
            return path
    needed = min(table.values(), key=_numbers)
    raise AnsibleFilterError(
        f"{name}: the chart {chart['name']} {chart['version']} has no such value; {needed} is the first that has"
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(version).partition("-")[0])[:3])


def _merged(wish: Any, key: str, own: Any) -> list[Json]:
    """Mappings with a name: the chart's own, changed where the wish names one of them, and then the others."""
    entries = {entry["name"]: dict(entry) for entry in own or []}
    for name in wish:
        entries[name] = {"name": name, **({} if isinstance(wish, list) else _content(key, wish[name]))}
    return list(entries.values())


def _content(key: str, value: Any) -> Json:
    """Survey answers are texts; Kubernetes wants texts for environment variables and truth for gates."""
    if isinstance(value, dict):
        return value
    if key == "enabled":
        return {key: boolean(value)}
    return {key: str(value).lower() if isinstance(value, bool) else str(value)}


def _at(values: Any, path: str) -> Any:
    for key in path.split("."):
        values = (values or {}).get(key)
    return values


def _put(values: Json, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for key in above:
        values = values.setdefault(key, {})
    values[last] = value


def _check_known(
    option: str, values: Mapping[str, Any], paths: Mapping[str, Mapping[str, str]], chart: Mapping[str, Any]
) -> None:
    """Not below the first level: what is there may be a user's own words, such as labels or resources."""
    known = {*chart["values"], *_first_keys(paths), _EVERY_CHARTS}
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; is it {near[0]}?" if near else ""
            raise AnsibleFilterError(
                f"{option}.{key}: the chart {chart['name']} {chart['version']} has no such value{hint}"
            )


def _first_keys(paths: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for table in paths.values():
        yield from (path.partition(".")[0] for path in table)


def _laid_over(values: Json, more: Mapping[str, Any]) -> Json:
    both = {key: (values[key], more[key]) for key in values.keys() & more.keys()}
    joined = {
        key: _laid_over(a, b) if isinstance(a, dict) and isinstance(b, dict) else b for key, (a, b) in both.items()
    }
    return {**values, **more, **joined}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"chart_values": chart_values}
