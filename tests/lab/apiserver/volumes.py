# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes: V1 has one message for a pod's volume and its mount."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from ..operator import quantity
from ..operator.objects import Json, dig
from .failures import Panic
from .messages import ACCESS_MODE, HOST_PATH_TYPE, PROPAGATION, VOLUME_TYPE

MANAGED = {"app.kubernetes.io/managed-by": "kuberay-apiserver"}
PROPAGATIONS = {"HOSTTOCONTAINER": "HostToContainer", "BIDIRECTIONAL": "Bidirectional"}
HOST_PATHS = {"DIRECTORY": "Directory", "FILE": "File"}
ACCESS_MODES = {"RWO": "ReadWriteOnce", "ROX": "ReadOnlyMany", "RWX": "ReadWriteMany"}


def mounts(volumes: list[Json]) -> list[Json]:
    """The mounts of V1's volumes, in their order."""
    return [
        {
            "name": volume.get("name", ""),
            "mountPath": volume.get("mountPath", ""),
            **({"readOnly": True} if volume.get("readOnly") else {}),
            **_if("mountPropagation", _word(PROPAGATION.names, PROPAGATIONS, volume.get("mountPropagationMode", 0))),
        }
        for volume in volumes
    ]


def sources(volumes: list[Json]) -> list[Json]:
    """The pod's volumes; a ValueError where a size is none. One of an unknown type has a mount only."""
    made = ((volume, MAKERS.get(volume.get("volumeType", 0))) for volume in volumes)
    return [{"name": volume.get("name", ""), **maker(volume)} for volume, maker in made if maker]


def to_messages(pod: Json) -> list[Json]:
    """V1's volumes of a pod's."""
    found = []
    for volume in dig(pod, "volumes", []):
        for number, (key, reader) in READERS.items():
            if volume.get(key) is not None:
                mount = _mount(pod, volume["name"])
                seen = {"name": volume["name"], "volumeType": number, "mountPath": mount.get("mountPath", "")}
                found.append({**seen, **reader(volume[key], mount)})
                break
    return found


def mount_to_message(mount: Json) -> Json:
    """What V1 tells of a mount that has no volume in sight, as the autoscaler's have none."""
    plain = {key: mount.get(key) for key in ("name", "mountPath", "readOnly")}
    return {**plain, **_propagation(mount)}


# To Kubernetes.


def _claim(volume: Json) -> Json:
    read_only = {"readOnly": True} if volume.get("readOnly") else {}
    return {"persistentVolumeClaim": {"claimName": volume.get("source", ""), **read_only}}


def _host_path(volume: Json) -> Json:
    kind = _word(HOST_PATH_TYPE.names, HOST_PATHS, volume.get("hostPathType", 0)) or "Directory"
    return {"hostPath": {"path": volume.get("source", ""), "type": kind}}


def _ephemeral(volume: Json) -> Json:
    if not volume.get("storage"):
        raise ValueError("storage for ephemeral volume is empty")
    mode = _word(ACCESS_MODE.names, ACCESS_MODES, volume.get("accessMode", 0)) or "ReadWriteOnce"
    spec = {
        "accessModes": [mode],
        "resources": {"requests": {"storage": _size(volume["storage"], "ephemeral")}},
        **_if("storageClassName", volume.get("storageClassName")),
    }
    return {"ephemeral": {"volumeClaimTemplate": {"metadata": {"labels": dict(MANAGED)}, "spec": spec}}}


def _config_map(volume: Json) -> Json:
    return {"configMap": {**_if("name", volume.get("source")), **_items(volume)}}


def _secret(volume: Json) -> Json:
    return {"secret": {**_if("secretName", volume.get("source")), **_items(volume)}}


def _empty_dir(volume: Json) -> Json:
    limit = volume.get("storage")
    return {"emptyDir": {"sizeLimit": _size(limit, "empty dir")} if limit else {}}


def _items(volume: Json) -> Json:
    items = [{"key": key, "path": path} for key, path in volume.get("items", {}).items()]
    return {"items": random.sample(items, len(items))} if items else {}


def _size(text: str, what: str) -> str:
    try:
        return str(quantity.parse(text))
    except (ValueError, ArithmeticError):
        raise ValueError(f"storage for {what} volume is not specified correctly") from None


MAKERS: dict[int, Callable[[Json], Json]] = {
    VOLUME_TYPE.names.index("PERSISTENT_VOLUME_CLAIM"): _claim,
    VOLUME_TYPE.names.index("HOST_PATH"): _host_path,
    VOLUME_TYPE.names.index("EPHEMERAL"): _ephemeral,
    VOLUME_TYPE.names.index("CONFIGMAP"): _config_map,
    VOLUME_TYPE.names.index("SECRET"): _secret,
    VOLUME_TYPE.names.index("EMPTY_DIR"): _empty_dir,
}


# From Kubernetes. Only a claim tells whether it is read only, and only three of the six how mounts propagate.


def _read_claim(found: Json, mount: Json) -> Json:
    told = {"source": found.get("claimName", ""), "readOnly": found.get("readOnly", False)}
    return {**told, **_propagation(mount)}


def _read_host_path(found: Json, mount: Json) -> Json:
    kind = HOST_PATH_TYPE.names.index("FILE") if found.get("type") == "File" else 0
    return {"source": found.get("path", ""), "hostPathType": kind, **_propagation(mount)}


def _read_ephemeral(found: Json, mount: Json) -> Json:
    spec = dig(found, "volumeClaimTemplate.spec", {})
    mode = (spec.get("accessModes") or [""])[0]
    return {
        "storage": quantity.respell(dig(spec, "resources.requests.storage", "0")),
        "accessMode": _number(ACCESS_MODE.names, ACCESS_MODES, mode),
        "storageClassName": spec.get("storageClassName", ""),
        **_propagation(mount),
    }


def _read_config_map(found: Json, mount: Json) -> Json:
    items = {one["key"]: one["path"] for one in found.get("items") or []}
    return {"source": found.get("name", ""), "items": items}


def _read_secret(found: Json, mount: Json) -> Json:
    if found.get("items"):
        raise Panic("nil pointer: the items of a Secret are looked for in a ConfigMap")
    return {"source": found.get("secretName", "")}


def _read_empty_dir(found: Json, mount: Json) -> Json:
    limit = found.get("sizeLimit")
    return {"storage": "" if limit is None else quantity.respell(limit)}


READERS: dict[int, tuple[str, Callable[[Json, Json], Json]]] = {
    VOLUME_TYPE.names.index("CONFIGMAP"): ("configMap", _read_config_map),
    VOLUME_TYPE.names.index("SECRET"): ("secret", _read_secret),
    VOLUME_TYPE.names.index("EMPTY_DIR"): ("emptyDir", _read_empty_dir),
    VOLUME_TYPE.names.index("HOST_PATH"): ("hostPath", _read_host_path),
    VOLUME_TYPE.names.index("PERSISTENT_VOLUME_CLAIM"): ("persistentVolumeClaim", _read_claim),
    VOLUME_TYPE.names.index("EPHEMERAL"): ("ephemeral", _read_ephemeral),
}


def _mount(pod: Json, name: str) -> Json:
    for container in pod["containers"]:
        for mount in container.get("volumeMounts") or []:
            if mount["name"] == name:
                return dict(mount)
    raise Panic(f"nil pointer: volume {name} has no mount")


def _propagation(mount: Json) -> Json:
    return {"mountPropagationMode": _number(PROPAGATION.names, PROPAGATIONS, mount.get("mountPropagation"))}


def _word(names: tuple[str, ...], words: dict[str, str], number: int) -> str | None:
    return words.get(names[number]) if 0 <= number < len(names) else None


def _number(names: tuple[str, ...], words: dict[str, str], word: Any) -> int:
    return next((names.index(name) for name, known in words.items() if known == word), 0)


def _if(key: str, value: Any) -> Json:
    return {key: value} if value else {}
