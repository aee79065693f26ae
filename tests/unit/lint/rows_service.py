# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about services and cron jobs."""

from __future__ import annotations

from typing import Any

from tests.unit.lint.rows import (
    NOBODY,
    ON,
    SERVER,
    Row,
    cron_job,
    group,
    head,
    job,
    service,
    with_metadata,
)

Json = dict[str, Any]
TYPE = "spec.upgradeStrategy.type"
STEPS = "spec.upgradeStrategy.clusterUpgradeOptions"
INCREMENTAL = "NewClusterWithIncrementalUpgrade"
TIMEOUT = "ray.io/initializing-timeout"


def _upgrade(kind: str) -> Json:
    return service(upgradeStrategy={"type": kind})


def _incremental(autoscaling: bool = True, kind: str = INCREMENTAL, **steps: Any) -> Json:
    given = {"stepSizePercent": 10, "intervalSeconds": 5, "gatewayClassName": "istio", **steps}
    strategy = {"type": kind, "clusterUpgradeOptions": given}
    return service(group(), cluster_spec={"enableInTreeAutoscaling": autoscaling}, upgradeStrategy=strategy)


def _timeout(text: str) -> Json:
    return with_metadata(service(), annotations={TIMEOUT: text})


def _head_service(name: str) -> Json:
    return service(cluster_spec={"headGroupSpec": head(fields={"headService": {"metadata": {"name": name}}})})


SERVICE = (
    Row("name-length", with_metadata(service(), "a" * 48), with_metadata(service(), "a" * 47), "metadata.name"),
    *(
        Row("serve-config", service(serveConfigV2=text), service(serveConfigV2="a: 1"), "spec.serveConfigV2", NOBODY)
        for text in ("applications", "- a", "a: {")
    ),
    Row(
        "serve-config-empty",
        service(serveConfigV2=None),
        service(),
        "spec.serveConfigV2",
        NOBODY,
        certain=False,
    ),
    *(
        Row("unhealthy-thresholds", service(**{field: 9}), service(), f"spec.{field}", NOBODY, certain=False)
        for field in ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold")
    ),
    Row(
        "head-service-name",
        _head_service("mine"),
        _head_service(""),
        "spec.rayClusterConfig.headGroupSpec.headService.metadata.name",
    ),
    *(
        Row("initializing-timeout", _timeout(text), _timeout(fine), f"metadata.annotations['{TIMEOUT}']")
        for text, fine in (("0", ""), ("-5m", "1h5m"), ("30 m", "1.5h"), ("soon", "300"), ("1d", "24h"))
    ),
    Row("upgrade-type", _upgrade("Recreate"), _upgrade("None"), TYPE),
    Row("incremental-version", _upgrade(INCREMENTAL), _upgrade("NewCluster"), TYPE, version="1.4.2"),
    Row(
        "incremental-gate",
        _incremental(),
        _upgrade("NewCluster"),
        TYPE,
        NOBODY,
        certain=False,
        gates={**ON, "RayServiceIncrementalUpgrade": False},
    ),
    Row(
        "incremental-autoscaling",
        _incremental(autoscaling=False),
        _incremental(),
        "spec.rayClusterConfig.enableInTreeAutoscaling",
    ),
    Row(
        "incremental-options",
        service(cluster_spec={"enableInTreeAutoscaling": True}, upgradeStrategy={"type": INCREMENTAL}),
        service(cluster_spec={"enableInTreeAutoscaling": True}, upgradeStrategy={}),
        STEPS,
    ),
    *(
        Row(
            "incremental-percents",
            _incremental(**{"maxSurgePercent": 100, "stepSizePercent": 0, name: percent}),
            _incremental(**{"maxSurgePercent": 100, "stepSizePercent": 0, name: 100}),
            f"{STEPS}.{name}",
        )
        for name, percent in (("maxSurgePercent", 101), ("stepSizePercent", -1))
    ),
    Row(
        "incremental-step",
        _incremental(maxSurgePercent=9),
        _incremental(maxSurgePercent=10),
        f"{STEPS}.stepSizePercent",
    ),
    Row(
        "incremental-interval",
        _incremental(intervalSeconds=0),
        _incremental(intervalSeconds=1),
        f"{STEPS}.intervalSeconds",
    ),
    Row(
        "incremental-gateway",
        _incremental(gatewayClassName=""),
        _incremental(gatewayClassName="", kind="NewCluster"),
        f"{STEPS}.gatewayClassName",
    ),
)


def _schedule(text: str) -> Json:
    return cron_job(schedule=text)


def _named(name: str) -> Json:
    return with_metadata(cron_job(), name)


CRON_JOB = (
    Row("name-length", _named("a" * 37), _named("a" * 36), "metadata.name"),
    Row("name-of-job-length", _named("a" * 42), _named("a" * 41), "metadata.name", version="1.6.2"),
    Row("cron-job-version", cron_job(), job(), "kind", SERVER, version="1.5.2"),
    Row("cron-job-gate", cron_job(), job(), "kind", NOBODY, gates={**ON, "RayCronJob": False}),
    *(
        Row("schedule", _schedule(text), _schedule(fine), "spec.schedule")
        for text, fine in (
            ("0 * * *", "0\t* * *  *"),
            ("60 * * * *", "59 * * * *"),
            ("0 0 * * 7", "0 0 * * SUN"),
            ("@reboot", "@midnight"),
            ("@every soon", "@every 1h30m"),
            ("", "*/5,7 1-3/2 ? jan-Mar *"),
        )
    ),
    Row(
        "schedule-without-zone",
        _schedule("CRON_TZ=UTC 0 * * * *"),
        cron_job(timeZone="UTC"),
        "spec.schedule",
    ),
    Row("time-zone-syntax", cron_job(timeZone=""), cron_job(timeZone="Local"), "spec.timeZone", SERVER),
    Row("time-zone-syntax", cron_job(timeZone="../UTC"), cron_job(timeZone="Europe/Zurich"), "spec.timeZone"),
    Row(
        "time-zone",
        cron_job(timeZone="Europe/Nowhere"),
        cron_job(timeZone="America/Argentina/Ushuaia"),
        "spec.timeZone",
        certain=False,
    ),
    Row(
        "backoff-limit",
        cron_job(job(backoffLimit=-1)),
        cron_job(job(backoffLimit=0)),
        "spec.jobTemplate.backoffLimit",
    ),
    Row(
        "replicas-bounds-order",
        cron_job(job(group(minReplicas=4))),
        cron_job(job(group(minReplicas=3))),
        "spec.jobTemplate.rayClusterSpec.workerGroupSpecs[small].minReplicas",
    ),
    Row(
        "upgrade-strategy-of-cluster",
        cron_job(job(cluster_spec={"upgradeStrategy": {"type": "None"}})),
        cron_job(job()),
        "spec.jobTemplate.rayClusterSpec.upgradeStrategy.type",
    ),
)

ROWS = (*SERVICE, *CRON_JOB)
