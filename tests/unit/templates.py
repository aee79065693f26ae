# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute templates as the tests need them: tasks, made-up ones too, and what else a ConfigMap may say the same by."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.kuberay.core.plugins.module_utils._desired.template import desired_template
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._options.template import TEMPLATE as SPEC
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import plan_create
from hypothesis import strategies as st

Json = dict[str, Any]
LABELS = {"ray.io/config-type": "compute-template", "ray.io/compute-template": "big"}


def options(**task: Any) -> Json:
    """A task's options as a module gets them."""
    wanted = {"name": "big", "cpu": 4, "memory": 8, **task}
    result = ArgumentSpecValidator(SPEC["argument_spec"]).validate(wanted)
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def desired(**task: Any) -> Json:
    """The ConfigMap that a task wishes for."""
    return desired_template(options(**task), "ray")


def config_map(**data: str) -> Json:
    """The ConfigMap of a template that KubeRay's APIServer has made."""
    texts = {"name": "big", "namespace": "ray", "cpu": "4", "memory": "8", "memory_unit": "Gi", "gpu": "0"}
    return as_live(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "big", "namespace": "ray", "labels": dict(LABELS)},
            "data": {**texts, "gpu_accelerator": "", "extended_resources": "null", **data},
        }
    )


def as_live(resource: Json) -> Json:
    """A ConfigMap with what a server adds: a version, and no generation."""
    return {**resource, "metadata": {"uid": "u-1", "resourceVersion": "7", **resource["metadata"]}}


def stored(wish: Json) -> Json:
    """A wish as the server holds it after it was created, record included."""
    return as_live(plan_create(TEMPLATE, wish).target or {})


_NAMES = st.sampled_from(["a/b", "c/d", "e"])
_TEXTS = st.dictionaries(st.sampled_from(["a", "b/c"]), st.sampled_from(["", "x", "y"]), max_size=2)
_EFFECTS = st.sampled_from(["NoSchedule", "PreferNoSchedule", "NoExecute"])
_TOLERATIONS = st.one_of(
    st.fixed_dictionaries({"operator": st.just("Exists"), "effect": _EFFECTS}, optional={"key": _NAMES}),
    st.fixed_dictionaries({"key": _NAMES, "effect": _EFFECTS}, optional={"value": st.sampled_from(["", "x"])}),
)

# The options of a task on a compute template.
TASKS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"cpu": st.sampled_from([1, "2", 3.0]), "memory": st.sampled_from([1, "2", 1024, 2048])},
    optional={
        "memory_unit": st.sampled_from(["Mi", "Gi", "G"]),
        "gpu": st.sampled_from([0, "1", 2]),
        "gpu_accelerator": st.sampled_from(["", "nvidia.com/gpu", "amd.com/gpu"]),
        "extended_resources": st.dictionaries(_NAMES, st.sampled_from([0, 1, "2"]), max_size=2),
        "tolerations": st.lists(_TOLERATIONS, max_size=3),
        "labels": _TEXTS,
        "annotations": _TEXTS,
    },
)


@st.composite
def respelled(draw: Callable[[st.SearchStrategy[Any]], Any], resource: Json) -> Json:
    """The same template as somebody else would have written it, with what others added to it."""
    resource = copy.deepcopy(resource)
    data = resource["data"]
    for name in draw(st.sets(st.sampled_from(["name", "namespace"]))):
        del data[name]
    if data["gpu"] == "0" and draw(st.booleans()):
        del data["gpu"]
        data["gpu_accelerator"] = draw(st.sampled_from(["", "amd.com/gpu"]))
    if data["gpu_accelerator"] in ("", "nvidia.com/gpu") and draw(st.booleans()):
        data["gpu_accelerator"] = draw(st.sampled_from(["", "nvidia.com/gpu"]))
    if data["memory_unit"] == "Gi" and draw(st.booleans()):
        data["memory"], data["memory_unit"] = str(int(data["memory"]) * 1024), "Mi"
    _respell_extended(data, draw)
    _respell_tolerations(data, draw)
    if draw(st.booleans()):
        data["note"] = "somebody else's"
    resource["metadata"]["labels"]["theirs"] = "too"
    return resource


def _respell_extended(data: Json, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    extended = json.loads(data["extended_resources"]) or {}
    kept = {name: amount for name, amount in extended.items() if amount or draw(st.booleans())}
    data["extended_resources"] = json.dumps(dict(reversed(kept.items())), indent=1)
    if not kept and draw(st.booleans()):
        del data["extended_resources"]


def _respell_tolerations(data: Json, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    tolerations = json.loads(data.get("tolerations", "[]"))
    for one in tolerations:
        if one["operator"] == "Equal" and draw(st.booleans()):
            del one["operator"]
        if draw(st.booleans()):
            one.setdefault("value", "")
    if tolerations or draw(st.booleans()):
        data["tolerations"] = json.dumps(draw(st.permutations(tolerations)), sort_keys=True)
