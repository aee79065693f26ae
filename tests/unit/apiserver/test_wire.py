# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's APIServer: what comes in over the wire and goes out again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.apiserver.messages import (
    CLUSTER,
    COMPUTE_TEMPLATE,
    HEAD_GROUP_SPEC,
    JOB,
    SERVICE,
    SUBMISSION_INFO,
    VOLUME,
)
from tests.lab.apiserver.releases import LATEST, Release, base
from tests.lab.apiserver.wire import Malformed, Message, camel

OLD = Release.of("0.6.0")
# (message, what comes, what goes out again)
ROUND = (
    (VOLUME, {"mount_path": "/a", "volumeType": "EMPTY_DIR"}, {"mountPath": "/a", "volumeType": 5}),
    (VOLUME, {"mountPath": "/a", "volumeType": 0, "readOnly": False, "items": {}}, {"mountPath": "/a"}),
    (VOLUME, {"volumeType": "CEPH", "name": None, "colour": "red"}, {}),
    (VOLUME, {"volume_type": 2, "accessMode": 1.0}, {"volumeType": 2, "accessMode": 1}),
    (CLUSTER, {"cluster_spec": {}, "environment": "PRODUCTION"}, {"environment": 3, "clusterSpec": {}}),
    (COMPUTE_TEMPLATE, {"cpu": "4", "memory": 8.0, "gpu": 0, "memory_unit": ""}, {"cpu": 4, "memory": 8}),
    (HEAD_GROUP_SPEC, {"security_context": {"privileged": False}}, {"securityContext": {"privileged": False}}),
    (SERVICE, {"serve_config_V2": "a: b", "serveConfigV2": None}, {"serveConfigV2": "a: b"}),
    (SUBMISSION_INFO, {"start_time": 1700000000000, "endTime": "5"}, {"startTime": "1700000000000", "endTime": "5"}),
    (JOB, {"entrypointNumCpus": 0.5, "entrypointNumGpus": 2}, {"entrypointNumCpus": 0.5, "entrypointNumGpus": 2}),
)
BAD = (
    (CLUSTER, {"name": 5}, "string field name: 5"),
    (CLUSTER, {"clusterSpec": []}, "unexpected token"),
    (COMPUTE_TEMPLATE, {"cpu": -1}, "uint32 field cpu: -1"),
    (COMPUTE_TEMPLATE, {"cpu": 1.5}, "uint32 field cpu: 1.5"),
    (COMPUTE_TEMPLATE, {"cpu": " 1"}, "uint32 field cpu"),
    (COMPUTE_TEMPLATE, {"cpu": True}, "uint32 field cpu: true"),
    (COMPUTE_TEMPLATE, {"memory": 2**32}, "uint32 field memory"),
    (VOLUME, {"readOnly": "true"}, "bool field readOnly"),
    (VOLUME, {"mountPath": "/a", "mount_path": "/a"}, "duplicate field"),
    (CLUSTER, {"annotations": {"a": None}}, "null"),
)


@pytest.mark.parametrize(("message", "given", "told"), ROUND)
def test_round(message: Message, given: dict[str, Any], told: dict[str, Any]) -> None:
    assert message.write(message.read(given, LATEST), LATEST) == told


@pytest.mark.parametrize(("message", "given", "words"), BAD)
def test_what_cannot_be_read(message: Message, given: dict[str, Any], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        message.read(given, LATEST)


def test_what_a_release_does_not_know_is_not_there() -> None:
    given = {"name": "t", "memoryUnit": "Mi", "extendedResources": {"a": 1}}
    assert COMPUTE_TEMPLATE.read(given, Release.of("1.4")) == {"name": "t", "extendedResources": {"a": 1}}
    assert COMPUTE_TEMPLATE.read(given, Release.of("1.2")) == {"name": "t"}
    assert COMPUTE_TEMPLATE.write({"name": "t", "memoryUnit": "Mi"}, Release.of("1.4")) == {"name": "t"}


def test_variables_were_a_plain_map() -> None:
    assert CLUSTER.read({"envs": {"A": "1"}}, OLD) == {"envs": {"values": {"A": "1"}}}
    assert CLUSTER.write({"envs": {"values": {"A": "1"}, "valuesFrom": {}}}, OLD) == {"envs": {"A": "1"}}


def test_what_is_not_in_the_table_cannot_be_written() -> None:
    with pytest.raises(KeyError, match="Cluster has no colour"):
        CLUSTER.write({"colour": "red"}, LATEST)


@pytest.mark.parametrize(
    ("proto", "json"),
    [("mount_path", "mountPath"), ("serve_config_V2", "serveConfigV2"), ("enableIngress", "enableIngress")],
)
def test_names(proto: str, json: str) -> None:
    assert camel(proto) == json


@pytest.mark.parametrize(
    ("release", "path"),
    [
        ("0.6.0", "/apis/v1alpha2"),
        ("1.0.0-rc.1", "/apis/v1alpha2"),
        ("1.0.0-rc.2", "/apis/v1"),
        ("1.0", "/apis/v1"),
        ("v1.7.0", "/apis/v1"),
    ],
)
def test_base(release: str, path: str) -> None:
    assert base(Release.of(release)) == path


def test_releases_are_in_order() -> None:
    texts = ["0.6", "1.0.0-rc.0", "1.0.0-rc.1", "1.0.0", "1.1", "1.4.2", "1.7"]
    releases = [Release.of(text) for text in texts]
    assert releases == sorted(releases)
    with pytest.raises(ValueError, match="no release"):
        Release.of("latest")
