# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a row of the rules' tests is, and the parts that its objects are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import GATES

from tests.unit.builders import IMAGE, cluster, worker

Json = dict[str, Any]
GROUP = "small"
# Every gate on, so that only the rules about gates speak of them.
ON = {gate.name: True for gate in GATES}
# Who refuses it: the API server by its CRD, the operator by its validation, or none of them: then it comes to nothing.
SERVER, OPERATOR, NOBODY = "server", "operator", "nobody"


@dataclass(frozen=True)
class Row:
    """A rule, an object that breaks it and nothing else, and one that is just inside it."""

    rule: str
    broken: Json
    fine: Json
    path: str
    by: str = OPERATOR
    certain: bool = True
    version: str = "1.7.0"
    gates: Mapping[str, bool] = field(default_factory=lambda: dict(ON))

    @property
    def kind(self) -> str:
        return str(self.broken["kind"])


def pods(name: str = "ray-worker", env: Mapping[str, Any] | None = None, **spec: Any) -> Json:
    """A pod template with one container; a variable's value is a text or, where it comes from elsewhere, a mapping."""
    container: Json = {"name": name, "image": IMAGE, **spec.pop("container", {})}
    if env is not None:
        container["env"] = variables(env)
    return {"spec": {"containers": [container], **spec}}


def variables(env: Mapping[str, Any]) -> list[Json]:
    """An environment as a container has it."""
    return [{"name": name, "valueFrom" if isinstance(value, dict) else "value": value} for name, value in env.items()]


def head(params: Mapping[str, str] | None = None, fields: Json | None = None, **pod: Any) -> Json:
    """A head group: its start parameters, its own fields, and what is in its pods."""
    return {"rayStartParams": dict(params or {}), "template": pods("ray-head", **pod), **(fields or {})}


def group(**fields: Any) -> Json:
    """A worker group of the name that the paths have."""
    return worker(GROUP, **fields)


def small(**fields: Any) -> Json:
    """A cluster with one worker group that has these fields."""
    return cluster(group(**fields))


def with_metadata(resource: Json, name: str | None = None, **metadata: Any) -> Json:
    """The object with another name, or with labels and annotations."""
    named = {} if name is None else {"name": name}
    return {**resource, "metadata": {**resource["metadata"], **named, **metadata}}


def without(resource: Json, *fields: str) -> Json:
    """The object without these fields of its spec."""
    return {**resource, "spec": {key: value for key, value in resource["spec"].items() if key not in fields}}


def job(*workers: Json, cluster_spec: Json | None = None, **spec: Any) -> Json:
    """A job with a cluster of its own."""
    whole = cluster(*workers, **(cluster_spec or {}))
    own = {"entrypoint": "python train.py", "rayClusterSpec": whole["spec"], **spec}
    return {**whole, "kind": "RayJob", "spec": {key: value for key, value in own.items() if value is not None}}


def on_cluster(**spec: Any) -> Json:
    """A job on a cluster that is there."""
    return job(rayClusterSpec=None, clusterSelector={"ray.io/cluster": "shared"}, **spec)


def service(*workers: Json, cluster_spec: Json | None = None, **spec: Any) -> Json:
    """A service with one application."""
    whole = cluster(*workers, **(cluster_spec or {}))
    own = {"serveConfigV2": "applications: []", "rayClusterConfig": whole["spec"], **spec}
    return {**whole, "kind": "RayService", "spec": {key: value for key, value in own.items() if value is not None}}


def cron_job(template: Json | None = None, **spec: Any) -> Json:
    """A job that comes every hour."""
    made = template or job()
    own = {"schedule": "0 * * * *", "jobTemplate": made["spec"], **spec}
    return {**made, "kind": "RayCronJob", "spec": {key: value for key, value in own.items() if value is not None}}
