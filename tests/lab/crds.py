# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CRDs of ray.io: the condensed ones beside this file, or a folder of others."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.lab.api import Api
from tests.lab.errors import LabError
from tests.lab.schema import Kubernetes, Types

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CONDENSED = Path(__file__).parent / "crds"
GROUP = "ray.io"
STORED = "v1"
DEPRECATION = (
    "ray.io/{version} {kind} is deprecated; use ray.io/v1 {kind}. {version} receives no new fields and will be "
    "unavailable in KubeRay 1.9."
)


def install(api: Api, folder: Path | None) -> list[str]:
    """Apply the CRDs of a folder as they are written there, or ours; return their names."""
    documents: dict[str, Any] = dict(_read(folder)) if folder else condensed(Kubernetes(api.get))
    # They keep the API server busy for seconds; two cores share the work.
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda name: api.apply(f"{CRDS}/{name}", documents[name]), documents))
    return list(documents)


def established(api: Api, names: list[str]) -> bool:
    """Whether the API server serves all of them."""
    return all(_is_true(api.get(f"{CRDS}/{name}"), "Established") for name in names)


def condensed(kubernetes: Kubernetes) -> dict[str, dict[str, Any]]:
    """Our CRDs, {name: object}."""
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(CONDENSED.glob("*.yaml"))]
    written: dict[str, dict[str, Any]] = {}
    for file in files:
        for version, types in file["versions"].items():
            written.setdefault(version, {}).update(types)
    types = {version: Types(names, kubernetes) for version, names in written.items()}
    return {crd["metadata"]["name"]: crd for crd in (_crd(file, types) for file in files)}


def _crd(file: dict[str, Any], types: dict[str, Types]) -> dict[str, Any]:
    kind = file["kind"]
    singular = kind.lower()
    names = {
        "kind": kind,
        "listKind": f"{kind}List",
        "plural": f"{singular}s",
        "singular": singular,
        "categories": ["all"],
    }
    versions = [_version(kind, version, file, types[version]) for version in file["versions"]]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{singular}s.{GROUP}"},
        "spec": {"group": GROUP, "names": names, "scope": "Namespaced", "versions": versions},
    }


def _version(kind: str, version: str, file: dict[str, Any], types: Types) -> dict[str, Any]:
    stored = version == STORED
    top = {
        "apiVersion": "string",
        "kind": "string",
        "metadata": {},
        "spec": f"{kind}Spec",
        "status": f"{kind}Status",
    }
    columns = file["versions"][version].get("$columns", file["columns"])
    return {
        "name": version,
        "served": True,
        "storage": stored,
        **(
            {} if stored else {"deprecated": True, "deprecationWarning": DEPRECATION.format(version=version, kind=kind)}
        ),
        **({"additionalPrinterColumns": columns} if columns else {}),
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": types.schema(top)},
    }


def _is_true(crd: dict[str, Any] | None, condition: str) -> bool:
    conditions = ((crd or {}).get("status") or {}).get("conditions") or []
    return any(entry["type"] == condition and entry["status"] == "True" for entry in conditions)


def _read(folder: Path) -> dict[str, str]:
    """{name: document}, not parsed: KubeRay's own are megabytes, and the API server reads YAML faster."""
    documents: dict[str, str] = {}
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        for document in re.split(r"^---\s*$", file.read_text(encoding="utf-8"), flags=re.M):
            name = re.search(r"^  name: (\S+\.\S+)$", document, re.M)
            if name and re.search(r"^kind: CustomResourceDefinition\s*$", document, re.M):
                documents[name.group(1)] = document
    if not documents:
        raise LabError(f"no CustomResourceDefinition in {folder}")
    return documents
