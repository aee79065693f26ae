# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a task's options to the RayCluster that they ask for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

from tests.unit.builders import IMAGE, desired, stored

Json = dict[str, Any]
BIG = {"cpu": "4", "memory": "8", "tolerations": '[{"key": "big", "operator": "Exists"}]'}


def _head(**group: Any) -> Json:
    found: Json = desired(head_group=group)["spec"]["headGroupSpec"]
    return found


def _pod(**group: Any) -> Json:
    pod: Json = _head(**group)["template"]["spec"]
    return pod


def _ray(**group: Any) -> Json:
    container: Json = _pod(**group)["containers"][0]
    return container


def _worker(task: Json, **more: Any) -> Json:
    group: Json = desired(worker_groups=[{"group_name": "w", **task}], **more)["spec"]["workerGroupSpecs"][0]
    return group


def test_a_name_and_an_image_are_a_cluster() -> None:
    container = {"name": "ray-head", "image": IMAGE}
    assert desired() == {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": "demo", "namespace": "ray"},
        "spec": {"headGroupSpec": {"rayStartParams": {}, "template": {"spec": {"containers": [container]}}}},
    }


def test_the_image_of_a_version_is_rays_own() -> None:
    spec = desired(image="", ray_version="2.52.0")["spec"]
    assert spec["rayVersion"] == "2.52.0"
    assert spec["headGroupSpec"]["template"]["spec"]["containers"][0]["image"] == "rayproject/ray:2.52.0"


def test_a_version_that_yaml_may_have_changed_is_refused() -> None:
    with pytest.raises(OptionError, match=r"^ray_version: a number with a fraction"):
        desired(ray_version=2.1)


def test_a_cluster_without_any_image_is_refused_before_it_is_sent() -> None:
    with pytest.raises(OptionError, match=r"^head_group\.image: no image is known"):
        desired(image=None)


def test_options_that_were_left_out_leave_no_trace() -> None:
    empty = desired(
        labels={},
        ray_version="",
        head_group={"image": "", "service_account": None, "resources": {"cpu": ""}, "env": {}, "tolerations": []},
    )
    assert empty == desired()


def test_a_false_and_a_zero_are_said() -> None:
    group = {"group_name": "w", "replicas": 0, "min_replicas": 0}
    spec = desired(suspend=False, enable_in_tree_autoscaling=False, worker_groups=[group])["spec"]
    assert (spec["suspend"], spec["enableInTreeAutoscaling"]) == (False, False)
    assert (spec["workerGroupSpecs"][0]["replicas"], spec["workerGroupSpecs"][0]["minReplicas"]) == (0, 0)


def test_survey_answers_are_numbers_and_truths() -> None:
    task: Json = {"suspend": "yes", "worker_groups": [{"group_name": "w", "replicas": "3", "num_of_hosts": "2"}]}
    spec = desired(**task)["spec"]
    assert spec["suspend"] is True
    assert (spec["workerGroupSpecs"][0]["replicas"], spec["workerGroupSpecs"][0]["numOfHosts"]) == (3, 2)


def test_labels_and_annotations_are_texts() -> None:
    metadata = desired(labels={"a": True, "n": 1}, annotations={"b": None, "c": ""})["metadata"]
    assert (metadata["labels"], metadata["annotations"]) == ({"a": "true", "n": "1"}, {"c": ""})


def test_a_group_image_goes_before_the_clusters() -> None:
    assert _ray(image="mine:1")["image"] == "mine:1"


def test_environment_variables_are_texts_or_sources() -> None:
    source = {"secretKeyRef": {"name": "db", "key": "password", "optional": None}}
    assert _ray(env={"A": True, "B": None, "DB": source})["env"] == [
        {"name": "A", "value": "true"},
        {"name": "B", "value": ""},
        {"name": "DB", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
    ]


@pytest.mark.parametrize("option", ["env", "labels", "annotations", "ray_start_params", "node_selector"])
def test_a_fraction_in_a_text_is_refused_with_its_path(option: str) -> None:
    with pytest.raises(OptionError, match=rf"^worker_groups\[0\]\.{option}\.a: "):
        _worker({option: {"a": 1.5}})


def test_pod_options_go_to_their_fields() -> None:
    toleration = {"key": "gpu", "effect": "NoExecute", "toleration_seconds": 0}
    pod = _pod(service_account="robot", image_pull_secret="pull", node_selector={"z": 1}, tolerations=[toleration])
    assert pod["serviceAccountName"] == "robot"
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert pod["nodeSelector"] == {"z": "1"}
    assert pod["tolerations"] == [{"key": "gpu", "effect": "NoExecute", "tolerationSeconds": 0}]


def test_the_head_has_its_service_and_its_ingress() -> None:
    head = _head(service_type="NodePort", enable_ingress=False)
    assert (head["serviceType"], head["enableIngress"]) == ("NodePort", False)


def test_typed_options_are_laid_over_the_raw_template() -> None:
    raw = {
        "metadata": {"labels": {"a": "raw", "b": "raw"}},
        "spec": {
            "hostNetwork": True,
            "containers": [{"image": "raw", "ports": [{"containerPort": 1}]}, {"name": "side", "image": "s"}],
        },
    }
    template = _head(template=raw, labels={"a": "typed"}, image="typed", env={"A": "1"})["template"]
    assert template["metadata"]["labels"] == {"a": "typed", "b": "raw"}
    ray, side = template["spec"]["containers"]
    assert ray == {
        "name": "ray-head",
        "image": "typed",
        "ports": [{"containerPort": 1}],
        "env": [{"name": "A", "value": "1"}],
    }
    assert side == {"name": "side", "image": "s"}
    assert template["spec"]["hostNetwork"] is True


def test_the_first_container_of_a_raw_template_is_rays_whatever_its_name() -> None:
    assert _ray(template={"spec": {"containers": [{"name": "mine"}]}}) == {"name": "mine", "image": IMAGE}


@pytest.mark.parametrize("second", [{"image": "s"}, {"name": "ray-head", "image": "s"}])
def test_containers_that_cannot_be_told_apart_are_refused_and_not_dropped(second: Json) -> None:
    containers = [{"name": "ray-head"}, second]
    with pytest.raises(OptionError, match=r"^head_group\.template\.spec\.containers: "):
        _head(template={"spec": {"containers": containers}})


def test_raw_spec_goes_before_typed_options_key_by_key() -> None:
    raw = {"workerGroupSpecs": [{"groupName": "b", "replicas": 5}], "headGroupSpec": {"serviceType": "NodePort"}}
    groups = [{"group_name": "a", "replicas": 1}, {"group_name": "b", "replicas": 1, "max_replicas": 9}]
    spec = desired(worker_groups=groups, head_group={"enable_ingress": True}, spec=raw)["spec"]
    assert [(group["groupName"], group["replicas"]) for group in spec["workerGroupSpecs"]] == [("a", 1), ("b", 5)]
    assert spec["workerGroupSpecs"][1]["maxReplicas"] == 9
    assert (spec["headGroupSpec"]["serviceType"], spec["headGroupSpec"]["enableIngress"]) == ("NodePort", True)


@pytest.mark.parametrize("image", [None, IMAGE])
def test_a_raw_head_needs_no_typed_one(image: str | None) -> None:
    head: Json = {"template": {"spec": {"containers": [{"name": "x", "image": "y"}]}}}
    spec = desired(image=image, spec={"headGroupSpec": head})["spec"]
    assert spec == {"headGroupSpec": {"rayStartParams": {}, **head}}


def test_a_raw_head_without_a_pod_gets_the_typed_one_underneath() -> None:
    head = desired(spec={"headGroupSpec": {"serviceType": "NodePort"}})["spec"]["headGroupSpec"]
    assert head == {**desired()["spec"]["headGroupSpec"], "serviceType": "NodePort"}


def test_a_raw_sidecar_stands_beside_the_container_of_a_typed_head() -> None:
    side = {"name": "side", "image": "s"}
    raw = {"headGroupSpec": {"template": {"spec": {"containers": [side]}}}}
    head = desired(head_group={}, spec=raw)["spec"]["headGroupSpec"]
    assert head["template"]["spec"]["containers"] == [{"name": "ray-head", "image": IMAGE}, side]


def test_an_image_may_come_from_the_raw_spec() -> None:
    raw = {"workerGroupSpecs": [{"groupName": "w", "template": {"spec": {"containers": [{"name": "c"}]}}}]}
    with pytest.raises(OptionError, match=r"^worker_groups\[0\]\.image: no image is known"):
        desired(spec=raw)
    raw["workerGroupSpecs"][0]["template"]["spec"]["containers"][0]["image"] = "i"
    assert desired(spec=raw)["spec"]["workerGroupSpecs"] == raw["workerGroupSpecs"]


@pytest.mark.parametrize(
    ("task", "path"),
    [
        ({"head_group": {"template": {"spec": "x"}}}, "head_group.template.spec: a mapping"),
        ({"head_group": {"template": {"spec": {"containers": ["x"]}}}}, "head_group.template.spec.containers[0]: a"),
        ({"spec": {"workerGroupSpecs": "x"}}, "spec.workerGroupSpecs: a list"),
        ({"spec": {"workerGroupSpecs": ["x"]}}, "spec.workerGroupSpecs[0]: a mapping"),
        ({"spec": {"workerGroupSpecs": {"a": 1}}}, "spec.workerGroupSpecs: a list"),
        ({"spec": {"headGroupSpec": "x"}}, "spec.headGroupSpec: a mapping"),
        ({"spec": {"upgradeStrategy": "Recreate"}}, "spec.upgradeStrategy: a mapping"),
        ({"head_group": {"env": {"A": {"resourceFieldRef": "x"}}}}, "head_group.env.A.resourceFieldRef: a mapping"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_path(task: Json, path: str) -> None:
    with pytest.raises(OptionError, match=f"^{re.escape(path)}"):
        desired(**task)


def test_an_empty_text_in_a_label_or_a_selector_is_said_in_every_way() -> None:
    empty = {"gpu": ""}
    raw = {"metadata": {"labels": empty}, "spec": {"nodeSelector": empty}}
    ways: list[Json] = [
        {"head_group": {"labels": empty, "node_selector": empty, "ray_start_params": empty}},
        {"head_group": {"template": raw, "ray_start_params": empty}},
        {"spec": {"headGroupSpec": {"template": raw, "rayStartParams": empty}}},
    ]
    for task in ways:
        head = desired(**task)["spec"]["headGroupSpec"]
        assert head["rayStartParams"] == empty
        assert head["template"]["metadata"]["labels"] == empty
        assert head["template"]["spec"]["nodeSelector"] == empty


def test_a_raw_empty_block_is_kept() -> None:
    assert desired(spec={"authOptions": {}, "autoscalerOptions": {"env": None}})["spec"]["authOptions"] == {}


def test_a_compute_template_sizes_the_ray_container_and_names_itself() -> None:
    own = [{"key": "own"}]
    group = _worker({"compute_template": "big", "tolerations": own}, templates={"big": BIG})
    pod = group["template"]
    assert pod["metadata"]["annotations"] == {"ray.io/compute-template": "big"}
    assert pod["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "4", "memory": "8Gi"}
    assert pod["spec"]["tolerations"] == [{"key": "big", "operator": "Exists"}, {"key": "own"}]


def test_a_group_keeps_the_copy_of_the_template_that_it_was_made_from() -> None:
    task: Json = {"compute_template": "big", "tolerations": [{"key": "own"}]}
    first = desired(worker_groups=[{"group_name": "w", **task}], templates={"big": BIG})
    # No template can be read now: a KeyError would tell that one was asked for.
    assert _worker(task, live=stored(first)) == first["spec"]["workerGroupSpecs"][0]


def test_the_copy_of_a_template_is_told_from_what_the_task_and_others_add() -> None:
    task: Json = {"compute_template": "big", "tolerations": [{"key": "own"}]}
    live = stored(desired(worker_groups=[{"group_name": "w", **task}], templates={"big": BIG}))
    live["spec"]["workerGroupSpecs"][0]["template"]["spec"]["tolerations"].append({"key": "kueues"})
    own = [{"key": "new"}, {"key": "own"}, {"key": "big", "operator": "Exists"}]
    group = _worker({**task, "tolerations": own}, live=live)
    assert group["template"]["spec"]["tolerations"] == own
    assert _worker(task, live=live)["template"]["spec"]["tolerations"] == [
        {"key": "big", "operator": "Exists"},
        {"key": "own"},
    ]


def test_another_template_is_expanded_again() -> None:
    first = desired(worker_groups=[{"group_name": "w", "compute_template": "big"}], templates={"big": BIG})
    small = {"cpu": "1", "memory": "1"}
    group = _worker({"compute_template": "small"}, live=stored(first), templates={"small": small})
    assert group["template"]["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "1", "memory": "1Gi"}
    assert "tolerations" not in group["template"]["spec"]


def test_a_compute_template_excludes_resources() -> None:
    with pytest.raises(OptionError, match=r"^worker_groups\[0\]: compute_template and resources"):
        _worker({"compute_template": "big", "resources": {"cpu": 1}})
