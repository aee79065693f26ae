# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V1 tells, as a resource: what stands in it, what does not, and the facts that are read from it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import active_cluster, applications
from ansible_collections.kuberay.core.plugins.module_utils._v1.compare import same
from ansible_collections.kuberay.core.plugins.module_utils._v1.events import to_events
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_message, to_resource

from tests.unit import templates
from tests.unit.v1.server import CREATED, make, sent_and_back, tell
from tests.unit.v1.tasks import base, message, with_option

Json = dict[str, Any]
_ENDPOINTS = {"dashboard": "8265", "head": "10001"}


def _told(kind: Any, status: Json, **metadata: Any) -> Json:
    made = make(kind, message(kind, base(kind)))
    made["metadata"].update(metadata)
    return tell(kind, {**made, "status": status})


def test_a_cluster_that_is_being_made_has_no_status() -> None:
    resource = to_resource(CLUSTER, sent_and_back(CLUSTER, message(CLUSTER, base(CLUSTER))))
    assert "status" not in resource
    assert resource["metadata"]["creationTimestamp"] == CREATED
    facts = cluster_facts(Observation(resource)) or {}
    assert (facts["state"], facts["times"]["created"], facts["uid"]) == ("provisioning", CREATED, None)


def test_the_facts_of_a_cluster_are_read_from_what_v1_tells() -> None:
    resource = to_resource(CLUSTER, _told(CLUSTER, {"state": "suspended", "endpoints": _ENDPOINTS}))
    assert resource["status"] == {"state": "suspended", "endpoints": _ENDPOINTS}
    facts = cluster_facts(Observation(resource)) or {}
    assert facts["state"] == "suspended"
    assert facts["endpoints"]["client"] == "ray://demo-head-svc.ray.svc:10001"
    assert facts["endpoints"]["serve"] is None
    (group,) = facts["worker_groups"]
    assert (group["group_name"], group["compute_template"], group["replicas"]) == ("one", "small", 1)
    assert facts["labels"] == {"app.kubernetes.io/managed-by": "kuberay-apiserver", "ray.io/user": "kuberay.core"}


def test_a_cluster_that_serves_has_the_port_for_it() -> None:
    task = with_option(base(CLUSTER), "annotations", {"ray.io/enable-serve-service": "true"})
    facts = cluster_facts(Observation(to_resource(CLUSTER, message(CLUSTER, task)))) or {}
    assert facts["endpoints"]["serve"] == "http://demo-head-svc.ray.svc:8000"


def test_what_is_read_shares_nothing_with_what_is_read_later() -> None:
    said = message(SERVICE, base(SERVICE))
    before = copy.deepcopy(to_resource(SERVICE, said))
    ports = to_resource(SERVICE, said)["spec"]["rayClusterConfig"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    ports["ports"][0]["name"] = ports["ports"][4]["name"] = "other"
    assert to_resource(SERVICE, said) == before


@pytest.mark.parametrize(("version", "image"), [("2.52.0", "rayproject/ray:2.52.0"), (None, "rayproject/ray:")])
def test_a_group_without_an_image_has_that_of_its_version(version: str | None, image: str) -> None:
    told = sent_and_back(CLUSTER, message(CLUSTER, base(CLUSTER)))
    del told["clusterSpec"]["headGroupSpec"]["image"]
    told["version"] = version
    resource = to_resource(CLUSTER, told)
    assert resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["image"] == image


def test_names_of_enums_are_read_like_their_numbers() -> None:
    told = message(CLUSTER, with_option(base(CLUSTER), "labels", {"ray.io/environment": "STAGING"}))
    told["clusterSpec"]["headGroupSpec"]["volumes"] = [
        {"name": "v", "mountPath": "/v", "volumeType": "HOST_PATH", "source": "/h", "hostPathType": "FILE"}
    ]
    told["clusterSpec"]["headGroupSpec"]["environment"] = {
        "valuesFrom": {"A": {"source": "SECRET", "name": "s", "key": "k"}}
    }
    numbers = copy.deepcopy(told)
    assert numbers["environment"] == 2
    told["environment"] = "STAGING"
    numbers["clusterSpec"]["headGroupSpec"]["volumes"][0].update(volumeType=1, hostPathType=1)
    numbers["clusterSpec"]["headGroupSpec"]["environment"]["valuesFrom"]["A"]["source"] = 1
    assert to_resource(CLUSTER, told) == to_resource(CLUSTER, numbers)
    assert same(CLUSTER, told, numbers) == []


def test_the_facts_of_a_job_are_read_from_what_v1_tells() -> None:
    status = {
        "jobId": "demo-xyz",
        "jobStatus": "FAILED",
        "jobDeploymentStatus": "Failed",
        "message": "it broke",
        "startTime": "2026-01-01T12:00:05Z",
        "endTime": "2026-01-01T12:01:00Z",
        "rayClusterName": "demo-abcde",
    }
    resource = to_resource(JOB, _told(JOB, status, deletionTimestamp="2026-01-01T13:00:00Z"))
    assert resource["status"] == status
    assert "jobId" not in resource["spec"]
    facts = job_facts(Observation(resource)) or {}
    assert (facts["status"], facts["deployment_status"], facts["message"]) == ("FAILED", "Failed", "it broke")
    assert (facts["submission_id"], facts["cluster_name"]) == ("demo-xyz", "demo-abcde")
    assert facts["state"] == "deleting"
    assert facts["times"]["started"] == status["startTime"]


def _service(**metadata: Any) -> Json:
    deployments = {"d": {"status": "HEALTHY"}, "e": {"status": "UPDATING", "message": "soon"}}
    active = {
        "rayClusterName": "demo-a",
        "rayClusterStatus": {"state": "ready", "endpoints": _ENDPOINTS},
        "applicationStatuses": {
            "a": {"status": "RUNNING", "serveDeploymentStatuses": deployments},
            "b": {"status": "DEPLOYING", "message": "wait", "serveDeploymentStatuses": {}},
        },
    }
    return to_resource(SERVICE, _told(SERVICE, {"activeServiceStatus": active, "serviceStatus": "Running"}, **metadata))


def test_the_facts_of_a_service_are_read_from_what_v1_tells() -> None:
    resource = _service()
    assert active_cluster(resource) == "demo-a"
    assert list(applications(resource["status"]["activeServiceStatus"])) == ["a", "b"]
    facts = service_facts(Observation(resource)) or {}
    first, second = facts["applications"]
    assert (first["name"], first["status"], second["message"]) == ("a", "RUNNING", "wait")
    assert first["deployments"][1] == {"name": "e", "status": "UPDATING", "message": "soon"}
    assert facts["active_cluster"]["name"] == "demo-a"
    assert facts["endpoints"]["serve"] == "http://demo-serve-svc.ray.svc:8000"
    # V1 tells neither the operator's word for the service nor its conditions.
    assert set(resource["status"]) == {"activeServiceStatus"}


def test_a_service_that_is_not_being_deleted_has_no_time_of_deletion() -> None:
    assert "deletionTimestamp" not in _service()["metadata"]
    gone = "2026-01-01T13:00:00Z"
    assert _service(deletionTimestamp=gone)["metadata"]["deletionTimestamp"] == gone


_EVENT = {
    "id": "demo.17ab",
    "name": "demo-demo.17ab",
    "createdAt": "2026-01-01T12:00:01Z",
    "firstTimestamp": "2026-01-01T12:00:02Z",
    "lastTimestamp": "2026-01-01T12:00:09Z",
    "reason": "CreatedHeadPod",
    "message": "Created head pod",
    "type": "Normal",
    "count": 2,
}


@pytest.mark.parametrize("kind", [CLUSTER, SERVICE])
def test_events_are_told_as_facts_have_them(kind: Any) -> None:
    told = _told(kind, {})
    later = {**_EVENT, "id": "demo.17ac", "lastTimestamp": "2026-01-01T12:00:10Z"}
    if kind is CLUSTER:
        told["events"] = [later, _EVENT]
    else:
        told["rayServiceStatus"] = {"rayServiceEvents": [later, _EVENT]}
    events = to_events(told)
    facts = cluster_facts(Observation(to_resource(CLUSTER, _told(CLUSTER, {})), events=events)) or {}
    assert [one["time"] for one in facts["events"]] == ["2026-01-01T12:00:09Z", "2026-01-01T12:00:10Z"]
    assert facts["events"][0] == {
        "type": "Normal",
        "reason": "CreatedHeadPod",
        "message": "Created head pod",
        "time": "2026-01-01T12:00:09Z",
        "count": 2,
    }
    assert events[0]["metadata"] == {"name": "demo.17ab", "namespace": "ray", "creationTimestamp": _EVENT["createdAt"]}
    assert events[0]["regarding"] == {"namespace": "ray", "name": "demo"}


def test_times_that_an_old_server_cannot_read_are_those_of_the_making() -> None:
    none = "0001-01-01T00:00:00Z"
    (event,) = to_events({"namespace": "ray", "events": [{**_EVENT, "firstTimestamp": none, "lastTimestamp": none}]})
    assert event["deprecatedLastTimestamp"] == event["deprecatedFirstTimestamp"] == _EVENT["createdAt"]


def test_an_object_without_events_has_none() -> None:
    assert to_events(_told(CLUSTER, {})) == []
    assert to_events(_told(JOB, {})) == []


def test_a_template_comes_back_as_its_config_map() -> None:
    task: Json = {
        "memory_unit": "Mi",
        "gpu": 1,
        "gpu_accelerator": "amd.com/gpu",
        "extended_resources": {"a/b": 2},
        "tolerations": [{"key": "k", "operator": "Exists", "effect": "NoSchedule"}],
    }
    for wished in (templates.desired(), templates.desired(**task)):
        said = to_message(TEMPLATE, wished)
        assert to_resource(TEMPLATE, said) == wished
        assert same(TEMPLATE, said, said) == []
    assert said == {
        "name": "big",
        "namespace": "ray",
        "cpu": 4,
        "memory": 8,
        "memoryUnit": "Mi",
        "gpu": 1,
        "gpuAccelerator": "amd.com/gpu",
        "extendedResources": {"a/b": 2},
        "tolerations": [{"key": "k", "operator": "Exists", "effect": "NoSchedule"}],
    }


@pytest.mark.parametrize(
    ("task", "path"),
    [
        ({"cpu": 5}, "data.cpu"),
        ({"memory_unit": "Mi"}, "data.memory_unit"),
        ({"gpu": 1}, "data.gpu"),
        ({"extended_resources": {"a/b": 1}}, "data.extended_resources"),
    ],
)
def test_another_template_is_seen(task: Json, path: str) -> None:
    live, wished = to_message(TEMPLATE, templates.desired()), to_message(TEMPLATE, templates.desired(**task))
    assert [change.path for change in same(TEMPLATE, live, wished)] == [path]
