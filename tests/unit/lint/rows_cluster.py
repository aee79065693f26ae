# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about clusters: groups, autoscaling, authentication and single fields."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import cluster, worker
from tests.unit.lint.rows import (
    GROUP,
    NOBODY,
    ON,
    SERVER,
    Row,
    group,
    head,
    job,
    pods,
    service,
    small,
    variables,
    with_metadata,
    without,
)

Json = dict[str, Any]
AT = f"spec.workerGroupSpecs[{GROUP}]"
V2: Json = {"enableInTreeAutoscaling": True, "autoscalerOptions": {"version": "v2"}}
V1: Json = {"enableInTreeAutoscaling": True, "autoscalerOptions": {"version": "v1"}}
V2_VARIABLE = "RAY_enable_autoscaler_v2"
V2_PATH = f"spec.headGroupSpec.template.spec.containers[ray-head].env[{V2_VARIABLE}]"
TOKEN: Json = {"mode": "token"}
KUBERNETES: Json = {"mode": "token", "enableK8sTokenAuth": True}


def _named(name: str) -> Json:
    return with_metadata(cluster(), name)


def _by_label(kind: str) -> Json:
    made = with_metadata(cluster(), labels={"ray.io/originated-from-crd": kind})
    return {**made, "spec": {**made["spec"], "upgradeStrategy": {"type": "Recreate"}}}


NAMES = (
    *(
        Row("name-characters", _named(name), _named("a-1"), "metadata.name", SERVER)
        for name in ("Demo", "a-", "-a", "a_b", "", "demo\n", "a..b")
    ),
    *(Row("name-syntax", _named(name), _named("a1"), "metadata.name") for name in ("1a", "a.b")),
    Row("name-length", _named("a" * 54), _named("a" * 53), "metadata.name"),
    Row(
        "name-length",
        with_metadata(cluster(), "", generateName="a" * 49),
        with_metadata(cluster(), "", generateName="a" * 48),
        "metadata.generateName",
        NOBODY,
    ),
)

GROUPS = (
    Row(
        "container-needed",
        cluster(headGroupSpec={"rayStartParams": {}, "template": {}}),
        cluster(),
        "spec.headGroupSpec.template.spec.containers",
    ),
    Row(
        "container-needed",
        small(template={"spec": {"containers": []}}),
        small(template=pods()),
        f"{AT}.template.spec.containers",
    ),
    Row("group-name-needed", cluster(worker("")), small(), "spec.workerGroupSpecs[0].groupName", NOBODY),
    Row("group-name-once", cluster(group(), group()), cluster(group(), worker("b")), f"{AT}.groupName", NOBODY),
    Row("replicas-bound-negative", small(minReplicas=-1), small(minReplicas=0), f"{AT}.minReplicas"),
    Row("replicas-bound-negative", small(maxReplicas=-1), small(maxReplicas=0), f"{AT}.maxReplicas"),
    Row("replicas-bounds-order", small(minReplicas=4), small(minReplicas=3), f"{AT}.minReplicas"),
    Row("replicas-negative", small(replicas=-1), small(replicas=9), f"{AT}.replicas", NOBODY, certain=False),
    Row(
        "start-parameters-needed",
        small(rayStartParams=None),
        small(rayStartParams={}),
        f"{AT}.rayStartParams",
        SERVER,
        version="1.3.2",
    ),
    Row(
        "resources-once",
        small(resources={"CPU": "1"}, rayStartParams={"num-cpus": "1"}),
        small(resources={"CPU": "1"}, rayStartParams={"num-cpus": "", "block": "true"}),
        f"{AT}.resources",
    ),
    Row(
        "labels-not-as-start-parameter",
        cluster(headGroupSpec=head({"labels": ""})),
        cluster(headGroupSpec=head(fields={"labels": {"a": "b"}})),
        "spec.headGroupSpec.rayStartParams.labels",
    ),
    *(
        Row("label-syntax", small(labels={key: "b"}), small(labels={"a.io/B_c": "b"}), f"{AT}.labels['{key}']")
        for key in ("a/b/c", "/a", "A.io/x", "x." * 127 + "/a")
    ),
    *(
        Row("label-syntax", small(labels={"a": value}), small(labels={"a": ""}), f"{AT}.labels.a")
        for value in ("b-", "b c", "x" * 64)
    ),
)

AUTOSCALER = (
    Row(
        "suspended-group-gate",
        small(suspend=True),
        small(suspend=False),
        f"{AT}.suspend",
        gates={**ON, "RayJobDeletionPolicy": False},
    ),
    Row(
        "suspended-group-autoscaling",
        cluster(group(suspend=True), enableInTreeAutoscaling=True),
        cluster(group(suspend=True), enableInTreeAutoscaling=False),
        f"{AT}.suspend",
    ),
    Row(
        "idle-timeout-negative",
        cluster(autoscalerOptions={"idleTimeoutSeconds": -1}),
        cluster(autoscalerOptions={"idleTimeoutSeconds": 0}),
        "spec.autoscalerOptions.idleTimeoutSeconds",
    ),
    Row(
        "idle-timeout-negative",
        cluster(group(idleTimeoutSeconds=-1), **V2),
        cluster(group(idleTimeoutSeconds=0), **V2),
        f"{AT}.idleTimeoutSeconds",
    ),
    Row(
        "group-idle-timeout-needs-v2",
        cluster(group(idleTimeoutSeconds=60), **V1),
        cluster(group(idleTimeoutSeconds=60), **V2),
        f"{AT}.idleTimeoutSeconds",
    ),
    Row(
        "group-idle-timeout-needs-v2",
        cluster(group(idleTimeoutSeconds=60), headGroupSpec=head(env={V2_VARIABLE: "0"}), enableInTreeAutoscaling=True),
        cluster(group(idleTimeoutSeconds=60), headGroupSpec=head(env={V2_VARIABLE: "1"}), enableInTreeAutoscaling=True),
        f"{AT}.idleTimeoutSeconds",
    ),
    *(
        Row(
            "priority-needs-ray",
            cluster(group(priority=1), rayVersion=version, **V2),
            cluster(group(priority=1), rayVersion="2.56.0", **V2),
            f"{AT}.priority",
        )
        for version in ("", "2.55.9", "nightly", "2")
    ),
    Row(
        "priority-needs-v2",
        cluster(group(priority=1), rayVersion="2.56.0"),
        cluster(group(priority=0), rayVersion="2.56.0"),
        f"{AT}.priority",
    ),
    Row(
        "v2-variable-needs-autoscaling",
        cluster(headGroupSpec=head(env={V2_VARIABLE: "true"})),
        cluster(headGroupSpec=head(env={V2_VARIABLE: "false"})),
        V2_PATH,
    ),
    Row(
        "v2-once",
        cluster(headGroupSpec=head(env={V2_VARIABLE: "1"}), **V1),
        cluster(headGroupSpec=head(env={V2_VARIABLE: "1"}), enableInTreeAutoscaling=True),
        V2_PATH,
    ),
    Row(
        "restart-policy-v2",
        cluster(group(template=pods(restartPolicy="Always")), **V2),
        cluster(group(template=pods(restartPolicy="Never")), **V2),
        f"{AT}.template.spec.restartPolicy",
    ),
    Row(
        "restart-policy-v2",
        cluster(headGroupSpec=head(restartPolicy="OnFailure"), **V2),
        cluster(headGroupSpec=head(restartPolicy="OnFailure"), **V1),
        "spec.headGroupSpec.template.spec.restartPolicy",
    ),
    Row(
        "restart-policy-v1",
        cluster(group(template=pods(restartPolicy="Always")), **V1),
        cluster(group(template=pods(restartPolicy="Always")), enableInTreeAutoscaling=True),
        f"{AT}.template.spec.restartPolicy",
        NOBODY,
        certain=False,
    ),
    Row(
        "autoscaler-command-variable",
        cluster(autoscalerOptions={"env": variables({"KUBERAY_GEN_AUTOSCALER_START_CMD": "x"})}),
        cluster(autoscalerOptions={"env": variables({"MINE": "x"})}),
        "spec.autoscalerOptions.env[KUBERAY_GEN_AUTOSCALER_START_CMD]",
    ),
)

AUTH = (
    *(
        Row(
            "token-needs-ray",
            cluster(authOptions=TOKEN, rayVersion=version),
            cluster(authOptions=TOKEN, rayVersion="2.52.0"),
            "spec.authOptions.mode",
        )
        for version in ("", "2.51.9", "nightly")
    ),
    Row(
        "kubernetes-token-needs-ray",
        cluster(authOptions=KUBERNETES, rayVersion="2.54.0"),
        cluster(authOptions=KUBERNETES, rayVersion="v2.55.0rc1"),
        "spec.authOptions.enableK8sTokenAuth",
    ),
    Row(
        "kubernetes-token-needs-mode",
        cluster(authOptions={"enableK8sTokenAuth": True}),
        cluster(authOptions={"enableK8sTokenAuth": False}),
        "spec.authOptions.enableK8sTokenAuth",
    ),
    Row(
        "kubernetes-token-without-secret",
        cluster(authOptions={**KUBERNETES, "secretName": "s"}, rayVersion="2.55.0"),
        cluster(authOptions={**KUBERNETES, "secretName": ""}, rayVersion="2.55.0"),
        "spec.authOptions.secretName",
    ),
    *(
        Row(
            "kubernetes-token-of-cluster",
            made(cluster_spec={"authOptions": KUBERNETES, "rayVersion": "2.55.0"}),
            made(cluster_spec={"authOptions": TOKEN, "rayVersion": "2.55.0"}),
            f"spec.{field}.authOptions.enableK8sTokenAuth",
        )
        for made, field in ((job, "rayClusterSpec"), (service, "rayClusterConfig"))
    ),
    Row(
        "upgrade-strategy-of-cluster",
        job(cluster_spec={"upgradeStrategy": {"type": "Recreate"}}),
        job(cluster_spec={"upgradeStrategy": {}}),
        "spec.rayClusterSpec.upgradeStrategy.type",
    ),
    Row("upgrade-strategy-of-cluster", _by_label("RayJob"), _by_label("RayCluster"), "spec.upgradeStrategy.type"),
)

FIELDS = (
    Row("api-version", {**cluster(), "apiVersion": "ray.io/v2"}, cluster(), "apiVersion", SERVER),
    Row(
        "field-unknown",
        {**cluster(), "spec": {**cluster()["spec"], "workerGroupSpec": []}},
        cluster(workerGroupSpecs=[]),
        "spec.workerGroupSpec",
        SERVER,
    ),
    Row(
        "field-of-other-version",
        cluster(upgradeStrategy={"type": "None"}),
        cluster(suspend=False),
        "spec.upgradeStrategy",
        SERVER,
        version="1.5.2",
    ),
    Row("field-missing", without(service(), "rayClusterConfig"), service(), "spec.rayClusterConfig", SERVER),
    Row("field-type", small(replicas="2"), small(replicas=2), f"{AT}.replicas", SERVER),
    Row("field-type", small(maxReplicas=True), small(maxReplicas=1), f"{AT}.maxReplicas", SERVER),
    Row("field-type", cluster(rayVersion=2.52), cluster(rayVersion="2.52"), "spec.rayVersion", SERVER),
    Row(
        "field-type",
        small(rayStartParams={"num-cpus": 1}),
        small(rayStartParams={"num-cpus": "1"}),
        f"{AT}.rayStartParams",
        SERVER,
    ),
    Row(
        "field-type",
        cluster(networkPolicy={"workerGroups": ["a"]}),
        cluster(networkPolicy={"workerGroups": []}),
        "spec.networkPolicy.workerGroups[0]",
        SERVER,
    ),
    Row("field-value", cluster(managedBy="me"), cluster(managedBy="ray.io/kuberay-operator"), "spec.managedBy", SERVER),
    Row(
        "field-minimum",
        job(preRunningDeadlineSeconds=0),
        job(preRunningDeadlineSeconds=1),
        "spec.preRunningDeadlineSeconds",
        SERVER,
    ),
)

ROWS = (*NAMES, *GROUPS, *AUTOSCALER, *AUTH, *FIELDS)
