# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every typed option at once: taken by the server, unchanged by a second run, and gone when it is no longer said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.modules.room import Stage
from tests.integration.modules.words import IMAGE, SIZE, VERSION, group, manage, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
VOLUMES: list[Json] = [
    {"name": "claim", "mount_path": "/claim", "volume_type": "persistent_volume_claim", "source": "claim"},
    {"name": "host", "mount_path": "/host", "volume_type": "host_path", "source": "/tmp", "read_only": True},
    {"name": "own", "mount_path": "/own", "volume_type": "ephemeral", "storage": "1Gi", "access_mode": "RWX"},
    {"name": "map", "mount_path": "/map", "volume_type": "configmap", "source": "m", "items": {"a": "b"}},
    {"name": "secret", "mount_path": "/secret", "volume_type": "secret", "source": "s"},
    {"name": "scratch", "mount_path": "/scratch", "volume_type": "empty_dir", "storage": "1Gi"},
]
GROUP: Json = {
    "image": IMAGE,
    "image_pull_policy": "IfNotPresent",
    "image_pull_secret": "pull",
    "ray_start_params": {"num-cpus": 0, "block": True},
    "env": {"PLAIN": "1", "FROM": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}, "EMPTY": ""},
    "env_from": [{"config_map": "m", "prefix": "M_"}, {"secret": "s"}],
    "volumes": VOLUMES,
    "security_context": {"privileged": False, "runAsUser": 0, "capabilities": {"add": ["NET_ADMIN"]}},
    "service_account": "default",
    "node_selector": {"kubernetes.io/os": "linux"},
    "tolerations": [{"key": "k", "operator": "Exists", "effect": "NoExecute", "toleration_seconds": 60}],
    "labels": {"team": "vision", "empty": ""},
    "annotations": {"note": "1"},
    "template": {"spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "ray", "tty": False}]}},
}
ALL: Json = {
    "labels": {"team": "vision"},
    "annotations": {"note": "yes"},
    "enable_in_tree_autoscaling": True,
    "autoscaler_options": {
        "version": "v2",
        "idle_timeout_seconds": 90,
        "upscaling_mode": "Conservative",
        "image_pull_policy": "IfNotPresent",
        "resources": {"cpu": "1000m", "memory": "512Mi"},
        "env": {"A": "b"},
        "env_from": [{"secret": "s"}],
        "security_context": {"runAsNonRoot": False},
    },
    "head_service_annotations": {"a": "b"},
    "gcs_fault_tolerance_options": {
        "redis_address": "redis:6379",
        "redis_password": {"valueFrom": {"secretKeyRef": {"name": "redis", "key": "password"}}},
        "external_storage_namespace": "here",
    },
    "auth_options": {"mode": "disabled"},
    "upgrade_strategy": {"type": "None"},
    "managed_by": "ray.io/kuberay-operator",
    "image": IMAGE,
    "ray_version": VERSION,
    "head_group": {**GROUP, "resources": SIZE, "service_type": "NodePort", "enable_ingress": False},
    "worker_groups": [{**group("all", 1, num_of_hosts=2), **GROUP}],
    "spec": {"workerGroupSpecs": [{"groupName": "all", "idleTimeoutSeconds": 30}]},
}


@pytest.fixture(scope="module")
def life(stage: Stage, way: str) -> Run:
    """Set, unchanged, and back to the least, which is then unchanged too."""
    name = f"all-{way.split()[0]}"
    least = {**wish(group("all")), "managed_by": "ray.io/kuberay-operator"}
    return stage.succeed(
        manage("set", name, wait=False, **ALL),
        manage("set again", name, wait=False, **ALL),
        manage("withdraw", name, wait=False, **least),
        manage("withdraw again", name, wait=False, **least),
        manage("delete", name, state="absent", wait=False),
        way=way,
    )


def test_every_option_is_taken_and_a_second_run_changes_nothing(life: Run) -> None:
    assert life["set"]["action"] == "create"
    assert life["set again"]["reasons"] == []
    assert life["set again"]["changed"] is False


def test_what_is_no_longer_said_is_gone(life: Run) -> None:
    assert life["withdraw"]["action"] == "patch"
    left = life["withdraw"]["resource"]["spec"]
    for field in ("autoscalerOptions", "gcsFaultToleranceOptions", "authOptions", "upgradeStrategy"):
        assert not left.get(field), field
    for one in (left["headGroupSpec"], left["workerGroupSpecs"][0]):
        pod = one["template"]["spec"]
        assert not {"volumes", "tolerations", "nodeSelector", "serviceAccountName"} & set(pod)
        assert not {"env", "envFrom", "volumeMounts", "securityContext"} & set(pod["containers"][0])
    assert life["withdraw again"]["reasons"] == []
