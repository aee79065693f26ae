# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group's pod template: typed options laid over the raw ``template`` that stands underneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import (
    ComputeTemplate,
    container_resources,
)
from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text, texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._desired.volumes import pod_volume, volume_mount
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import env_from, fields
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE_ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import ENV_SOURCE, PLAIN, POD_TEMPLATE

Json = dict[str, Any]


def pod_template(
    options: Mapping[str, Any], path: str, container: str, image: str | None, template: ComputeTemplate | None
) -> Json:
    """The PodTemplateSpec of one group.

    ``container`` names the Ray container where the raw template names none (its first container is Ray's otherwise);
    ``image`` is what the group uses unless it says so itself; ``template`` is its expanded compute template.
    """
    raw = clean(options.get("template") or {}, POD_TEMPLATE, f"{path}.template")
    containers = (raw.get("spec") or {}).get("containers") or []
    name = str(containers[0].get("name") or container) if containers else container
    if containers and "name" not in containers[0]:
        containers[0]["name"] = name
    if POD_TEMPLATE.child("spec").child("containers").index(containers) is None:
        raise OptionError(f"{path}.template.spec.containers: each container needs a name of its own")
    typed: Json = {
        "metadata": _given_only(
            labels=texts(options.get("labels"), f"{path}.labels"), annotations=_annotations(options, path, template)
        ),
        "spec": {
            **_pod_fields(options, path, template),
            "containers": [{"name": name, **_ray_container(options, path, image, template)}],
        },
    }
    return dict(overlay(raw, _given_only(**typed), POD_TEMPLATE, None))


def _given_only(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _annotations(options: Mapping[str, Any], path: str, template: ComputeTemplate | None) -> dict[str, str]:
    named = {TEMPLATE_ANNOTATION: template.name} if template else {}
    return {**named, **texts(options.get("annotations"), f"{path}.annotations")}


def _pod_fields(options: Mapping[str, Any], path: str, template: ComputeTemplate | None) -> Json:
    secrets = options.get("image_pull_secret")
    tolerations = template.tolerations if template else []
    return _given_only(
        serviceAccountName=options.get("service_account"),
        imagePullSecrets=[{"name": secrets}] if secrets else None,
        nodeSelector=texts(options.get("node_selector"), f"{path}.node_selector"),
        tolerations=tolerations + [one for one in own_tolerations(options) if one not in tolerations],
        volumes=[
            pod_volume(volume, f"{path}.volumes[{index}]") for index, volume in enumerate(options.get("volumes") or [])
        ],
    )


def own_tolerations(options: Mapping[str, Any]) -> list[Json]:
    """The tolerations that the group itself asks for, in CRD words."""
    return [fields(toleration) for toleration in options.get("tolerations") or []]


def _ray_container(options: Mapping[str, Any], path: str, image: str | None, template: ComputeTemplate | None) -> Json:
    resources = container_resources(options.get("resources"), f"{path}.resources")
    if template is not None:
        resources = {"requests": dict(template.resources), "limits": dict(template.resources)}
    own_image = options.get("image")
    return _given_only(
        image=image if left_out(own_image) else own_image,
        imagePullPolicy=options.get("image_pull_policy"),
        resources=resources,
        env=variables(options.get("env"), f"{path}.env"),
        envFrom=env_from(options.get("env_from")),
        volumeMounts=[volume_mount(volume) for volume in options.get("volumes") or []],
        securityContext=clean(options.get("security_context") or {}, PLAIN, f"{path}.security_context"),
    )


def variables(env: Mapping[str, Any] | None, path: str) -> list[Json]:
    """Environment variables of a container."""
    return [_variable(name, value, f"{path}.{name}") for name, value in (env or {}).items()]


def _variable(name: str, value: Any, path: str) -> Json:
    """One environment variable: a text, or a mapping in CRD words (secretKeyRef, configMapKeyRef, fieldRef, …)."""
    if isinstance(value, Mapping):
        return {"name": name, "valueFrom": clean(dict(value), ENV_SOURCE, path)}
    return {"name": name, "value": "" if value is None else text(value, path)}
