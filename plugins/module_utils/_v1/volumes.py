# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes: V1's six kinds, each a volume of the pod and its one mount in Ray's container."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import MANAGED_BY, V1_MANAGER
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import (
    NOTHING,
    Codec,
    Field,
    Own,
    enum,
    field,
    message,
    rest_of,
)

Json = dict[str, Any]

# V1's numbers of the kinds, by the name of the source in Kubernetes' words.
CLAIM, HOST_PATH, EPHEMERAL, CONFIG_MAP, SECRET, EMPTY_DIR = range(6)
_TYPE_NAMES = ("PERSISTENT_VOLUME_CLAIM", "HOST_PATH", "EPHEMERAL", "CONFIGMAP", "SECRET", "EMPTY_DIR")

_HOST_PATH_TYPE = enum(Directory="DIRECTORY", File="FILE")
_PROPAGATION = enum(**{"None": "NONE", "HostToContainer": "HOSTTOCONTAINER", "Bidirectional": "BIDIRECTIONAL"})
_ACCESS_MODE = enum(ReadWriteOnce="RWO", ReadOnlyMany="ROX", ReadWriteMany="RWX")


def _one_mode(value: Any) -> tuple[Any, Any]:
    return _ACCESS_MODE.encode(value[0]) if isinstance(value, list) and len(value) == 1 else (NOTHING, value)


_ACCESS_MODES = Codec(_one_mode, lambda value: [_ACCESS_MODE.decode(value)])


def _items_out(value: Any) -> tuple[Any, Any]:
    said: Json = {}
    rest: list[Any] = []
    for item in value if isinstance(value, list) else []:
        key, path = item.get("key"), item.get("path")
        if not key or key in said:
            rest.append(item)
            continue
        said[key] = path
        rest.append({name: one for name, one in item.items() if name not in ("key", "path")} or NOTHING)
    return said, rest_of(rest)


# They come back in any order.
_ITEMS = Codec(_items_out, lambda value: [{"key": key, "path": path} for key, path in sorted(value.items())])


def mount(*path: str) -> tuple[Field, ...]:
    """The fields of a mount that stands there."""
    return (
        field("name", *path, "name"),
        field("mountPath", *path, "mountPath"),
        field("readOnly", *path, "readOnly"),
        field("mountPropagationMode", *path, "mountPropagation", codec=_PROPAGATION),
    )


def _kind(source: str, *members: Field | Own) -> tuple[str, Codec]:
    return source, message(*mount("mount"), *members)


_CLAIM_TEMPLATE = ("volume", "ephemeral", "volumeClaimTemplate")
# In the order of V1's numbers. V1 gives back no items of a secret (see expressible.py in this room).
_KINDS: tuple[tuple[str, Codec], ...] = (
    _kind("persistentVolumeClaim", field("source", "volume", "persistentVolumeClaim", "claimName")),
    _kind(
        "hostPath",
        field("source", "volume", "hostPath", "path"),
        field("hostPathType", "volume", "hostPath", "type", codec=_HOST_PATH_TYPE, zero="Directory"),
    ),
    _kind(
        "ephemeral",
        field("storage", *_CLAIM_TEMPLATE, "spec", "resources", "requests", "storage"),
        field("storageClassName", *_CLAIM_TEMPLATE, "spec", "storageClassName"),
        field("accessMode", *_CLAIM_TEMPLATE, "spec", "accessModes", codec=_ACCESS_MODES, zero=["ReadWriteOnce"]),
        Own((*_CLAIM_TEMPLATE, "metadata", "labels", MANAGED_BY), (V1_MANAGER,)),
    ),
    _kind(
        "configMap",
        field("source", "volume", "configMap", "name"),
        field("items", "volume", "configMap", "items", codec=_ITEMS),
        Own(("volume", "configMap", "optional"), (False,)),
    ),
    _kind(
        "secret",
        field("source", "volume", "secret", "secretName"),
        Own(("volume", "secret", "optional"), (False,)),
    ),
    _kind("emptyDir", field("storage", "volume", "emptyDir", "sizeLimit")),
)
VOLUME_FIELDS = frozenset(one.name for _source, codec in _KINDS for one in codec.fields) | {"volumeType"}


def _encode(pod: Any) -> tuple[Any, Any]:
    """The volumes of a pod spec with their mounts; a volume without a mount stays."""
    container = ((pod.get("containers") or [{}])[0] or {}) if isinstance(pod, dict) else {}
    mounts = container.get("volumeMounts")
    if not isinstance(pod, dict) or not isinstance(mounts, list) or not isinstance(pod.get("volumes"), list):
        return NOTHING, pod
    mounts = list(mounts)
    said, rest = [], []
    for volume in pod["volumes"]:
        found, left = _take(volume, mounts)
        rest.append(left)
        said += [] if found is NOTHING else [found]
    own = _with({key: value for key, value in container.items() if key != "volumeMounts"}, "volumeMounts", mounts)
    others = {key: value for key, value in pod.items() if key != "volumes"}
    return said, _with({**others, "containers": [own, *pod["containers"][1:]]}, "volumes", rest)


def _with(mapping: Json, key: str, members: list[Any]) -> Json:
    rest = rest_of(members)
    return mapping if rest is NOTHING else {**mapping, key: rest}


def _take(volume: Any, mounts: list[Any]) -> tuple[Any, Any]:
    """A volume as V1 has it; its mount is taken out of the list, what is left of it stays there."""
    number = next((number for number, (source, _codec) in enumerate(_KINDS) if source in volume), None)
    place = next(
        (place for place, one in enumerate(mounts) if one is not NOTHING and one.get("name") == volume.get("name")),
        None,
    )
    if number is None or place is None:
        return NOTHING, volume
    source, codec = _KINDS[number]
    said, left = codec.encode(_as_one(volume, mounts[place], source))
    left = {} if left is NOTHING else left
    mounts[place] = left.get("mount") or NOTHING
    rest = {key: value for key, value in (left.get("volume") or {}).items() if key != source or value}
    return {**({"volumeType": number} if number else {}), **said}, rest or NOTHING


def _as_one(volume: Json, mounted: Json, source: str) -> Json:
    """A volume and its mount together. V1 has one switch for a claim that is read only and for a mount that is."""
    pair: Json = {"volume": {source: volume[source] or {}}, "mount": dict(mounted)}
    pair["volume"].update({key: value for key, value in volume.items() if key not in ("name", source)})
    if source == "persistentVolumeClaim" and "readOnly" in pair["volume"][source]:
        claim = dict(pair["volume"][source])
        pair["mount"]["readOnly"] = bool(claim.pop("readOnly")) or pair["mount"].get("readOnly", False)
        pair["volume"][source] = claim
    return pair


def type_number(volume: Json) -> int:
    """The number of a volume's kind, however it is told; the first one's where it is not."""
    told = volume.get("volumeType", 0)
    return _TYPE_NAMES.index(told) if told in _TYPE_NAMES else int(told)


def _decode(volumes: list[Json]) -> Json:
    pairs = [_pair(volume) for volume in volumes]
    return {
        "volumes": [volume for volume, _mount in pairs],
        "containers": [{"volumeMounts": [mounted for _volume, mounted in pairs]}],
    }


def _pair(volume: Json) -> tuple[Json, Json]:
    number = type_number(volume)
    source, codec = _KINDS[number]
    made = codec.decode(volume)
    described = (made.get("volume") or {}).get(source) or {}
    if number == CLAIM and volume.get("readOnly"):
        described = {**described, "readOnly": True}
    return {"name": volume.get("name", ""), source: described}, made["mount"]


VOLUMES = Codec(_encode, _decode)
