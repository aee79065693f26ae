# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cluster_info: read one RayCluster, a selection, a namespace or all of them, and return facts."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._redact import redact
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.gather import gathered
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport

Json = dict[str, Any]


def run_cluster_info(options: Json, context: Context) -> Json:
    """The facts of the selected RayClusters, as ``{changed: false, clusters: [...]}``."""
    if options.get("all_namespaces") and (options.get("name") or options.get("namespace")):
        raise OptionError("all_namespaces excludes name and namespace")
    transport = open_transport(options, context)
    namespace = None if options.get("all_namespaces") else options.get("namespace") or transport.default_namespace
    try:
        if options.get("name"):
            found = _one(transport, Ref(CLUSTER, str(namespace), options["name"]), options)
        else:
            found = _selected(transport, namespace, options)
    except KubeRayError as error:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        error.while_doing(f"Reading RayClusters {where} through {transport.name}")
        raise
    return {"changed": False, "clusters": [redact(facts) if options.get("redact", True) else facts for facts in found]}


def _one(transport: Transport, ref: Ref, options: Json) -> list[Json]:
    resource = transport.read(ref)
    return [] if resource is None else [_facts(transport, resource, options)]


def _selected(transport: Transport, namespace: str | None, options: Json) -> list[Json]:
    selection = Selection(
        CLUSTER,
        namespace,
        ",".join(options.get("label_selectors") or []) or None,
        ",".join(options.get("field_selectors") or []) or None,
    )
    return [_facts(transport, resource, options) for page in transport.pages(selection) for resource in page]


def _facts(transport: Transport, resource: Json, options: Json) -> Json:
    ref = Ref(CLUSTER, resource["metadata"]["namespace"], resource["metadata"]["name"])
    return cluster_facts(gathered(transport, ref, Observation(resource), options.get("gather") or [])) or {}
