# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a cluster's autoscaler."""

from __future__ import annotations

from ..operator import quantity
from ..operator.objects import Json
from . import environment, volumes
from .releases import AUTOSCALER_PULL_POLICY, Release

PLAIN = ("idleTimeoutSeconds", "upscalingMode", "image")
# What one of the two is where only the other is given.
DEFAULTS = {"cpu": "500m", "memory": "512Mi"}


def to_options(message: Json, release: Release) -> Json:
    """The options of a RayCluster; a ValueError where an amount is none."""
    options = {key: message[key] for key in PLAIN if message.get(key)}
    if options.get("idleTimeoutSeconds", 0) < 0:
        del options["idleTimeoutSeconds"]
    policy = message.get("imagePullPolicy", "")
    if policy and (release < AUTOSCALER_PULL_POLICY or policy.lower() == "always"):
        options["imagePullPolicy"] = "Always" if policy.lower() == "always" else policy
    env, sources = environment.to_sources(message.get("envs") or {})
    lists = {"env": env, "envFrom": sources, "volumeMounts": volumes.mounts(message.get("volumes", []))}
    options.update({key: value for key, value in lists.items() if value})
    if message.get("cpu") or message.get("memory"):
        amounts = {name: _amount(name, message.get(name) or DEFAULTS[name]) for name in DEFAULTS}
        options["resources"] = {"limits": amounts, "requests": dict(amounts)}
    return options


def to_message(options: Json) -> Json:
    """What V1 tells of them."""
    told: Json = {key: options[key] for key in (*PLAIN, "imagePullPolicy") if options.get(key)}
    if options.get("env") or options.get("envFrom"):
        told["envs"] = environment.from_sources(options.get("env") or [], options.get("envFrom") or [])
    told["volumes"] = [volumes.mount_to_message(mount) for mount in options.get("volumeMounts") or []]
    if options.get("resources") is not None:
        resources = options["resources"]
        amounts = resources.get("limits") or resources.get("requests") or {}
        told.update({name: quantity.respell(amounts.get(name, "0")) for name in DEFAULTS})
    return told


def _amount(name: str, text: str) -> str:
    try:
        return str(quantity.parse(text))
    except (ValueError, ArithmeticError):
        raise ValueError(f"{name} for autoscaler is not specified correctly") from None
