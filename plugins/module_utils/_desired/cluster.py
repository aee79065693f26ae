# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the RayCluster that they ask for: pure, the one canonical form for every transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import object_metadata, wished_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroup, LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._desired.pod import own_tolerations, pod_template, variables
from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import (
    ComputeTemplate,
    container_resources,
    parse_template,
)
from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text, texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL, clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import camel_case, env_from, fields
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record, sub_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC

Json = dict[str, Any]
# None: the door that is gone through makes groups from templates itself.
ReadTemplate = Callable[[str], "Mapping[str, str] | None"]

HEAD_CONTAINER = "ray-head"
WORKER_CONTAINER = "ray-worker"
DEFAULT_IMAGE = "rayproject/ray"

# Options that are fields of the same name, in the API's spelling: of the spec, blocks of it, and of a worker group.
_PLAIN_FIELDS = ("suspend", "enable_in_tree_autoscaling", "managed_by")
_BLOCKS = ("gcs_fault_tolerance_options", "auth_options", "upgrade_strategy")
_HEAD_FIELDS = ("service_type", "enable_ingress")
_GROUP_FIELDS = ("replicas", "min_replicas", "max_replicas", "num_of_hosts")


def desired_cluster(options: Mapping[str, Any], namespace: str, live: Json | None, read_template: ReadTemplate) -> Json:
    """The RayCluster that a task wishes for; with ``state: patched`` a part of one, without any default.

    ``live`` is asked for very little (see live.py). ``read_template`` gives the data of a compute template's ConfigMap,
    or None where that is not ours to look into.
    """
    if options.get("definition") is not None:
        return wished_object(options["definition"], CLUSTER, options["name"], namespace)
    spec, recorded = ((live.get("spec") or {}), sub_record(load_record(live), "spec")) if live else ({}, None)
    return {
        "apiVersion": API_VERSION,
        "kind": CLUSTER.name,
        "metadata": object_metadata(options, namespace),
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
    spec.update(groups.all(raw))
    spec = dict(overlay(spec, raw, CLUSTER_SPEC, None))
    _ensure_images(spec, live, options.get("state") == PARTIAL)
    return spec


class _Groups:
    """Head and worker groups of one cluster: they share its image and its live counterpart."""

    def __init__(self, options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> None:
        self._options = options
        self._is_partial = options.get("state") == PARTIAL
        self._image = _image(options, self._is_partial)
        self._live = live
        self._read_template = read_template

    def all(self, raw: Json) -> Json:
        """``headGroupSpec`` and ``workerGroupSpecs``; of a partial wish only what it speaks about."""
        named = self._options.get("worker_groups")
        if named is None and self._is_partial and self._image:
            # An image alone is meant for every group.
            named = [{"group_name": name} for name in self._live.worker_names()]
        head = self._options.get("head_group")
        if head is None:
            # The raw head then says which container is Ray's: its first one.
            head = {"template": raw.get("headGroupSpec", {}).get("template")}
        found: Json = {"headGroupSpec": self.head(head)}
        if named is not None:
            found["workerGroupSpecs"] = [
                self.worker(group, f"worker_groups[{index}]") for index, group in enumerate(named)
            ]
        elif "workerGroupSpecs" in raw:
            # Laid over nothing, an empty list would say nothing; here it says: no groups.
            found["workerGroupSpecs"] = []
        return {field: value for field, value in found.items() if value or not self._is_partial}

    def head(self, options: Mapping[str, Any]) -> Json:
        group = self._group(options, "head_group", self._live.head(), HEAD_CONTAINER)
        return {**group, **fields({name: options.get(name) for name in _HEAD_FIELDS})}

    def worker(self, options: Mapping[str, Any], path: str) -> Json:
        live = self._live.worker(str(options["group_name"]))
        group = {"groupName": options["group_name"], **self._group(options, path, live, WORKER_CONTAINER)}
        return {**group, **fields({name: options.get(name) for name in _GROUP_FIELDS})}

    def _group(self, options: Mapping[str, Any], path: str, live: LiveGroup, container: str) -> Json:
        name = live.container_name(self._is_partial) or container
        group = {
            # Before KubeRay 1.4 the CRD requires this field, empty or not.
            "rayStartParams": texts(options.get("ray_start_params"), f"{path}.ray_start_params"),
            "template": pod_template(options, path, name, self._image, self._template(options, path, live)),
        }
        if not self._is_partial:
            return group
        if group["template"].get("spec") == {"containers": [{"name": name}]}:
            # Nothing is said about the pod but what its container is called.
            del group["template"]["spec"]
        return {field: value for field, value in group.items() if value}

    def _template(self, options: Mapping[str, Any], path: str, live: LiveGroup) -> ComputeTemplate | None:
        name = options.get("compute_template")
        if left_out(name):
            return None
        if options.get("resources"):
            raise OptionError(f"{path}: compute_template and resources exclude each other")
        copied = live.copied_template(str(name), own_tolerations(options))
        try:
            return copied or self._expanded(str(name))
        except OptionError as error:
            error.message = f"{path}.compute_template: {error.message}"
            raise

    def _expanded(self, name: str) -> ComputeTemplate:
        data = self._read_template(name)
        return ComputeTemplate(name, {}, []) if data is None else parse_template(name, data)


def _ensure_images(spec: Json, live: LiveGroups, is_partial: bool) -> None:
    """Ray's container is the first of its pod. Any image will do, typed or raw, but without one no pod can start.

    A part of a wish may leave it out where a group is there already.
    """
    groups = [("head_group", spec.get("headGroupSpec") or {}, live.head())]
    for index, group in enumerate(spec.get("workerGroupSpecs") or []):
        groups.append((f"worker_groups[{index}]", group, live.worker(str(group.get("groupName")))))
    for path, group, there in groups:
        containers = ((group.get("template") or {}).get("spec") or {}).get("containers") or [{}]
        needed = not there.group if is_partial else group.get("template")
        if needed and not containers[0].get("image"):
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


def _image(options: Mapping[str, Any], is_partial: bool) -> str | None:
    if not left_out(options.get("image")):
        return str(options["image"])
    if left_out(options.get("ray_version")) or is_partial:
        return None
    return f"{DEFAULT_IMAGE}:{text(options['ray_version'], 'ray_version')}"
