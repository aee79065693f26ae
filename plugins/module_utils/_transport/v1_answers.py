# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What V1 of KubeRay's APIServer means by a refusal: its status says little, so the words count (contract 2.2)."""

from __future__ import annotations

import re

from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    KubeRayError,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref

_NO_TEMPLATE = re.compile(r"[Cc]ompute template (\S+) not found")
_NO_NAMESPACE = re.compile(r'namespaces "[^"]*" not found')
_ELSEWISE = "it was made another way. Use api: kubernetes or apiserver_v2 for it, or another name"


def is_unknown_route(error: ApiError) -> bool:
    """Whether the server has no such path at all."""
    return error.status == 404 and error.message == "Not Found"


def meant(error: ApiError, ref: Ref | None, doubt: str) -> KubeRayError:
    """The refusal as what it means; NotFound is told of the object only.

    ``doubt`` is what to ask where it is none of V1's.
    """
    message, status = error.message, error.status
    missing = _NO_TEMPLATE.search(message)
    if isinstance(error, NotFound):
        told = ref is not None and f"{ref.name} not found" in message
        return error if told else ApiError(f"{message}; {doubt}", status=status, reason=error.reason)
    if ref is not None and missing and status == 500:
        return no_template(missing.group(1), ref.namespace)
    if ref is not None and _NO_NAMESPACE.search(message):
        return NotFound(message, status=status, details={"kind": "namespaces", "name": ref.namespace})
    if status in (409, 500) and "already exists" in message:
        return AlreadyExists(message, status=status, reason="AlreadyExists")
    if status == 500 and "has been modified" in message:
        return Stale("somebody else was writing to it", status=status, reason="Conflict")
    if "not managed by" in message:
        return ApiError(
            f"{ref} is there, and V1 has nothing to do with it: {_ELSEWISE}", status=status, reason="NotManaged"
        )
    return error


def no_template(name: str, namespace: str) -> OptionError:
    """A compute template is named and not there."""
    return OptionError(f"there is no compute template {name!r} in namespace {namespace!r}: create it first")
