# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `ray start` command that the operator makes for a pod."""

from __future__ import annotations

import json
import re

from .objects import Json, dig
from .quantity import Quantity, parse
from .words import AGENT_PORT, DASHBOARD_PORT, GCS_PORT, HEAD, METRICS_PORT

GPU = re.compile(r"gpu$|nvidia\.com/mig-\d+g\.\d+gb$")
ACCELERATORS = {"aws.amazon.com/neuroncore": "neuron_cores", "google.com/tpu": "TPU"}
WITH_VALUE = ("log-color", "include-dashboard", "include-log-monitor")
SHELL = ["/bin/bash", "-c", "--"]


def head_port(cluster: Json) -> str:
    """The port of the GCS."""
    return str(dig(cluster, "spec.headGroupSpec.rayStartParams", {}).get("port", GCS_PORT))


def start_params(group: Json, node_type: str, address: str) -> dict[str, str]:
    """The group's rayStartParams with what the operator adds."""
    params = dict(group.get("rayStartParams") or {})
    params.update(_from_resources(group.get("resources") or {}))
    if group.get("labels"):
        params["labels"] = ",".join(f"{key}={value}" for key, value in sorted(group["labels"].items()))
    if node_type == HEAD:
        params.setdefault("dashboard-host", "0.0.0.0")
    else:
        params.setdefault("address", address)
    params.setdefault("metrics-export-port", str(METRICS_PORT))
    params.setdefault("dashboard-agent-listen-port", str(AGENT_PORT))
    return {**params, "block": "true"}


def start_command(params: dict[str, str], node_type: str, container: Json) -> str:
    """The command line, sized by the container's resources."""
    full = _sized(params, container)
    flags = "".join(_flag(name, full[name]) for name in sorted(full))
    return f"ray start {'--head ' if node_type == HEAD else ''}{flags}"


def set_command(container: Json, command: str) -> None:
    """Let the container run the command after the user's own, unless that starts Ray itself."""
    own = "".join(f" {word} " for word in [*(container.get("command") or []), *(container.get("args") or [])])
    if "ray start" in own:
        return
    generated = f"ulimit -n ${{RAY_START_ULIMIT_OPEN_FILES:-65536}}; {command}"
    container["command"] = SHELL
    container["args"] = [f"{own} && {generated}" if own else generated]


def probe(params: dict[str, str], node_type: str, new: bool, times: Json, serve_port: int = 0) -> Json:
    """A health probe: one request for Ray 2.53 and later, a shell command before that and where Serve is asked too."""
    port = params.get("dashboard-agent-listen-port", str(AGENT_PORT))
    common = {"timeoutSeconds": 5 if node_type == HEAD else 2, "periodSeconds": 5, "successThreshold": 1, **times}
    if new and not serve_port:
        return {**common, "httpGet": {"path": "/api/healthz", "port": int(port)}}
    checks = [f"wget --tries 1 -T 2 -q -O- http://localhost:{port}/api/local_raylet_healthz | grep success"]
    if node_type == HEAD:
        dashboard = params.get("dashboard-port", str(DASHBOARD_PORT))
        checks.append(f"wget --tries 1 -T 10 -q -O- http://localhost:{dashboard}/api/gcs_healthz | grep success")
    if serve_port:
        checks.append(f"wget --tries 1 -T 10 -q -O- http://localhost:{serve_port}/-/healthz | grep success")
    return {**common, "exec": {"command": ["bash", "-c", " && ".join(checks)]}}


def _flag(name: str, value: str) -> str:
    if value.lower() in ("true", "false") and name not in WITH_VALUE:
        return f" --{name} " if value.lower() == "true" else ""
    return f" --{name}={value} "


def _sized(params: dict[str, str], container: Json) -> dict[str, str]:
    limits = _some(dig(container, "resources.limits", {}))
    cpu = limits.get("cpu") or _some(dig(container, "resources.requests", {})).get("cpu")
    sized = {}
    if cpu:
        sized["num-cpus"] = str(cpu.whole())
    if "memory" in limits:
        sized["memory"] = str(limits["memory"].whole())
    for name in sorted(limits):
        if GPU.search(name):
            sized.setdefault("num-gpus", str(limits[name].whole()))
        elif name in ACCELERATORS:
            sized.setdefault("resources", _custom({ACCELERATORS[name]: limits[name]}))
    return {**sized, **params}


def _from_resources(resources: dict[str, str]) -> dict[str, str]:
    params, custom = {}, {}
    for name, quantity in _quantities(resources).items():
        if name.lower() == "cpu":
            params["num-cpus"] = str(quantity.whole())
        elif name.lower() == "memory":
            params["memory"] = str(quantity.whole())
        elif GPU.search(name.lower()):
            params["num-gpus"] = str(quantity.whole())
        else:
            custom[name] = quantity
    return {**params, "resources": _custom(custom)} if custom else params


def _quantities(resources: Json) -> dict[str, Quantity]:
    quantities = {}
    for name, text in resources.items():
        try:
            quantities[name] = parse(text)
        except ValueError:
            continue
    return quantities


def _some(resources: Json) -> dict[str, Quantity]:
    """Those of which there is any."""
    return {name: quantity for name, quantity in _quantities(resources).items() if quantity.amount}


def _custom(resources: dict[str, Quantity]) -> str:
    amounts = {name: float(quantity.amount) for name, quantity in resources.items()}
    plain = {name: int(amount) if amount.is_integer() else amount for name, amount in amounts.items()}
    return f"'{json.dumps(plain, separators=(',', ':'))}'"
