# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the RayCluster that they ask for: pure, the one canonical form for every transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroup, LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._desired.pod import own_tolerations, pod_template, variables
from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import (
    ComputeTemplate,
    container_resources,
    parse_template,
)
from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text, texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import camel_case, env_from, fields
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC

Json = dict[str, Any]
ReadTemplate = Callable[[str], Mapping[str, str]]

API_VERSION = "ray.io/v1"
HEAD_CONTAINER = "ray-head"
WORKER_CONTAINER = "ray-worker"
DEFAULT_IMAGE = "rayproject/ray"

# Options that are fields of the same name, in the API's spelling: of the spec, blocks of it, and of a worker group.
_PLAIN_FIELDS = ("suspend", "enable_in_tree_autoscaling", "managed_by")
_BLOCKS = ("gcs_fault_tolerance_options", "auth_options", "upgrade_strategy")
_HEAD_FIELDS = ("service_type", "enable_ingress")
_GROUP_FIELDS = ("replicas", "min_replicas", "max_replicas", "num_of_hosts")


def desired_cluster(options: Mapping[str, Any], namespace: str, live: Json | None, read_template: ReadTemplate) -> Json:
    """The RayCluster that a task wishes for.

    ``live`` is asked for very little (see live.py). ``read_template`` gives the data of a compute template's ConfigMap.
    """
    metadata: Json = {"name": options["name"], "namespace": namespace}
    for field in ("labels", "annotations"):
        values = texts(options.get(field), field)
        if values:
            metadata[field] = values
    spec, recorded = ((live.get("spec") or {}), sub_record(load_record(live), "spec")) if live else ({}, None)
    return {
        "apiVersion": API_VERSION,
        "kind": "RayCluster",
        "metadata": metadata,
        "spec": cluster_spec(options, LiveGroups(spec, recorded), read_template),
    }


def cluster_spec(options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> Json:
    """A RayClusterSpec. Jobs, services and cron jobs embed the same one."""
    groups = _Groups(options, live, read_template)
    spec: Json = {}
    if not left_out(options.get("ray_version")):
        spec["rayVersion"] = text(options["ray_version"], "ray_version")
    spec.update(fields({name: options.get(name) for name in _PLAIN_FIELDS}))
    for option in _BLOCKS:
        block = fields(options.get(option))
        if block:
            spec[camel_case(option)] = clean(block, CLUSTER_SPEC.child(camel_case(option)), option)
    autoscaler = _autoscaler(options.get("autoscaler_options"))
    if autoscaler:
        spec["autoscalerOptions"] = autoscaler
    annotations = texts(options.get("head_service_annotations"), "head_service_annotations")
    if annotations:
        spec["headServiceAnnotations"] = annotations
    raw = clean(options.get("spec") or {}, CLUSTER_SPEC, "spec")
    head = options.get("head_group")
    if head is None:
        # The raw head then says which container is Ray's: its first one.
        head = {"template": raw.get("headGroupSpec", {}).get("template")}
    spec["headGroupSpec"] = groups.head(head)
    if options.get("worker_groups") is not None:
        spec["workerGroupSpecs"] = [
            groups.worker(group, f"worker_groups[{index}]") for index, group in enumerate(options["worker_groups"])
        ]
    elif "workerGroupSpecs" in raw:
        # Laid over nothing, an empty list would say nothing; here it says: no groups.
        spec["workerGroupSpecs"] = []
    spec = dict(overlay(spec, raw, CLUSTER_SPEC, None))
    _ensure_images(spec)
    return spec


class _Groups:
    """Head and worker groups of one cluster: they share its image and its live counterpart."""

    def __init__(self, options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> None:
        self._image = _image(options)
        self._live = live
        self._read_template = read_template

    def head(self, options: Mapping[str, Any]) -> Json:
        group = self._group(options, "head_group", self._live.head(), HEAD_CONTAINER)
        return {**group, **fields({name: options.get(name) for name in _HEAD_FIELDS})}

    def worker(self, options: Mapping[str, Any], path: str) -> Json:
        live = self._live.worker(str(options["group_name"]))
        group = {"groupName": options["group_name"], **self._group(options, path, live, WORKER_CONTAINER)}
        return {**group, **fields({name: options.get(name) for name in _GROUP_FIELDS})}

    def _group(self, options: Mapping[str, Any], path: str, live: LiveGroup, container: str) -> Json:
        template = self._template(options, path, live)
        return {
            # Before KubeRay 1.4 the CRD requires this field, empty or not.
            "rayStartParams": texts(options.get("ray_start_params"), f"{path}.ray_start_params"),
            "template": pod_template(options, path, live.container_name() or container, self._image, template),
        }

    def _template(self, options: Mapping[str, Any], path: str, live: LiveGroup) -> ComputeTemplate | None:
        name = options.get("compute_template")
        if left_out(name):
            return None
        if options.get("resources"):
            raise OptionError(f"{path}: compute_template and resources exclude each other")
        copied = live.copied_template(str(name), own_tolerations(options))
        try:
            return copied or parse_template(str(name), self._read_template(str(name)))
        except OptionError as error:
            error.message = f"{path}.compute_template: {error.message}"
            raise


def _ensure_images(spec: Json) -> None:
    """Ray's container is the first of its pod. Any image will do, typed or raw, but without one no pod can start."""
    workers = [(f"worker_groups[{index}]", group) for index, group in enumerate(spec.get("workerGroupSpecs") or [])]
    for path, group in [("head_group", spec["headGroupSpec"]), *workers]:
        containers = ((group.get("template") or {}).get("spec") or {}).get("containers") or []
        if containers and not containers[0].get("image"):
            raise OptionError(f"{path}.image: no image is known: set image, {path}.image or ray_version")


def _autoscaler(options: Mapping[str, Any] | None) -> Json:
    """``autoscaler_options``: its container's resources and environment are worded as a group's."""
    path = "autoscaler_options"
    worded = {
        "resources": container_resources((options or {}).get("resources"), f"{path}.resources"),
        "env": variables((options or {}).get("env"), f"{path}.env"),
        "envFrom": env_from((options or {}).get("env_from")),
    }
    plain = fields(options, "resources", "env", "env_from")
    return {**plain, **{field: value for field, value in worded.items() if value}}


def _image(options: Mapping[str, Any]) -> str | None:
    if not left_out(options.get("image")):
        return str(options["image"])
    if left_out(options.get("ray_version")):
        return None
    return f"{DEFAULT_IMAGE}:{text(options['ray_version'], 'ray_version')}"
