# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an object that V1 tells of is the one that is wished for, as far as V1 tells.

V1 keeps no memory of a wish, and its one update replaces the whole: so the whole message counts, and what the live one
has and the wish has not is to go. Nobody can tell that something was sent which does not come back.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import (
    ANNOTATION,
    load_record,
    make_record,
    sub_record,
)
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import Change, changes
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import (
    DEFAULT_USER,
    as_meant,
    to_message,
    to_resource,
    told_message,
)

Json = dict[str, Any]
# What the server writes into a cluster's annotations, and what we do to remember a wish.
STAMPS = frozenset(["ray.io/creation-timestamp", "ray.io/update-timestamp"])
_OURS_AND_ITS = STAMPS | {ANNOTATION}


def differences(kind: Kind, live: Json, wish: Json) -> list[Change]:
    """The same about resources, of which the live one is what V1 told."""
    return same(kind, told_message(kind, live), to_message(kind, wish))


def same(kind: Kind, live: Json, wished: Json) -> list[Change]:
    """Every path of the resource at which the wished message is another one than the live one; none: unchanged."""
    live, wished = (returned(kind.name, message) for message in (as_meant(live), wished))
    for rule in _LIVE_STANDS:
        wished = rule(kind, live, wished)
    there, wanted = (_comparable(kind, message, "jobId" in wished) for message in (live, wished))
    target = overlay(there, wanted, kind.schema, make_record(there, kind.schema, None, None))
    return list(changes(there, target, kind.schema))


def _comparable(kind: Kind, message: Json, has_id: bool) -> Json:
    """What a wish can speak about. A job's id stands in its status, whoever gave it."""
    resource = to_resource(kind, _without_notes(message))
    if has_id:
        resource["spec"]["jobId"] = message["jobId"]
    metadata = {part: resource["metadata"][part] for part in ("labels", "annotations") if part in resource["metadata"]}
    return {"metadata": metadata, **{part: resource[part] for part in ("spec", "data") if part in resource}}


def _without_notes(message: Json) -> Json:
    annotations = {key: value for key, value in (message.get("annotations") or {}).items() if key not in _OURS_AND_ITS}
    return {**message, "annotations": annotations}


def _unsaid(*names: str) -> Callable[[Kind, Json, Json], Json]:
    """Fields that nobody means to empty by saying nothing about them."""

    def stand(_kind: Kind, live: Json, wished: Json) -> Json:
        return {**{name: live[name] for name in names if name in live}, **wished}

    return stand


def _user(_kind: Kind, live: Json, wished: Json) -> Json:
    said = wished.get("user") not in (None, DEFAULT_USER)
    return wished if said or "user" not in live else {**wished, "user": live["user"]}


def _untold(kind: Kind, live: Json, wished: Json) -> Json:
    """What the server does not tell yet, or did not tell before KubeRay 1.4: a job's id, a job's or service's version.

    Where it is told it counts.
    """
    names = () if kind is CLUSTER else ("jobId", "version")
    return {key: value for key, value in wished.items() if key in live or key not in names}


def _others_annotations(_kind: Kind, live: Json, wished: Json) -> Json:
    """Annotations of others stay; those that our last wish set and this one does not are to go."""
    there, said = live.get("annotations") or {}, wished.get("annotations") or {}
    record = sub_record(sub_record(load_record({"metadata": {"annotations": there}}), "metadata"), "annotations")
    theirs = {key: value for key, value in there.items() if sub_record(record, key) is None}
    return {**wished, "annotations": {**theirs, **said}}


def _autoscalers(kind: Kind, live: Json, wished: Json) -> Json:
    """A cluster's number of workers is the autoscaler's, within the range that is wished for.

    Of a job or a service the autoscaler works on the cluster that is made of it.
    """
    spec = wished.get("clusterSpec") or {}
    if kind is not CLUSTER or not spec.get("enableInTreeAutoscaling"):
        return wished
    there = {one.get("groupName"): one for one in (live.get("clusterSpec") or {}).get("workerGroupSpec") or []}
    groups = [_scaled(one, there.get(one.get("groupName"), one)) for one in spec.get("workerGroupSpec") or []]
    return {**wished, "clusterSpec": {**spec, "workerGroupSpec": groups}}


def _scaled(group: Json, live: Json) -> Json:
    now = live.get("replicas", 0)
    return {**group, "replicas": now} if group.get("minReplicas", 0) <= now <= group.get("maxReplicas", 0) else group


def _single(_kind: Kind, live: Json, wished: Json) -> Json:
    """V1 has numbers of single precision only."""
    name = "entrypointNumCpus"
    said, there = wished.get(name), live.get(name)
    is_same = said is not None and there is not None and struct.pack("f", said) == struct.pack("f", there)
    return {**wished, name: there} if is_same else wished


# Where the live message stands against the wished one.
_LIVE_STANDS = (_user, _unsaid("environment"), _untold, _others_annotations, _autoscalers, _single)
