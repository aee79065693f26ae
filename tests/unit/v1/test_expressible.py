# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V1 cannot say or not keep: found wherever it comes from, with its option, its path and the reason."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, CRON_JOB, JOB, SERVICE, TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import FIRST, release
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.expressible import (
    Problem,
    ensure_expressible,
    inexpressible,
)
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit import templates
from tests.unit.v1.server import Dead, Refused, sent_and_back
from tests.unit.v1.tasks import HEAD, TEMPLATES, WORKER, base, message, wish, with_option

Json = dict[str, Any]
_POD = "spec.headGroupSpec.template.spec"
_RAY = f"{_POD}.containers[ray-head]"


def _found(kind: Kind, *options: tuple[str, Any]) -> list[Problem]:
    task = base(kind)
    for option, value in options:
        task = with_option(task, option, value)
    return inexpressible(kind, wish(kind, task), TEMPLATES)


def _volume(kind: str, **more: Any) -> list[Json]:
    return [{"name": "v", "mount_path": "/v", "volume_type": kind, **more}]


def _pod(**spec: Any) -> Json:
    return {"spec": {"containers": [{"name": "ray-head"}], **spec}}


def _ray(**container: Any) -> Json:
    return {"spec": {"containers": [{"name": "ray-head", **container}]}}


# The option that is set, its value, and the path, the option that is named, and a word of the reason.
REFUSED: tuple[tuple[Kind, str, Any, str, str, str], ...] = (
    (CLUSTER, "suspend", True, "spec.suspend", "suspend", "no field"),
    (CLUSTER, "labels", {"team": "a"}, "metadata.labels.team", "labels", "no field"),
    (CLUSTER, "labels", {"ray.io/user": "a b"}, "metadata.labels['ray.io/user']", "labels", "label"),
    (CLUSTER, "ray_version", "2.9+cu", "spec.rayVersion", "ray_version", "label"),
    (CLUSTER, "managed_by", "kueue.x-k8s.io/multikueue", "spec.managedBy", "managed_by", "no field"),
    (CLUSTER, "upgrade_strategy", {"type": "Recreate"}, "spec.upgradeStrategy", "upgrade_strategy", "no field"),
    (CLUSTER, "auth_options", {"mode": "token"}, "spec.authOptions", "auth_options", "no field"),
    (CLUSTER, "spec", {"authOptions": {}}, "spec.authOptions", "auth_options", "no field"),
    (
        CLUSTER,
        "gcs_fault_tolerance_options",
        {"redis_address": "r:6379"},
        "spec.gcsFaultToleranceOptions",
        "gcs_fault_tolerance_options",
        "no field",
    ),
    (CLUSTER, "spec", {"networkPolicy": {"mode": "DenyAll"}}, "spec.networkPolicy", "spec", "no field"),
    (CLUSTER, "autoscaler_options", {"image": "a"}, "spec.autoscalerOptions", "autoscaler_options", "true"),
    (CLUSTER, "head_group.node_selector", {"a": "b"}, f"{_POD}.nodeSelector.a", "head_group.node_selector", "no field"),
    (
        CLUSTER,
        "head_group.tolerations",
        [{"key": "k", "operator": "Exists"}],
        f"{_POD}.tolerations[k/Exists//]",
        "head_group.tolerations[k/Exists//]",
        "template",
    ),
    (CLUSTER, "head_group.env_from", [{"secret": "s"}], f"{_RAY}.envFrom", "head_group.env_from", "no field"),
    (CLUSTER, "head_group.env", {"MY_POD_IP": "1"}, f"{_RAY}.env[MY_POD_IP]", "head_group.env", "itself"),
    (
        CLUSTER,
        "head_group.env",
        {"A": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}},
        f"{_RAY}.env[A].valueFrom.secretKeyRef.optional",
        "head_group.env",
        "no field",
    ),
    (
        CLUSTER,
        "head_group.template",
        _ray(env=[{"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]),
        f"{_RAY}.env[A]",
        "head_group.env",
        "no field",
    ),
    (CLUSTER, "head_group.service_account", "a", f"{_POD}.serviceAccountName", "head_group.service_account", "one"),
    (
        CLUSTER,
        "head_group.image_pull_secret",
        "a",
        f"{_POD}.imagePullSecrets[a]",
        "head_group.image_pull_secret",
        "more than one character",
    ),
    (
        CLUSTER,
        "head_group.image_pull_policy",
        "Never",
        f"{_RAY}.imagePullPolicy",
        "head_group.image_pull_policy",
        "Always",
    ),
    (
        CLUSTER,
        "head_group.security_context",
        {"runAsUser": 0, "privileged": True},
        f"{_RAY}.securityContext.runAsUser",
        "head_group.security_context",
        "no field",
    ),
    (
        CLUSTER,
        "head_group.volumes",
        _volume("secret", source="s", items={"a": "b"}),
        f"{_POD}.volumes[v].secret.items",
        "head_group.volumes[v]",
        "server ends",
    ),
    (
        CLUSTER,
        "head_group.template",
        _pod(volumes=[{"name": "v", "emptyDir": {}}]),
        f"{_POD}.volumes[v]",
        "head_group.volumes[v]",
        "without a mount",
    ),
    (CLUSTER, "head_group.template", _pod(hostNetwork=True), f"{_POD}.hostNetwork", "head_group.template", "no field"),
    (
        CLUSTER,
        "head_group.template",
        _pod(automountServiceAccountToken=False),
        f"{_POD}.automountServiceAccountToken",
        "head_group.template",
        "no field",
    ),
    (
        CLUSTER,
        "head_group.template",
        {"spec": {"containers": [{"name": "ray-head"}, {"name": "side", "image": "s"}]}},
        f"{_POD}.containers[side]",
        "head_group.template",
        "Ray's own",
    ),
    (
        CLUSTER,
        "head_group.template",
        {"spec": {"containers": [{"name": "mine"}]}},
        f"{_POD}.containers[mine].name",
        "head_group.template",
        "ray-head",
    ),
    (
        CLUSTER,
        "head_group.template",
        _ray(resources={"limits": {"ephemeral-storage": "1Gi"}}),
        f"{_RAY}.resources",
        "head_group.resources",
        "template",
    ),
    (CLUSTER, "head_group.template", _ray(args=["x"]), f"{_RAY}.args", "head_group.template", "no field"),
    (
        CLUSTER,
        "head_group.template",
        {
            "spec": {
                "containers": [{"name": "ray-head", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}],
                "volumes": [{"name": "v", "hostPath": {"path": "/h"}}],
            }
        },
        f"{_POD}.volumes[v].hostPath.type",
        "head_group.volumes[v]",
        "Directory",
    ),
    (
        CLUSTER,
        "head_group.annotations",
        {"ray.io/compute-image": "other"},
        "spec.headGroupSpec.template.metadata.annotations['ray.io/compute-image']",
        "head_group.annotations",
        "image",
    ),
    (
        CLUSTER,
        "head_group",
        {"ray_start_params": {"a": "b"}, "resources": {"cpu": 1}},
        "spec.headGroupSpec.template.metadata.annotations['ray.io/compute-template']",
        "head_group.compute_template",
        "compute template",
    ),
    (
        CLUSTER,
        "head_group",
        {"ray_start_params": {"a": "b"}, "resources": {"cpu": 1}},
        f"{_RAY}.resources",
        "head_group.resources",
        "compute template",
    ),
    (
        CLUSTER,
        "head_group",
        {"compute_template": "small"},
        "spec.headGroupSpec.rayStartParams",
        "head_group.ray_start_params",
        "dashboard-host",
    ),
    (
        CLUSTER,
        "worker_groups",
        [{**WORKER, "max_replicas": 0}],
        "spec.workerGroupSpecs[one].maxReplicas",
        "worker_groups[one].max_replicas",
        "0 workers",
    ),
    (
        CLUSTER,
        "worker_groups",
        [{**WORKER, "min_replicas": 4}],
        "spec.workerGroupSpecs[one].minReplicas",
        "worker_groups[one].min_replicas",
        "more than the 3",
    ),
    (
        CLUSTER,
        "worker_groups",
        [{**WORKER, "num_of_hosts": 2}],
        "spec.workerGroupSpecs[one].numOfHosts",
        "worker_groups[one].num_of_hosts",
        "no field",
    ),
    (JOB, "suspend", True, "spec.suspend", "suspend", "no field"),
    (JOB, "annotations", {"a": "b"}, "metadata.annotations.a", "annotations", "metadata"),
    (JOB, "metadata", {"a b": "c"}, "spec.metadata['a b']", "metadata", "annotation"),
    (JOB, "entrypoint_num_gpus", 1, "spec.entrypointNumGpus", "entrypoint_num_gpus", "stores it nowhere"),
    (JOB, "submission_mode", "HTTPMode", "spec.submissionMode", "submission_mode", "no field"),
    (JOB, "backoff_limit", 2, "spec.backoffLimit", "backoff_limit", "no field"),
    (JOB, "deletion_strategy", {"on_success": "DeleteSelf"}, "spec.deletionStrategy", "deletion_strategy", "no field"),
    (JOB, "submitter_config", {"backoff_limit": 1}, "spec.submitterConfig", "submitter_config", "no field"),
    (
        JOB,
        "submitter_pod_template",
        {"spec": {"containers": [{"name": "ray-job-submitter", "image": "s", "command": ["x"]}]}},
        "spec.submitterPodTemplate.spec.containers[ray-job-submitter].command",
        "submitter_pod_template",
        "image",
    ),
    (
        JOB,
        "cluster.head_group.node_selector",
        {"a": "b"},
        "spec.rayClusterSpec.headGroupSpec.template.spec.nodeSelector.a",
        "cluster.head_group.node_selector",
        "no field",
    ),
    (SERVICE, "labels", {"a": "b"}, "metadata.labels.a", "labels", "no field"),
    (SERVICE, "annotations", {"a": "b"}, "metadata.annotations.a", "annotations", "no annotations"),
    (SERVICE, "suspend", True, "spec.suspend", "suspend", "no field"),
    (
        SERVICE,
        "upgrade_strategy",
        {"type": "None"},
        "spec.upgradeStrategy",
        "upgrade_strategy",
        "no field",
    ),
    (
        SERVICE,
        "exclude_head_pod_from_serve_svc",
        True,
        "spec.excludeHeadPodFromServeSvc",
        "exclude_head_pod_from_serve_svc",
        "no field",
    ),
    (
        SERVICE,
        "ray_cluster_deletion_delay_seconds",
        0,
        "spec.rayClusterDeletionDelaySeconds",
        "ray_cluster_deletion_delay_seconds",
        "no field",
    ),
    (SERVICE, "serve_service", {"metadata": {"name": "x"}}, "spec.serveService", "serve_service", "no field"),
    (SERVICE, "serve_config", "", "spec.serveConfigV2", "serve_config", "without one"),
)


@pytest.mark.parametrize(("kind", "option", "value", "path", "named", "word"), REFUSED)
def test_what_v1_cannot_do_is_refused(kind: Kind, option: str, value: Any, path: str, named: str, word: str) -> None:
    found = {problem.path: problem for problem in _found(kind, (option, value)) if problem.refused}
    assert path in found, sorted(found)
    problem = found[path]
    assert problem.option == named
    assert word in problem.reason
    assert problem.transports == ("kubernetes", "apiserver_v2")


# What is taken and does not come back, and what the server adds.
WARNED: tuple[tuple[Kind, tuple[tuple[str, Any], ...], str, str], ...] = (
    (
        CLUSTER,
        (("worker_groups", [{**WORKER, "min_replicas": 0}]), ("enable_in_tree_autoscaling", True)),
        "spec.workerGroupSpecs[one].minReplicas",
        "worker_groups[one].min_replicas",
    ),
    (JOB, (("active_deadline_seconds", 60),), "spec.activeDeadlineSeconds", "active_deadline_seconds"),
    (CLUSTER, (("head_group.env", {"RAY_PORT": "1"}),), f"{_RAY}.env", "head_group.env"),
    (
        CLUSTER,
        (("head_group.labels", {"ray.io/group": "x", "a": "b"}),),
        "spec.headGroupSpec.template.metadata.labels['ray.io/group']",
        "head_group.labels",
    ),
    (
        CLUSTER,
        (("head_group.annotations", {"ray.io/ft-enabled": "true"}),),
        "spec.headGroupSpec.template.metadata.annotations['ray.io/ft-enabled']",
        "head_group.annotations",
    ),
    (
        CLUSTER,
        (("head_group.volumes", _volume("secret", source="s", read_only=True)),),
        f"{_RAY}.volumeMounts[/v].readOnly",
        "head_group.volumes[/v]",
    ),
    (
        CLUSTER,
        (("head_group.volumes", _volume("empty_dir", mount_propagation_mode="bidirectional")),),
        f"{_RAY}.volumeMounts[/v].mountPropagation",
        "head_group.volumes[/v]",
    ),
    (
        CLUSTER,
        (("enable_in_tree_autoscaling", True),),
        "spec.workerGroupSpecs[one].minReplicas",
        "worker_groups[one].min_replicas",
    ),
    (
        CLUSTER,
        (
            ("enable_in_tree_autoscaling", True),
            ("worker_groups", [{**WORKER, "min_replicas": 1}]),
            ("autoscaler_options", {"resources": {"cpu": 1}}),
        ),
        "spec.autoscalerOptions.resources.limits.memory",
        "autoscaler_options.resources",
    ),
)


@pytest.mark.parametrize(("kind", "options", "path", "named"), WARNED)
def test_what_v1_does_not_tell_again_is_warned_about(
    kind: Kind, options: tuple[tuple[str, Any], ...], path: str, named: str
) -> None:
    found = _found(kind, *options)
    assert [(one.path, one.option, one.refused) for one in found] == [(path, named, False)]
    task = base(kind)
    for option, value in options:
        task = with_option(task, option, value)
    assert ensure_expressible(kind, wish(kind, task), TEMPLATES) == [str(found[0])]


def test_the_refusal_names_every_option_and_who_can_do_it() -> None:
    task = with_option(with_option(base(CLUSTER), "suspend", True), "head_group.node_selector", {"a": "b"})
    with pytest.raises(OptionError) as caught:
        ensure_expressible(CLUSTER, wish(CLUSTER, task), TEMPLATES)
    told = caught.value.message
    for words in ("suspend: ", "head_group.node_selector (", "api: kubernetes or apiserver_v2"):
        assert words in told
    assert {one["path"] for one in caught.value.details} == {"spec.suspend", f"{_POD}.nodeSelector.a"}


@pytest.mark.parametrize("kind", [CLUSTER, JOB, SERVICE])
def test_the_least_task_is_done_without_a_word(kind: Kind) -> None:
    assert ensure_expressible(kind, wish(kind, base(kind)), TEMPLATES) == []


@pytest.mark.parametrize("kind", [CLUSTER, JOB, SERVICE])
def test_what_says_the_same_as_nothing_is_not_refused(kind: Kind) -> None:
    spec: Json = {"suspend": False, "managedBy": "ray.io/kuberay-operator"}
    spec |= {"submissionMode": "K8sJobMode", "backoffLimit": 0} if kind is JOB else {}
    spec |= {"upgradeStrategy": {"type": "NewCluster"}} if kind is SERVICE else {}
    resource = wish(kind, base(kind))
    resource["spec"].update(spec)
    resource["metadata"]["labels"] = {
        "app.kubernetes.io/name": "kuberay",
        "app.kubernetes.io/managed-by": "kuberay-apiserver",
        **({} if kind is SERVICE else {"ray.io/cluster-name": "demo"}),
    }
    assert inexpressible(kind, resource, TEMPLATES) == []


def test_metadata_that_v1_copies_into_annotations_is_its_own() -> None:
    task = {**base(JOB), "metadata": {"a": "b"}, "annotations": {"a": "b"}}
    assert inexpressible(JOB, wish(JOB, task)) == []


def test_without_its_templates_a_wish_is_believed_to_be_sized_by_them() -> None:
    task = with_option(base(CLUSTER), "head_group.tolerations", [{"key": "k", "operator": "Exists"}])
    assert inexpressible(CLUSTER, wish(CLUSTER, task)) == []
    assert inexpressible(CLUSTER, wish(CLUSTER, task), TEMPLATES) != []


def test_tolerations_and_amounts_of_the_template_are_its_own() -> None:
    task = with_option(base(CLUSTER), "head_group.compute_template", "big")
    assert inexpressible(CLUSTER, wish(CLUSTER, task), TEMPLATES) == []


def test_a_cluster_without_a_head_is_never_sent() -> None:
    resource = wish(JOB, {**base(JOB), "cluster_selector": {"ray.io/cluster": "a"}})
    del resource["spec"]["rayClusterSpec"]["headGroupSpec"]
    assert "spec.rayClusterSpec.headGroupSpec" in [one.path for one in inexpressible(JOB, resource) if one.refused]
    with pytest.raises(Dead):
        sent_and_back(JOB, to_message(JOB, resource))


def test_a_kind_that_v1_does_not_have_is_refused() -> None:
    with pytest.raises(OptionError, match="RayCronJob"):
        to_message(CRON_JOB, {})
    with pytest.raises(OptionError, match="apiserver_v2"):
        to_resource(CRON_JOB, {})


@pytest.mark.parametrize(
    "options",
    [
        (("head_group", {"compute_template": "small"}),),
        (("head_group", {**HEAD, "env": {"MY_POD_IP": "1"}}),),
        (("worker_groups", [{**WORKER, "max_replicas": 0}]),),
        (("labels", {"ray.io/user": "a b"}),),
        (("ray_version", "2.9+cu"),),
    ],
)
def test_the_server_would_refuse_what_is_refused(options: tuple[tuple[str, Any], ...]) -> None:
    task = base(CLUSTER)
    for option, value in options:
        task = with_option(task, option, value)
    resource = wish(CLUSTER, task)
    with pytest.raises(OptionError):
        ensure_expressible(CLUSTER, resource, TEMPLATES)
    said = to_message(CLUSTER, resource)
    head = said["clusterSpec"]["headGroupSpec"]
    head.setdefault("environment", {}).setdefault("values", {}).update(
        {one["name"]: one["value"] for one in _variables(resource) if one["name"] == "MY_POD_IP"}
    )
    with pytest.raises(Refused):
        sent_and_back(CLUSTER, said)


def _variables(resource: Json) -> list[Json]:
    container = resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    return list(container.get("env") or [])


@pytest.mark.parametrize(
    ("kind", "option", "value", "since", "path"),
    [
        (CLUSTER, "head_group.image_pull_policy", "Always", "1.2", f"{_RAY}.imagePullPolicy"),
        (CLUSTER, "head_group.security_context", {"privileged": True}, "1.3", f"{_RAY}.securityContext.privileged"),
        (CLUSTER, "head_service_annotations", {"a": "b"}, "1.4", "spec.headServiceAnnotations.a"),
        (CLUSTER, "enable_in_tree_autoscaling", True, "1.1", "spec.enableInTreeAutoscaling"),
        (JOB, "active_deadline_seconds", 5, "1.4", "spec.activeDeadlineSeconds"),
    ],
)
def test_what_an_older_server_does_not_know_is_refused(
    kind: Kind, option: str, value: Any, since: str, path: str
) -> None:
    resource = wish(kind, with_option(base(kind), option, value))
    before = f"1.{int(since.partition('.')[2]) - 1}"
    (problem,) = [one for one in inexpressible(kind, resource, TEMPLATES, release(before)) if one.refused]
    assert problem.path == path
    assert problem.reason == f"V1 has it since KubeRay {since}.0, this one is {before}.0"
    for version in (release(since), None):
        assert [one for one in inexpressible(kind, resource, TEMPLATES, version) if one.refused] == []


def test_a_template_of_an_older_server_has_no_unit_and_no_extended_resources() -> None:
    assert inexpressible(TEMPLATE, templates.desired(), None, release("1.0")) == []
    found = inexpressible(TEMPLATE, templates.desired(memory_unit="Mi", extended_resources={"a/b": 1}), None, FIRST)
    assert [(one.path, one.option) for one in found] == [
        ("data.memory_unit", "memory_unit"),
        ("data.extended_resources", "extended_resources"),
    ]


def test_a_job_on_a_cluster_that_is_there_needs_no_cluster() -> None:
    task = {"entrypoint": "true", "cluster_selector": {"ray.io/cluster": "a"}}
    resource = wish(JOB, task)
    assert inexpressible(JOB, resource, TEMPLATES) == []
    said = to_message(JOB, resource)
    assert "clusterSpec" not in said
    assert same(JOB, sent_and_back(JOB, said), said) == []


def test_labels_and_annotations_of_a_template_have_no_place() -> None:
    assert inexpressible(TEMPLATE, templates.desired()) == []
    found = inexpressible(TEMPLATE, templates.desired(labels={"a": "b"}, annotations={"c": "d"}))
    assert [(one.path, one.option) for one in found] == [
        ("metadata.labels.a", "labels"),
        ("metadata.annotations.c", "annotations"),
    ]


def test_a_message_is_made_of_what_can_be_said_all_the_same() -> None:
    task = with_option(base(CLUSTER), "suspend", True)
    assert to_message(CLUSTER, wish(CLUSTER, task)) == message(CLUSTER, base(CLUSTER))
