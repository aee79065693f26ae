# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about who may talk to a cluster: network policies and TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster, ray_container, variables
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import MTLS, NETWORK_POLICY, only_off
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

_DNS_1123_LABEL = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL = "lower case letters, digits and '-' only, 63 at most"
# The rules that say nothing in a mode, because that direction is open then.
_IDLE_RULES = {"DenyAllEgress": "ingressRules", "DenyAllIngress": "egressRules"}
_TLS_VARIABLES = ("RAY_USE_TLS", "RAY_TLS_SERVER_CERT", "RAY_TLS_SERVER_KEY", "RAY_TLS_CA_CERT")
_TLS_VOLUME = "ray-tls"
_TLS_PATH = "/etc/ray/tls"


def _policy(cluster: Cluster) -> Part:
    return cluster.spec["networkPolicy"]


def _policy_gate(cluster: Cluster) -> Found:
    if _policy(cluster).given:
        yield _policy(cluster), f"needs the feature gate {NETWORK_POLICY.name}, which is off by default"


def _idle_rules(cluster: Cluster) -> Found:
    policy = _policy(cluster)
    idle = _IDLE_RULES.get(policy["mode"].text)
    for place in (policy["head"], policy["worker"], *policy["workerGroups"].members("groupName")):
        if idle is not None and place[idle].filled:
            yield place[idle], f"says nothing in the mode {policy['mode'].text}, which leaves that direction open"


def _policy_names(cluster: Cluster) -> Found:
    for group in cluster.workers if _policy(cluster).given else []:
        name = group["groupName"]
        if name.text and not _DNS_1123_LABEL.fullmatch(name.text):
            yield name, f"{name.text!r} is no name for networkPolicy: {_LABEL}"


def _policy_groups(cluster: Cluster) -> Found:
    names = [group["groupName"].text for group in cluster.workers]
    seen: set[str] = set()
    for group in _policy(cluster)["workerGroups"].members("groupName"):
        name = group["groupName"]
        if name.given and name.text not in names:
            yield name, f"{name.text!r} is none of workerGroupSpecs"
        if name.text in seen:
            yield name, f"{name.text!r} is named twice"
        seen.add(name.text)


def _tls_gate(cluster: Cluster) -> Found:
    tls = cluster.spec["tlsOptions"]
    if tls.given:
        yield tls, f"needs the feature gate {MTLS.name}, which is off by default, and cert-manager"


def _tls_managed(cluster: Cluster) -> Iterator[Part]:
    """What KubeRay itself adds to the pods for TLS, where the spec has it too."""
    for container in (*map(ray_container, cluster.groups), cluster.spec["autoscalerOptions"]):
        given = variables(container)
        yield from (given[name] for name in _TLS_VARIABLES if name in given)
        for mount in container["volumeMounts"].members():
            if mount["name"].text == _TLS_VOLUME or mount["mountPath"].text == _TLS_PATH:
                yield mount


def _tls(cluster: Cluster) -> Found:
    if cluster.spec.at("tlsOptions.enabled").is_true:
        yield from ((part, "is KubeRay's own with tlsOptions; leave it out") for part in _tls_managed(cluster))


NETWORK_RULES: tuple[Rule[Cluster], ...] = (
    Rule("network-policy-gate", _policy_gate, since=release("1.7"), always=True, needs=only_off(NETWORK_POLICY)),
    Rule("network-policy-idle-rules", _idle_rules, since=release("1.7"), always=True),
    Rule("network-policy-group-names", _policy_names, since=release("1.7"), always=True),
    Rule("network-policy-groups", _policy_groups, since=release("1.7"), always=True),
    Rule("tls-gate", _tls_gate, since=release("1.7"), always=True, needs=only_off(MTLS)),
    Rule("tls-managed", _tls, since=release("1.7"), always=True),
)
