# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A compute template: what makes a ConfigMap one, what its data mean, and which of them mean the same.

Source: contract 2.6; KubeRay 1.7, apiserver/pkg/util/cluster.go and apiserver/pkg/model/converter.go. All data are
texts. KubeRay before 1.3 has no extended_resources, before 1.5 no memory_unit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import DEFAULT_GPU
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import parse_quantity

Json = dict[str, Any]

DEFAULT_MEMORY_UNIT = "Gi"
# The label that KubeRay lists templates by.
CONFIG_TYPE, COMPUTE_TEMPLATE = "ray.io/config-type", "compute-template"
TEMPLATE_SELECTOR = f"{CONFIG_TYPE}={COMPUTE_TEMPLATE}"
# The keys that KubeRay gives a template's data. Any other one is somebody else's.
DATA_KEYS = frozenset(
    ["name", "namespace", "cpu", "memory", "memory_unit", "gpu", "gpu_accelerator", "extended_resources", "tolerations"]
)
# What Kubernetes takes a toleration without an operator for.
_DEFAULT_OPERATOR = "Equal"
_WHOLE = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class TemplateData:
    """The data of one template, read. None is what it does not say."""

    cpu: int
    memory: int
    memory_unit: str | None = None
    gpu: int = 0
    gpu_accelerator: str | None = None
    extended_resources: dict[str, int] = field(default_factory=dict)
    tolerations: list[Json] = field(default_factory=list)

    def resources(self) -> dict[str, str]:
        """What a Ray container made from it asks for. A template without a unit was meant in Gi by its author."""
        found = {"cpu": str(self.cpu), "memory": f"{self.memory}{self.memory_unit or DEFAULT_MEMORY_UNIT}"}
        if self.gpu:
            found[self.gpu_accelerator or DEFAULT_GPU] = str(self.gpu)
        found.update({name: str(amount) for name, amount in self.extended_resources.items() if amount})
        return found


def is_template(config_map: Json) -> bool:
    """Whether a ConfigMap is a compute template. KubeRay takes any one that is named; we do not."""
    return (config_map["metadata"].get("labels") or {}).get(CONFIG_TYPE) == COMPUTE_TEMPLATE


def read_data(name: str, data: Mapping[str, str]) -> TemplateData:
    """What the data of a template's ConfigMap say; OptionError where they cannot be read."""
    try:
        extended = json.loads(data.get("extended_resources") or "null") or {}
        tolerations = json.loads(data.get("tolerations") or "null") or []
        return TemplateData(
            cpu=_whole(data["cpu"]),
            memory=_whole(data["memory"]),
            memory_unit=data.get("memory_unit") or None,
            gpu=_whole(data.get("gpu") or 0),
            gpu_accelerator=data.get("gpu_accelerator") or None,
            extended_resources={str(key): _whole(amount) for key, amount in extended.items()},
            tolerations=[_said(toleration) for toleration in tolerations],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OptionError(f"compute template {name!r} cannot be read: {type(error).__name__}: {error}") from error


def mean_the_same(one: TemplateData, other: TemplateData) -> bool:
    """Whether it makes no difference which of two templates a group is sized by, whoever reads them."""
    return _amounts(one) == _amounts(other) and _tolerated(one) == _tolerated(other)


def _whole(amount: Any) -> int:
    if not _WHOLE.fullmatch(str(amount)):
        raise ValueError(f"{amount!r} is not a whole number")
    return int(amount)


def _said(toleration: Mapping[str, Any]) -> Json:
    return {key: value for key, value in toleration.items() if value not in (None, "")}


def _amounts(data: TemplateData) -> Json:
    return {name: parse_quantity(amount) for name, amount in data.resources().items()}


def _tolerated(data: TemplateData) -> set[str]:
    """Tolerations say what a pod may stand: neither their order nor saying one twice means anything."""
    return {json.dumps({"operator": _DEFAULT_OPERATOR, **one}, sort_keys=True) for one in data.tolerations}
