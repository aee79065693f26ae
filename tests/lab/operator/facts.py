# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rules about refused specs ask of a cluster."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .objects import Json, dig
from .spec import TRUE_TEXTS, autoscaler_version, env_of, groups, head_container

DNS_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
LABEL_NAME = r"[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?"
LABEL_KEY = re.compile(rf"([a-z0-9]([-a-z0-9.]{{0,251}}[a-z0-9])?/)?{LABEL_NAME}", re.ASCII)
LABEL_VALUE = re.compile(rf"({LABEL_NAME})?", re.ASCII)
V2_ENV = "RAY_enable_autoscaler_v2"
OPTIONS = "spec.gcsFaultToleranceOptions"


@dataclass(frozen=True)
class Facts:
    """What a rule looks at: the cluster and, for some, one of its groups."""

    cluster: Json
    group: Json = field(default_factory=dict)
    group_name: str = ""

    def __getitem__(self, path: str) -> Any:
        """The value at a path of the cluster; messages use it too."""
        return dig(self.cluster, path)

    @property
    def v2_env(self) -> str:
        """The variable that once switched autoscalers."""
        return str(head_env(self).get(V2_ENV, ""))

    @property
    def suspended_groups(self) -> list[str]:
        """The groups that count as empty."""
        return [group["groupName"] for group in groups(self.cluster) if group.get("suspend")]

    @property
    def restarting_groups(self) -> list[str]:
        """The groups whose pods would be restarted."""
        return [group["groupName"] for group in groups(self.cluster) if bad_restart(group)]


class Rule(NamedTuple):
    """A question to the facts and the message of the refusal."""

    broken: Callable[[Facts], Any]
    message: str


def head_env(facts: Facts) -> dict[str, Any]:
    """The environment of the head's Ray container."""
    return env_of(head_container(facts.cluster))


def autoscaler_v2(facts: Facts) -> bool:
    """Whether the second autoscaler is asked for, in either way."""
    return autoscaler_version(facts.cluster) == "v2" or head_env(facts).get(V2_ENV) in TRUE_TEXTS


def parsed_version(text: str) -> tuple[int, ...] | None:
    """A version as numbers; None where it cannot be read."""
    match = re.fullmatch(r"v?(\d+(?:\.\d+)+)([-+.].*|[a-z].*)?", text)
    return tuple(int(part) for part in match[1].split(".")) if match else None


def older(facts: Facts, minimum: tuple[int, ...]) -> bool:
    """Whether Ray is older than this."""
    version = parsed_version(facts["spec.rayVersion"] or "")
    return version is not None and version < minimum


def unreadable_version(facts: Facts) -> bool:
    """Whether rayVersion says nothing."""
    return parsed_version(facts["spec.rayVersion"] or "") is None


def number(group: Json, key: str) -> int:
    """A number of a group; 0 where it is not set."""
    return int(group.get(key) or 0)


def redis_options(facts: Facts) -> bool:
    """Whether the options for fault tolerance are there."""
    return facts[OPTIONS] is not None


def bad_restart(template: Json) -> bool:
    """Whether a group's pods would be restarted."""
    return dig(template, "template.spec.restartPolicy", "") not in ("", "Never")


def start_params(facts: Facts) -> dict[str, str]:
    """The start parameters of the group in question."""
    return dict(facts.group.get("rayStartParams") or {})


def head_params(facts: Facts) -> dict[str, str]:
    """The start parameters of the head."""
    return dict(facts["spec.headGroupSpec.rayStartParams"] or {})


def bad_labels(facts: Facts) -> bool:
    """Whether a label of the group is none for Kubernetes."""
    labels = facts.group.get("labels") or {}
    return not all(LABEL_KEY.fullmatch(key) and LABEL_VALUE.fullmatch(value) for key, value in labels.items())


def both_resources(facts: Facts) -> bool:
    """Whether the group tells Ray its resources in two ways."""
    in_params = any(start_params(facts).get(key) for key in ("num-cpus", "num-gpus", "memory", "resources"))
    return in_params and bool(facts.group.get("resources"))
