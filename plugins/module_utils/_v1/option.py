# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which option of a task leads to a field of the resource: for messages about fields that V1 does not have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER, JOB, SERVICE, Kind

Spec = Mapping[str, Any]
# Fields of the resource in the options' words, one after the other.
_WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^(metadata|data)\.", ""),
        (r"^spec\.", ""),
        (r"^(rayClusterSpec|rayClusterConfig)\b", "cluster"),
        (r"\bheadGroupSpec\b", "head_group"),
        (r"\bworkerGroupSpecs\b", "worker_groups"),
        (r"\.template\.metadata\.annotations\['ray\.io/compute-template'\]", ".compute_template"),
        (r"\.template\.metadata\.(labels|annotations)\b", r".\1"),
        (r"\.template\.spec\.containers\[ray-(head|worker)\]\.volumeMounts\b", ".volumes"),
        (r"\.template\.spec\.containers\[ray-(head|worker)\]", ""),
        (r"\.template\.spec\.", "."),
        # A volume is described by its options together.
        (r"(\.volumes\[[^\]]*\]).*", r"\1"),
        (r"\.imagePullSecrets\b", ".image_pull_secret"),
        (r"\.serviceAccountName\b", ".service_account"),
        (r"^serveConfigV2\b", "serve_config"),
        (r"^runtimeEnvYAML\b", "runtime_env"),
    )
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_STEP = re.compile(r"\.?([A-Za-z0-9_]+)((?:\[[^\]]*\])?)")
# Options that take fields of any sort, where no other one has them.
_TEMPLATE, _SPEC = "template", "spec"


def option_of(kind: Kind, path: str) -> str:
    """The option behind a path of the resource; the raw one where no typed option has that field."""
    raw = _TEMPLATE if f".{_TEMPLATE}." in path else _SPEC
    for pattern, words in _WORDS:
        path = pattern.sub(words, path)
    return _walk(_options(kind), path, raw)


def _walk(options: Spec, path: str, raw: str) -> str:
    found = ""
    while True:
        step = _STEP.match(path)
        name = _CAPITAL.sub("_", step.group(1)).lower() if step else ""
        if step is None or name not in options:
            # Where there is no raw option beside it, it is the spec of the whole that can say it.
            return f"{found}.{raw}".strip(".") if raw in options else _SPEC
        member = step.group(2) if options[name].get("type") == "list" else ""
        found = f"{found}.{name}{member}".strip(".")
        options, path = options[name].get("options") or {}, path[step.end() :]
        if not options or not path:
            return found


def _options(kind: Kind) -> Spec:
    """The argument spec of a kind, imported when something is wrong only."""
    from ansible_collections.kuberay.core.plugins.module_utils._options import cluster, job, service, template

    specs = {CLUSTER.name: cluster.CLUSTER, JOB.name: job.JOB, SERVICE.name: service.SERVICE}
    found: Spec = specs.get(kind.name, template.TEMPLATE)["argument_spec"]
    return found
