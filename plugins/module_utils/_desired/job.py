# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the RayJob that they ask for: pure, the one canonical form for every transport."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.below import live_groups, own_cluster
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import ReadTemplate
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import object_metadata, wished_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._desired.text import texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.types import number
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL, clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import camel_case, fields
from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import yaml_text
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import JOB_SPEC, POD_TEMPLATE

Json = dict[str, Any]

# Options that are fields of the same name, in the API's spelling.
_PLAIN_FIELDS = (
    "entrypoint",
    "entrypoint_num_cpus",
    "entrypoint_num_gpus",
    "job_id",
    "submission_mode",
    "backoff_limit",
    "active_deadline_seconds",
    "pre_running_deadline_seconds",
    "shutdown_after_job_finishes",
    "ttl_seconds_after_finished",
    "suspend",
    "managed_by",
)
_MAPPINGS = ("metadata", "cluster_selector")


def desired_job(options: Mapping[str, Any], namespace: str, live: Json | None, read_template: ReadTemplate) -> Json:
    """The RayJob that a task wishes for; with ``state: patched`` a part of one.

    ``live`` and ``read_template`` are for the groups of the job's cluster; see desired_cluster.
    """
    if options.get("definition") is not None:
        return wished_object(options["definition"], JOB, options["name"], namespace)
    return {
        "apiVersion": API_VERSION,
        "kind": JOB.name,
        "metadata": object_metadata(options, namespace),
        "spec": job_spec(options, live_groups(live, "rayClusterSpec"), read_template),
    }


def job_spec(options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> Json:
    """A RayJobSpec. Cron jobs embed the same one."""
    spec: Json = dict(clean(fields({name: options.get(name) for name in _PLAIN_FIELDS}), JOB_SPEC, ""))
    for name in _MAPPINGS:
        values = texts(options.get(name), name)
        if values:
            spec[camel_case(name)] = values
    for name, (field, word) in _WORDED.items():
        if not left_out(options.get(name)):
            spec[field] = word(options[name], name)
    if options.get("cluster") is not None:
        spec["rayClusterSpec"] = own_cluster(options, live, read_template)
    raw = clean(options.get("spec") or {}, JOB_SPEC, "spec")
    spec = dict(overlay(spec, raw, JOB_SPEC, None))
    if options.get("state") != PARTIAL and not (spec.get("rayClusterSpec") or spec.get("clusterSelector")):
        raise OptionError("cluster: say which cluster the job runs on: cluster makes one, cluster_selector names one")
    return spec


def _entrypoint_resources(value: Any, path: str) -> str:
    """Ray's custom resources as the JSON text that the API takes."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise OptionError(f"{path}: a mapping of resource names to numbers is needed")
    return json.dumps({str(name): number(amount, f"{path}.{name}") for name, amount in value.items()}, sort_keys=True)


def _submitter_config(value: Mapping[str, Any], path: str) -> Json:
    return dict(clean(fields(value), JOB_SPEC.child("submitterConfig"), path))


def _pod_template(value: Any, path: str) -> Json:
    return dict(clean(value, POD_TEMPLATE, path))


def _deletion_strategy(value: Mapping[str, Any], path: str) -> Json:
    """Rules with a policy and a condition each; or, the older way, a policy for success and one for failure."""
    del path
    policies = {camel_case(when): {"policy": value[when]} for when in ("on_success", "on_failure") if value.get(when)}
    rules = [
        {"policy": rule["policy"], "condition": fields(rule, "policy")} for rule in value.get("deletion_rules") or []
    ]
    return {**policies, **({"deletionRules": rules} if rules else {})}


# Options that have words of their own: the field, and how it is worded.
_WORDED: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "runtime_env": ("runtimeEnvYAML", yaml_text),
    "entrypoint_resources": ("entrypointResources", _entrypoint_resources),
    "submitter_config": ("submitterConfig", _submitter_config),
    "submitter_pod_template": ("submitterPodTemplate", _pod_template),
    "deletion_strategy": ("deletionStrategy", _deletion_strategy),
}
