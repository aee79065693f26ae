# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``resources`` and compute templates: what a Ray container asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.values import given, left_out, quantity
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

DEFAULT_GPU = "nvidia.com/gpu"
DEFAULT_MEMORY_UNIT = "Gi"
TEMPLATE_ANNOTATION = "ray.io/compute-template"


@dataclass(frozen=True)
class ComputeTemplate:
    """What the ConfigMap behind a template says (contract 2.6): requests = limits, and tolerations."""

    name: str
    resources: dict[str, str]
    tolerations: list[dict[str, Any]] = field(default_factory=list)


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
    """Read a template's ConfigMap. Templates of KubeRay before 1.5 have no unit; their authors meant Gi."""
    try:
        extended = json.loads(data.get("extended_resources") or "null") or {}
        tolerations = json.loads(data.get("tolerations") or "null") or []
        resources = {
            "cpu": str(int(data["cpu"])),
            "memory": f"{int(data['memory'])}{data.get('memory_unit') or DEFAULT_MEMORY_UNIT}",
        }
        gpus = int(data.get("gpu") or 0)
        if gpus:
            resources[data.get("gpu_accelerator") or DEFAULT_GPU] = str(gpus)
        resources.update({str(key): str(int(amount)) for key, amount in extended.items() if int(amount)})
        return ComputeTemplate(name, resources, [_toleration(toleration) for toleration in tolerations])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OptionError(f"compute template {name!r} cannot be read: {type(error).__name__}: {error}") from error


def _toleration(toleration: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in toleration.items() if not left_out(value)}
