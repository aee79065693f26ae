# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RayServices that come to nothing: refused ones, late ones, others', and those for which the lab has no Gateway API.

Their heads never start, so that no Ray has to.
"""

from __future__ import annotations

from tests.integration.operator_harness import (
    BROKEN_IMAGE,
    IMAGE,
    Services,
    World,
    condition,
    group,
    service_spec,
    spec,
    template,
)
from tests.lab.operator.api import RAY_CLUSTERS
from tests.lab.operator.objects import Json, dig

pytest_plugins = ["tests.integration.operator_fixtures"]

NEVER: Json = {"template": template(annotations=BROKEN_IMAGE)}
INVALID = "The RayService spec is invalid: "
METADATA = "The RayService metadata is invalid: "
TIMEOUT = "ray.io/initializing-timeout"
TIMEOUTS = f"{METADATA}RayService annotations is invalid: annotation {TIMEOUT} "


def incremental(autoscaling: bool = True, **options: object) -> Json:
    """A service that wants to be upgraded step by step."""
    made = service_spec(head=NEVER)
    made["rayClusterConfig"]["enableInTreeAutoscaling"] = autoscaling
    whole = {"stepSizePercent": 5, "intervalSeconds": 10, "gatewayClassName": "istio", **options}
    made["upgradeStrategy"] = {"type": "NewClusterWithIncrementalUpgrade", "clusterUpgradeOptions": whole}
    return made


def bare_incremental() -> Json:
    """The same without its options."""
    made = incremental()
    del made["upgradeStrategy"]["clusterUpgradeOptions"]
    return made


# {name: (spec, annotations, message)}
REFUSED: dict[str, tuple[Json, dict[str, str], str]] = {
    "x" * 48: (service_spec(), {}, f"{METADATA}RayService name should be no more than 47 characters"),
    "never": (service_spec(), {TIMEOUT: "soon"}, f"{TIMEOUTS}has invalid format: soon. Expected Go duration format"),
    "past": (service_spec(), {TIMEOUT: "-5m"}, f"{TIMEOUTS}must be a positive duration, got: -5m"),
    "seconds": (service_spec(), {TIMEOUT: "-5"}, f"{TIMEOUTS}must be a positive integer (seconds), got: -5"),
    "now": (service_spec(), {TIMEOUT: "0"}, f"{TIMEOUTS}must be a positive duration, got: 0"),
    "groups": (
        service_spec(group("a", minReplicas=5, maxReplicas=1), head=NEVER),
        {},
        f"{INVALID}worker group a has minReplicas 5 greater than maxReplicas 1",
    ),
    "token": (
        {**service_spec(), "rayClusterConfig": spec(authOptions={"mode": "token", "enableK8sTokenAuth": True})},
        {},
        f"{INVALID}K8s token auth mode is currently not supported for RayService",
    ),
    "head": (
        service_spec(head={"headService": {"metadata": {"name": "mine"}}}),
        {},
        f"{INVALID}spec.rayClusterConfig.headGroupSpec.headService.metadata.name should not be set",
    ),
    "type": (
        service_spec(upgradeStrategy={"type": "Recreate"}),
        {},
        f"{INVALID}Spec.UpgradeStrategy.Type value Recreate is invalid, valid options are "
        "NewClusterWithIncrementalUpgrade, NewCluster, or None",
    ),
    "fixed": (incremental(False), {}, f"{INVALID}Ray Autoscaler is required for NewClusterWithIncrementalUpgrade"),
    "bare": (
        bare_incremental(),
        {},
        f"{INVALID}ClusterUpgradeOptions are required for NewClusterWithIncrementalUpgrade",
    ),
    "surge": (incremental(maxSurgePercent=101), {}, f"{INVALID}maxSurgePercent must be between 0 and 100"),
    "step": (
        incremental(maxSurgePercent=4),
        {},
        f"{INVALID}stepSizePercent must be less than or equal to maxSurgePercent",
    ),
    "interval": (incremental(intervalSeconds=0), {}, f"{INVALID}intervalSeconds must be greater than 0"),
}


def test_refused_services(services: Services) -> None:
    for name, (refused, marks, _) in REFUSED.items():
        services.create(name, refused, annotations=marks)
    for name, (_, _, message) in REFUSED.items():
        ready = services.until_condition(name, "Ready", "False", "ValidationFailed")
        assert ready["message"].startswith(message)
        service = services.get(name)
        assert [one["type"] for one in service["status"]["conditions"]] == ["Ready"]
        assert "observedGeneration" not in service["status"]
        assert "lastUpdateTime" in service["status"]
        in_metadata = message.startswith(METADATA)
        event = services.until_event(name, "InvalidRayServiceMetadata" if in_metadata else "InvalidRayServiceSpec")
        assert (event["type"], event["action"]) == ("Warning", "Validate")
        assert event["note"].startswith(f"{services.namespace}/{name}: {message}")
        assert not services.clusters(name)

    # A right spec heals it, though it looks strange until the first cluster serves.
    services.put("groups", "/spec/rayClusterConfig/workerGroupSpecs/0/maxReplicas", 9)
    services.until(lambda: services.clusters("groups"), "a cluster")
    strange = {"Ready": ("False", "ValidationFailed"), "UpgradeInProgress": ("Unknown", "NoActiveCluster")}
    services.until(lambda: services.conditions("groups") == strange, f"{strange}")
    assert "Please open a GitHub issue" in condition(services.get("groups"), "UpgradeInProgress")["message"]


def test_too_late(services: Services) -> None:
    services.create("late", service_spec(head=NEVER), annotations={TIMEOUT: "10s"})
    cluster = services.until(lambda: services.clusters("late"), "a cluster")
    ready = services.until_condition("late", "Ready", "False", "InitializingTimeout")
    assert ready["message"].startswith("RayService failed to become ready within the configured timeout of 10s. Time ")
    event = services.until_event("late", "RayServiceInitializingTimeout")
    assert event["note"].startswith("RayService initializing timeout exceeded after ")
    assert event["note"].endswith("s (configured timeout: 10s)")
    assert (event["type"], event["action"]) == ("Warning", "Reconcile")
    status = services.get("late")["status"]
    assert "rayClusterName" not in status["pendingServiceStatus"]
    assert services.conditions("late")["UpgradeInProgress"] == ("False", "Initializing")
    services.until(lambda: services.find(RAY_CLUSTERS, next(iter(cluster))) is None, "the end of the cluster")
    # Nothing heals that.
    services.put("late", "/spec/rayClusterConfig/rayVersion", "2.53.0")
    services.create("witness", service_spec(head=NEVER))
    services.until(lambda: services.clusters("witness"), "what comes of another service")
    assert services.get("late")["status"]["observedGeneration"] < services.get("late")["metadata"]["generation"]
    assert not services.clusters("late")


def test_nothing_happens(services: Services, world: World) -> None:
    services.create("theirs", service_spec(managedBy="kueue.x-k8s.io/multikueue"))
    # Without the Gateway API no pass comes to its end, and nothing tells so.
    services.create("stepwise", incremental())
    services.create("witness", service_spec(head=NEVER))
    services.until(lambda: services.clusters("witness"), "what comes of another service")
    finalizers = ["ray.io/rayservice-finalizer"]
    services.until(lambda: services.get("stepwise")["metadata"].get("finalizers") == finalizers, "the finalizer")
    theirs, stepwise = services.get("theirs"), services.get("stepwise")
    assert "status" not in theirs
    assert "finalizers" not in theirs["metadata"]
    assert "status" not in stepwise
    assert not services.clusters("stepwise")
    assert not services.events("stepwise")
    services.delete("stepwise")
    services.until(lambda: services.find(services.kind, "stepwise") is None, "the end of the service")


def test_finalizer_rewrites_the_object(services: Services) -> None:
    cluster = spec(group("a", 0, template=template(tty=False)), head=NEVER, rayVersion="", suspend=False)
    services.create(
        "odd",
        {
            "serveConfigV2": "",
            "suspend": False,
            "excludeHeadPodFromServeSvc": False,
            "rayClusterDeletionDelaySeconds": 0,
            "serviceUnhealthySecondThreshold": 0,
            "serveService": {"spec": {"ports": [{"name": "serve", "port": 8000}]}},
            "upgradeStrategy": {},
            "rayClusterConfig": cluster,
        },
    )
    found = services.until(lambda: dig(services.get("odd"), "metadata.finalizers") and services.get("odd"), "odd")[
        "spec"
    ]
    assert not {"serveConfigV2", "suspend", "excludeHeadPodFromServeSvc"} & set(found)
    assert (found["rayClusterDeletionDelaySeconds"], found["serviceUnhealthySecondThreshold"]) == (0, 0)
    assert found["upgradeStrategy"] == {}
    assert found["serveService"] == {
        "metadata": {},
        "spec": {"ports": [{"name": "serve", "port": 8000, "protocol": "TCP", "targetPort": 0}]},
        "status": {"loadBalancer": {}},
    }
    inner = found["rayClusterConfig"]
    assert "rayVersion" not in inner
    assert inner["suspend"] is False
    (small,) = inner["workerGroupSpecs"]
    assert small["scaleStrategy"] == {}
    assert small["template"] == {
        "metadata": {},
        "spec": {
            "containers": [{"name": "ray", "image": IMAGE, "resources": {"limits": {"cpu": "1", "memory": "2Gi"}}}]
        },
    }
    services.delete("odd")
    services.until(lambda: services.find(services.kind, "odd") is None, "the end of the service")
