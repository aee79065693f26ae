# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helm charts with the values of KubeRay's own, in one version or another: what the roles install on the lab.

``python -m tests.lab.helm_charts FOLDER VERSION`` writes them for the lab that runs.
"""

from __future__ import annotations

import copy
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.lab import control, crds
from tests.lab.lab import Lab, LabOptions
from tests.lab.options import DEFAULT_DATA
from tests.lab.schema import Kubernetes

Json = dict[str, Any]
SOURCES = Path(__file__).parent / "charts"
OPERATOR, APISERVER = "kuberay-operator", "kuberay-apiserver"
NEWEST, OLDER = "1.7.0", "1.5.1"
# A kind, and a field of clusters, that came after 1.5.
LATER, LATER_FIELD = "raycronjobs.ray.io", "upgradeStrategy"


def write(target: Path, name: str, version: str, documents: Sequence[Json]) -> None:
    """Make the folder of a chart; ``documents`` are its CRDs."""
    shutil.copytree(SOURCES / name, target)
    _replace(target / "Chart.yaml", f"version: {NEWEST}", f"version: {version}")
    _replace(target / "values.yaml", f"tag: v{NEWEST}", f"tag: v{version}")
    if documents:
        (target / "crds").mkdir()
        (target / "crds" / "all.yaml").write_text(yaml.safe_dump_all(documents), encoding="utf-8")


def crds_of(version: str, newest: dict[str, Json]) -> list[Json]:
    """What a version has of the newest CRDs: the older one lacks a kind and a field."""
    named = copy.deepcopy(newest)
    if version == OLDER:
        del named[LATER]
        for one in named["rayclusters.ray.io"]["spec"]["versions"]:
            one["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"].pop(LATER_FIELD, None)
    return list(named.values())


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def main(folder: str, version: str) -> None:
    """Both charts, anew."""
    lab = Lab(LabOptions(data=Path(os.environ.get("KUBERAY_LAB_DATA") or DEFAULT_DATA)))
    state = lab.status().state
    assert state is not None, "no lab is running"
    shutil.rmtree(folder, ignore_errors=True)
    newest = crds.condensed(Kubernetes(control.api(lab.layout, state.ports).get))
    write(Path(folder) / OPERATOR, OPERATOR, version, crds_of(version, newest))
    write(Path(folder) / APISERVER, APISERVER, version, [])


if __name__ == "__main__":
    main(*sys.argv[1:])
