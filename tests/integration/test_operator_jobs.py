# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayJobs in all ways of submitting, on a real Ray: what the operator makes and what it tells."""

from __future__ import annotations

from pathlib import Path

from tests.integration.operator_harness import IMAGE, Jobs, World, gate, group, job_spec, owner, spec, template
from tests.lab.operator.api import JOBS, RAY_CLUSTERS, SERVICES
from tests.lab.operator.objects import Json, dig

pytest_plugins = ["tests.integration.operator_fixtures"]

FINALIZER = "ray.io/rayjob-finalizer"
BOOM = "sh -c 'echo boom; exit 3'"


def test_http_mode(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.create("plain", job_spec(gate(tmp_path / "go")), labels={"team": "a"}, annotations={"note": "mine"})
    first = jobs.begun("plain")
    assert first["jobId"].startswith("plain-")
    assert first["rayClusterName"].startswith("plain-")
    assert (first["succeeded"], first["failed"]) == (0, 0)
    assert jobs.get("plain")["metadata"]["finalizers"] == [FINALIZER]
    status = jobs.until_status("plain", jobStatus="RUNNING")
    cluster = jobs.the(RAY_CLUSTERS, status["rayClusterName"])
    name = cluster["metadata"]["name"]
    assert owner(cluster)["uid"] == job["metadata"]["uid"]
    assert cluster["metadata"]["annotations"] == {"note": "mine"}
    assert cluster["metadata"]["labels"] == {
        "team": "a",
        "ray.io/originated-from-cr-name": "plain",
        "ray.io/originated-from-crd": "RayJob",
        "ray.io/job-submission-mode": "HTTPMode",
    }
    service = jobs.the(SERVICES, "plain-head-svc")
    assert service["spec"]["selector"]["ray.io/cluster"] == name
    assert service["metadata"]["labels"] == {
        "ray.io/originated-from-cr-name": "plain",
        "ray.io/originated-from-crd": "RayJob",
        "ray.io/node-type": "head",
        "ray.io/identifier": "plain-head",
    }
    assert status["dashboardURL"] == f"{name}-head-svc.{jobs.namespace}.svc.cluster.local:8265"
    assert status["message"] == "Job is currently running."
    assert status["rayClusterStatus"]["state"] == "ready"
    assert "endTime" not in status
    (tmp_path / "go").touch()
    status = jobs.until_deployment("plain", "Complete")
    assert status["jobStatus"] == "SUCCEEDED"
    assert status["message"] == "Job finished successfully."
    assert (status["succeeded"], status["failed"]) == (1, 0)
    assert status["startTime"] <= status["rayJobInfo"]["startTime"] <= status["rayJobInfo"]["endTime"]
    assert status["rayJobInfo"]["endTime"] <= status["endTime"]
    assert "observedGeneration" not in status
    for reason, note in (
        ("CreatedRayCluster", f"Created RayCluster {jobs.namespace}/{name}"),
        ("CreatedService", f"Created the service {jobs.namespace}/plain-head-svc"),
    ):
        event = jobs.until_event("plain", reason)
        assert event["note"] == note
        assert (event["type"], event["action"]) == ("Normal", "Create")
        assert event["reportingController"] == "rayjob-controller"
    # Nothing was asked to be deleted: the cluster stays.
    assert [cluster["metadata"]["name"] for cluster in jobs.clusters("plain")] == [name]


def test_k8s_job_mode(jobs: Jobs) -> None:
    own = {"spec": {"restartPolicy": "Never", "containers": [{"name": "own", "image": IMAGE}]}}
    options: Json = {
        "submissionMode": "K8sJobMode",
        "submitterPodTemplate": own,
        "metadata": {"owner": "me"},
        "runtimeEnvYAML": "env_vars:\n  GREETING: hello there",
        "entrypointNumCpus": 0.5,
    }
    jobs.create("good", job_spec('python -c \'import os; assert os.environ["GREETING"] == "hello there"\'', **options))
    jobs.create("bad", job_spec(BOOM, submissionMode="K8sJobMode"))
    status = jobs.under_way("bad")
    submitter = jobs.the(JOBS, "bad")
    assert submitter["spec"]["backoffLimit"] == 2
    assert owner(submitter)["kind"] == "RayJob"
    labels = {
        "ray.io/originated-from-cr-name": "bad",
        "ray.io/originated-from-crd": "RayJob",
        "app.kubernetes.io/created-by": "kuberay-operator",
    }
    pod = submitter["spec"]["template"]
    assert submitter["metadata"]["labels"] == labels
    assert labels.items() <= pod["metadata"]["labels"].items()
    (container,) = pod["spec"]["containers"]
    assert pod["spec"]["restartPolicy"] == "Never"
    assert (container["name"], container["image"]) == ("ray-job-submitter", IMAGE)
    assert {env["name"]: env["value"] for env in container["env"]} == {
        "PYTHONUNBUFFERED": "1",
        "RAY_DASHBOARD_ADDRESS": status["dashboardURL"],
        "RAY_JOB_SUBMISSION_ID": status["jobId"],
    }
    assert container["command"] == ["/bin/bash", "-ce", "--"]
    where = f"--address http://{status['dashboardURL']}"
    assert (
        f"; if ! ray job status {where} {status['jobId']} >/dev/null 2>&1 ; then ray job submit {where} --no-wait "
        f"--submission-id {status['jobId']} -- {BOOM} ; fi ; ray job logs {where} --follow {status['jobId']}"
    ) in container["args"][0]
    (container,) = jobs.the(JOBS, "good")["spec"]["template"]["spec"]["containers"]
    assert container["name"] == "own"
    assert '--runtime-env-json "{\\"env_vars\\":{\\"GREETING\\":\\"hello there\\"}}"' in container["args"][0]
    assert "--entrypoint-num-cpus 0.500000" in container["args"][0]

    jobs.until_event("good", "CreatedRayJobSubmitter")
    status = jobs.until_deployment("good", "Complete")
    assert status["succeeded"] == 1
    cluster, submission = status["rayClusterName"], status["jobId"]
    info = jobs.until(lambda: jobs.ray(cluster, submission), "what Ray says about the job")
    assert info["metadata"] == {"owner": "me"}
    assert info["runtime_env"]["env_vars"] == {"GREETING": "hello there"}
    # The end waits for the submitter, which has followed the job's log to its end.
    assert jobs.the(JOBS, "good")["status"]["succeeded"] == 1
    status = jobs.until_deployment("bad", "Failed")
    assert (status["reason"], status["jobStatus"], status["failed"]) == ("AppFailed", "FAILED", 1)
    assert status["message"].startswith("Job entrypoint command failed with exit code 3, last available logs")
    assert "boom" in status["message"]


def test_sidecar_mode(jobs: Jobs, world: World) -> None:
    jobs.create("side", job_spec("echo hi", submissionMode="SidecarMode"))
    jobs.create("broken", job_spec(BOOM, submissionMode="SidecarMode"))
    status = jobs.under_way("side")
    cluster = jobs.the(RAY_CLUSTERS, status["rayClusterName"])
    assert cluster["metadata"]["annotations"] == {"ray.io/disable-provisioned-head-restart": "true"}
    pod = cluster["spec"]["headGroupSpec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert [container["name"] for container in pod["containers"]] == ["ray", "ray-job-submitter"]
    assert (
        f"ray job submit --address http://127.0.0.1:8265 --submission-id {status['jobId']}"
        in (pod["containers"][1]["args"][0])
    )
    assert jobs.find(JOBS, "side") is None
    assert jobs.until_deployment("side", "Complete")["succeeded"] == 1
    (head,) = world.pods(status["rayClusterName"], node_type="head")
    state = {c["name"]: next(iter(c["state"])) for c in head["status"]["containerStatuses"]}
    assert state == {"ray": "running", "ray-job-submitter": "terminated"}
    assert head["status"]["phase"] == "Running"
    status = jobs.until_deployment("broken", "Failed")
    assert (status["reason"], status["jobStatus"]) == ("AppFailed", "FAILED")
    assert "boom" in status["message"]


def test_interactive_mode(jobs: Jobs) -> None:
    jobs.create("hands", job_spec(submissionMode="InteractiveMode"))
    status = jobs.until_deployment("hands", "Waiting")
    assert "jobId" not in status
    cluster, own = status["rayClusterName"], f"own-{jobs.namespace}"
    entrypoint = {"entrypoint": "true", "submission_id": own}
    # What was submitted may have come without an answer.
    jobs.until(lambda: jobs.ray(cluster, own) or jobs.ray(cluster, "", "", entrypoint), "submitted")
    jobs.patch("hands", spec={"jobId": own})
    status = jobs.until_deployment("hands", "Complete")
    assert (status["jobId"], status["jobStatus"]) == (own, "SUCCEEDED")


def test_stopped_job_is_complete(jobs: Jobs) -> None:
    jobs.create("halt", job_spec("sleep 300"))
    status = jobs.until_status("halt", jobStatus="RUNNING")
    assert jobs.ray(status["rayClusterName"], status["jobId"], "/stop", {}) == {"stopped": True}
    status = jobs.until_deployment("halt", "Complete")
    assert (status["jobStatus"], status["succeeded"], status["failed"]) == ("STOPPED", 0, 0)


def test_finalizer_rewrites_the_object(jobs: Jobs) -> None:
    cluster = spec(
        group("a", 0, template=template(tty=False)), head={"rayStartParams": {}}, rayVersion="", suspend=False
    )
    limits = {"resources": {"limits": {"cpu": "1000m"}}}
    written = job_spec(
        "",
        rayClusterSpec=cluster,
        submissionMode="InteractiveMode",
        suspend=False,
        shutdownAfterJobFinishes=False,
        jobId="",
        metadata={},
        entrypointNumCpus=0,
        submitterConfig={},
        submitterPodTemplate={"spec": {"containers": [{"name": "s", "image": IMAGE, "tty": False, **limits}]}},
        deletionStrategy={"onSuccess": {"policy": "DeleteNone"}, "onFailure": {"policy": "DeleteSelf"}},
    )
    jobs.create("odd", written)
    jobs.begun("odd")
    found = jobs.get("odd")["spec"]
    gone = {"entrypoint", "suspend", "shutdownAfterJobFinishes", "jobId", "metadata", "entrypointNumCpus"}
    assert not gone & set(found)
    assert found["submitterConfig"] == {}
    assert found["submitterPodTemplate"] == {
        "metadata": {},
        "spec": {"containers": [{"name": "s", "image": IMAGE, "resources": {"limits": {"cpu": "1"}}}]},
    }
    # Defaults of the CRD come back.
    assert (found["ttlSecondsAfterFinished"], found["backoffLimit"]) == (0, 0)
    inner = found["rayClusterSpec"]
    assert "rayVersion" not in inner
    assert inner["suspend"] is False
    assert inner["headGroupSpec"]["rayStartParams"] == {}
    (small,) = inner["workerGroupSpecs"]
    assert small["scaleStrategy"] == {}
    assert "rayStartParams" not in small
    assert "tty" not in small["template"]["spec"]["containers"][0]
    assert small["template"]["metadata"] == {}


def test_cluster_selector(jobs: Jobs, world: World) -> None:
    jobs.create("lost", job_spec(rayClusterSpec=None, clusterSelector={"ray.io/cluster": "late"}))
    event = jobs.until_event("lost", "RayClusterNotFound")
    assert event["type"] == "Warning"
    assert jobs.get("lost")["status"]["jobDeploymentStatus"] == "Initializing"
    world.ready("late", spec(), None)
    status = jobs.until_deployment("lost", "Complete")
    assert (status["rayClusterName"], status["jobStatus"]) == ("late", "SUCCEEDED")
    assert jobs.find(SERVICES, "lost-head-svc") is None
    assert dig(jobs.the(RAY_CLUSTERS, "late"), "metadata.labels") is None


def test_others_job(jobs: Jobs, world: World) -> None:
    jobs.create("theirs", job_spec(managedBy="kueue.x-k8s.io/multikueue"))
    world.settle("after")
    job = jobs.get("theirs")
    assert "status" not in job
    assert "finalizers" not in job["metadata"]


def test_deletion_stops_the_job(jobs: Jobs, world: World) -> None:
    jobs.create("brief", job_spec("sleep 300"))
    status = jobs.until_status("brief", jobStatus="RUNNING")
    world.ready("witness", spec(), None)
    jobs.delete("brief")
    jobs.until(lambda: jobs.find(jobs.kind, "brief") is None, "the end of the job")
    seen = jobs.until(lambda: _ended(jobs, status["jobId"]), "the end of the entrypoint")
    assert seen["status"] == "STOPPED"
    jobs.until(lambda: not world.alive(status["rayClusterName"]), "the end of the pods")


def _ended(jobs: Jobs, submission: str) -> Json | None:
    info = jobs.ray("witness", submission) or {}
    return info if info.get("status") not in ("PENDING", "RUNNING") else None
