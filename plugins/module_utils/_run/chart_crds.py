# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""chart_crds: a chart's CRDs, brought by server-side apply, where no object is lost by it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._desired.crds import versions_of, wished_crds
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError, WaitTimeout
from ansible_collections.kuberay.core.plugins.module_utils._plan.crds import (
    content,
    diff_of,
    ensure_kept,
    ensure_staying,
    is_served,
    stands,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.crds import Crds

Json = dict[str, Any]
_PAUSE_SECONDS = 0.5


def run_chart_crds(options: Json, context: Context) -> Json:
    """Bring the CRDs; the result is documented in RETURN of chart_crds."""
    wished = wished_crds(options["crds"])
    crds = Crds(options, context)
    live = {name: crds.read(name) for name in wished}
    ensure_kept(wished, live)
    ensure_staying(live)
    versions = {name: versions_of(crd) for name, crd in wished.items()}
    # Applying costs the API server seconds, even to no effect.
    other = {name: crd for name, crd in wished.items() if not stands(crd, live[name] or {})}
    changed: list[str] = []
    try:
        for name, crd in other.items():
            context.ensure_wanted()
            made = crds.apply(name, crd, dry_run=context.check_mode)
            if content(made) != content(live[name] or {}):
                changed.append(name)
        if not context.check_mode:
            _wait(crds, other, options["wait_timeout"], context)
    except KubeRayError as error:
        error.facts = {"changed": bool(changed) and not context.check_mode, "changed_crds": changed}
        raise
    result: Json = {"changed": bool(changed), "crds": versions, "changed_crds": changed}
    if context.diff and changed:
        result["diff"] = diff_of(live, versions, changed)
    return result


def _wait(crds: Crds, names: Iterable[str], seconds: int, context: Context) -> None:
    deadline = Deadline.after(seconds)
    for name in names:
        while not is_served(crds.read(name) or {}):
            context.ensure_wanted()
            if deadline.passed():
                raise WaitTimeout(f"CustomResourceDefinition {name} was not established within {seconds} s")
            deadline.rest(_PAUSE_SECONDS)
