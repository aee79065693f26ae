# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a task's options to a RayJob."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

from tests.unit.builders import IMAGE, desired, desired_demo_job, job, job_options

Json = dict[str, Any]
SECRET = "hunter2"


def _spec(**task: Any) -> Json:
    spec: Json = desired_demo_job(**task)["spec"]
    return spec


def test_an_entrypoint_and_an_image_are_a_job() -> None:
    made = desired_demo_job()
    assert (made["apiVersion"], made["kind"], made["metadata"]) == (
        "ray.io/v1",
        "RayJob",
        {"name": "demo", "namespace": "ray"},
    )
    assert set(made["spec"]) == {"entrypoint", "rayClusterSpec"}


def test_its_cluster_is_what_the_same_options_are_to_a_cluster() -> None:
    own: Json = {
        "ray_version": "2.52.0",
        "head_group": {"resources": {"cpu": 1, "memory": "2Gi"}},
        "worker_groups": [{"group_name": "small", "replicas": 2}],
        "spec": {"autoscalerOptions": {"idleTimeoutSeconds": "9"}},
    }
    assert _spec(cluster=own)["rayClusterSpec"] == desired(**own, image=None)["spec"]


def test_what_is_wrong_with_its_cluster_is_told_below_that_option() -> None:
    with pytest.raises(OptionError, match=r"^cluster\.head_group\.image"):
        _spec(cluster={})
    with pytest.raises(OptionError, match=r"^cluster\.worker_groups\[0\]\.env\.V"):
        _spec(cluster={"image": IMAGE, "worker_groups": [{"group_name": "g", "env": {"V": 1.1}}]})


def test_every_plain_option_is_a_field() -> None:
    plain: Json = {
        "entrypoint_num_cpus": 0.5,
        "entrypoint_num_gpus": "1.0",
        "job_id": "mine",
        "submission_mode": "HTTPMode",
        "backoff_limit": 2,
        "active_deadline_seconds": "60",
        "pre_running_deadline_seconds": 30,
        "shutdown_after_job_finishes": "yes",
        "ttl_seconds_after_finished": 0,
        "suspend": False,
        "managed_by": "ray.io/kuberay-operator",
        "metadata": {"owner": "me", "run": 7},
    }
    spec = _spec(**plain)
    del spec["rayClusterSpec"]
    assert spec == {
        "entrypoint": "true",
        "entrypointNumCpus": 0.5,
        "entrypointNumGpus": 1,
        "jobId": "mine",
        "submissionMode": "HTTPMode",
        "backoffLimit": 2,
        "activeDeadlineSeconds": 60,
        "preRunningDeadlineSeconds": 30,
        "shutdownAfterJobFinishes": True,
        "ttlSecondsAfterFinished": 0,
        "suspend": False,
        "managedBy": "ray.io/kuberay-operator",
        "metadata": {"owner": "me", "run": "7"},
    }


def test_a_job_on_a_cluster_that_is_there_makes_none() -> None:
    assert _spec(cluster_selector={"ray.io/cluster": "demo"}) == {
        "entrypoint": "true",
        "clusterSelector": {"ray.io/cluster": "demo"},
    }


def test_a_job_needs_to_know_where_to_run() -> None:
    with pytest.raises(OptionError, match="cluster_selector names one"):
        desired_demo_job(spec={})
    assert desired_demo_job(state="patched", spec={"suspend": True})["spec"] == {"entrypoint": "true", "suspend": True}


@pytest.mark.parametrize(
    ("given", "text"),
    [({"pip": ["b", "a"], "env_vars": {"A": "1"}}, "env_vars:\n  A: '1'\npip:\n- b\n- a\n"), ("pip: [a]", "pip: [a]")],
)
def test_a_runtime_environment_is_a_text_whichever_way_it_was_said(given: Any, text: str) -> None:
    assert _spec(runtime_env=given)["runtimeEnvYAML"] == text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (f"a: [{SECRET}", "is not YAML"),
        ("- a", "holds no mapping"),
        (["a"], "a mapping or a YAML text"),
        (3, "not int"),
    ],
)
def test_a_runtime_environment_that_is_none_is_refused_without_its_words(given: Any, words: str) -> None:
    with pytest.raises(OptionError, match=r"^runtime_env: ") as refused:
        _spec(runtime_env=given)
    assert words in refused.value.message
    assert SECRET not in refused.value.message


def test_rays_own_resources_are_a_json_text() -> None:
    assert _spec(entrypoint_resources={"tpu": "2", "half": 0.5})["entrypointResources"] == '{"half": 0.5, "tpu": 2}'
    assert _spec(entrypoint_resources='{"a": 1}')["entrypointResources"] == '{"a": 1}'
    with pytest.raises(OptionError, match=r"entrypoint_resources\.tpu: 'lots' is not a number"):
        _spec(entrypoint_resources={"tpu": "lots"})
    with pytest.raises(OptionError, match=r"entrypoint_resources: a mapping"):
        _spec(entrypoint_resources=[1])


def test_the_submitter_has_its_own_words() -> None:
    template = {"spec": {"containers": [{"name": "s", "image": "i"}], "activeDeadlineSeconds": "9"}}
    spec = _spec(submitter_config={"backoff_limit": 0}, submitter_pod_template=template)
    assert spec["submitterConfig"] == {"backoffLimit": 0}
    assert spec["submitterPodTemplate"]["spec"]["activeDeadlineSeconds"] == 9


def test_what_is_deleted_afterwards_is_said_by_rules_or_the_older_way() -> None:
    rules = [
        {"policy": "DeleteWorkers", "job_status": "SUCCEEDED", "ttl_seconds": 5},
        {"policy": "DeleteSelf", "job_deployment_status": "Failed"},
    ]
    assert _spec(deletion_strategy={"deletion_rules": rules})["deletionStrategy"] == {
        "deletionRules": [
            {"policy": "DeleteWorkers", "condition": {"jobStatus": "SUCCEEDED", "ttlSeconds": 5}},
            {"policy": "DeleteSelf", "condition": {"jobDeploymentStatus": "Failed"}},
        ]
    }
    older = {"on_success": "DeleteCluster", "on_failure": "DeleteNone"}
    assert _spec(deletion_strategy=older)["deletionStrategy"] == {
        "onSuccess": {"policy": "DeleteCluster"},
        "onFailure": {"policy": "DeleteNone"},
    }


def test_the_raw_spec_is_laid_over_and_typed() -> None:
    raw = {"backoffLimit": "3", "rayClusterSpec": {"headGroupSpec": {"enableIngress": "yes"}}}
    spec = _spec(cluster={"image": IMAGE}, backoff_limit=1, spec=raw)
    assert spec["backoffLimit"] == 3
    assert spec["rayClusterSpec"]["headGroupSpec"]["enableIngress"] is True
    assert spec["rayClusterSpec"]["headGroupSpec"]["template"]


def test_a_whole_job_is_a_wish() -> None:
    whole = job()
    assert desired_demo_job(definition=whole)["spec"] == whole["spec"]


def test_a_job_is_waited_for_to_its_end_unless_it_is_said_otherwise() -> None:
    options = job_options()
    assert (options["wait_for"], options["rerun"], options["fail_on_job_failure"]) == ("finished", "never", True)
