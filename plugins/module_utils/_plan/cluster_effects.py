# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the operator makes of a change of a RayCluster: at once, with new pods only, or never.

Source: contract 5.6; KubeRay 1.7, raycluster_controller.go.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import Change
from ansible_collections.kuberay.core.plugins.module_utils._plan.immutable import fixed
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan

# What moves the counts or the state in a status: only then does the operator write it.
_SHOWN = re.compile(
    r"spec\.(suspend|workerGroupSpecs(\[[^\]]+\](\.(replicas|minReplicas|maxReplicas|numOfHosts|suspend))?)?)$"
)
# With the upgrade strategy Recreate any change of the spec makes every pod anew, but for what its hash leaves out.
_HASHED = re.compile(r"spec\.(?!upgradeStrategy)")
_MUTED = re.compile(
    r"^spec\.workerGroupSpecs\[[^\]]+\]\.(replicas|minReplicas|maxReplicas|scaleStrategy)\b"
    r"|\.template\.spec\.(tolerations|schedulingGates)\b"
)
# A running pod keeps what it was made from: paths, and whose pods are made from them (None: the group's in the path).
_POD_FIELDS = "template|rayStartParams|resources|labels"
_POD_PATHS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile(rf"spec\.headGroupSpec\.({_POD_FIELDS})\b"), "head"),
    (re.compile(r"spec\.(enableInTreeAutoscaling|autoscalerOptions|historyServerOptions)\b"), "head"),
    (re.compile(rf"spec\.workerGroupSpecs\[([^\]]+)\]\.(?:{_POD_FIELDS}|numOfHosts)\b"), None),
    (re.compile(r"spec\.(gcsFaultToleranceOptions|authOptions|tlsOptions)\b"), "every group"),
)
# The head service is made once. An Ingress is made when it is asked for, and never taken away.
_SERVICE = re.compile(r"spec\.(headServiceAnnotations|headGroupSpec\.(serviceType|headService))\b")
_INGRESS = "spec.headGroupSpec.enableIngress"


def is_hashed(path: str) -> bool:
    """Whether a change there makes the operator take the spec of a cluster for another one."""
    return bool(_HASHED.match(path)) and not _MUTED.search(path)


def with_effects(plan: Plan, is_recreated: bool) -> Plan:
    """The plan with what will come of it; ``is_recreated``: the upgrade strategy is Recreate."""
    paths = [change.path for change in plan.changes]
    replaces_pods = is_recreated and any(map(is_hashed, paths))
    return replace(
        plan,
        replaces_pods=replaces_pods,
        shows=replaces_pods or any(map(_SHOWN.match, paths)),
        refused=fixed(plan.changes),
        deferred=[*([] if is_recreated else _kept_pods(paths)), *_kept_services(plan.changes)],
    )


def _kept_pods(paths: list[str]) -> list[str]:
    """Which pods will go on as they are: the operator uses a new template only for pods that it makes anew."""
    found = {whose or match[1] for path in paths for pattern, whose in _POD_PATHS if (match := pattern.match(path))}
    if not found:
        return []
    names = "every group" if "every group" in found else ", ".join(sorted(found))
    return [f"the running pods of {names} keep their old template until they are deleted; the operator leaves them be"]


def _kept_services(changes: list[Change]) -> list[str]:
    paths = [change.path for change in changes if _SERVICE.match(change.path)]
    kept = [f"the head service stays as it was made ({', '.join(sorted(paths))})"] if paths else []
    if any(change.path == _INGRESS and not change.after for change in changes):
        kept.append("the Ingress of the head service stays; delete it by hand")
    return kept
