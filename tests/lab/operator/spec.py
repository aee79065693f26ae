# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a RayCluster's spec: the questions that several rooms ask."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from typing import Any

from .objects import Json, annotations_of, dig
from .words import FT_ENABLED

MAX_INT32 = 2**31 - 1
TRUE_TEXTS = ("1", "true")


def groups(cluster: Json) -> list[Json]:
    """The worker groups."""
    return list(dig(cluster, "spec.workerGroupSpecs", []))


def head_container(cluster: Json) -> Json:
    """The Ray container of the head: the first one."""
    return dict(dig(cluster, "spec.headGroupSpec.template.spec.containers", [{}])[0])


def env_of(container: Json) -> dict[str, Any]:
    """The environment by name; a value from elsewhere counts as empty."""
    return {env["name"]: env.get("value", "") for env in container.get("env") or []}


def autoscaling(cluster: Json) -> bool:
    """Whether the in-tree autoscaler decides about replicas."""
    return bool(dig(cluster, "spec.enableInTreeAutoscaling", False))


def autoscaler_version(cluster: Json) -> str | None:
    """The version that the spec names."""
    version = dig(cluster, "spec.autoscalerOptions.version")
    return None if version is None else str(version)


def token_auth(cluster: Json) -> bool:
    """Whether Ray asks for a token."""
    return bool(dig(cluster, "spec.authOptions.mode") == "token")


def fault_tolerant(cluster: Json) -> bool:
    """Whether the GCS keeps its state outside the head."""
    options = dig(cluster, "spec", {}).get("gcsFaultToleranceOptions")
    return options is not None or annotations_of(cluster).get(FT_ENABLED, "").lower() == "true"


def embedded_storage(cluster: Json) -> bool:
    """Whether that outside is RocksDB rather than Redis."""
    return bool(dig(cluster, "spec.gcsFaultToleranceOptions.backend") == "rocksdb")


def hosts(group: Json) -> int:
    """The pods of one replica."""
    return int(group.get("numOfHosts") or 0)


def suspended(group: Json) -> bool:
    """Whether the group counts as empty."""
    return bool(group.get("suspend"))


def limits(group: Json) -> tuple[int, int]:
    """The smallest and largest number of replicas."""
    low, high = group.get("minReplicas"), group.get("maxReplicas")
    return 0 if low is None else low, MAX_INT32 if high is None else high


def wanted(group: Json) -> int:
    """The pods that the group should have: replicas within their limits, times hosts."""
    if suspended(group):
        return 0
    low, high = limits(group)
    replicas = group.get("replicas")
    within = low if replicas is None or replicas < low else min(replicas, high)
    return int(within) * hosts(group)


def recreate_hash(cluster: Json) -> str:
    """The hash that the Recreate strategy compares: the spec without what scaling and Kueue change.

    Only its stability matters: it need not equal the real operator's hash, which is one of Go's serialisation.
    """
    spec = copy.deepcopy(cluster["spec"])
    spec.pop("upgradeStrategy", None)
    for group in [spec.get("headGroupSpec") or {}, *(spec.get("workerGroupSpecs") or [])]:
        for field in ("replicas", "minReplicas", "maxReplicas", "scaleStrategy"):
            group.pop(field, None)
        for field in ("tolerations", "schedulingGates"):
            (dig(group, "template.spec", {})).pop(field, None)
    digest = hashlib.sha1(json.dumps(spec, sort_keys=True).encode(), usedforsecurity=False).digest()
    return base64.b32hexencode(digest).decode()
