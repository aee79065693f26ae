# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_template_info: read compute templates, and on demand who was sized by each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError, KubeRayError, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._facts.template import template_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.used_by import uses
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import PLAIN
from ansible_collections.kuberay.core.plugins.module_utils._objects.template import TEMPLATE_SELECTOR, is_template
from ansible_collections.kuberay.core.plugins.module_utils._redact import redact
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Selection, Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.open import open_transport

Json = dict[str, Any]
# Those who use a template, by its namespace and name.
Users = dict[tuple[str, str], list[Json]]

# What is made from templates. Of jobs and services nothing is read here but whom they name.
_USERS = (
    CLUSTER,
    JOB,
    Kind("RayService", "rayservices", "service", "services", PLAIN),
)
_NO_SUCH_KIND = "NoSuchKind"


def run_template_info(options: Json, context: Context) -> Json:
    """The facts of the selected compute templates, as ``{changed: false, templates: [...]}``."""
    if options.get("all_namespaces") and (options.get("name") or options.get("namespace")):
        raise OptionError("all_namespaces excludes name and namespace")
    transport = open_transport(options, context, TEMPLATE)
    namespace = None if options.get("all_namespaces") else options.get("namespace") or transport.default_namespace
    doing = "compute templates"
    try:
        found = _templates(transport, namespace, options)
        if found and "used_by" in (options.get("gather") or []):
            doing = "who uses compute templates"
            # Templates may be behind another door than those who use them.
            users = _users(open_transport(options, context), namespace)
            found = [{**facts, "used_by": users.get((facts["namespace"], facts["name"]), [])} for facts in found]
    except KubeRayError as error:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        error.while_doing(f"Reading {doing} {where} through {transport.name}")
        raise
    return {"changed": False, "templates": [redact(facts) if options.get("redact", True) else facts for facts in found]}


def _templates(transport: Transport, namespace: str | None, options: Json) -> list[Json]:
    if options.get("name"):
        resource = transport.read(Ref(TEMPLATE, str(namespace), options["name"]))
        return [_facts(resource)] if resource is not None and is_template(resource) else []
    selection = Selection(
        TEMPLATE,
        namespace,
        ",".join([TEMPLATE_SELECTOR, *(options.get("label_selectors") or [])]),
        ",".join(options.get("field_selectors") or []) or None,
    )
    return [_facts(resource) for page in transport.pages(selection) for resource in page]


def _facts(resource: Json) -> Json:
    return template_facts(Observation(resource)) or {}


def _users(transport: Transport, namespace: str | None) -> Users:
    """One list a kind, however many templates there are; a kind that is not installed has no objects."""
    found: Users = defaultdict(list)
    for kind in _USERS:
        try:
            for page in transport.pages(Selection(kind, namespace)):
                for resource in page:
                    for template, user in uses(resource).items():
                        found[user["namespace"], template].append(user)
        except ApiError as error:
            if error.reason != _NO_SUCH_KIND:
                raise
    return found
