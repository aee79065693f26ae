# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What importing costs: each time in a Python of its own, which tells the time itself."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmark.measuring import Figures
from tests.checks import tree

_PLUGINS = "ansible_collections.kuberay.core.plugins"
_PLAYBOOK = "ansible.cli.playbook, ansible.executor.task_executor, ansible.plugins.action"
# Ansible loads collections in a way of its own, which compiles each file anew.
_LOADER = f"import {_PLAYBOOK}; from ansible.plugins.loader import init_plugin_loader; init_plugin_loader([{{path!r}}])"
_PROGRAM = """
import sys, time
sys.path.insert(0, {path!r})
{before}
began = time.perf_counter()
import {what}
print(time.perf_counter() - began)
"""
# What is imported, and what has been imported before it.
IMPORTS = {
    "ansible-playbook's own, in any case": (_PLAYBOOK, ""),
    "and kuberay_cluster's action": (f"{_PLUGINS}.action.kuberay_cluster", _LOADER),
    "and kuberay_cluster_info's action": (f"{_PLUGINS}.action.kuberay_cluster_info", _LOADER),
    "and kuberay_apply's action": (f"{_PLUGINS}.action.kuberay_apply", _LOADER),
    "kuberay_cluster, as shipped but from bytecode": (f"{_PLUGINS}.modules.kuberay_cluster", ""),
    "the library kubernetes alone": ("kubernetes.client, kubernetes.config, kubernetes.dynamic", ""),
}


def times(rounds: int) -> dict[str, Figures]:
    """Seconds of each import, in interleaved rounds after one that does not count."""
    found: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for _ in range(rounds + 1):
        for name, (what, before) in IMPORTS.items():
            found[name].append(_seconds(what, before))
    return {name: Figures.of(seconds[1:]) for name, seconds in found.items()}


def _seconds(what: str, before: str) -> float:
    path = str(tree.BUILD)
    program = _PROGRAM.format(path=path, before=before.format(path=path), what=what)
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    return float(told.stdout)
