# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer: what V1 refuses, in which order and with which words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.apiserver import validation
from tests.lab.apiserver.failures import Code, Failure, Panic
from tests.lab.apiserver.messages import CLUSTER
from tests.lab.apiserver.releases import LATEST, Release

Json = dict[str, Any]
WORKER: Json = {"groupName": "w", "computeTemplate": "t", "maxReplicas": 1}


def cluster(head: Json | None = None, *workers: Json, **fields: Any) -> Json:
    group = {"computeTemplate": "t", "rayStartParams": {"a": "b"}, **(head or {})}
    spec = {"headGroupSpec": group, "workerGroupSpec": list(workers)}
    return {"name": "c", "namespace": "ns", "user": "me", "clusterSpec": spec, **fields}


# Each breaks one rule, and all that come after it in the order of the checks may be broken too.
REFUSED = (
    ({}, "namespace in the request is different from the namespace in the cluster definition"),
    ({"namespace": "other"}, "namespace in the request is different"),
    ({"namespace": "ns"}, "Cluster name is empty"),
    ({"namespace": "ns", "name": "c"}, "User who create the cluster is empty"),
    ({"namespace": "ns", "name": "c", "user": "me"}, "A ClusterSpec object is required"),
    (cluster(clusterSpec={}), "requires HeadGroupSpec to be populated"),
    (cluster({"computeTemplate": "", "rayStartParams": {}}), "HeadGroupSpec compute template is empty"),
    (cluster({"rayStartParams": {}, "imagePullPolicy": "Never"}), "HeadGroupSpec RayStartParams is empty"),
    (cluster({"imagePullPolicy": "always"}), "HeadGroupSpec unsupported value for Image pull policy"),
    (cluster(None, WORKER, {}), "WorkerNodeSpec 1 group name is empty"),
    (cluster(None, {"groupName": "w"}), "WorkerNodeSpec 0 compute template is empty"),
    (cluster(None, {**WORKER, "maxReplicas": 0, "minReplicas": 1}), "WorkerNodeSpec 0 MaxReplicas can not be 0"),
    (cluster(None, {**WORKER, "minReplicas": 2}), "WorkerNodeSpec 0 MinReplica > MaxReplicas"),
    (cluster(None, {**WORKER, "imagePullPolicy": "Never"}), "Worker GroupSpec unsupported value for Image pull policy"),
)


@pytest.mark.parametrize(("given", "words"), REFUSED)
def test_refused(given: Json, words: str) -> None:
    with pytest.raises(Failure) as refused:
        validation.check_cluster("ns", CLUSTER.read(given, LATEST), LATEST)
    failure = refused.value
    assert failure.code is Code.INVALID_ARGUMENT
    assert words in failure.external
    inner = f"Validate create cluster request failed.: Invalid input error: {failure.external}"
    assert failure.message == f"{failure.external}: {inner}"


def test_accepted() -> None:
    validation.check_cluster("ns", cluster(None, {**WORKER, "replicas": 9}, WORKER), LATEST)


def test_a_job_for_a_cluster_that_is_there_needs_no_spec() -> None:
    job: Json = {"name": "j", "namespace": "ns", "user": "me"}
    with pytest.raises(Failure, match="Validate job request failed"):
        validation.check_job("ns", job, LATEST)
    validation.check_job("ns", {**job, "clusterSelector": {"a": "b"}, "clusterSpec": {}}, LATEST)


def test_older_releases_check_less() -> None:
    old = Release.of("1.0")
    validation.check_cluster("ns", cluster({"rayStartParams": {}, "imagePullPolicy": "Never"}), old)
    with pytest.raises(Panic):
        validation.check_cluster("ns", cluster(clusterSpec={}), old)
