# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayJobs that pause, and what becomes of their clusters when they have ended."""

from __future__ import annotations

from pathlib import Path

from tests.integration.operator_harness import Jobs, World, gate, group, job_spec, spec
from tests.lab.operator.api import JOBS, RAY_CLUSTERS
from tests.lab.operator.objects import Json, is_deleting

pytest_plugins = ["tests.integration.operator_fixtures"]

FORGOTTEN = ("rayClusterName", "jobId", "dashboardURL", "message", "reason", "jobStatus")
WITH_WORKERS = spec(group("a", 1), group("b", 1))
BOOM = "sh -c 'exit 3'"


def ended(jobs: Jobs, submission: str) -> Json | None:
    """What Ray says about a job that does not run any more."""
    info = jobs.ray("witness", submission) or {}
    return info if info.get("status") not in ("PENDING", "RUNNING") else None


def test_suspend_and_resume(jobs: Jobs, world: World, tmp_path: Path) -> None:
    file = tmp_path / "go"
    jobs.create("paused", job_spec(gate(file), shutdownAfterJobFinishes=True, submissionMode="K8sJobMode"))
    jobs.create("asleep", job_spec(shutdownAfterJobFinishes=True, suspend=True))
    first = jobs.until_status("paused", jobStatus="RUNNING")
    jobs.patch("paused", spec={"suspend": True})
    for name in ("paused", "asleep"):
        status = jobs.until_deployment(name, "Suspended")
        assert not set(FORGOTTEN) & set(status)
        assert status["rayJobInfo"] == {}
        assert "state" not in status["rayClusterStatus"]
        assert status["startTime"]
        assert not jobs.clusters(name)
    assert jobs.find(JOBS, "paused") is None
    world.ready("witness", spec(), None)
    seen = jobs.until(lambda: ended(jobs, first["jobId"]), "the end of the entrypoint, with its head")
    assert seen["status"] == "STOPPED"
    for reason in ("DeletedRayCluster", "DeletedRayJobSubmitter"):
        jobs.until_event("paused", reason)
    file.touch()
    # Without the key a RayJob goes on, unlike a RayCluster.
    jobs.patch("paused", spec={"suspend": None})
    jobs.patch("asleep", spec={"suspend": False})
    status = jobs.until_deployment("asleep", "Complete")
    assert status["succeeded"] == 1
    status = jobs.until_deployment("paused", "Complete")
    assert status["jobId"] != first["jobId"]
    assert status["rayClusterName"] != first["rayClusterName"]
    # A job that has ended does not pause.
    jobs.patch("paused", spec={"suspend": True})
    world.settle("after")
    assert jobs.get("paused")["status"]["jobDeploymentStatus"] == "Complete"


def test_shutdown_after_a_while(jobs: Jobs) -> None:
    settings: Json = {"shutdownAfterJobFinishes": True, "submissionMode": "K8sJobMode"}
    jobs.create("kept", job_spec(shutdownAfterJobFinishes=False))
    jobs.create("clean", job_spec(ttlSecondsAfterFinished=15, **settings))
    status = jobs.until_deployment("clean", "Complete")
    assert len(jobs.clusters("clean")) == 1
    jobs.until(lambda: not jobs.clusters("clean"), "the end of the cluster")
    assert jobs.until_event("clean", "DeletedRayCluster")["note"] == (
        f"Deleted cluster {jobs.namespace}/{status['rayClusterName']}"
    )
    # The submitter and its log stay, and so does what the status says of the cluster.
    assert not is_deleting(jobs.the(JOBS, "clean"))
    assert jobs.get("clean")["status"]["rayClusterName"] == status["rayClusterName"]
    assert jobs.get("clean")["status"]["rayClusterStatus"]["state"] == "ready"
    jobs.until_deployment("kept", "Complete")
    assert len(jobs.clusters("kept")) == 1


def test_deletion_rules(jobs: Jobs) -> None:
    def rules(condition: Json, **ttls: int) -> Json:
        listed = [{"policy": policy, "condition": {**condition, "ttlSeconds": ttl}} for policy, ttl in ttls.items()]
        return {"deletionStrategy": {"deletionRules": listed}, "rayClusterSpec": WITH_WORKERS}

    succeeded, failed, lost = {"jobStatus": "SUCCEEDED"}, {"jobStatus": "FAILED"}, {"jobDeploymentStatus": "Failed"}
    jobs.create("workers", job_spec(**rules(succeeded, DeleteWorkers=0)))
    jobs.create("staged", job_spec(**rules(succeeded, DeleteWorkers=0, DeleteCluster=4, DeleteSelf=20)))
    jobs.create("other", job_spec(BOOM, **rules(succeeded, DeleteSelf=0)))
    jobs.create("timed", job_spec("sleep 300", activeDeadlineSeconds=5, **rules(failed, DeleteSelf=0)))
    jobs.create("lost", job_spec("sleep 300", activeDeadlineSeconds=5, **rules(lost, DeleteCluster=0)))

    jobs.until_event("staged", "UpdatedRayCluster")
    status = jobs.get("staged")["status"]
    assert status["jobDeploymentStatus"] == "Complete"
    jobs.until_event("staged", "DeletedRayCluster")
    jobs.until(lambda: jobs.find(jobs.kind, "staged") is None, "the end of the job itself")

    status = jobs.until_deployment("workers", "Complete")
    jobs.until_event("workers", "UpdatedRayCluster")
    cluster = jobs.the(RAY_CLUSTERS, status["rayClusterName"])
    assert [worker["suspend"] for worker in cluster["spec"]["workerGroupSpecs"]] == [True, True]
    assert not is_deleting(cluster)

    assert jobs.until_deployment("lost", "Failed")["reason"] == "DeadlineExceeded"
    jobs.until(lambda: not jobs.clusters("lost"), "the end of the cluster")
    # A job that ran out of time is Failed, but Ray never said so: the rule for FAILED is not for it.
    assert jobs.until_deployment("timed", "Failed").get("jobStatus") != "FAILED"
    jobs.until_deployment("other", "Failed")
    assert len(jobs.clusters("other")) == len(jobs.clusters("timed")) == 1


def test_deletion_by_outcome(jobs: Jobs) -> None:
    strategy = {"onSuccess": {"policy": "DeleteSelf"}, "onFailure": {"policy": "DeleteCluster"}}
    jobs.create("won", job_spec(deletionStrategy=strategy))
    jobs.create("lost", job_spec(BOOM, deletionStrategy=strategy))
    jobs.until(lambda: jobs.find(jobs.kind, "won") is None, "the end of the job itself")
    status = jobs.until_deployment("lost", "Failed")
    jobs.until(lambda: not jobs.clusters("lost"), "the end of the cluster")
    assert jobs.get("lost")["status"]["rayClusterName"] == status["rayClusterName"]
