# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about autoscaling, and about worker groups that are suspended, which the autoscaler cannot have."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import (
    V2_VARIABLE,
    Cluster,
    says_v2,
    too_old,
    variables,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import DELETION_POLICY, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

# With Ray 2.56 came the priority of worker groups.
_PRIORITY_RAY = "2.56.0"
_COMMAND_VARIABLE = "KUBERAY_GEN_AUTOSCALER_START_CMD"
_NEEDS_V2 = "needs autoscalerOptions.version v2"


def _suspended(cluster: Cluster) -> list[Part]:
    return [group["suspend"] for group in cluster.workers if group["suspend"].is_true]


def _suspend_gate(cluster: Cluster) -> Found:
    for suspend in _suspended(cluster):
        yield suspend, f"needs the feature gate {DELETION_POLICY.name}, which is off by default before KubeRay 1.6"


def _suspend(cluster: Cluster) -> Found:
    for suspend in _suspended(cluster):
        if cluster.autoscaling:
            yield suspend, "a worker group cannot be suspended while enableInTreeAutoscaling is on"


def _idle_timeouts(cluster: Cluster) -> Found:
    for part in (cluster.spec["autoscalerOptions"], *cluster.workers):
        if (part["idleTimeoutSeconds"].number or 0) < 0:
            yield part["idleTimeoutSeconds"], "must not be negative"


def _idle_timeout_of_group(cluster: Cluster) -> Found:
    for group in cluster.workers:
        if group["idleTimeoutSeconds"].given and not cluster.autoscaler_v2 and not says_v2(cluster):
            yield group["idleTimeoutSeconds"], f"{_NEEDS_V2}; autoscalerOptions.idleTimeoutSeconds does not"


def _priorities(cluster: Cluster) -> list[Part]:
    return [group["priority"] for group in cluster.workers if group["priority"].number]


def _priority_ray(cluster: Cluster) -> Found:
    problem = too_old(cluster, _PRIORITY_RAY)
    if problem is not None:
        yield from ((priority, problem) for priority in _priorities(cluster))


def _priority_v2(cluster: Cluster) -> Found:
    if not cluster.autoscaler_v2 and not says_v2(cluster):
        yield from ((priority, _NEEDS_V2) for priority in _priorities(cluster))


def _v2_without_autoscaling(cluster: Cluster) -> Found:
    if says_v2(cluster) and not cluster.autoscaling:
        yield cluster.head_variables[V2_VARIABLE], "needs enableInTreeAutoscaling"


def _v2_twice(cluster: Cluster) -> Found:
    version, variable = cluster.spec.at("autoscalerOptions.version"), cluster.head_variables.get(V2_VARIABLE)
    if cluster.autoscaling and version.given and variable is not None:
        yield variable, "excludes autoscalerOptions.version; leave the variable out"


def _restarting(groups: list[Part]) -> list[Part]:
    policies = [group.at("template.spec.restartPolicy") for group in groups]
    return [policy for policy in policies if policy.filled and policy.text != "Never"]


def _restart_v2(cluster: Cluster) -> Found:
    if cluster.autoscaling and cluster.autoscaler_v2:
        for policy in _restarting(cluster.groups):
            yield policy, "must be Never or left out with autoscaler v2"


def _restart_v1(cluster: Cluster) -> Found:
    if cluster.autoscaling and cluster.spec.at("autoscalerOptions.version").text == "v1":
        for policy in _restarting(cluster.workers):
            yield policy, "should be Never or left out with autoscaler v1"


def _command_variable(cluster: Cluster) -> Found:
    variable = variables(cluster.spec["autoscalerOptions"]).get(_COMMAND_VARIABLE)
    if variable is not None:
        yield variable, "is KubeRay's own variable since 1.7; leave it out"


AUTOSCALER_RULES: tuple[Rule[Cluster], ...] = (
    Rule("suspended-group-gate", _suspend_gate, since=release("1.3"), always=True, needs=only_off(DELETION_POLICY)),
    Rule("suspended-group-autoscaling", _suspend, since=release("1.3"), always=True),
    Rule("idle-timeout-negative", _idle_timeouts, since=release("1.6")),
    Rule("group-idle-timeout-needs-v2", _idle_timeout_of_group, since=release("1.6")),
    Rule("priority-needs-ray", _priority_ray, since=release("1.7"), always=True),
    Rule("priority-needs-v2", _priority_v2, since=release("1.7"), always=True),
    Rule("v2-variable-needs-autoscaling", _v2_without_autoscaling, since=release("1.5")),
    Rule("v2-once", _v2_twice, since=release("1.4"), always=True),
    Rule("restart-policy-v2", _restart_v2, since=release("1.4"), always=True),
    Rule("restart-policy-v1", _restart_v1, since=release("1.7"), warns=True),
    Rule("autoscaler-command-variable", _command_variable, since=release("1.7")),
)
