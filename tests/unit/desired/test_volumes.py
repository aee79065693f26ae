# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The six kinds of volumes, as pod volumes and mounts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.volumes import pod_volume, volume_mount
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

Json = dict[str, Any]
KINDS: list[tuple[Json, Json]] = [
    (
        {"volume_type": "persistent_volume_claim", "source": "c", "read_only": True},
        {"persistentVolumeClaim": {"claimName": "c", "readOnly": True}},
    ),
    ({"volume_type": "host_path", "source": "/a"}, {"hostPath": {"path": "/a", "type": "Directory"}}),
    (
        {"volume_type": "host_path", "source": "/a", "host_path_type": "file"},
        {"hostPath": {"path": "/a", "type": "File"}},
    ),
    (
        {"volume_type": "ephemeral", "storage": "10Gi", "storage_class_name": "fast", "access_mode": "RWX"},
        {
            "ephemeral": {
                "volumeClaimTemplate": {
                    "spec": {
                        "accessModes": ["ReadWriteMany"],
                        "resources": {"requests": {"storage": "10Gi"}},
                        "storageClassName": "fast",
                    }
                }
            }
        },
    ),
    (
        {"volume_type": "configmap", "source": "m", "items": {"key": "file"}},
        {"configMap": {"name": "m", "items": [{"key": "key", "path": "file"}]}},
    ),
    ({"volume_type": "secret", "source": "s"}, {"secret": {"secretName": "s"}}),
    ({"volume_type": "empty_dir"}, {"emptyDir": {}}),
    ({"volume_type": "empty_dir", "storage": "1Gi"}, {"emptyDir": {"sizeLimit": "1Gi"}}),
]


@pytest.mark.parametrize(("options", "expected"), KINDS)
def test_each_kind_becomes_a_pod_volume(options: Json, expected: Json) -> None:
    assert pod_volume({"name": "v", **options}, "volumes[0]") == {"name": "v", **expected}


@pytest.mark.parametrize(
    ("kind", "option"), [("persistent_volume_claim", "source"), ("secret", "source"), ("ephemeral", "storage")]
)
def test_what_a_kind_needs_is_asked_for_by_its_option(kind: str, option: str) -> None:
    with pytest.raises(OptionError, match=rf"^volumes\[0\]\.{option}: "):
        pod_volume({"name": "v", "volume_type": kind}, "volumes[0]")


def test_a_size_needs_a_unit() -> None:
    with pytest.raises(OptionError, match=r"^volumes\[0\]\.storage: .*unit"):
        pod_volume({"name": "v", "volume_type": "empty_dir", "storage": "10"}, "volumes[0]")


def test_a_mount_says_no_more_than_was_said() -> None:
    assert volume_mount({"name": "v", "mount_path": "/v", "read_only": None}) == {"name": "v", "mountPath": "/v"}
    told = volume_mount(
        {"name": "v", "mount_path": "/v", "read_only": False, "mount_propagation_mode": "host_to_container"}
    )
    assert told == {"name": "v", "mountPath": "/v", "readOnly": False, "mountPropagation": "HostToContainer"}
