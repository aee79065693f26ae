# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute templates: kept in ConfigMaps, and what a pod gets of one."""

from __future__ import annotations

import json
from typing import Any

from ..operator import quantity
from ..operator.objects import Json
from .failures import Panic
from .releases import MEMORY_UNIT, Release

CONFIG_TYPE = "ray.io/config-type"
KIND = "compute-template"
SELECTOR = f"{CONFIG_TYPE}={KIND}"
NAME = "ray.io/compute-template"
DEFAULT_UNIT = "Gi"
DEFAULT_GPU = "nvidia.com/gpu"
NUMBERS = ("cpu", "memory", "gpu")
TEXTS = {"gpuAccelerator": "gpu_accelerator"}
DOCUMENTS = {"extendedResources": "extended_resources", "tolerations": "tolerations"}
MISMATCH = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
OPERATORS = ("Exists",)
EFFECTS = ("NoExecute", "NoSchedule")


def to_config_map(template: Json, release: Release) -> Json:
    """The ConfigMap of a template; a ValueError where its memory is no quantity."""
    name, namespace = template["name"], template["namespace"]
    data = {"name": name, "namespace": namespace}
    data.update({key: str(template.get(key, 0)) for key in NUMBERS})
    data.update({there: template.get(here, "") for here, there in TEXTS.items()})
    data["extended_resources"] = _document(template.get("extendedResources"))
    if release >= MEMORY_UNIT:
        data["memory_unit"] = template.get("memoryUnit", DEFAULT_UNIT)
        amount = data["memory"] + data["memory_unit"]
        try:
            quantity.parse(amount)
        except (ValueError, ArithmeticError):
            raise ValueError(f'invalid memory quantity "{amount}": {MISMATCH}') from None
    if template.get("tolerations"):
        data["tolerations"] = _document(template["tolerations"])
    labels = {CONFIG_TYPE: KIND, NAME: name}
    return {"metadata": {"name": name, "namespace": namespace, "labels": labels}, "data": data}


def to_message(config_map: Json) -> Json:
    """The template that any ConfigMap is taken for; what cannot be read of it is nothing."""
    data = config_map.get("data") or {}
    metadata = config_map["metadata"]
    return {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "memoryUnit": data.get("memory_unit", ""),
        **{key: _number(data.get(key, "")) for key in NUMBERS},
        **{here: data.get(there, "") for here, there in TEXTS.items()},
        **{here: _read(data.get(there, "")) for here, there in DOCUMENTS.items()},
    }


def amounts(template: Json, release: Release) -> dict[str, str]:
    """CPUs and memory, for any container. Without a unit they are bytes: so it is with templates made before 1.5."""
    unit = template["memoryUnit"] if release >= MEMORY_UNIT else DEFAULT_UNIT
    return {"cpu": str(template["cpu"]), "memory": f"{template['memory']}{unit}"}


def extras(template: Json) -> dict[str, int]:
    """GPUs and what else there is, for Ray's container only; zero of something is nothing."""
    found = dict(template["extendedResources"] or {})
    if template["gpu"]:
        found = {template["gpuAccelerator"] or DEFAULT_GPU: template["gpu"], **found}
    return {name: count for name, count in found.items() if count}


def resources(template: Json, release: Release) -> Json:
    """Requests and limits, which are the same."""
    wanted = {**amounts(template, release), **{name: str(count) for name, count in extras(template).items()}}
    try:
        spelled = {name: str(quantity.parse(amount)) for name, amount in wanted.items()}
    except (ValueError, ArithmeticError) as problem:
        raise Panic(f"a template whose memory is no quantity: {problem}") from problem
    return {"limits": spelled, "requests": dict(spelled)}


def tolerations(template: Json) -> list[Json]:
    """A pod's tolerations; words that V1 does not know become others."""
    return [
        {
            **{key: one[key] for key in ("key", "value") if one.get(key)},
            "operator": one.get("operator") if one.get("operator") in OPERATORS else "Equal",
            "effect": one.get("effect") if one.get("effect") in EFFECTS else "PreferNoSchedule",
        }
        for one in template["tolerations"] or []
    ]


def _document(value: Any) -> str:
    return json.dumps(value or None, separators=(",", ":"), sort_keys=isinstance(value, dict))


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text) < 2**32 else 0
