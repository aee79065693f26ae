# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayCluster's spec as its rules see it, wherever it stands, and the questions that several of them ask."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part

V2_VARIABLE = "RAY_enable_autoscaler_v2"
_TRUE = ("1", "true")
# As Kubernetes reads any version: at least two numbers, and whatever follows.
_VERSION = re.compile(r"\s*v?((?:0|[1-9][0-9]*)(?:\.[0-9]+)+)[^\n]*")


@dataclass(frozen=True)
class Cluster:
    """A cluster's spec, the annotations and labels that it will have, and the kind of the object that it stands in."""

    spec: Part
    annotations: Part
    labels: Part
    kind: str

    @property
    def head(self) -> Part:
        return self.spec["headGroupSpec"]

    @property
    def workers(self) -> list[Part]:
        return self.spec["workerGroupSpecs"].members("groupName")

    @property
    def groups(self) -> list[Part]:
        return [self.head, *self.workers]

    @property
    def autoscaling(self) -> bool:
        return self.spec["enableInTreeAutoscaling"].is_true

    @property
    def autoscaler_v2(self) -> bool:
        return self.spec.at("autoscalerOptions.version").text == "v2"

    @property
    def head_variables(self) -> dict[str, Part]:
        """The environment of the head's Ray container."""
        return variables(ray_container(self.head))


def containers(group: Part) -> list[Part]:
    """The containers of a group's pods."""
    return group.at("template.spec.containers").members()


def ray_container(group: Part) -> Part:
    """The container that Ray runs in: the first one."""
    return next(iter(containers(group)), Part({}, group.path))


def variables(container: Part) -> dict[str, Part]:
    """A container's variables by name."""
    return {variable["name"].text: variable for variable in container["env"].members()}


def says_v2(cluster: Cluster) -> bool:
    """Whether the head's environment asks for the second autoscaler, as was the way before KubeRay 1.4."""
    variable = cluster.head_variables.get(V2_VARIABLE)
    return variable is not None and variable["value"].text in _TRUE


def numbers(version: str) -> tuple[int, ...] | None:
    """A version of Ray as numbers, without zeros at the end; None where the operator cannot read it."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    found = [int(number) for number in match[1].split(".")]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def too_old(cluster: Cluster, minimum: str) -> str | None:
    """Why rayVersion does not show that Ray is this new."""
    version = cluster.spec["rayVersion"].text
    if not version:
        return f"needs rayVersion {minimum} or later, and there is none"
    read = numbers(version)
    if read is None:
        return f"needs rayVersion {minimum} or later, and {version!r} is no version"
    return f"needs rayVersion {minimum} or later, not {version}" if read < (numbers(minimum) or ()) else None
