# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules: read one object, a selection, a namespace or all of them, and return facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._redact import redact
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.gather import gathered
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport

Json = dict[str, Any]
Facts = Callable[[Observation], "Json | None"]


def run_info(kind: Kind, facts: Facts, options: Json, context: Context) -> Json:
    """The facts of the selected objects, as ``{changed: false, clusters: [...]}``, the list named by the kind."""
    if options.get("all_namespaces") and (options.get("name") or options.get("namespace")):
        raise OptionError("all_namespaces excludes name and namespace")
    transport = open_transport(options, context, kind)
    namespace = None if options.get("all_namespaces") else options.get("namespace") or transport.default_namespace
    try:
        found = _found(transport, kind, namespace, options)
        told = [_told(transport, kind, facts, resource, options) for resource in found]
    except KubeRayError as error:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        error.while_doing(f"Reading {kind.name}s {where} through {transport.name}")
        raise
    return {"changed": False, kind.results: told}


def _found(transport: Transport, kind: Kind, namespace: str | None, options: Json) -> Iterator[Json]:
    """One object, or a page of them at a time: no more is kept than a page, and the facts."""
    if options.get("name"):
        one = transport.read(Ref(kind, str(namespace), options["name"]))
        yield from [] if one is None else [one]
        return
    selection = Selection(
        kind,
        namespace,
        ",".join(options.get("label_selectors") or []) or None,
        ",".join(options.get("field_selectors") or []) or None,
    )
    for page in transport.pages(selection):
        yield from page


def _told(transport: Transport, kind: Kind, facts: Facts, resource: Json, options: Json) -> Json:
    ref = Ref(kind, resource["metadata"]["namespace"], resource["metadata"]["name"])
    told = facts(gathered(transport, ref, Observation(resource), options.get("gather") or [])) or {}
    return dict(redact(told)) if options.get("redact", True) else told
