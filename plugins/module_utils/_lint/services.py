# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about a RayService: its applications, its upgrades, and how long it may take to start."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.kuberay.core.plugins.module_utils._lint.durations import parse_duration
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import INCREMENTAL_UPGRADE, only_off, only_on
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release
from ansible_collections.kuberay.core.plugins.module_utils._lint.yaml_texts import yaml_problem

_INCREMENTAL = "NewClusterWithIncrementalUpgrade"
_UPGRADES = ("NewCluster", "None", _INCREMENTAL)
_TIMEOUT = "ray.io/initializing-timeout"
_SECONDS = re.compile(r"[-+]?[0-9]+")
_PERCENTS = ("maxSurgePercent", "stepSizePercent")
_MOST_SURGE = 100


@dataclass(frozen=True)
class Service:
    """A service's spec and its annotations."""

    spec: Part
    annotations: Part

    @property
    def cluster(self) -> Part:
        return self.spec["rayClusterConfig"]

    @property
    def upgrade(self) -> Part:
        return self.spec.at("upgradeStrategy.type")

    @property
    def incremental(self) -> bool:
        """Whether upgrades move the traffic step by step."""
        return self.upgrade.text == _INCREMENTAL

    @property
    def steps(self) -> Part:
        return self.spec.at("upgradeStrategy.clusterUpgradeOptions")


def _serve_config(service: Service) -> Found:
    problem = yaml_problem(service.spec["serveConfigV2"].text)
    if problem is not None:
        yield service.spec["serveConfigV2"], problem


def _applications(service: Service) -> Found:
    if not service.spec["serveConfigV2"].text.strip():
        yield service.spec["serveConfigV2"], "is empty: the service gets ready only when somebody deploys applications"


def _thresholds(service: Service) -> Found:
    for field in ("serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold"):
        if service.spec[field].given:
            yield service.spec[field], "is deprecated, and has no effect since KubeRay 1.1; leave it out"


def _head_service(service: Service) -> Found:
    name = service.cluster.at("headGroupSpec.headService.metadata.name")
    if name.filled:
        yield name, "must be left out, since two clusters have such a service during an upgrade"


def _timeout(service: Service) -> Found:
    timeout = service.annotations[_TIMEOUT]
    seconds = parse_duration(timeout.text)
    if seconds is None and _SECONDS.fullmatch(timeout.text):
        seconds = parse_duration(f"{timeout.text}s")
    if timeout.text and (seconds is None or seconds <= 0):
        yield timeout, "must be a positive duration, such as 30m, or a number of seconds"


def _upgrade_type(service: Service) -> Found:
    if service.upgrade.given and service.upgrade.text not in _UPGRADES:
        yield service.upgrade, f"{service.upgrade.text!r} is not one of {', '.join(_UPGRADES)}"


def _incremental_version(service: Service) -> Found:
    if service.incremental:
        yield service.upgrade, f"{_INCREMENTAL} came with KubeRay 1.5"


def _incremental_gate(service: Service) -> Found:
    if service.incremental:
        told = f"needs the feature gate {INCREMENTAL_UPGRADE.name}, which is off by default before KubeRay 1.7"
        yield service.upgrade, f"{told}; without it nothing is upgraded"


def _incremental_autoscaling(service: Service) -> Found:
    if service.incremental and not service.cluster["enableInTreeAutoscaling"].is_true:
        yield service.cluster["enableInTreeAutoscaling"], f"is needed for {_INCREMENTAL}"


def _incremental_options(service: Service) -> Found:
    if service.incremental and not service.steps.given:
        yield service.steps, f"is needed for {_INCREMENTAL}"


def _percents(service: Service) -> Found:
    for part in map(service.steps.__getitem__, _PERCENTS) if service.incremental else ():
        if part.number is not None and not 0 <= part.number <= _MOST_SURGE:
            yield part, "must be between 0 and 100"


def _step(service: Service) -> Found:
    most, step = service.steps["maxSurgePercent"].number, service.steps["stepSizePercent"]
    if service.incremental and (step.number or 0) > (_MOST_SURGE if most is None else most):
        yield step, "must not be above maxSurgePercent"


def _interval(service: Service) -> Found:
    interval = service.steps["intervalSeconds"]
    if service.incremental and interval.number is not None and interval.number <= 0:
        yield interval, "must be positive"


def _gateway(service: Service) -> Found:
    gateway = service.steps["gatewayClassName"]
    if service.incremental and gateway.given and not gateway.filled:
        yield gateway, f"is needed for {_INCREMENTAL}"


_NEEDS = only_on(INCREMENTAL_UPGRADE)

SERVICE_RULES: tuple[Rule[Service], ...] = (
    Rule("serve-config", _serve_config),
    Rule("serve-config-empty", _applications, warns=True),
    Rule("unhealthy-thresholds", _thresholds, since=release("1.1"), warns=True),
    Rule("head-service-name", _head_service, since=release("1.3")),
    Rule("initializing-timeout", _timeout, since=release("1.5"), always=True),
    Rule("upgrade-type", _upgrade_type, since=release("1.3"), always=True),
    Rule("incremental-version", _incremental_version, since=release("1.3"), until=release("1.5")),
    Rule(
        "incremental-gate",
        _incremental_gate,
        since=release("1.5"),
        always=True,
        warns=True,
        needs=only_off(INCREMENTAL_UPGRADE),
    ),
    Rule("incremental-autoscaling", _incremental_autoscaling, since=release("1.5"), always=True, needs=_NEEDS),
    Rule("incremental-options", _incremental_options, since=release("1.5"), always=True, needs=_NEEDS),
    Rule("incremental-percents", _percents, since=release("1.5"), always=True, needs=_NEEDS),
    Rule("incremental-step", _step, since=release("1.7"), needs=_NEEDS),
    Rule("incremental-interval", _interval, since=release("1.5"), always=True, needs=_NEEDS),
    Rule("incremental-gateway", _gateway, since=release("1.5"), always=True, needs=_NEEDS),
)
