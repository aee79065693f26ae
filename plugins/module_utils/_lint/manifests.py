# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests as people keep them, one or many of any kind: what the rules say about those of ray.io."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.manifests import each_manifest
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import KINDS, STABLE, lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Finding
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import Version

Json = dict[str, Any]
_GROUP = "ray.io/"


def lint_manifests(manifests: Any, version: Version | None, gates: Mapping[str, bool]) -> list[Json]:
    """What is wrong with the manifests of ray.io among these, as plain data."""
    return [told for unused, manifest in each_manifest(manifests) for told in _told(_plain(manifest), version, gates)]


def _plain(manifest: Json) -> Json:
    """The manifest as it would go over the wire: dates are texts there, and so are all keys."""
    plain: Json = json.loads(json.dumps(manifest, default=str))
    return plain


def _told(manifest: Json, version: Version | None, gates: Mapping[str, bool]) -> Iterator[Json]:
    metadata = Part(manifest)["metadata"]
    for finding in _findings(manifest, version, gates):
        yield {
            "kind": manifest.get("kind"),
            "namespace": metadata["namespace"].value,
            "name": metadata["name"].value or metadata["generateName"].value,
            "path": finding.path,
            "message": finding.message,
            "level": "error" if finding.certain else "warning",
            "rule": finding.rule,
        }


def _findings(manifest: Json, version: Version | None, gates: Mapping[str, bool]) -> Iterator[Finding]:
    group, kind = manifest.get("apiVersion"), manifest.get("kind")
    if group is None and kind in KINDS:
        yield Finding("apiVersion", f"is needed: {STABLE}", True, "api-version-needed")
    elif not str(group).startswith(_GROUP):
        return
    elif kind not in KINDS:
        yield Finding("kind", f"{kind!r} is none of {', '.join(KINDS)}, and is not checked", False, "kind-unknown")
    yield from lint(manifest, version, gates)
