# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``resources`` and compute templates: what a Ray container asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._desired.values import given, quantity
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import DEFAULT_GPU


class ComputeTemplate(NamedTuple):
    """What the ConfigMap behind a template says (contract 2.6): requests = limits, and tolerations."""

    name: str
    resources: dict[str, str]
    tolerations: list[dict[str, Any]]


def container_resources(options: Mapping[str, Any] | None, path: str) -> dict[str, Any]:
    """``resources`` of a group: flat (requests = limits) or ``{requests, limits}``. Any resource name may be given."""
    wanted = given(options or {})
    if not wanted:
        return {}
    sides = {side: wanted.pop(side) for side in ("requests", "limits") if side in wanted}
    if sides and wanted:
        raise OptionError(f"{path}: give either requests and limits, or resource names directly, not both")
    if sides:
        return {side: _amounts(amounts, f"{path}.{side}") for side, amounts in sides.items()}
    amounts = _amounts(wanted, path)
    return {"requests": amounts, "limits": dict(amounts)}


def _amounts(options: Any, path: str) -> dict[str, str]:
    if not isinstance(options, Mapping):
        raise OptionError(f"{path}: a mapping of resource names to quantities is needed")
    wanted = given(options)
    accelerator = str(wanted.pop("gpu_accelerator", DEFAULT_GPU))
    if "gpu" in wanted:
        wanted[accelerator] = wanted.pop("gpu")
    return {str(name): quantity(str(name), amount, f"{path}.{name}") for name, amount in wanted.items()}


def parse_template(name: str, data: Mapping[str, str]) -> ComputeTemplate:
    """A template as a group is sized by it, from the data of its ConfigMap."""
    from ansible_collections.kuberay.core.plugins.module_utils._objects.template import read_data

    read = read_data(name, data)
    return ComputeTemplate(name, read.resources(), read.tolerations)
