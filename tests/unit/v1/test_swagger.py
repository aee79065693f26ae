# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of every message that V1's own OpenAPI files have: mapped, or listed here with the reason why not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._v1 import cluster, groups, job, service, template
from ansible_collections.kuberay.core.plugins.module_utils._v1.environment import AUTOSCALERS, SOURCE_FIELDS
from ansible_collections.kuberay.core.plugins.module_utils._v1.events import EVENT_FIELDS
from ansible_collections.kuberay.core.plugins.module_utils._v1.volumes import VOLUME_FIELDS

Json = dict[str, Any]
SWAGGER = Path(__file__).resolve().parents[4] / "shared" / "swagger"
pytestmark = pytest.mark.skipif(not SWAGGER.exists(), reason="V1's OpenAPI files are not beside this checkout")


def _names(*fields: Iterable[Any]) -> frozenset[str]:
    return frozenset(one.name for some in fields for one in some)


_SECURITY = next(one for one in groups.HEAD.fields if one.name == "securityContext").codec
_ENVIRONMENT = next(one for one in groups.HEAD.fields if one.name == "environment").codec
_EVENTS = EVENT_FIELDS - {"name"}
# What is translated, by the name of the message.
MAPPED: dict[str, frozenset[str]] = {
    "protoCluster": _names(cluster.CLUSTER.fields, cluster.CLUSTER_OUTPUTS) | {"events"},
    "protoClusterSpec": _names(cluster.CLUSTER_SPEC.fields),
    "protoHeadGroupSpec": _names(groups.HEAD.fields),
    "protoWorkerGroupSpec": _names(groups.WORKER.fields),
    "protoVolume": VOLUME_FIELDS,
    "protoEnvironmentVariables": _names(_ENVIRONMENT.fields) & _names(AUTOSCALERS.codec.fields),
    "protoEnvValueFrom": frozenset(SOURCE_FIELDS),
    "protoAutoscalerOptions": _names(cluster.AUTOSCALER.fields),
    "protoSecurityContext": _names(_SECURITY.fields),
    "protoCapabilities": _names(groups.CAPABILITIES.fields),
    "protoRayJob": _names(job.JOB.fields, job.JOB_OUTPUTS),
    "protoRayJobSubmitter": _names(job.SUBMITTER.fields),
    "protoRayService": _names(service.SERVICE.fields, service.SERVICE_OUTPUTS),
    "protoRayServiceStatus": service.STATUS_FIELDS | {"rayServiceEvents"},
    "protoServeApplicationStatus": frozenset(["name", "status", "message", "serveDeploymentStatus"]),
    "protoServeDeploymentStatus": frozenset(["deploymentName", "status", "message"]),
    "protoClusterEvent": _EVENTS,
    "protoRayServiceEvent": _EVENTS,
    "protoComputeTemplate": _names(template.TEMPLATE.fields),
    "protoPodToleration": frozenset(["key", "operator", "value", "effect"]),
}
# What is not, and why.
UNMAPPED: dict[str, dict[str, str]] = {
    "protoCluster": {
        "envs": "the server merges them into the environment of every group, which is what we send",
        "deletedAt": "the server never sets it",
    },
    "protoClusterEvent": {"name": "the cluster's name and that of the event, which is in id"},
    "protoRayServiceEvent": {"name": "the service's name and that of the event, which is in id"},
    "protoRayServiceStatus": dict.fromkeys(
        ("applicationStatus", "applicationMessage", "serveDeploymentStatus"),
        "of Serve's first API; the server has filled none of it since KubeRay 1.1",
    ),
}
# Messages that are none of an object.
OTHERS: dict[str, str] = {
    **{
        f"protoList{sort}Response": "a page of objects: the transport's"
        for name in ("Clusters", "RayJobs", "RayServices", "ComputeTemplates")
        for sort in (name, f"All{name}")
    },
    **dict.fromkeys(
        ("protoRayJobSubmission", "protoJobSubmissionInfo", "protoListJobSubmissionInfo")
        + ("protoSubmitRayJobReply", "protoGetJobLogReply"),
        "a job that is submitted to a running cluster: Ray's own, and no custom resource",
    ),
    **dict.fromkeys(("protoImageTemplate", "protoListImageTemplatesResponse"), "the server has no handler for it"),
    **dict.fromkeys(("googlerpcStatus", "protobufAny"), "an error: the transport's"),
}


def _messages() -> dict[str, Json]:
    found: dict[str, Json] = {}
    for file in sorted(SWAGGER.glob("*.json")):
        for name, definition in json.loads(file.read_text(encoding="utf-8"))["definitions"].items():
            if definition.get("type") == "object":
                found[name] = definition
    return found


def test_every_message_is_known() -> None:
    found = set(_messages())
    assert found == set(MAPPED) | set(OTHERS)


@pytest.mark.parametrize("name", MAPPED)
def test_every_field_is_mapped_or_listed_with_a_reason(name: str) -> None:
    there = set(_messages()[name]["properties"])
    reasons = UNMAPPED.get(name, {})
    assert MAPPED[name] | set(reasons) == there
    assert not MAPPED[name] & set(reasons)


def test_enums_have_the_names_that_v1_has() -> None:
    words: dict[str, list[str]] = {}
    for file in SWAGGER.glob("*.json"):
        definitions = json.loads(file.read_text(encoding="utf-8"))["definitions"]
        words.update({name: one["enum"] for name, one in definitions.items() if "enum" in one})
    for name, field in (("ClusterEnvironment", "environment"),):
        codec = next(one for one in cluster.CLUSTER.fields if one.name == field).codec
        assert [codec.decode(number) for number in range(len(words[name]))] == words[name]
        assert [codec.encode(word)[0] for word in words[name]] == list(range(len(words[name])))
    assert words["EnvValueFromSource"] == ["CONFIGMAP", "SECRET", "RESOURCEFIELD", "FIELD"]
