# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayJobs that are refused, time out, cannot be submitted, are tried again or fail for good."""

from __future__ import annotations

import pytest

from tests.integration.operator_harness import BROKEN_IMAGE, IMAGE, Jobs, World, group, job_spec, spec, template
from tests.lab.lab import Lab
from tests.lab.operator.api import JOBS, PODS
from tests.lab.operator.objects import Json
from tests.lab.programs import STAND_IN

pytest_plugins = ["tests.integration.operator_fixtures"]

NEVER_READY = spec(head={"template": template(annotations=BROKEN_IMAGE)})
RULES = {"deletionRules": [{"policy": "DeleteSelf", "condition": {"jobStatus": "SUCCEEDED", "ttlSeconds": 5}}]}
EARLY = {
    "deletionRules": [
        {"policy": "DeleteCluster", "condition": {"jobStatus": "FAILED", "ttlSeconds": 9}},
        {"policy": "DeleteSelf", "condition": {"jobStatus": "FAILED", "ttlSeconds": 3}},
        {"policy": "DeleteSelf", "condition": {"jobStatus": "FAILED", "ttlSeconds": 30}},
    ]
}
NONE = {"onSuccess": {"policy": "DeleteNone"}, "onFailure": {"policy": "DeleteNone"}}
CLUSTER = {"onSuccess": {"policy": "DeleteCluster"}, "onFailure": {"policy": "DeleteNone"}}
ELSEWHERE: Json = {"rayClusterSpec": None, "clusterSelector": {"ray.io/cluster": "x"}}
INVALID = "The RayJob spec is invalid: "

REFUSED: dict[str, tuple[Json, str]] = {
    "x" * 48: (job_spec(), "The RayJob metadata is invalid: RayJob name should be no more than 47 characters"),
    "suspended": (
        job_spec(suspend=True),
        f"{INVALID}a RayJob with shutdownAfterJobFinishes set to false is not allowed to be suspended",
    ),
    "ttl": (
        job_spec(ttlSecondsAfterFinished=5),
        f"{INVALID}a RayJob with shutdownAfterJobFinishes set to false cannot have TTLSecondsAfterFinished",
    ),
    "both": (
        job_spec(shutdownAfterJobFinishes=True, deletionStrategy=RULES),
        f"{INVALID}spec.shutdownAfterJobFinishes and spec.deletionStrategy.deletionRules are mutually exclusive",
    ),
    "order": (
        job_spec(deletionStrategy=EARLY),
        "deletionRules[2]: duplicate rule for DeletionPolicyType 'DeleteSelf' and JobStatus 'FAILED'\n"
        "for JobStatus 'FAILED': DeleteSelf TTL (3) must be >= DeleteCluster TTL (9)",
    ),
    "none": (
        job_spec(shutdownAfterJobFinishes=True, deletionStrategy=NONE),
        f"{INVALID}shutdownAfterJobFinshes is set to 'true' while deletion policy is 'DeleteNone'",
    ),
    "elsewhere": (
        job_spec(deletionStrategy=CLUSTER, **ELSEWHERE),
        "the ClusterSelector mode doesn't support DeletionStrategy=DeleteCluster on success",
    ),
    "nowhere": (job_spec(rayClusterSpec=None), f"{INVALID}one of RayClusterSpec or ClusterSelector must be set"),
    "again": (
        job_spec(backoffLimit=1, **ELSEWHERE),
        f"{INVALID}BackoffLimit is incompatible with ClusterSelector mode",
    ),
    "hands": (
        job_spec(submissionMode="InteractiveMode", backoffLimit=1),
        f"{INVALID}BackoffLimit is incompatible with InteractiveMode",
    ),
    "side": (
        job_spec(submissionMode="SidecarMode", submitterConfig={"backoffLimit": 1}),
        "Currently, SidecarMode doesn't support SubmitterConfig",
    ),
    "cluster": (
        job_spec(rayClusterSpec=spec(group("a", minReplicas=5, maxReplicas=1))),
        f"{INVALID}worker group a has minReplicas 5 greater than maxReplicas 1",
    ),
    "yaml": (job_spec(runtimeEnvYAML="a: [b"), "failed to unmarshal RuntimeEnvYAML: a: [b"),
    "deadline": (
        job_spec(activeDeadlineSeconds=0),
        f"{INVALID}activeDeadlineSeconds must be a positive integer",
    ),
}


def test_refused_specs(jobs: Jobs, world: World) -> None:
    for name, (refused, _) in REFUSED.items():
        jobs.create(name, refused)
    for name, (_, message) in REFUSED.items():
        status = jobs.until_deployment(name, "ValidationFailed")
        assert status["reason"] == "ValidationFailed"
        assert status["message"].startswith(message)
        assert "rayClusterName" not in status
        reason = "InvalidRayJobMetadata" if name.startswith("xx") else "InvalidRayJobSpec"
        event = jobs.until_event(name, reason)
        assert (event["type"], event["action"]) == ("Warning", "Validate")
        assert event["note"].startswith(f"{jobs.namespace}/{name}: {message}")
    # A right spec does not heal a job that was refused once.
    jobs.patch("deadline", spec={"activeDeadlineSeconds": None})
    world.settle("after")
    assert jobs.get("deadline")["status"]["jobDeploymentStatus"] == "ValidationFailed"
    assert not jobs.clusters("deadline")


def test_deadlines(jobs: Jobs) -> None:
    jobs.create("late", job_spec("sleep 300", activeDeadlineSeconds=12, backoffLimit=2))
    jobs.create("never", job_spec(rayClusterSpec=NEVER_READY, preRunningDeadlineSeconds=2, backoffLimit=1))
    jobs.create("hands", job_spec(submissionMode="InteractiveMode", preRunningDeadlineSeconds=2))
    status = jobs.until_deployment("never", "Failed")
    assert status["reason"] == "PreRunningDeadlineExceeded"
    assert status["failed"] == 2, "this deadline counts as a failure that is tried again"
    start = status["startTime"].replace("T", " ").replace("Z", " +0000 UTC")
    assert status["message"] == (
        f"The RayJob has passed the preRunningDeadlineSeconds. StartTime: {start}. PreRunningDeadlineSeconds: 2"
    )
    assert "jobStatus" not in status
    assert "dashboardURL" not in status
    assert jobs.until_deployment("hands", "Failed")["reason"] == "PreRunningDeadlineExceeded"
    status = jobs.until_deployment("late", "Failed")
    assert (status["reason"], status["failed"]) == ("DeadlineExceeded", 1)
    assert status["message"].startswith("The RayJob has passed the activeDeadlineSeconds. StartTime: ")
    assert status.get("jobStatus") not in ("FAILED", "STOPPED", "SUCCEEDED")
    assert status["endTime"]


def test_retries(jobs: Jobs) -> None:
    jobs.create("stubborn", job_spec("sh -c 'exit 3'", backoffLimit=1))
    first = jobs.begun("stubborn")
    assert first["failed"] == 0
    status = jobs.until_deployment("stubborn", "Failed")
    assert (status["failed"], status["succeeded"], status["reason"]) == (2, 0, "AppFailed")
    assert status["jobId"] != first["jobId"]
    assert status["rayClusterName"] != first["rayClusterName"]
    assert status["startTime"] > first["startTime"]
    # The cluster of the first try is gone, that of the last one stays.
    assert [cluster["metadata"]["name"] for cluster in jobs.clusters("stubborn")] == [status["rayClusterName"]]
    assert jobs.until_event("stubborn", "DeletedRayCluster")["note"] == (
        f"Deleted cluster {jobs.namespace}/{first['rayClusterName']}"
    )
    assert jobs.until_event("stubborn", "UpdatedService")["type"] == "Normal"


def test_submitters_that_fail(jobs: Jobs) -> None:
    broken = {"name": "s", "image": IMAGE, "command": ["sh", "-c", "exit 4"]}
    pod = {"spec": {"restartPolicy": "Never", "containers": [broken]}}
    settings: Json = {"submissionMode": "K8sJobMode", "submitterPodTemplate": pod}
    jobs.create("silent", job_spec(submitterConfig={"backoffLimit": 0}, **settings))
    status = jobs.until_deployment("silent", "Failed")
    assert status["reason"] == "SubmissionFailed"
    assert status["message"] == (
        "Job submission has failed. Reason: BackoffLimitExceeded. Message: Job has reached the specified backoff limit"
    )
    assert "jobStatus" not in status
    pod["spec"]["containers"] = [{**broken, "command": ["true"]}]
    jobs.create("idle", job_spec(**settings))
    status = jobs.until_deployment("idle", "Failed")
    assert status["reason"] == "AppFailed"
    assert status["message"] == "Submitter completed but Ray job not found in RayCluster."


def test_a_lingering_submitter_spoils_a_namesake(jobs: Jobs) -> None:
    mark = [{"name": "RAY_JOB_SUBMISSION_ID", "value": "old"}]
    container = {"name": "s", "image": IMAGE, "command": ["sh", "-c", "exit 1"], "env": mark}
    labels = {"ray.io/originated-from-crd": "RayJob", "app.kubernetes.io/created-by": "kuberay-operator"}
    pod = {"metadata": {"labels": labels}, "spec": {"restartPolicy": "Never", "containers": [container]}}
    metadata = {"name": "twin", "namespace": jobs.namespace, "labels": labels}
    jobs.api.create(JOBS, {"metadata": metadata, "spec": {"backoffLimit": 0, "template": pod}})
    jobs.until(lambda: jobs.the(JOBS, "twin")["status"].get("failed"), "the failure of the old submitter")
    jobs.create("twin", job_spec(submissionMode="K8sJobMode"))
    status = jobs.until_deployment("twin", "Failed")
    assert (status["reason"], status["failed"]) == ("SubmissionFailed", 1)
    assert not jobs.events("twin", "CreatedRayJobSubmitter")


def test_sidecar_without_its_head(jobs: Jobs) -> None:
    jobs.create("headless", job_spec("sleep 300", submissionMode="SidecarMode"))
    status = jobs.until_status("headless", jobStatus="RUNNING")
    jobs.api.delete(PODS, jobs.namespace, status["rayClusterStatus"]["head"]["podName"])
    status = jobs.until_deployment("headless", "Failed")
    assert (status["reason"], status["message"]) == ("AppFailed", "Ray head pod not found.")


def test_a_deaf_dashboard(jobs: Jobs, lab: Lab) -> None:
    state = lab.status().state
    if state is None or state.options["operator"] != STAND_IN:
        pytest.skip("through the API server's proxy, KubeRay takes the proxy's own error for Ray's answer")
    deaf = template(annotations={"lab.kuberay.core/fails": "dashboard"})
    jobs.create("deaf", job_spec(rayClusterSpec=spec(head={"template": deaf})))
    status = jobs.until(lambda: _failing(jobs, "deaf"), "a failed check of the status")
    assert status["jobDeploymentStatus"] == "Running"
    assert "jobStatus" not in status
    heal = {"metadata": {"annotations": {"lab.kuberay.core/fails": None}}}
    jobs.api.merge(PODS, jobs.namespace, status["rayClusterStatus"]["head"]["podName"], heal)
    status = jobs.until_deployment("deaf", "Complete")
    assert "jobStatusCheckFailureStartTime" not in status


def _failing(jobs: Jobs, name: str) -> Json | None:
    status: Json = jobs.get(name).get("status") or {}
    return status if "jobStatusCheckFailureStartTime" in status else None
