# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning through V1 of KubeRay's APIServer, which has no patches: all of what is there is compared with the wish.

A service is replaced as a whole, a template deleted and made again, and of clusters and jobs V1 changes nothing. What
V1 cannot do of a wish is refused here, before anything is written, whether it would be a change or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import ComputeTemplate, parse_template
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL, left_out
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    CLUSTER,
    SERVICE,
    TEMPLATE,
    TEMPLATE_ANNOTATION,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import known_version
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION, make_record
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import with_others_groups
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan, owned, plan_create, with_owned
from ansible_collections.kuberay.core.plugins.module_utils._plan.service_rollout import with_rollout
from ansible_collections.kuberay.core.plugins.module_utils._plan.template import plan_template
from ansible_collections.kuberay.core.plugins.module_utils._v1.cluster import ENVIRONMENT_LABEL, USER_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import STAMPS, differences
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import ensure_expressible
from ansible_collections.kuberay.core.plugins.module_utils._v1.rules import groups_of

Json = dict[str, Any]
ReadTemplate = Callable[[str], Mapping[str, str]]
# Labels that V1 keeps in fields: whoever says nothing about one does not mean to empty it.
_STAYS = (USER_LABEL, ENVIRONMENT_LABEL)


def plan_whole(
    kind: Kind, live: Json | None, wish: Json, options: Mapping[str, Any], read_template: ReadTemplate
) -> Plan:
    """The plan for an object, live or not; OptionError where V1 cannot do what is wished for."""
    _ensure_seen(options)
    whole = wish if live is None else _whole(kind, live, wish, options)
    warnings = ensure_expressible(kind, whole, _templates(kind, whole, read_template), known_version(options))
    if live is None:
        return replace(plan_create(kind, wish), warnings=warnings)
    plan = _plan_template(live, wish, options) if kind is TEMPLATE else _plan(kind, live, wish, whole)
    return replace(plan, warnings=[*plan.warnings, *warnings])


def _ensure_seen(options: Mapping[str, Any]) -> None:
    if options.get("wait") and options.get("wait_for") == "dashboard":
        raise OptionError(
            "wait_for: whether a dashboard answers cannot be seen through KubeRay's APIServer V1; wait for ready, or "
            "use api: kubernetes or apiserver_v2"
        )


def _plan(kind: Kind, live: Json, wish: Json, whole: Json) -> Plan:
    found = differences(kind, live, whole)
    target = _target(kind, live, wish, whole)
    plan = Plan("patch", target, found) if found else Plan("none", live)
    if kind is SERVICE:
        return with_rollout(plan, live)
    told = f"{', '.join(change.path for change in found)}: KubeRay's APIServer V1 changes no {kind.name} that is there"
    # Made again for another reason, it is made as it is wished for.
    return replace(plan, target=target, refused=[told] if found else [])


def _plan_template(live: Json, wish: Json, options: Mapping[str, Any]) -> Plan:
    plan = plan_template(live, wish, names_unit=not left_out(options["memory_unit"]))
    return replace(plan, action="recreate", target=wish) if plan.changed else plan


def _whole(kind: Kind, live: Json, wish: Json, options: Mapping[str, Any]) -> Json:
    """All that there is to be: a part of a wish is laid over what is there, and what nobody means to empty stays."""
    if kind is TEMPLATE:
        return wish
    if options.get("state") == PARTIAL:
        return with_owned(live, overlay(_without_stamps(owned(live)), owned(wish), kind.schema, None))
    metadata = wish["metadata"]
    labels = live["metadata"].get("labels") or {}
    kept = {label: labels[label] for label in _STAYS if label in labels}
    wish = {**wish, "metadata": {**metadata, "labels": {**kept, **(metadata.get("labels") or {})}}}
    return with_others_groups(live, wish) if not options.get("purge_worker_groups", True) else wish


def _target(kind: Kind, live: Json, wish: Json, whole: Json) -> Json:
    """The whole in the order of what is there: to the operator another order is another cluster."""
    there = _without_stamps(owned(live))
    target = overlay(there, owned(whole), kind.schema, make_record(there, kind.schema, None, None))
    if kind is CLUSTER:
        made = plan_create(kind, wish).target or {}
        note = {ANNOTATION: made["metadata"]["annotations"][ANNOTATION]}
        annotations = {**note, **(target["metadata"].get("annotations") or {})}
        target = {**target, "metadata": {**target["metadata"], "annotations": annotations}}
    return with_owned(live, target)


def _without_stamps(part: Json) -> Json:
    """What is there without the times that the server notes in it."""
    annotations = part["metadata"].get("annotations") or {}
    kept = {key: value for key, value in annotations.items() if key not in STAMPS}
    return {**part, "metadata": {**part["metadata"], "annotations": kept}}


def _templates(kind: Kind, whole: Json, read_template: ReadTemplate) -> dict[str, ComputeTemplate]:
    """The compute templates of groups that have something of their own besides: only those need to be looked into."""
    names = dict.fromkeys(_names(kind, whole)) if kind is not TEMPLATE else {}
    return {name: parse_template(name, read_template(name)) for name in names}


def _names(kind: Kind, whole: Json) -> Iterator[str]:
    for group in groups_of(kind, Part(whole)):
        name = group.at("template.metadata.annotations")[TEMPLATE_ANNOTATION].text
        pod = group.at("template.spec")
        resources = next(iter(pod["containers"].members()), Part({}))["resources"]
        sides = (resources["requests"], resources["limits"])
        if name and (any(side.filled for side in sides) or pod["tolerations"].filled):
            yield name
