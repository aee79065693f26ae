# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the figures depend on: the machine, how busy it was, and the versions."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path


def facts(versions: Mapping[str, str], rounds: int, tasks: int) -> dict[str, str]:
    """Names and words. ``versions`` are those of the lab's programs."""
    return {
        "processor": f"{_model()}, {os.cpu_count()} cores",
        "load before the run": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "ansible-core": importlib.metadata.version("ansible-core"),
        "kubernetes.core": _kubernetes_core(),
        "kubernetes (the library)": importlib.metadata.version("kubernetes"),
        "Kubernetes": versions["kube-apiserver"],
        "rounds, tasks": f"{rounds}, {tasks} (quick ones 4 times as many)",
    }


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _kubernetes_core() -> str:
    """Of the collection that the package ``ansible`` brought."""
    ansible = importlib.util.find_spec("ansible")
    assert ansible is not None
    assert ansible.origin is not None
    manifest = Path(ansible.origin).parents[1] / "ansible_collections" / "kubernetes" / "core" / "MANIFEST.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
