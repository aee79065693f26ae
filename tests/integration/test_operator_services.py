# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayServices with a real Serve: what the operator makes, changes in place, replaces, and tells.

Each scenario has a service of its own, and all of them go on side by side: a Ray takes its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.operator_harness import (
    BROKEN_IMAGE,
    IMAGE,
    OTHER_IMAGE,
    Services,
    condition,
    group,
    images,
    owner,
    serve_config,
    service_spec,
    template,
)
from tests.lab.operator.api import PODS, RAY_CLUSTERS, SERVICES, Api
from tests.lab.operator.objects import Json, dig, key_of, labels_of

pytest_plugins = ["tests.integration.operator_fixtures"]

FINALIZER = "ray.io/rayservice-finalizer"
NOT_STARTED = {"desiredCPU": "0", "desiredGPU": "0", "desiredMemory": "0", "desiredTPU": "0", "head": {}}
HASH = "ray.io/hash-without-replicas-and-workers-to-delete"
ASLEEP = {
    "Suspending": ("False", "SuspendComplete"),
    "Ready": ("False", "SuspendComplete"),
    "UpgradeInProgress": ("False", "SuspendComplete"),
    "RollbackInProgress": ("False", "SuspendComplete"),
    "Suspended": ("True", "SuspendComplete"),
}
FAILED_UPDATE = "FailedToUpdateServeApplications"


def changes_in_place(services: Services) -> None:
    """From its creation to what becomes of serve configs, good and bad."""
    labels, annotations = {"team": "a"}, {"note": "mine"}
    made = services.create("plain", service_spec(group("a", 1)), labels=labels, annotations=annotations)
    name = _pending(services, "plain")
    _first_cluster(services, made, name)
    services.until_ready("plain")
    # One endpoint is enough to be ready.
    _first_status(services, services.until_status("plain", numServeEndpoints=2), name)
    _services(services, name)
    for service in ("plain-serve-svc", "plain-head-svc"):
        services.until_answer(service, "hello")

    services.patch(
        "plain", spec={"serveConfigV2": serve_config(greeting="good morning")}, metadata={"labels": {"b": "c"}}
    )
    # Before Serve has said anything the service is as ready as it was.
    services.until_ready("plain")
    services.until_answer("plain-serve-svc", "good morning")
    services.until_application("plain", "RUNNING")
    services.until(lambda: len(services.events("plain", "UpdatedServeApplications")) == 2, "an event for each config")
    assert "b" not in labels_of(services.the(RAY_CLUSTERS, name)), "labels are for the next cluster"

    _broken_configs(services)
    services.patch("plain", spec={"serveConfigV2": serve_config("greeting:broken")})
    application = services.until_application("plain", "DEPLOY_FAILED")
    assert application["message"] == "Failed to update the deployments ['Broken']."
    assert "on purpose" in application["serveDeploymentStatuses"]["Broken"]["message"]
    assert services.conditions("plain")["Ready"] == ("True", "NonZeroServeEndpoints")

    services.patch("plain", spec={"serveConfigV2": serve_config(args={"greeting": "again"})})
    services.until_application("plain", "RUNNING")
    services.until_answer("plain-serve-svc", "again")
    services.patch("plain", spec={"serveConfigV2": serve_config(args={"greeting": "again"}, healthy=False)})
    application = services.until_application("plain", "UNHEALTHY")
    assert application["message"] == "The deployments ['Greeter'] are UNHEALTHY."
    assert list(services.clusters("plain")) == [name]
    _forgetful_head(services, name)


def _forgetful_head(services: Services, name: str) -> None:
    """A new head knows nothing: the config is sent again."""
    services.patch("plain", spec={"serveConfigV2": serve_config()})
    services.until_observed("plain")
    before = _told(services, "plain", "UpdatedServeApplications")
    (head,) = services.alive(name, node_type="head")
    services.api.delete(PODS, services.namespace, head)
    services.until(lambda: _told(services, "plain", "UpdatedServeApplications") != before, "the config sent again")


def _first_cluster(services: Services, made: Json, name: str) -> None:
    assert name.startswith("plain-")
    assert services.get("plain")["metadata"]["finalizers"] == [FINALIZER]
    assert services.conditions("plain") == {
        "Ready": ("False", "Initializing"),
        "UpgradeInProgress": ("False", "Initializing"),
    }
    assert "serviceStatus" not in services.get("plain")["status"]
    cluster = services.until(lambda: services.find(RAY_CLUSTERS, name), "the cluster")
    assert owner(cluster)["uid"] == made["metadata"]["uid"]
    assert labels_of(cluster) == {
        "team": "a",
        "ray.io/originated-from-cr-name": "plain",
        "ray.io/originated-from-crd": "RayService",
    }
    annotations = dict(cluster["metadata"]["annotations"])
    assert len(annotations.pop(HASH)) == 32
    assert annotations == {"note": "mine", "ray.io/num-worker-groups": "1", "ray.io/kuberay-version": "v1.7.0"}


def _first_status(services: Services, status: Json, name: str) -> None:
    assert status["serviceStatus"] == "Running"
    assert status["numServeEndpoints"] == 2
    assert status["pendingServiceStatus"] == {"rayClusterStatus": NOT_STARTED}
    active = status["activeServiceStatus"]
    assert active["rayClusterName"] == name
    assert active["rayClusterStatus"]["head"]["serviceName"] == f"{name}-head-svc"
    deployments = {"Greeter": {"status": "HEALTHY"}}
    assert active["applicationStatuses"] == {"greeting": {"status": "RUNNING", "serveDeploymentStatuses": deployments}}
    ready, upgrade = (condition(services.get("plain"), kind) for kind in ("Ready", "UpgradeInProgress"))
    assert ready["message"] == "Number of serve endpoints is greater than 0"
    assert ready["observedGeneration"] == status["observedGeneration"]
    assert (upgrade["status"], upgrade["reason"]) == ("False", "NoPendingCluster")
    (head,) = services.pods(name, node_type="head")
    assert labels_of(head)["ray.io/serve"] == "true"
    where = services.namespace
    for reason, action, note in (
        ("CreatedRayCluster", "Create", f"Created the RayCluster {where}/{name}"),
        ("UpdatedServeApplications", "Update", f"Updated serve applications to the RayCluster {where}/{name}"),
        ("UpdatedHeadPodServeLabel", "Update", f'Updated the serve label to "true" for the Head Pod {key_of(head)}'),
        ("CreatedService", "Create", f"Created the service {where}/plain-head-svc"),
    ):
        event = services.until_event("plain", reason)
        assert (event["type"], event["action"], event["note"]) == ("Normal", action, note)
        assert event["reportingController"] == "rayservice-controller"


def _services(services: Services, name: str) -> None:
    origin = {"ray.io/originated-from-cr-name": "plain", "ray.io/originated-from-crd": "RayService"}
    head, serve = (services.the(SERVICES, f"plain-{kind}-svc") for kind in ("head", "serve"))
    assert labels_of(head) == {**origin, "ray.io/node-type": "head", "ray.io/identifier": "plain-head"}
    assert head["spec"]["clusterIP"] == "None"
    assert head["spec"]["selector"]["ray.io/cluster"] == name
    assert labels_of(serve) == {**origin, "ray.io/serve": "plain-serve"}
    assert serve["spec"]["selector"] == {"ray.io/cluster": name, "ray.io/serve": "true"}
    assert [(port["name"], port["port"]) for port in serve["spec"]["ports"]] == [("serve", 8000)]


def _broken_configs(services: Services) -> None:
    """Those that cannot be read, and one that Serve refuses, show in an event and nowhere else."""
    before = services.until_observed("plain")["observedGeneration"]
    for config, words in (
        ("a: [b", "error converting YAML to JSON: yaml: "),
        ("- 1", "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type"),
        ("applications: 5", "UpdateDeployments fail: "),
    ):
        services.patch("plain", spec={"serveConfigV2": config})
        event = services.until(lambda words=words: _noted(services, "plain", FAILED_UPDATE, words), words)
        start = f"Failed to update serve applications to the RayCluster {services.namespace}/plain-"
        assert event["note"].startswith(start)
        assert (event["type"], event["action"]) == ("Warning", "Update")
    status = services.get("plain")["status"]
    assert status["observedGeneration"] == before
    assert status["activeServiceStatus"]["applicationStatuses"]["greeting"]["status"] == "RUNNING"
    services.until_answer("plain-serve-svc", "good morning")


def upgrades(services: Services) -> None:
    """What changes nothing, what is changed in place, and what needs a new cluster."""
    services.create("grown", service_spec(group("a", 1), config=serve_config(args={"greeting": "old"})))
    first = services.until_ready("grown")["activeServiceStatus"]["rayClusterName"]

    services.put("grown", "/spec/rayClusterConfig/workerGroupSpecs/0/replicas", 2)
    services.until_observed("grown")
    assert _replicas(services, first) == [1], "the live cluster is not scaled"
    services.put("grown", "/spec/rayClusterConfig/workerGroupSpecs/-", group("b", 0))
    assert services.until_event("grown", "UpdatedRayCluster")["note"] == (
        f"Updated the active RayCluster {services.namespace}/{first}"
    )
    assert _replicas(services, first) == [2, 0], "with a new group the replicas of all are the service's"
    assert services.until_ready("grown")["activeServiceStatus"]["rayClusterName"] == first
    since = condition(services.get("grown"), "Ready")["lastTransitionTime"]

    # One that never gets ready never takes over, and gives way to the next wish.
    services.patch("grown", spec={"rayClusterConfig": {"headGroupSpec": {"template": template(IMAGE, BROKEN_IMAGE)}}})
    lame = _pending(services, "grown")
    condition_ = services.until_condition("grown", "UpgradeInProgress", "True", "BothActivePendingClustersExist")
    assert condition_["message"] == "Both active and pending Ray clusters exist"
    services.until_alive(lame, 1, node_type="head")
    assert "applicationStatuses" not in services.get("grown")["status"]["activeServiceStatus"], "nobody asks it now"
    config = serve_config(args={"greeting": "new"})
    wish = {"headGroupSpec": {"template": {**template(OTHER_IMAGE), "metadata": {"annotations": None}}}}
    services.patch("grown", spec={"serveConfigV2": config, "rayClusterConfig": wish})
    second = services.until(lambda: _another_pending(services, "grown", lame), "another pending cluster")
    answer = services.until(lambda: services.answer("grown-serve-svc"), "an answer")
    assert answer == "old", "the new config is for the new cluster only"
    services.until(lambda: lame not in services.clusters("grown"), "the end of what will never serve")

    status = services.until_ready("grown")
    assert status["activeServiceStatus"]["rayClusterName"] == second
    assert status["pendingServiceStatus"] == {"rayClusterStatus": NOT_STARTED}
    assert images(services.pods(second)) == {OTHER_IMAGE, IMAGE}
    assert services.the(SERVICES, "grown-serve-svc")["spec"]["selector"]["ray.io/cluster"] == second
    services.until_answer("grown-serve-svc", "new")
    assert services.until_event("grown", "UpdatedService")["note"].startswith("Updated the service ")
    services.until(lambda: list(services.clusters("grown")) == [second], "the end of the old cluster")
    told = {f"Deleted the RayCluster {services.namespace}/{name}" for name in (lame, first)}
    services.until(lambda: _notes(services, "grown", "DeletedRayCluster") == told, f"events {told}")
    assert condition(services.get("grown"), "Ready")["lastTransitionTime"] == since, "ready all the time"


def sleeps_and_serves_its_own_way(services: Services) -> None:
    """Suspended from its birth, awake with ports and a Service of its own, suspended again, and deleted."""
    ports = [{"name": "dashboard", "containerPort": 8265}, {"name": "http", "containerPort": 8000}]
    upgrade = {"type": "None"}
    services.create(
        "own", service_spec(head={"template": template(ports=ports)}, suspend=True, upgradeStrategy=upgrade)
    )
    services.until(lambda: services.conditions("own") == ASLEEP, "suspension from birth")
    assert not services.clusters("own")
    services.patch("own", spec={"suspend": None})
    services.until_condition("own", "Suspended", "False", "RayServiceResumed")
    name = _pending(services, "own")
    _without_a_port_for_serve(services, name)
    _with_a_service_of_its_own(services)

    services.put("own", "/spec/rayClusterConfig/rayVersion", "2.53.0")
    services.until_observed("own")
    assert services.conditions("own")["UpgradeInProgress"] == ("False", "NoPendingCluster")
    assert services.the(RAY_CLUSTERS, name)["spec"]["rayVersion"] == "2.52.0", "no upgrade is wanted"

    services.patch("own", spec={"suspend": True})
    services.until(lambda: services.conditions("own") == ASLEEP, "suspension")
    status = services.get("own")["status"]
    nothing = {"rayClusterStatus": NOT_STARTED}
    assert (status["activeServiceStatus"], status["pendingServiceStatus"]) == (nothing, nothing)
    assert not {"numServeEndpoints", "serviceStatus"} & set(status)
    assert not services.clusters("own")
    assert services.find(SERVICES, "mine") is services.find(SERVICES, "own-head-svc") is None
    assert services.until_event("own", "DeletedRayCluster")["note"] == (
        f"Deleted the RayCluster {services.namespace}/{name} during suspend"
    )
    assert services.until_event("own", "DeletedService")["note"].endswith(" during suspend")
    services.delete("own")
    services.until(lambda: services.find(services.kind, "own") is None, "the end of the service")


def _without_a_port_for_serve(services: Services, name: str) -> None:
    """The operator fails at the end of each pass, and tells nobody."""

    def running() -> bool:
        told = services.ask(f"{name}-head-svc:dashboard", "/api/serve/applications/")
        return bool(dig(told, "applications.greeting.status") == "RUNNING")

    services.until_event("own", "UpdatedServeApplications")
    services.until(running, "a running application")
    assert services.find(SERVICES, "own-serve-svc") is None
    assert services.conditions("own")["Ready"] == ("False", "Initializing")


def _with_a_service_of_its_own(services: Services) -> None:
    serve = {
        "metadata": {"name": "mine", "labels": {"my": "own"}},
        "spec": {"type": "NodePort", "ports": [{"name": "serve", "port": 81, "targetPort": 8000}]},
    }
    services.patch("own", spec={"serveService": serve, "excludeHeadPodFromServeSvc": True})
    services.until_condition("own", "UpgradeInProgress", "False", "NoPendingCluster")
    made = services.the(SERVICES, "mine")
    assert (made["spec"]["type"], made["spec"]["ports"][0]["port"]) == ("NodePort", 81)
    assert labels_of(made) == {
        "my": "own",
        "ray.io/originated-from-cr-name": "own",
        "ray.io/originated-from-crd": "RayService",
        "ray.io/serve": "own-serve",
    }
    # The only pod is not to serve.
    assert services.conditions("own")["Ready"] == ("False", "Initializing")
    services.patch("own", spec={"excludeHeadPodFromServeSvc": False})
    services.until_condition("own", "Ready", "True", "NonZeroServeEndpoints")
    services.until_answer("mine", "hello")
    services.patch("own", spec={"excludeHeadPodFromServeSvc": True})
    services.until_condition("own", "Ready", "False", "ZeroServeEndpoints")
    assert "serviceStatus" not in services.get("own")["status"]
    assert dig(services.get("own"), "status.activeServiceStatus.applicationStatuses.greeting.status") == "RUNNING"


Scenario = Callable[[Services], None]
SCENARIOS: tuple[Scenario, ...] = (upgrades, changes_in_place, sleeps_and_serves_its_own_way)


@pytest.fixture(scope="module")
def begun(operator_api: Api, module_namespace: str) -> Iterator[dict[Scenario, Future[None]]]:
    """All scenarios, begun at once."""
    with ThreadPoolExecutor(len(SCENARIOS)) as pool:
        yield {scenario: pool.submit(scenario, Services(operator_api, module_namespace)) for scenario in SCENARIOS}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_services(begun: dict[Scenario, Future[None]], scenario: Scenario) -> None:
    begun[scenario].result()


def _pending(services: Services, name: str) -> str:
    path = "status.pendingServiceStatus.rayClusterName"
    return str(services.until(lambda: dig(services.get(name), path), f"{name} with a pending cluster"))


def _another_pending(services: Services, name: str, old: str) -> str | None:
    found = dig(services.get(name), "status.pendingServiceStatus.rayClusterName")
    return None if found in (None, old) else str(found)


def _replicas(services: Services, cluster: str) -> list[int]:
    return [one["replicas"] for one in services.the(RAY_CLUSTERS, cluster)["spec"]["workerGroupSpecs"]]


def _told(services: Services, name: str, reason: str) -> set[str]:
    """The events of a reason, by name; a series counts as one more."""
    return {f"{event['metadata']['name']} {'series' in event}" for event in services.events(name, reason)}


def _notes(services: Services, name: str, reason: str) -> set[str]:
    return {event["note"] for event in services.events(name, reason)}


def _noted(services: Services, name: str, reason: str, words: str) -> Json | None:
    return next((event for event in services.events(name, reason) if words in event["note"]), None)
