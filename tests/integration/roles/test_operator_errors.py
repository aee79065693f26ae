# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong is told before anything changes, by the name of the variable, and with a way out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks import tree
from tests.integration.roles.platform import CRDS, HELMS, NEW, OLD, OPERATOR, RELEASE, Platform, changed, message
from tests.lab.helm_charts import SOURCES

Json = dict[str, Any]
FORGET = "Forget the unfinished attempt"
OWN = str(SOURCES / "kuberay-operator")
NOWHERE = "http://127.0.0.1:9/charts"
# {what is wrong: the variables, and what the message has to say}
MISTAKES: dict[str, tuple[Json, tuple[str, ...]]] = {
    "no such variable": (
        {"replica": 2},
        ("kuberay_operator_replica: there is no such variable; is it kuberay_operator_replicas?",),
    ),
    "no such value": (
        {"values": {"replcas": 2}},
        ("kuberay_operator_values.replcas", "has no such value; is it replicas?"),
    ),
    "not a number": ({"replicas": "two"}, ("kuberay_operator_replicas", "two")),
    "not a choice": ({"batch_scheduler": "slurm"}, ("kuberay_operator_batch_scheduler", "slurm", "volcano")),
    "refused by the chart": (
        {"concurrency": 0},
        ("does not take the values", "reconcileConcurrency has to be a positive"),
    ),
    "not read": (
        {"default_pod_labels": {"a": "b"}},
        ("kuberay_operator_default_pod_labels", "kuberay_operator_configuration"),
    ),
    "another version": ({"version": "1.6.0"}, ("kuberay_operator_version: 1.6.0 is asked for", "is 1.7.0")),
    "half a version": ({"version": "1.7"}, ("kuberay_operator_version: 1.7 is no whole version",)),
    "another chart": (
        {"chart": str(SOURCES / "kuberay-apiserver")},
        ("is the chart kuberay-apiserver, and not kuberay-operator",),
    ),
    "no chart": ({"chart": "/nowhere/kuberay-operator"}, ("/nowhere/kuberay-operator is no chart that Helm can read",)),
    "no Helm": ({"helm": "/nowhere/helm"}, ("Helm does not run on localhost", "kuberay_operator_helm")),
    "no repository": (
        {"chart": "kuberay-operator", "chart_repository": NOWHERE},
        ("kuberay-operator 1.7.0 could not be fetched", NOWHERE, "refused", "kuberay_operator_chart_repository"),
    ),
    "two ways to Kubernetes": (
        {"context": "wire", "validate_certs": False},
        ("kuberay_operator_context does not go with kuberay_operator_ca_cert",),
    ),
    "CRDs before the operator": ({"crds": "absent"}, ("kuberay_operator_crds", "kuberay_operator_state: absent")),
}


def test_a_mistake_is_told_and_nothing_is_changed(platform: Platform) -> None:
    run = platform.refusals({mistake: {"chart": OWN, **variables} for mistake, (variables, _) in MISTAKES.items()})
    messages = {mistake: run[mistake].message for mistake in MISTAKES}
    untold = {
        mistake: [word for word in MISTAKES[mistake][1] if word not in told] for mistake, told in messages.items()
    }
    assert untold == {mistake: [] for mistake in MISTAKES}, messages
    assert platform.written(run) == []


def test_an_upgrade_is_told_first_that_helm_is_missing(platform: Platform) -> None:
    told = {"kuberay_operator_helm": "/nowhere/helm", "kuberay_operator_version": NEW}
    run = platform.run_book(tree.ROOT / "playbooks" / "upgrade.yml", {OPERATOR: platform.chart()}, told)
    assert "Helm does not run on localhost" in message(run)
    assert "kuberay_operator_helm" in message(run)


def test_crds_that_would_drop_a_stored_version(platform: Platform) -> None:
    platform.succeed({"chart": str(platform.chart())})
    crds = platform.crds()
    for crd in crds:
        crd["spec"]["versions"] = [{**crd["spec"]["versions"][0], "name": "v1alpha1", "storage": True}]
    older = {"chart": str(platform.chart(version="1.0.0", crds=crds))}
    run = platform.run(older)
    assert "rayclusters.ray.io: objects are, or were, stored as v1, and the chart has only v1alpha1" in message(run)
    assert "kuberay_operator_crds" in message(run)
    assert platform.written(run) == []
    kept = platform.succeed({**older, "crds": "ignored"})
    assert changed(kept) == [RELEASE]


def test_a_chart_whose_crds_others_bring(platform: Platform) -> None:
    run = platform.succeed({"chart": str(platform.chart(crds=[])), "wait": False})
    assert changed(run) == [RELEASE]
    assert run["fact"]["kuberay_operator"]["crds"] == {}


def test_an_operator_that_does_not_start(platform: Platform) -> None:
    chart = str(platform.chart())
    wish = {"chart": chart, "crds": "ignored"}
    run = platform.run({**wish, "annotations": {"lab.kuberay.core/fails": "image-pull"}, "wait_timeout": 15})
    assert "was not ready within 15 s" in message(run)
    assert "ImagePull" in message(run)
    assert changed(platform.succeed(wish)) == [RELEASE]


@pytest.mark.parametrize("helm", HELMS)
def test_an_upgrade_that_fails_is_rolled_back(platform: Platform, helm: str) -> None:
    platform.succeed({"chart": str(platform.chart(version=OLD))})
    failing: Json = {
        "helm": helm,
        "annotations": {"lab.kuberay.core/fails": "image-pull"},
        "wait_timeout": 15,
        "rollback": True,
    }
    run = platform.run({"chart": str(platform.chart()), **failing})
    assert "what was there before is back" in message(run)
    assert platform.container()["image"].endswith(f":v{OLD}")
    again = platform.succeed({"chart": str(platform.chart(version=OLD))})
    # The CRDs have stayed those of the upgrade.
    assert changed(again) == [CRDS]


def test_an_upgrade_that_was_killed(platform: Platform) -> None:
    wish: Json = {"chart": str(platform.chart()), "crds": "ignored"}
    platform.succeed({**wish, "replicas": 1})
    wish["replicas"] = 2
    for status in ("pending-rollback", "pending-upgrade"):
        platform.get_stuck(status, 2)
        run = platform.run(wish)
        assert f"is in {status} since" in message(run)
        assert "kuberay_operator_recover" in message(run)
        assert platform.written(run) == []
    # What the attempt has changed, nobody knows: the release is made anew, although it has what is wished for.
    wish = {**wish, "replicas": 1, "recover": True}
    check = platform.succeed(wish, check=True)
    assert platform.written(check) == []
    done, again = platform.succeed_twice(wish)
    assert changed(check) == changed(done) == [FORGET, RELEASE]
    assert changed(again) == []


def test_an_installation_that_was_killed(platform: Platform) -> None:
    wish: Json = {"chart": str(platform.chart()), "crds": "ignored"}
    platform.succeed(wish)
    platform.get_stuck("pending-install", 1)
    assert "is in pending-install since" in message(platform.run(wish))
    assert changed(platform.succeed({**wish, "recover": True})) == [FORGET, RELEASE]
    assert platform.deployment()["status"]["readyReplicas"] == 1
    platform.get_stuck("pending-install", 1)
    assert changed(platform.succeed({"state": "absent"})) == ["Remove the release"]
    assert platform.deployment() is None
