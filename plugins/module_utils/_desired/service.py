# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the RayService that they ask for: pure, the one canonical form for every transport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.below import live_groups, own_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import ReadTemplate
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import object_metadata, wished_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._desired.serve_config import (
    ensure_serve_config,
    serve_config,
)
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL, clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import camel_case, fields
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import SERVICE_SPEC

Json = dict[str, Any]

# Options that are fields of the same name, in the API's spelling.
_PLAIN_FIELDS = (
    "exclude_head_pod_from_serve_svc",
    "ray_cluster_deletion_delay_seconds",
    "suspend",
    "managed_by",
)
_CONFIG, _CLUSTER = "serveConfigV2", "rayClusterConfig"


def desired_service(options: Mapping[str, Any], namespace: str, live: Json | None, read_template: ReadTemplate) -> Json:
    """The RayService that a task wishes for; with ``state: patched`` a part of one.

    ``live`` and ``read_template`` are for the groups of the service's cluster; see desired_cluster.
    """
    if options.get("definition") is not None:
        wish = wished_object(options["definition"], SERVICE, options["name"], namespace)
        _look_into(wish["spec"], options, "definition.spec")
        return wish
    return {
        "apiVersion": API_VERSION,
        "kind": SERVICE.name,
        "metadata": object_metadata(options, namespace),
        "spec": service_spec(options, live_groups(live, _CLUSTER), read_template),
    }


def service_spec(options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> Json:
    """A RayServiceSpec."""
    spec: Json = dict(clean(fields({name: options.get(name) for name in _PLAIN_FIELDS}), SERVICE_SPEC, ""))
    if not left_out(options.get("serve_config")):
        spec[_CONFIG] = serve_config(options["serve_config"], "serve_config")
    if options.get("serve_service"):
        spec["serveService"] = clean(options["serve_service"], SERVICE_SPEC.child("serveService"), "serve_service")
    strategy = _upgrade_strategy(options.get("upgrade_strategy") or {})
    if strategy:
        spec["upgradeStrategy"] = strategy
    if options.get("cluster") is not None:
        spec[_CLUSTER] = own_cluster(options, live, read_template)
    raw = clean(options.get("spec") or {}, SERVICE_SPEC, "spec")
    _look_into(raw, options, "spec")
    spec = dict(overlay(spec, raw, SERVICE_SPEC, None))
    if options.get("state") != PARTIAL and not spec.get(_CLUSTER):
        raise OptionError("cluster: is needed, it describes what the applications run on")
    return spec


def _upgrade_strategy(options: Mapping[str, Any]) -> Json:
    steps = fields(options.get("cluster_upgrade_options"))
    kind = fields(options, "cluster_upgrade_options")
    return {**kind, **({camel_case("cluster_upgrade_options"): steps} if steps else {})}


def _look_into(spec: Mapping[str, Any], options: Mapping[str, Any], path: str) -> None:
    """A Serve config that came as a raw field is as good as one that came as an option, where it is to be looked at."""
    text = spec.get(_CONFIG)
    if isinstance(text, str) and text.strip() and options.get("validate") != "off":
        ensure_serve_config(text, f"{path}.{_CONFIG}")
