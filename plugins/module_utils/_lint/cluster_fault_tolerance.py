# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about the fault tolerance of the GCS: one place says it, and each backend has settings of its own."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster, ray_container
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import EMBEDDED_STORAGE, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

ENABLED = "ray.io/ft-enabled"
_OPTIONS = "gcsFaultToleranceOptions"
# What one of the options says, and the ways in which it used to be said.
_OLD_WAYS = (
    ("redisPassword", "start parameter", "redis-password"),
    ("redisPassword", "variable", "REDIS_PASSWORD"),
    ("redisAddress", "variable", "RAY_REDIS_ADDRESS"),
    ("externalStorageNamespace", "annotation", "ray.io/external-storage-namespace"),
)
# Settings of Redis that the operator sees as given, even where they are empty.
_CREDENTIALS = ("redisUsername", "redisPassword")
_REDIS_TEXTS = ("redisAddress", "externalStorageNamespace")
_STORAGE_VARIABLES = ("RAY_gcs_storage", "RAY_gcs_storage_path")
_STORAGE_VOLUME = "gcs-storage"
_STORAGE_PATH = "/data/gcs"
_OWN_CLAIM = ("size", "storageClassName", "accessModes")


def _options(cluster: Cluster) -> Part:
    return cluster.spec[_OPTIONS]


def _embedded(cluster: Cluster) -> bool:
    return _options(cluster)["backend"].text == "rocksdb"


def _variable(cluster: Cluster, name: str) -> Part:
    return cluster.head_variables.get(name, Part(None))


def _old_way(cluster: Cluster, way: str, name: str) -> Part:
    """What says it in an old way. An empty variable counts, an empty start parameter or annotation does not."""
    if way == "variable":
        return _variable(cluster, name)
    part = (cluster.head["rayStartParams"] if way == "start parameter" else cluster.annotations)[name]
    return part if part.filled else Part(None)


def _enabled_twice(cluster: Cluster) -> Found:
    if _options(cluster).given and cluster.annotations[ENABLED].filled:
        yield cluster.annotations[ENABLED], f"excludes {_OPTIONS}; leave the annotation out"


def _enabled_by_address(cluster: Cluster) -> Found:
    address = _variable(cluster, "RAY_REDIS_ADDRESS")
    if address.given and not _options(cluster).given and cluster.annotations[ENABLED].text.lower() != "true":
        yield address, f"is refused by the operator since KubeRay 1.3; use {_OPTIONS}.redisAddress"


def _said_twice(cluster: Cluster) -> Found:
    for option, way, name in _OLD_WAYS if _options(cluster).given else ():
        part = _old_way(cluster, way, name)
        if part.given:
            yield part, f"use {_OPTIONS}.{option} instead of this {way}"


def _user_name(cluster: Cluster) -> Found:
    for way, name in (("start parameter", "redis-username"), ("variable", "REDIS_USERNAME")):
        part = _old_way(cluster, way, name)
        if part.given:
            yield part, f"is refused by the operator since KubeRay 1.3; use {_OPTIONS}.redisUsername"


def _address(cluster: Cluster) -> Found:
    if _options(cluster).given and not _options(cluster)["redisAddress"].given:
        yield _options(cluster)["redisAddress"], "is needed before KubeRay 1.7"


def _embedded_gate(cluster: Cluster) -> Found:
    if _embedded(cluster):
        told = f"rocksdb needs the feature gate {EMBEDDED_STORAGE.name}, which is off by default"
        yield _options(cluster)["backend"], told


def _embedded_redis(cluster: Cluster) -> Found:
    if _embedded(cluster):
        given = [part for part in map(_options(cluster).__getitem__, _CREDENTIALS) if part.given]
        filled = [part for part in map(_options(cluster).__getitem__, _REDIS_TEXTS) if part.filled]
        yield from ((part, "is of the backend redis, not of rocksdb; leave it out") for part in given + filled)


def _claim(cluster: Cluster) -> Found:
    storage = _options(cluster)["storage"]
    if _embedded(cluster) and storage["claimName"].filled:
        for part in map(storage.__getitem__, _OWN_CLAIM):
            if part.filled or (part.given and part.path.endswith("storageClassName")):
                yield part, "excludes claimName, which names a claim that has one already"


def _storage_of_redis(cluster: Cluster) -> Found:
    if _options(cluster).given and not _embedded(cluster) and _options(cluster)["storage"].given:
        yield _options(cluster)["storage"], "is of the backend rocksdb, not of redis"


def _managed(cluster: Cluster) -> Iterator[Part]:
    """What KubeRay itself adds to the head for its storage, where the spec has it too."""
    yield from (variable for variable in map(cluster.head_variables.get, _STORAGE_VARIABLES) if variable is not None)
    for mount in ray_container(cluster.head)["volumeMounts"].members():
        if mount["name"].text == _STORAGE_VOLUME or mount["mountPath"].text == _STORAGE_PATH:
            yield mount
    for volume in cluster.head.at("template.spec.volumes").members():
        if volume["name"].text == _STORAGE_VOLUME:
            yield volume


def _embedded_managed(cluster: Cluster) -> Found:
    if _embedded(cluster):
        yield from ((part, "is KubeRay's own with the backend rocksdb; leave it out") for part in _managed(cluster))


FAULT_TOLERANCE_RULES: tuple[Rule[Cluster], ...] = (
    Rule("fault-tolerance-once", _enabled_twice, since=release("1.3"), always=True),
    Rule("redis-address-variable", _enabled_by_address, since=release("1.3")),
    Rule("redis-settings-once", _said_twice, since=release("1.3"), always=True),
    Rule("redis-username", _user_name, since=release("1.3")),
    Rule("redis-address-needed", _address, since=release("1.3"), until=release("1.7")),
    Rule("rocksdb-gate", _embedded_gate, since=release("1.7"), always=True, needs=only_off(EMBEDDED_STORAGE)),
    Rule("rocksdb-without-redis", _embedded_redis, since=release("1.7"), always=True),
    Rule("rocksdb-claim", _claim, since=release("1.7"), always=True),
    Rule("rocksdb-managed", _embedded_managed, since=release("1.7"), always=True),
    Rule("redis-without-storage", _storage_of_redis, since=release("1.7"), always=True),
)
