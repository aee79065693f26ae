# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a task's options to a RayService."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

from tests.unit.builders import IMAGE, desired, desired_demo_service, service, service_options

Json = dict[str, Any]
SECRET = "hunter2"
APP: Json = {"name": "a", "import_path": "m:app"}


def _spec(**task: Any) -> Json:
    spec: Json = desired_demo_service(**task)["spec"]
    return spec


def _config(*applications: Any) -> Json:
    return {"applications": list(applications)}


def test_applications_and_an_image_are_a_service() -> None:
    made = desired_demo_service()
    assert (made["apiVersion"], made["kind"], made["metadata"]) == (
        "ray.io/v1",
        "RayService",
        {"name": "demo", "namespace": "ray"},
    )
    assert set(made["spec"]) == {"serveConfigV2", "rayClusterConfig"}


def test_its_cluster_is_what_the_same_options_are_to_a_cluster() -> None:
    own: Json = {
        "ray_version": "2.52.0",
        "head_group": {"resources": {"cpu": 1, "memory": "2Gi"}},
        "worker_groups": [{"group_name": "small", "replicas": 2}],
    }
    assert _spec(cluster=own)["rayClusterConfig"] == desired(**own, image=None)["spec"]


def test_what_is_wrong_with_its_cluster_is_told_below_that_option() -> None:
    with pytest.raises(OptionError, match=r"^cluster\.head_group\.image"):
        _spec(cluster={})


def test_a_service_needs_a_cluster_unless_it_is_there() -> None:
    with pytest.raises(OptionError, match=r"^cluster: is needed"):
        desired_demo_service(spec={"serveConfigV2": ""})
    assert desired_demo_service(state="patched", suspend=True)["spec"] == {"suspend": True}


def test_every_plain_option_is_a_field() -> None:
    steps = {"step_size_percent": 10, "interval_seconds": 5, "gateway_class_name": "istio", "max_surge_percent": 50}
    spec = _spec(
        suspend="no",
        exclude_head_pod_from_serve_svc="yes",
        ray_cluster_deletion_delay_seconds="0",
        managed_by="ray.io/kuberay-operator",
        upgrade_strategy={"type": "NewClusterWithIncrementalUpgrade", "cluster_upgrade_options": steps},
        serve_service={"metadata": {"name": "shop"}, "spec": {"type": "LoadBalancer", "ports": [{"port": "80"}]}},
    )
    del spec["serveConfigV2"], spec["rayClusterConfig"]
    assert spec == {
        "suspend": False,
        "excludeHeadPodFromServeSvc": True,
        "rayClusterDeletionDelaySeconds": 0,
        "managedBy": "ray.io/kuberay-operator",
        "upgradeStrategy": {
            "type": "NewClusterWithIncrementalUpgrade",
            "clusterUpgradeOptions": {
                "stepSizePercent": 10,
                "intervalSeconds": 5,
                "gatewayClassName": "istio",
                "maxSurgePercent": 50,
            },
        },
        "serveService": {"metadata": {"name": "shop"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}},
    }


def test_an_empty_answer_of_a_survey_says_nothing() -> None:
    spec = _spec(serve_config="", serve_service=None, upgrade_strategy={})
    assert set(spec) == {"rayClusterConfig"}


def test_a_serve_config_is_a_text_whichever_way_it_was_said() -> None:
    assert yaml.safe_load(_spec(serve_config=_config(APP))["serveConfigV2"]) == _config(APP)
    text = "applications: [{import_path: m.app}]  # mine"
    assert _spec(serve_config=text)["serveConfigV2"] == text


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"import_path": "m:app"}, ": is of Serve's older format"),
        ({}, ".applications: a list of applications is needed"),
        ({"applications": {"a": APP}}, ".applications: a list"),
        (_config("m:app"), ".applications[0]: a mapping is needed, not str"),
        (_config({"name": "a"}), ".applications[0].import_path: is needed"),
        (_config(APP, {"import_path": "app"}), ".applications[1].import_path: is needed"),
        (_config({**APP, "import_path": "m:"}), ".applications[0].import_path"),
        (_config({**APP, "route_prefix": "a"}), ".applications[0].route_prefix: has to begin with /"),
        (_config({**APP, "args": [1]}), ".applications[0].args: a mapping is needed, not list"),
        (_config({**APP, "runtime_env": "pip"}), ".applications[0].runtime_env: a mapping"),
        (_config({**APP, "deployments": {"D": {}}}), ".applications[0].deployments: a list"),
        (_config({**APP, "deployments": [{"num_replicas": 2}]}), ".applications[0].deployments[0]: a mapping with"),
        (
            _config({**APP, "deployments": [{"name": "D"}, {"name": "D"}]}),
            ".applications[0].deployments[1].name: 'D' is there twice",
        ),
        (_config(APP, {**APP, "route_prefix": "/b"}), ".applications[1].name: 'a' is there twice"),
        (_config(APP, {**APP, "name": "b"}), ".applications[1].route_prefix: '/' is there twice"),
    ],
)
def test_what_ray_would_refuse_is_refused_by_its_path(config: Json, told: str) -> None:
    with pytest.raises(OptionError) as refused:
        _spec(serve_config=config)
    assert refused.value.message.startswith(f"serve_config{told}")
    text = yaml.safe_dump(config)
    for task, path in (
        ({"spec": {"serveConfigV2": text}}, "spec.serveConfigV2"),
        ({"definition": service(serveConfigV2=text)}, "definition.spec.serveConfigV2"),
    ):
        with pytest.raises(OptionError) as refused:
            desired_demo_service(**task)
        assert refused.value.message.startswith(f"{path}{told}")
        assert desired_demo_service(**{**_with_cluster(task), "validate": "off"})["spec"]["serveConfigV2"] == text


def _with_cluster(task: Json) -> Json:
    return task if "definition" in task else {**task, "cluster": {"image": IMAGE}}


def test_what_ray_takes_is_taken() -> None:
    there = [
        {"import_path": "a.b.c"},
        {"name": "quiet", "import_path": "m:app", "route_prefix": None, "deployments": []},
        {"name": "too", "import_path": "m:app", "route_prefix": None, "args": {}},
    ]
    assert yaml.safe_load(_spec(serve_config=_config(*there))["serveConfigV2"]) == _config(*there)


@pytest.mark.parametrize(
    ("given", "words"), [(f"a: [{SECRET}", "is not YAML"), ("- a", "holds no mapping"), (3, "int")]
)
def test_what_is_no_config_at_all_is_refused_without_its_words(given: Any, words: str) -> None:
    with pytest.raises(OptionError, match=r"^serve_config: ") as refused:
        _spec(serve_config=given)
    assert words in refused.value.message
    assert SECRET not in refused.value.message


def test_the_raw_spec_is_laid_over_and_typed() -> None:
    raw = {"serviceUnhealthySecondThreshold": "9", "rayClusterConfig": {"headGroupSpec": {"enableIngress": "yes"}}}
    spec = _spec(cluster={"image": IMAGE}, spec=raw)
    assert spec["serviceUnhealthySecondThreshold"] == 9
    assert spec["rayClusterConfig"]["headGroupSpec"]["enableIngress"] is True
    assert spec["rayClusterConfig"]["headGroupSpec"]["template"]


def test_a_whole_service_is_a_wish() -> None:
    whole = service()
    assert desired_demo_service(definition=whole)["spec"] == whole["spec"]


def test_a_service_is_waited_for_until_it_serves_unless_it_is_said_otherwise() -> None:
    assert service_options()["wait_for"] == "ready"
