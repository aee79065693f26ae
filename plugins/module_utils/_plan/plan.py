# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to happen so that the live object becomes the wished one: none, create, patch, recreate or delete."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import MANAGED_BY, V1_MANAGER, Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import (
    ANNOTATION,
    dump_record,
    load_record,
    make_record,
)

if TYPE_CHECKING:
    from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import Change

Json = dict[str, Any]
_OWNED_METADATA = ("labels", "annotations")
# What a wish can speak about besides: a ray.io object has a spec, a ConfigMap has data.
_OWNED_PARTS = ("spec", "data")
RECORD_PATH = f"metadata.annotations['{ANNOTATION}']"


@dataclass(frozen=True)
class Plan:
    """``action``, the object as it will be (``target``), every path that differs, and what the user should know.

    ``shows`` says that the operator will show an effect of it in the status, ``replaces_pods`` that it makes every pod
    anew: only then may a wait ask for either. ``refused`` says what the server would not change on a live object, and
    ``deferred`` what it would store and the operator not carry out. ``rollout`` is the way that a change of a
    RayService takes (see service_rollout.py in this room).
    """

    action: str
    target: Json | None = None
    changes: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    shows: bool = False
    replaces_pods: bool = False
    refused: list[str] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)
    rollout: str = "none"

    @property
    def changed(self) -> bool:
        """Whether anything is written."""
        return self.action != "none"

    @property
    def only_records(self) -> bool:
        """Whether nothing is written but the memory of the wish."""
        return self.action == "patch" and not any(map(_without_record, self.changes))

    def reasons(self) -> list[Json]:
        """Why: ``{path, from, to}`` for each path; ``$`` is the whole object."""
        if self.action == "create":
            return [{"path": "$", "from": "absent", "to": "present"}]
        if self.action == "delete":
            return [{"path": "$", "from": "present", "to": "absent"}]
        if self.action == "recreate" and not self.changes:
            return [{"path": "$", "from": "present", "to": "created again"}]
        return [change.reason() for change in visible(self.changes)]


def visible(found: list[Change]) -> list[Change]:
    """The changes to show: the record of the wish is bookkeeping, and shown only where nothing else changes."""
    shown = [change for change in map(_without_record, found) if change is not None]
    return shown or [change._replace(path=RECORD_PATH, before=None, after="recorded") for change in found]


def _without_record(change: Change) -> Change | None:
    """A change as it is shown: the first annotations of an object come all at once, the record among them."""
    if change.path == RECORD_PATH:
        return None
    if change.path != "metadata.annotations" or not isinstance(change.after, dict):
        return change
    rest = {key: value for key, value in change.after.items() if key != ANNOTATION}
    return change._replace(after=rest) if rest else None


def plan_create(kind: Kind, wish: Json) -> Plan:
    """The plan where nothing is there yet: the wish with its record."""
    target = copy.deepcopy(wish)
    annotations = target["metadata"].setdefault("annotations", {})
    annotations[ANNOTATION] = dump_record(make_record(owned(wish), kind.schema, None, None))
    return Plan("create", target, _paths(kind, wish, "add"), shows=True)


def plan_delete(kind: Kind, live: Json) -> Plan:
    """The plan for an object that has to go."""
    return Plan("delete", None, _paths(kind, live, "remove"))


def plan_update(
    kind: Kind,
    live: Json,
    wish: Json,
    laid: Json | None = None,
    base: Json | None = None,
    is_partial: bool = False,
) -> Plan:
    """The plan for an object that is there.

    ``wish`` is what the user asked for and what is recorded. Rules of the kind (see cluster.py in this room) may make
    ``laid`` what is really laid, and ``base`` what it is laid over. A partial wish removes nothing, and leaves the
    record of the last whole one as it is.
    """
    written = None if is_partial else load_record(live)
    before = owned(live)
    target = overlay(owned(base) if base else before, owned(laid or wish), kind.schema, written)
    record = None if is_partial else make_record(owned(wish), kind.schema, before, written)
    if record != written:
        annotations = {**(target["metadata"].get("annotations") or {}), ANNOTATION: dump_record(record)}
        target = {**target, "metadata": {**target["metadata"], "annotations": annotations}}
    if target is before:
        return Plan("none", live)
    target, warnings = _without_v1(kind, live, target)
    from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import changes

    found = list(changes(before, target, kind.schema))
    if not found:
        return Plan("none", live)
    return Plan("patch", with_owned(live, target), found, warnings)


def _without_v1(kind: Kind, live: Json, target: Json) -> tuple[Json, list[str]]:
    """What KubeRay's APIServer V1 has made, so that V1 survives it."""
    if not kind.group or (live["metadata"].get("labels") or {}).get(MANAGED_BY) != V1_MANAGER:
        return target, []
    from ansible_collections.kuberay.core.plugins.module_utils._plan.adoption import taken_over

    return taken_over(kind, target)


def operations(live: Json, plan: Plan) -> list[Json]:
    """The JSON patch of a plan, guarded: it is refused as a whole when the object is another one or has moved on."""
    return guards(live) + _metadata_guard(live, plan) + [change.patch() for change in plan.changes]


def guards(live: Json) -> list[Json]:
    """The tests that make a patch stale when the object is another one, or when its spec has moved on.

    A ConfigMap has no spec and no generation: its version moves with any change.
    """
    metadata = live["metadata"]
    moves = "generation" if "generation" in metadata else "resourceVersion"
    return [{"op": "test", "path": f"/metadata/{name}", "value": metadata[name]} for name in ("uid", moves)]


def _metadata_guard(live: Json, plan: Plan) -> list[Json]:
    """The first labels or annotations come as a whole: nobody's may have come meanwhile, and no generation tells."""
    if not any(change.path in ("metadata.labels", "metadata.annotations") for change in plan.changes):
        return []
    return [{"op": "test", "path": "/metadata/resourceVersion", "value": live["metadata"]["resourceVersion"]}]


def _paths(kind: Kind, resource: Json, op: str) -> list[Change]:
    """A whole object that comes or goes, path by path."""
    from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import leaves

    return list(leaves({part: value for part, value in owned(resource).items() if value}, kind.schema, op))


def owned(resource: Json) -> Json:
    """The part of an object that a wish can speak about."""
    metadata = resource.get("metadata") or {}
    found: Json = {"metadata": {field: metadata[field] for field in _OWNED_METADATA if metadata.get(field)}}
    return {**found, **{part: resource[part] for part in _OWNED_PARTS if resource.get(part)}}


def with_owned(live: Json, part: Json) -> Json:
    """The object with another part that a wish can speak about; the rest of it stays."""
    others = {key: value for key, value in live["metadata"].items() if key not in _OWNED_METADATA}
    rest = {name: value for name, value in live.items() if name not in owned(live)}
    return {**rest, **part, "metadata": {**others, **part["metadata"]}}
