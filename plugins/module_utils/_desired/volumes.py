# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``volumes`` of a group: the six kinds that KubeRay's APIServer V1 has, each a pod volume and its mount."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.values import given, quantity
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

Json = dict[str, Any]

_ACCESS_MODES = {"RWO": "ReadWriteOnce", "ROX": "ReadOnlyMany", "RWX": "ReadWriteMany"}
_PROPAGATION = {"none": "None", "host_to_container": "HostToContainer", "bidirectional": "Bidirectional"}


def pod_volume(options: Mapping[str, Any], path: str) -> Json:
    """The pod volume that a volume option describes."""
    return {"name": options["name"], **_KINDS[options["volume_type"]](given(options), path)}


def volume_mount(options: Mapping[str, Any]) -> Json:
    """Its mount in the Ray container."""
    mount: Json = {"name": options["name"], "mountPath": options["mount_path"]}
    if options.get("read_only") is not None:
        mount["readOnly"] = options["read_only"]
    if options.get("mount_propagation_mode"):
        mount["mountPropagation"] = _PROPAGATION[options["mount_propagation_mode"]]
    return mount


def _source(options: Mapping[str, Any], path: str) -> str:
    if "source" not in options:
        raise OptionError(f"{path}.source: a {options['volume_type']} volume needs it")
    return str(options["source"])


def _claim(options: Mapping[str, Any], path: str) -> Json:
    claim: Json = {"claimName": _source(options, path)}
    if options.get("read_only") is not None:
        claim["readOnly"] = options["read_only"]
    return {"persistentVolumeClaim": claim}


def _host_path(options: Mapping[str, Any], path: str) -> Json:
    kind = "File" if options.get("host_path_type") == "file" else "Directory"
    return {"hostPath": {"path": _source(options, path), "type": kind}}


def _ephemeral(options: Mapping[str, Any], path: str) -> Json:
    if "storage" not in options:
        raise OptionError(f"{path}.storage: an ephemeral volume needs it")
    spec: Json = {
        "accessModes": [_ACCESS_MODES[options.get("access_mode", "RWO")]],
        "resources": {"requests": {"storage": quantity("storage", options["storage"], f"{path}.storage")}},
    }
    if "storage_class_name" in options:
        spec["storageClassName"] = options["storage_class_name"]
    return {"ephemeral": {"volumeClaimTemplate": {"spec": spec}}}


def _config_map(options: Mapping[str, Any], path: str) -> Json:
    return {"configMap": {"name": _source(options, path), **_items(options)}}


def _secret(options: Mapping[str, Any], path: str) -> Json:
    return {"secret": {"secretName": _source(options, path), **_items(options)}}


def _empty_dir(options: Mapping[str, Any], path: str) -> Json:
    if "storage" not in options:
        return {"emptyDir": {}}
    return {"emptyDir": {"sizeLimit": quantity("storage", options["storage"], f"{path}.storage")}}


def _items(options: Mapping[str, Any]) -> Json:
    items = [{"key": key, "path": str(file)} for key, file in (options.get("items") or {}).items()]
    return {"items": items} if items else {}


_KINDS: dict[str, Callable[[Mapping[str, Any], str], Json]] = {
    "persistent_volume_claim": _claim,
    "host_path": _host_path,
    "ephemeral": _ephemeral,
    "configmap": _config_map,
    "secret": _secret,
    "empty_dir": _empty_dir,
}
VOLUME_TYPES = tuple(_KINDS)
