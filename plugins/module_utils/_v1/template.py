# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A compute template as V1's message of that name: numbers, and the texts that the server keeps in a ConfigMap."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import COMPUTE_TEMPLATE, CONFIG_TYPE
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import NOTHING, Codec, Own, field, message

Json = dict[str, Any]


def _reads(read: Callable[[str], Any], write: Callable[[Any], str]) -> Codec:
    """A text that stands for something; one that does not has no place."""

    def encode(value: Any) -> tuple[Any, Any]:
        try:
            return read(value), NOTHING
        except (TypeError, ValueError):
            return NOTHING, value

    return Codec(encode, write)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


_WHOLE, _JSON = _reads(int, str), _reads(json.loads, _json)
_LABELS = ("metadata", "labels")

# The name stands in the data and in a label once more.
TEMPLATE = message(
    field("name", "metadata", "name"),
    field("namespace", "metadata", "namespace"),
    field("cpu", "data", "cpu", codec=_WHOLE, zero="0"),
    field("memory", "data", "memory", codec=_WHOLE, zero="0"),
    field("memoryUnit", "data", "memory_unit"),
    field("gpu", "data", "gpu", codec=_WHOLE, zero="0"),
    field("gpuAccelerator", "data", "gpu_accelerator", zero=""),
    field("extendedResources", "data", "extended_resources", codec=_JSON, zero="null"),
    field("tolerations", "data", "tolerations", codec=_JSON),
    Own((*_LABELS, CONFIG_TYPE), (COMPUTE_TEMPLATE,), shown=True),
)


def is_none(told: Json) -> bool:
    """Whether this is some other ConfigMap: the server takes any one for a template, and makes none without these."""
    return not (told.get("cpu") and told.get("memory"))


def named(resource: Json, told: Json) -> Json:
    """The resource with its name where a template has it besides; what is no template is labelled as none."""
    name, namespace = told.get("name", ""), told.get("namespace", "")
    labels = {} if is_none(told) else {**resource["metadata"]["labels"], TEMPLATE_ANNOTATION: name}
    data = {"name": name, "namespace": namespace, **resource["data"]}
    return {**resource, "metadata": {**resource["metadata"], "labels": labels}, "data": data}
