# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V1 tells is brief: what waits and facts make of a state, the events, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation, Rollout
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import is_submitted
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import REFUSED, signs
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._plan.service import expected
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import to_resource
from ansible_collections.kuberay.core.plugins.module_utils._wait.cluster import CLUSTER as CLUSTER_WAITS
from ansible_collections.kuberay.core.plugins.module_utils._wait.job import JOB as JOB_WAITS
from ansible_collections.kuberay.core.plugins.module_utils._wait.service import SERVICE as SERVICE_WAITS

from tests.unit.v1.server import CREATED, sent_and_back
from tests.unit.v1.tasks import base, message

Json = dict[str, Any]
BEFORE, AFTER = "2026-01-01T11:59:59Z", "2026-01-01T12:00:05Z"


def _event(reason: str, time: str = AFTER, note: str = "", about: str = "demo") -> Json:
    regarding = {"namespace": "ray", "name": about}
    return {"metadata": {"name": f"{about}.1"}, "reason": reason, "note": note, "regarding": regarding,
            "deprecatedLastTimestamp": time}  # fmt: skip


def _cluster(state: str = "ready") -> Json:
    return to_resource(CLUSTER, {**sent_and_back(CLUSTER, message(CLUSTER, base(CLUSTER))), "clusterState": state})


def _service(active: str = "demo-a", **applications: str) -> Json:
    told = [{"name": name, "status": status} for name, status in (applications or {"a": "RUNNING"}).items()]
    status = {"rayClusterName": active, "serveApplicationStatus": told} if active else {}
    return to_resource(SERVICE, {**sent_and_back(SERVICE, message(SERVICE, base(SERVICE))), "rayServiceStatus": status})


def _reached(waits: Any, level: str, resource: Json | None, **seen: Any) -> bool:
    return bool(waits.levels[level].reached(Observation(resource, **seen)))


NEW_HEAD = _event("CreatedHeadPod", note="Created head Pod ray/demo-head-x")


@pytest.mark.parametrize("level", ["ready", "head_ready"])
@pytest.mark.parametrize(
    ("seen", "reached"),
    [
        ({}, True),
        # A new object is not believed before a head of its own was told of.
        ({"replaces_pods": True}, False),
        ({"replaces_pods": True, "events": [NEW_HEAD]}, True),
        ({"replaces_pods": True, "events": [_event("Created", note="Created head pod demo-head-x")]}, True),
        ({"replaces_pods": True, "events": [{**NEW_HEAD, "deprecatedLastTimestamp": BEFORE}]}, False),
        ({"replaces_pods": True, "events": [_event("CreatedWorkerPod")]}, False),
        ({"replaces_pods": True, "events": [_event("CreatedHeadPod", about="demo-a")]}, False),
        # Where there are no events, the pods of a namesake are gone by now.
        ({"replaces_pods": True, "shown": 44.0}, False),
        ({"replaces_pods": True, "shown": 45.0}, True),
    ],
)
def test_a_cluster_is_ready_when_v1_says_so_of_its_own_pods(level: str, seen: Json, reached: bool) -> None:
    assert _reached(CLUSTER_WAITS, level, _cluster(), **seen) is reached
    assert not _reached(CLUSTER_WAITS, level, _cluster(""), **seen)


def test_what_is_gone_is_gone() -> None:
    for waits in (CLUSTER_WAITS, JOB_WAITS, SERVICE_WAITS):
        assert _reached(waits, "gone", None, events=[])


@pytest.mark.parametrize(("time", "refused"), [(BEFORE, False), (CREATED, True), (AFTER, True)])
def test_a_refusal_of_a_namesake_is_no_refusal(time: str, refused: bool) -> None:
    seen = Observation(_cluster(""), events=[_event("InvalidRayClusterSpec", time, "no")])
    assert [sign.sort for sign in signs(seen)] == ([REFUSED] if refused else [])


SINCE = Rollout(since="2026-01-01T13:00:00Z")
LATER = "2026-01-01T13:00:01Z"
OTHER = _event("CreatedRayCluster", LATER, "Created the RayCluster ray/demo-b")
OLD = _event("CreatedRayCluster", AFTER, "Created the RayCluster ray/demo-0")
SUBMITS, LEAVES = SINCE._replace(submits=True), SINCE._replace(leaves=frozenset({"demo-a"}))


@pytest.mark.parametrize(
    ("service", "seen", "reached"),
    [
        (_service(), {}, True),
        (_service(""), {}, False),
        (_service(a="DEPLOYING"), {}, False),
        (_service(other="RUNNING"), {}, False),
        # An upgrade that somebody began: the cluster that serves is not the last one that was made.
        (_service(), {"events": [{**OLD, "note": "Created the RayCluster ray/demo-a"}]}, True),
        (_service(), {"events": [OTHER]}, False),
        # Our own change: the operator may not have looked at it yet.
        (_service(), {"rollout": SINCE, "shown": 4.0}, False),
        (_service(), {"rollout": SINCE, "shown": 5.0, "events": [OLD]}, True),
        (_service(), {"rollout": SUBMITS, "shown": 19.0}, False),
        (_service(), {"rollout": SUBMITS, "shown": 20.0}, True),
        (_service(), {"rollout": SUBMITS, "shown": 6.0, "submitted": 5.0}, True),
        # In place was the plan, and V1's shuffling made another cluster of it.
        (_service(), {"rollout": SUBMITS, "shown": 60.0, "submitted": 60.0, "events": [OTHER]}, False),
        (_service("demo-b"), {"rollout": SUBMITS, "shown": 60.0, "submitted": 60.0, "events": [OLD, OTHER]}, True),
        # Another cluster is to come.
        (_service(), {"rollout": LEAVES, "shown": 6.0}, False),
        (_service("demo-b"), {"rollout": LEAVES, "shown": 6.0, "events": [OTHER]}, True),
        # To the operator it was no change.
        (_service(), {"rollout": LEAVES, "shown": 20.0}, True),
    ],
)
def test_a_service_is_ready_when_the_cluster_serves_that_was_made_last(
    service: Json, seen: Json, reached: bool
) -> None:
    assert _reached(SERVICE_WAITS, "ready", service, **seen) is reached


def test_a_submission_counts_since_our_write() -> None:
    for time, counts in ((AFTER, False), (LATER, True)):
        seen = Observation(_service(), events=[_event("UpdatedServeApplications", time)], rollout=SINCE)
        assert is_submitted(seen) is counts


def test_a_write_is_remembered_by_the_servers_clock() -> None:
    wrote = {"time": LATER, "operation": "Update", "fieldsV1": {"f:spec": {}}}
    written = _service()
    written["metadata"]["managedFields"] = [wrote]
    rollout = expected(Plan("patch", written, rollout="new_cluster"), written)
    assert rollout == Rollout("", False, frozenset({"demo-a"}), LATER)


def test_facts_that_v1_does_not_tell_are_null() -> None:
    cluster = cluster_facts(Observation(_cluster())) or {}
    assert (cluster["state"], cluster["uid"], cluster["head"]["ready"]) == ("ready", None, None)
    assert cluster["workers"]["wanted"] == 1
    assert {cluster["workers"][name] for name in ("desired", "available", "ready", "min", "max")} == {None}
    assert (cluster_facts(Observation(_cluster(""))) or {})["state"] == "provisioning"
    service = service_facts(Observation(_service())) or {}
    assert (service["state"], service["serving"]) == ("ready", True)
    assert {service[name] for name in ("upgrading", "suspended", "num_serve_endpoints")} == {None}
    assert (service_facts(Observation(_service(a="UNHEALTHY"))) or {})["state"] == "degraded"
    assert (service_facts(Observation(_service(""))) or {})["state"] == "provisioning"
    job = job_facts(Observation(to_resource(JOB, sent_and_back(JOB, message(JOB, base(JOB)))))) or {}
    assert job["attempts"] == {"succeeded": None, "failed": None, "limit": 1}


@pytest.mark.parametrize(("state", "words"), [("", "not ready"), ("ready", "ready"), ("suspended", "suspended")])
def test_where_a_cluster_stands_is_told_in_v1s_word(state: str, words: str) -> None:
    assert CLUSTER_WAITS.describe(Observation(_cluster(state))) == words
