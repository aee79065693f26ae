# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about authentication by token, and about the upgrade strategy, which only a cluster of its own has."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._lint.clusters import Cluster, too_old
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release

_AUTH_RAY = "2.52.0"
_KUBERNETES_AUTH_RAY = "2.55.0"
_OWN = "RayCluster"
_OWNERS = ("RayJob", "RayService", "RayCronJob")
_ORIGIN = "ray.io/originated-from-crd"


def _mode(cluster: Cluster) -> Part:
    return cluster.spec.at("authOptions.mode")


def _kubernetes(cluster: Cluster) -> Part:
    return cluster.spec.at("authOptions.enableK8sTokenAuth")


def _is_token(cluster: Cluster) -> bool:
    return _mode(cluster).text == "token"


def _token_ray(cluster: Cluster) -> Found:
    problem = too_old(cluster, _AUTH_RAY)
    if _is_token(cluster) and problem is not None:
        yield _mode(cluster), f"token {problem}"


def _kubernetes_ray(cluster: Cluster) -> Found:
    problem = too_old(cluster, _KUBERNETES_AUTH_RAY)
    if _is_token(cluster) and _kubernetes(cluster).is_true and problem is not None:
        yield _kubernetes(cluster), problem


def _kubernetes_mode(cluster: Cluster) -> Found:
    if _kubernetes(cluster).is_true and not _is_token(cluster):
        yield _kubernetes(cluster), "needs authOptions.mode token"


def _kubernetes_secret(cluster: Cluster) -> Found:
    secret = cluster.spec.at("authOptions.secretName")
    if _is_token(cluster) and _kubernetes(cluster).is_true and secret.filled:
        yield secret, "excludes enableK8sTokenAuth, which takes Kubernetes' own tokens"


def _kubernetes_owner(cluster: Cluster) -> Found:
    if _kubernetes(cluster).is_true and cluster.kind != _OWN:
        yield _kubernetes(cluster), f"is not for the cluster of a {cluster.kind}"


def _upgrade_owner(cluster: Cluster) -> Found:
    strategy = cluster.spec.at("upgradeStrategy.type")
    owner = cluster.labels[_ORIGIN].text if cluster.kind == _OWN else cluster.kind
    if strategy.given and owner in _OWNERS:
        yield strategy, f"is not for the cluster of a {owner}: the operator makes it, and then refuses it"


AUTH_RULES: tuple[Rule[Cluster], ...] = (
    Rule("token-needs-ray", _token_ray, since=release("1.5.1"), always=True),
    Rule("kubernetes-token-needs-ray", _kubernetes_ray, since=release("1.6"), always=True),
    Rule("kubernetes-token-needs-mode", _kubernetes_mode, since=release("1.6"), always=True),
    Rule("kubernetes-token-without-secret", _kubernetes_secret, since=release("1.6"), always=True),
    Rule("kubernetes-token-of-cluster", _kubernetes_owner, since=release("1.6"), always=True),
    Rule("upgrade-strategy-of-cluster", _upgrade_owner, since=release("1.6"), always=True),
)
