# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CPU and memory of one container: V1 has one amount of each, Kubernetes a request and a limit."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import NOTHING, Codec, Field, field

Json = dict[str, Any]
_SIDES = ("limits", "requests")


def _amount(name: str, usual: str | None) -> Codec:
    """One of the two; the ``usual`` one is left out."""

    def encode(value: Any) -> tuple[Any, Any]:
        limit, request = (((value or {}).get(side) or {}).get(name) for side in _SIDES)
        if limit is None or not same_quantity(limit, request):
            return NOTHING, value
        rest = {side: {key: one for key, one in value[side].items() if key != name} for side in _SIDES}
        others = {key: one for key, one in value.items() if key not in _SIDES}
        said = NOTHING if same_quantity(limit, usual) else str(limit)
        return said, {**others, **{side: left for side, left in rest.items() if left}} or NOTHING

    return Codec(encode, lambda value: {side: {name: value} for side in _SIDES})


def amounts(*path: str | int, cpu: str | None = None, memory: str | None = None) -> tuple[Field, ...]:
    """The two fields, of the resources at this path; ``cpu`` and ``memory`` are what V1 gives where none is said."""
    return _field("cpu", path, cpu), _field("memory", path, memory)


def _field(name: str, path: tuple[str | int, ...], usual: str | None) -> Field:
    codec = _amount(name, usual)
    return field(name, *path, "resources", codec=codec, zero=codec.decode(usual) if usual else NOTHING)
