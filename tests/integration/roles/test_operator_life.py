# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator from nothing to nothing: in check mode first, which has to be right, and each step twice."""

from __future__ import annotations

from typing import Any

from tests.integration.roles.platform import CRDS, HELM_4, LATER, NEW, OLD, RELEASE, Platform, changed, diffs, message

Json = dict[str, Any]


def test_from_nothing_to_nothing(platform: Platform) -> None:
    platform.forget_crds()
    old, new = platform.chart(version=OLD), platform.chart(version=NEW)

    installed, _ = platform.predict_and_do({"chart": str(old)})
    assert changed(installed) == [CRDS, RELEASE]
    assert platform.deployment()["status"]["readyReplicas"] == 1
    fact = installed["fact"]["kuberay_operator"]
    assert (fact["chart_version"], fact["namespace"]) == (OLD, platform.namespace)
    assert LATER not in fact["crds"]
    assert platform.crd(LATER) is None

    # As when a site moves on to Helm 4: it meets a release that Helm 3 has made.
    wish = {"chart": str(new), "feature_gates": {"RayCronJob": True}, "replicas": 2, "helm": HELM_4}
    upgraded, _ = platform.predict_and_do(wish)
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

    configured, _ = platform.predict_and_do({**wish, "concurrency": 3})
    assert changed(configured) == [RELEASE]
    assert "--reconcile-concurrency=3" in platform.container()["args"]

    back, _ = platform.predict_and_do({"chart": str(old), "helm": HELM_4})
    assert changed(back) == [CRDS, RELEASE]
    assert platform.container()["image"].endswith(f":v{OLD}")

    gone = {"state": "absent", "helm": HELM_4}
    check = platform.succeed(gone, check=True, diff=True)
    assert (platform.written(check), changed(check)) == ([], ["Remove the release"])
    assert "-chart: kuberay-operator-1.5.1" in diffs(check)
    removed, again = platform.succeed_twice(gone)
    assert changed(removed) == ["Remove the release"]
    assert platform.deployment() is None
    assert platform.crd("rayclusters.ray.io")
    assert (changed(again), platform.written(again)) == ([], [])
    assert again["fact"]["kuberay_operator"] is None


def test_crds_go_only_with_what_was_named(platform: Platform) -> None:
    wish = {"chart": str(platform.chart(crds=platform.whole_crds())), "wait": False}
    platform.forget_crds()
    # By a module that is shipped, as to a host that is not the controller.
    done, again = platform.succeed_twice(wish, in_process=False)
    assert changed(done) == [CRDS, RELEASE]
    assert (changed(again), platform.written(again)) == ([], [])
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
    done, again = platform.succeed_twice(gone)
    assert changed(check) == changed(done) == ["Remove the CRDs", "Remove the release"]
    assert platform.crd("rayclusters.ray.io") is None
    assert changed(again) == []
