# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts about a compute template: one stable shape, the same on every transport."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import DEFAULT_GPU
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import TemplateData, read_data

Json = dict[str, Any]
_SIZE = ("cpu", "memory", "memory_unit", "gpu", "gpu_accelerator", "extended_resources", "tolerations")
_TOLERATION = ("key", "operator", "value", "effect")


def template_facts(seen: Observation) -> Json | None:
    """The facts about one template; None where there is none. Who uses it the template does not know itself."""
    if seen.resource is None:
        return None
    metadata = seen.resource["metadata"]
    return {
        "name": metadata["name"],
        "namespace": metadata.get("namespace"),
        "uid": metadata.get("uid"),
        "labels": metadata.get("labels") or {},
        "annotations": {key: value for key, value in (metadata.get("annotations") or {}).items() if key != ANNOTATION},
        **_size(metadata["name"], seen.resource.get("data") or {}),
        "used_by": None,
        "times": {"created": metadata.get("creationTimestamp"), "deleted": metadata.get("deletionTimestamp")},
    }


def _size(name: str, data: Json) -> Json:
    """What the data say; all of it null where they cannot be read: one broken template is no end of a list."""
    try:
        return _read_size(read_data(name, data))
    except OptionError:
        return dict.fromkeys(_SIZE)


def _read_size(read: TemplateData) -> Json:
    accelerator = read.gpu_accelerator or (DEFAULT_GPU if read.gpu else None)
    tolerations = [{field: one.get(field) for field in _TOLERATION} for one in read.tolerations]
    own = {"gpu_accelerator": accelerator, "tolerations": tolerations}
    return {field: own.get(field, getattr(read, field)) for field in _SIZE}
