# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V2 does with ``computeTemplate`` in a custom resource that is posted or put: it writes the amounts of the
template into the group's containers. The key itself stays; the CRD drops it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from ..operator.objects import Json
from . import templates
from .releases import LATEST
from .store import Store
from .web import JSON_TYPE, Reply, Request, text

TARGETS = re.compile(
    r"/apis/ray\.io/v1/namespaces/(?P<namespace>[^/]+)/(?:rayclusters|rayjobs|rayservices)(?P<name>/[^/]+)?"
)
# Where the spec of the cluster is; the first that is there, else the spec itself.
NESTED = ("rayClusterSpec", "rayClusterConfig")
YAML_TYPE = "application/yaml"
BAD_BODY = "Failed to convert request body to Golang map object"
CONTAINERS = {"head": "ray-head", "worker": "ray-worker"}


def namespace_of(request: Request) -> str:
    """The namespace of a request that templates are applied to; empty for any other."""
    match = TARGETS.fullmatch(request.path)
    wanted = "PUT" if match and match["name"] else "POST"
    return match["namespace"] if match and request.method == wanted else ""


def applied(request: Request, namespace: str, store: Store) -> Request | Reply:
    """The request with its templates applied, or why that cannot be."""
    try:
        resource = _read(request)
    except ValueError:
        return text(400, BAD_BODY)
    spec = resource.get("spec")
    if not isinstance(spec, dict):
        return request
    try:
        for role, group in _groups(spec):
            name = group.get("computeTemplate")
            if isinstance(name, str):
                _apply(store.template_for(namespace, name), group, CONTAINERS[role])
    except ValueError as problem:
        return text(422, str(problem))
    body = json.dumps(resource).encode()
    headers = request.headers
    for name, value in (("Content-Type", JSON_TYPE), ("Content-Length", str(len(body)))):
        del headers[name]
        headers[name] = value
    return Request(request.method, request.target, headers, body)


def _read(request: Request) -> Json:
    kind = request.header("Content-Type")
    if JSON_TYPE in kind:
        found = json.loads(request.body)
    elif YAML_TYPE in kind:
        try:
            found = yaml.safe_load(request.body)
        except yaml.YAMLError as problem:
            raise ValueError(str(problem)) from problem
    else:
        raise ValueError(f"neither JSON nor YAML: {kind}")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _groups(spec: Json) -> list[tuple[str, Json]]:
    cluster = next((spec[key] for key in NESTED if isinstance(spec.get(key), dict)), spec)
    head, workers = cluster.get("headGroupSpec"), cluster.get("workerGroupSpecs")
    listed = [("head", head), *(("worker", group) for group in (workers if isinstance(workers, list) else []))]
    return [(role, group) for role, group in listed if isinstance(group, dict)]


def _apply(template: Json, group: Json, own: str) -> None:
    """CPUs and memory for every container, the rest for Ray's own."""
    pods = group.get("template")
    if not isinstance(pods, dict):
        return
    _inner(_inner(pods, "metadata"), "annotations")[templates.NAME] = template["name"]
    spec = pods.get("spec")
    if not isinstance(spec, dict):
        return
    containers = spec.get("containers")
    for container in containers if isinstance(containers, list) else []:
        if isinstance(container, dict):
            amounts: Json = dict(templates.amounts(template, LATEST))
            amounts.update(_extras(template) if container.get("name") == own else {})
            for part in ("limits", "requests"):
                _inner(_inner(container, "resources"), part).update(amounts)
    if template["tolerations"]:
        there = spec.get("tolerations")
        more = [
            {key: one.get(key, "") for key in ("key", "operator", "value", "effect")} for one in template["tolerations"]
        ]
        spec["tolerations"] = [*(there if isinstance(there, list) else []), *more]


def _extras(template: Json) -> Json:
    """Here a zero of something is written too."""
    return {**templates.extras(template), **(template["extendedResources"] or {})}


def _inner(outer: Json, key: str) -> dict[str, Any]:
    """The map under a key, which takes the place of anything else."""
    if not isinstance(outer.get(key), dict):
        outer[key] = {}
    inner: dict[str, Any] = outer[key]
    return inner
