# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator from nothing to nothing: in check mode first, which has to be right, and each step twice."""

from __future__ import annotations

from typing import Any

from tests.integration.playbook import Run
from tests.integration.roles.platform import CRDS, LATER, NEW, OLD, RELEASE, Platform, changed, diffs, message

Json = dict[str, Any]


def _predicted_and_done(platform: Platform, variables: Json) -> Run:
    """In check mode, for real, and again: the first tells what the second does, and the third has nothing to do."""
    before = platform.versions()
    check = platform.succeed(variables, check=True, diff=True)
    assert (platform.written(check), platform.versions()) == ([], before)
    done = platform.succeed(variables)
    assert changed(check) == changed(done)
    assert check["fact"].result == done["fact"].result
    before = platform.versions()
    again = platform.succeed(variables)
    assert (changed(again), platform.written(again), platform.versions()) == ([], [], before)
    return check


def test_from_nothing_to_nothing(platform: Platform) -> None:
    platform.forget_crds()
    old, new = platform.chart(version=OLD), platform.chart(version=NEW)

    installed = _predicted_and_done(platform, {"chart": str(old)})
    assert changed(installed) == [CRDS, RELEASE]
    assert platform.deployment()["status"]["readyReplicas"] == 1
    fact = installed["fact"]["kuberay_operator"]
    assert (fact["chart_version"], fact["namespace"]) == (OLD, platform.namespace)
    assert LATER not in fact["crds"]
    assert platform.crd(LATER) is None

    wish = {"chart": str(new), "feature_gates": {"RayCronJob": True}, "replicas": 2}
    upgraded = _predicted_and_done(platform, wish)
    assert changed(upgraded) == [CRDS, RELEASE]
    shown = diffs(upgraded).splitlines()
    assert {
        "-chart: kuberay-operator-1.5.1",
        "+chart: kuberay-operator-1.7.0",
        "+  replicas: 2",
        f"+{LATER}: v1",
    } <= set(shown)
    assert platform.crd(LATER)
    assert (
        "--feature-gates=RayClusterStatusConditions=true,RayJobDeletionPolicy=true,RayCronJob=true"
        in (platform.container()["args"])
    )
    assert upgraded["fact"]["kuberay_operator"]["feature_gates"]["RayCronJob"] is True

    configured = _predicted_and_done(platform, {**wish, "concurrency": 3})
    assert changed(configured) == [RELEASE]
    assert "--reconcile-concurrency=3" in platform.container()["args"]

    back = _predicted_and_done(platform, {"chart": str(old)})
    assert changed(back) == [CRDS, RELEASE]
    assert platform.container()["image"].endswith(f":v{OLD}")

    gone = {"state": "absent"}
    check = platform.succeed(gone, check=True, diff=True)
    assert (platform.written(check), changed(check)) == ([], ["Remove the release"])
    assert "-chart: kuberay-operator-1.5.1" in diffs(check)
    assert changed(platform.succeed(gone)) == ["Remove the release"]
    assert platform.deployment() is None
    assert platform.crd("rayclusters.ray.io")
    again = platform.succeed(gone)
    assert (changed(again), platform.written(again)) == ([], [])
    assert again["fact"]["kuberay_operator"] is None


def test_a_chart_folder_that_changes_under_its_version(platform: Platform) -> None:
    chart = platform.chart()
    platform.succeed({"chart": str(chart)})
    template = chart / "templates" / "objects.tpl"
    before = template.read_text(encoding="utf-8")
    for text, command in ((before.replace("$v.operatorCommand", '"/other"'), "/other"), (before, "/manager")):
        template.write_text(text, encoding="utf-8")
        assert changed(_predicted_and_done(platform, {"chart": str(chart)})) == [RELEASE]
        assert platform.container()["command"] == [command]


def test_answers_of_a_survey(platform: Platform) -> None:
    answers = {
        "chart": str(platform.chart()),
        "replicas": "2",
        "client_qps": "50",
        "crds": "ignored",
        "namespaced": "false",
        "watch_namespaces": "a,b",
        "feature_gates": "RayCronJob=true, RayJobDeletionPolicy=no",
        "env": '{"ENABLE_PROBES_INJECTION": "false", "TIMES": 3}',
        "image_pull_secrets": "one,two",
        "labels": "team=vision",
        "priority_class": "",
    }
    run = platform.succeed(answers)
    fact = run["fact"]["kuberay_operator"]
    assert fact["watched_namespaces"] == ["a", "b"]
    assert fact["feature_gates"]["RayJobDeletionPolicy"] is False
    assert platform.deployment()["spec"]["replicas"] == 2
    pod = platform.deployment()["spec"]["template"]
    assert pod["metadata"]["labels"]["team"] == "vision"
    assert [secret["name"] for secret in pod["spec"]["imagePullSecrets"]] == ["one", "two"]
    assert platform.container()["env"] == [
        {"name": "ENABLE_PROBES_INJECTION", "value": "false"},
        {"name": "TIMES", "value": "3"},
    ]
    assert {"--watch-namespace=a,b", "--qps=50"} <= set(platform.container()["args"])


def test_crds_go_only_with_what_was_named(platform: Platform) -> None:
    platform.succeed({"chart": str(platform.chart())})
    head = {"rayStartParams": {}, "template": {"spec": {"containers": [{"name": "ray-head", "image": "ray"}]}}}
    cluster = {"metadata": {"name": "precious"}, "spec": {"headGroupSpec": head}}
    place = f"/apis/ray.io/v1/namespaces/{platform.namespace}/rayclusters"
    status, body = platform.api.request("POST", place, {"apiVersion": "ray.io/v1", "kind": "RayCluster", **cluster})
    assert status == 201, body
    gone: Json = {"state": "absent", "crds": "absent"}
    refused = platform.run(gone)
    assert f"{platform.namespace}/precious" in message(refused)
    assert "kuberay_operator_crds_with_objects" in message(refused)
    assert platform.written(refused) == []
    gone["crds_with_objects"] = "rayclusters.ray.io"
    check = platform.succeed(gone, check=True)
    assert platform.written(check) == []
    done = platform.succeed(gone)
    assert changed(check) == changed(done) == ["Remove the CRDs", "Remove the release"]
    assert platform.crd("rayclusters.ray.io") is None
    assert changed(platform.succeed(gone)) == []
