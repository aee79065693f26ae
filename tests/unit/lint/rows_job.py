# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about jobs, and about what becomes of their clusters."""

from __future__ import annotations

from typing import Any

from tests.unit.lint.rows import (
    NOBODY,
    ON,
    OPERATOR,
    SERVER,
    Row,
    group,
    head,
    job,
    on_cluster,
    pods,
    with_metadata,
)

Json = dict[str, Any]
MODE = "spec.submissionMode"
RULES = "spec.deletionStrategy.deletionRules"
AUTOSCALING: Json = {"enableInTreeAutoscaling": True}
GATE_OFF = {**ON, "RayJobDeletionPolicy": False}


def _waiting(mode: str) -> Json:
    return {**job(submissionMode=mode), "status": {"jobDeploymentStatus": "Waiting"}}


SPEC = (
    Row("name-length", with_metadata(job(), "a" * 48), with_metadata(job(), "a" * 47), "metadata.name"),
    Row("cluster-needed", job(rayClusterSpec=None), on_cluster(), "spec.rayClusterSpec"),
    *(
        Row(
            "selector-needs-name",
            job(rayClusterSpec=None, clusterSelector=selector),
            on_cluster(),
            "spec.clusterSelector['ray.io/cluster']",
        )
        for selector in ({"a": "b"}, {"ray.io/cluster": ""})
    ),
    Row(
        "selector-without-suspend",
        on_cluster(suspend=True, shutdownAfterJobFinishes=True),
        job(suspend=True, shutdownAfterJobFinishes=True, clusterSelector={}),
        "spec.suspend",
    ),
    Row(
        "selector-without-sidecar",
        on_cluster(submissionMode="SidecarMode"),
        on_cluster(submissionMode="HTTPMode"),
        MODE,
    ),
    Row("selector-without-backoff", on_cluster(backoffLimit=1), on_cluster(backoffLimit=0), "spec.backoffLimit"),
    Row(
        "suspend-needs-shutdown",
        job(suspend=True),
        job(suspend=True, shutdownAfterJobFinishes=True),
        "spec.suspend",
    ),
    Row("submission-mode", job(submissionMode="JobMode"), job(submissionMode="K8sJobMode"), MODE, NOBODY),
    Row("user-mode-renamed", job(submissionMode="UserMode"), job(submissionMode="InteractiveMode"), MODE, NOBODY),
    Row(
        "interactive-mode-version",
        job(submissionMode="InteractiveMode"),
        job(submissionMode="HTTPMode"),
        MODE,
        NOBODY,
        version="1.2.2",
    ),
    Row(
        "sidecar-mode-version",
        job(submissionMode="SidecarMode"),
        job(submissionMode="InteractiveMode"),
        MODE,
        NOBODY,
        version="1.4.2",
    ),
    Row(
        "interactive-without-backoff",
        job(submissionMode="InteractiveMode", backoffLimit=1),
        job(submissionMode="HTTPMode", backoffLimit=1),
        "spec.backoffLimit",
    ),
    *(
        Row(
            "sidecar-without-submitter",
            job(submissionMode="SidecarMode", **{field: value}),
            job(submissionMode="K8sJobMode", **{field: value}),
            f"spec.{field}",
        )
        for field, value in {"submitterPodTemplate": pods("submitter"), "submitterConfig": {}}.items()
    ),
    Row(
        "sidecar-restart-policy",
        job(submissionMode="SidecarMode", cluster_spec={"headGroupSpec": head(restartPolicy="Always")}),
        job(submissionMode="SidecarMode", cluster_spec={"headGroupSpec": head(restartPolicy="Never")}),
        "spec.rayClusterSpec.headGroupSpec.template.spec.restartPolicy",
    ),
    Row("waiting-stays-interactive", _waiting("HTTPMode"), _waiting("InteractiveMode"), MODE),
    *(
        Row("entrypoint-needed", job(entrypoint=text), job(entrypoint="ls"), "spec.entrypoint", NOBODY)
        for text in (None, "", " ")
    ),
    Row(
        "entrypoint-needed",
        job(entrypoint=None, submitterPodTemplate=pods("submitter")),
        job(entrypoint=None, submitterPodTemplate=pods("submitter", container={"command": ["run"]})),
        "spec.entrypoint",
        NOBODY,
    ),
    Row(
        "entrypoint-field-needed",
        job(entrypoint=None, submissionMode="HTTPMode"),
        job(entrypoint="ls", submissionMode="HTTPMode"),
        "spec.entrypoint",
        SERVER,
        version="1.2.1",
    ),
    *(
        Row(
            "entrypoint-resources",
            job(entrypointResources=text),
            job(entrypointResources='{"special": 0.5}'),
            "spec.entrypointResources",
            NOBODY,
        )
        for text in ("special: 1", "[]", '{"special": "1"}', '{"special": true}')
    ),
    *(
        Row(
            "metadata-needs-ray",
            job(metadata={"a": "b"}, cluster_spec={"rayVersion": version}),
            job(metadata={"a": "b"}, cluster_spec={"rayVersion": "2.6"}),
            "spec.metadata",
            NOBODY,
        )
        for version in ("2.5.9", "nightly", "2.52.0-rc1")
    ),
    *(
        Row("runtime-env", job(runtimeEnvYAML=text), job(runtimeEnvYAML="pip:\t[a]"), "spec.runtimeEnvYAML")
        for text in ("- pip", "pip", "pip: [", "\tpip: a")
    ),
    Row(
        "active-deadline",
        job(activeDeadlineSeconds=0),
        job(activeDeadlineSeconds=1),
        "spec.activeDeadlineSeconds",
    ),
    Row("backoff-limit", job(backoffLimit=-1), job(backoffLimit=0), "spec.backoffLimit"),
    Row(
        "submitter-backoff-limit",
        job(submitterConfig={"backoffLimit": -1}),
        job(submitterConfig={"backoffLimit": 0}),
        "spec.submitterConfig.backoffLimit",
        NOBODY,
    ),
    Row(
        "ttl-negative",
        job(ttlSecondsAfterFinished=-1),
        job(ttlSecondsAfterFinished=0),
        "spec.ttlSecondsAfterFinished",
    ),
    Row(
        "ttl-needs-shutdown",
        job(ttlSecondsAfterFinished=1),
        job(ttlSecondsAfterFinished=1, shutdownAfterJobFinishes=True),
        "spec.ttlSecondsAfterFinished",
    ),
)


def _after(success: str, failure: str = "DeleteSelf") -> Json:
    return {"onSuccess": {"policy": success}, "onFailure": {"policy": failure}}


def _rule(policy: str, ttl: int | None = None, **condition: str) -> Json:
    ttls = {} if ttl is None else {"ttlSeconds": ttl}
    return {"policy": policy, "condition": {**(condition or {"jobStatus": "FAILED"}), **ttls}}


def _rules(*rules: Json, **spec: Any) -> Json:
    return job(deletionStrategy={"deletionRules": list(rules)}, **spec)


def _old(policy: str, **spec: Any) -> Json:
    return job(deletionPolicy=policy, **spec)


def _old_row(broken: Json, fine: Json) -> Row:
    return Row("old-deletion-policy", broken, fine, "spec.deletionPolicy", version="1.4.2")


DELETION = (
    Row(
        "deletion-gate",
        _rules(_rule("DeleteSelf")),
        job(),
        "spec.deletionStrategy",
        gates=GATE_OFF,
    ),
    *(
        Row("deletion-form", job(deletionStrategy=strategy), job(deletionStrategy=_after("DeleteNone")), path, SERVER)
        for path, strategy in (
            ("spec.deletionStrategy", {}),
            ("spec.deletionStrategy", {"onFailure": {"policy": "DeleteSelf"}}),
            (RULES, {"deletionRules": []}),
            (RULES, {**_after("DeleteSelf"), "deletionRules": [_rule("DeleteSelf")]}),
        )
    ),
    Row(
        "deletion-policy-needed",
        job(deletionStrategy={"onSuccess": {}, "onFailure": {"policy": "DeleteSelf"}}),
        job(deletionStrategy=_after("DeleteSelf")),
        "spec.deletionStrategy.onSuccess.policy",
    ),
    *(
        Row(
            "deletion-condition",
            _rules({"policy": "DeleteSelf", "condition": condition}),
            _rules(_rule("DeleteSelf", jobDeploymentStatus="Failed")),
            f"{RULES}[0].condition",
            SERVER,
        )
        for condition in ({}, {"jobStatus": "FAILED", "jobDeploymentStatus": "Failed"})
    ),
    Row(
        "deletion-rules-without-shutdown",
        _rules(_rule("DeleteSelf"), shutdownAfterJobFinishes=True),
        _rules(_rule("DeleteSelf"), shutdownAfterJobFinishes=False),
        RULES,
    ),
    Row(
        "deletion-none-without-shutdown",
        job(deletionStrategy=_after("DeleteNone"), shutdownAfterJobFinishes=True),
        job(deletionStrategy=_after("DeleteSelf"), shutdownAfterJobFinishes=True),
        "spec.deletionStrategy.onSuccess.policy",
    ),
    *(
        Row(
            "deletion-with-selector",
            on_cluster(deletionStrategy=_after("DeleteSelf", policy)),
            on_cluster(deletionStrategy=_after("DeleteSelf", "DeleteNone")),
            "spec.deletionStrategy.onFailure.policy",
        )
        for policy in ("DeleteCluster", "DeleteWorkers")
    ),
    Row(
        "deletion-with-selector",
        on_cluster(deletionStrategy={"deletionRules": [_rule("DeleteCluster")]}),
        on_cluster(deletionStrategy={"deletionRules": [_rule("DeleteSelf")]}),
        f"{RULES}[0].policy",
    ),
    Row(
        "deletion-with-autoscaling",
        _rules(_rule("DeleteWorkers"), cluster_spec=AUTOSCALING),
        _rules(_rule("DeleteCluster"), cluster_spec=AUTOSCALING),
        f"{RULES}[0].policy",
    ),
    Row(
        "deletion-with-autoscaling",
        job(group(), cluster_spec=AUTOSCALING, deletionStrategy=_after("DeleteWorkers")),
        job(group(), deletionStrategy=_after("DeleteWorkers")),
        "spec.deletionStrategy.onSuccess.policy",
    ),
    Row(
        "deletion-rule-once",
        _rules(_rule("DeleteSelf", 1), _rule("DeleteSelf", 1)),
        _rules(_rule("DeleteSelf", 1), _rule("DeleteSelf", jobStatus="SUCCEEDED"), _rule("DeleteCluster")),
        f"{RULES}[1]",
    ),
    Row(
        "deletion-order",
        _rules(_rule("DeleteCluster", 5), _rule("DeleteWorkers", 6)),
        _rules(_rule("DeleteCluster", 6), _rule("DeleteWorkers", 6), _rule("DeleteNone", 9)),
        f"{RULES}[0].condition.ttlSeconds",
    ),
    Row(
        "deletion-order",
        _rules(_rule("DeleteWorkers", 2), _rule("DeleteSelf")),
        _rules(_rule("DeleteWorkers", 2), _rule("DeleteSelf", jobStatus="SUCCEEDED")),
        f"{RULES}[1].condition.ttlSeconds",
    ),
    Row(
        "old-deletion-gate",
        _old("DeleteSelf"),
        job(),
        "spec.deletionPolicy",
        OPERATOR,
        version="1.3.2",
        gates=GATE_OFF,
    ),
    _old_row(_old("DeleteNone", shutdownAfterJobFinishes=True), _old("DeleteNone")),
    _old_row(_old("DeleteWorkers", cluster_spec=AUTOSCALING), _old("DeleteCluster", cluster_spec=AUTOSCALING)),
    _old_row(on_cluster(deletionPolicy="DeleteCluster"), on_cluster(deletionPolicy="DeleteSelf")),
)

ROWS = (*SPEC, *DELETION)
