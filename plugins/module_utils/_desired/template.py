# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the ConfigMap behind a compute template, with the data as KubeRay's APIServer spells them.

Source: contract 2.6; KubeRay 1.7, apiserver/pkg/util/cluster.go. The server itself checks next to nothing of it; what
is refused here would come to light only when a pod cannot be made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.text import texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.types import integer
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import given, left_out
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CORE_VERSION, TEMPLATE, TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import (
    COMPUTE_TEMPLATE,
    CONFIG_TYPE,
    DEFAULT_MEMORY_UNIT,
)

Json = dict[str, Any]

# The longest value of a label; a template's name is one.
_LONGEST_NAME = 63
# Numbers are uint32 in KubeRay's messages.
_MOST = 2**32 - 1
# 4.0 is what a calculation in a playbook makes of 4.
_NO_FRACTION = re.compile(r"\.0+$")
_HINTS = {
    "cpu": "a compute template has whole CPUs only; for less, give the group resources instead",
    "memory": "its unit goes into memory_unit, and a fraction into a smaller unit: 0.5 Gi are 512 Mi",
    "gpu": "a compute template has whole GPUs only",
}
# In the order in which KubeRay writes them.
_TOLERATION_FIELDS = ("key", "operator", "value", "effect")


def desired_template(
    options: Mapping[str, Any],
    namespace: str,
    _live: Json | None = None,
    _read_template: Callable[[str], Mapping[str, str] | None] | None = None,
) -> Json:
    """The ConfigMap that a task wishes for. Nothing is asked of the live one."""
    name = str(options["name"])
    if len(name) > _LONGEST_NAME:
        raise OptionError(
            f"name: {name!r} has {len(name)} characters; a compute template's name is a label's value too, and has "
            f"{_LONGEST_NAME} at most"
        )
    metadata: Json = {"name": name, "namespace": namespace, "labels": _labels(options, name)}
    annotations = texts(options.get("annotations"), "annotations")
    if annotations:
        metadata["annotations"] = annotations
    return {
        "apiVersion": CORE_VERSION,
        "kind": TEMPLATE.name,
        "metadata": metadata,
        "data": {"name": name, "namespace": namespace, **_size(options), **_tolerations(options)},
    }


def _labels(options: Mapping[str, Any], name: str) -> dict[str, str]:
    """The labels of the task, with those that make a ConfigMap a template."""
    own = {CONFIG_TYPE: COMPUTE_TEMPLATE, TEMPLATE_ANNOTATION: name}
    labels = {**own, **texts(options.get("labels"), "labels")}
    for label, value in own.items():
        if labels[label] != value:
            raise OptionError(f"labels.{label}: this label makes a compute template of the ConfigMap; it is {value!r}")
    return labels


def _size(options: Mapping[str, Any]) -> dict[str, str]:
    extended = given(options.get("extended_resources") or {})
    amounts = {str(name): _whole(amount, f"extended_resources.{name}") for name, amount in extended.items()}
    unit, accelerator = options.get("memory_unit"), options.get("gpu_accelerator")
    return {
        "cpu": str(_whole(options.get("cpu"), "cpu", least=1)),
        "memory": str(_whole(options.get("memory"), "memory", least=1)),
        "memory_unit": DEFAULT_MEMORY_UNIT if left_out(unit) else str(unit),
        "gpu": "0" if left_out(options.get("gpu")) else str(_whole(options["gpu"], "gpu")),
        "gpu_accelerator": "" if left_out(accelerator) else str(accelerator),
        "extended_resources": _json(dict(sorted(amounts.items())) or None),
    }


def _whole(value: Any, option: str, least: int = 0) -> int:
    """A number as KubeRay's messages can hold it."""
    number: Any = value if isinstance(value, bool) else _NO_FRACTION.sub("", str(value).strip())
    try:
        amount = integer(number, option)
    except OptionError as error:
        hint = f"; {_HINTS[option]}" if option in _HINTS else "; a compute template has no fractions"
        raise OptionError(f"{error.message}{hint}") from error
    if not least <= amount <= _MOST:
        raise OptionError(f"{option}: {amount} is not within {least} and {_MOST}, which is what a compute template has")
    return amount


def _tolerations(options: Mapping[str, Any]) -> dict[str, str]:
    """KubeRay leaves the key out where there are none."""
    wanted = [_toleration(one, f"tolerations[{index}]") for index, one in enumerate(options.get("tolerations") or [])]
    return {"tolerations": _json(wanted)} if wanted else {}


def _toleration(options: Mapping[str, Any], path: str) -> Json:
    """One toleration, by Kubernetes' own rules: a pod with another one is refused."""
    said = given(options)
    if said["operator"] == "Exists" and "value" in said:
        raise OptionError(f"{path}.value: the operator Exists takes no value")
    if said["operator"] == "Equal" and "key" not in said:
        raise OptionError(f"{path}.key: the operator Equal needs a key; Exists without one is for every taint")
    return {field: said[field] for field in _TOLERATION_FIELDS if field in said}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
