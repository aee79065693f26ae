# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CRDs as ``helm show crds`` tells them."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import documents
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

Json = dict[str, Any]
_KIND = re.compile(r"^kind: *[\"']?CustomResourceDefinition\b", re.M)


def wished_crds(text: str) -> dict[str, Json]:
    """{name: CRD} of a text with any number of them; OptionError where one cannot be told."""
    found = {}
    all_documents = documents(text, "crds")
    for number, crd in enumerate(all_documents, 1):
        try:
            versions_of(crd)
            # What YAML takes for a date is a text to Kubernetes.
            found[str(crd["metadata"]["name"])] = json.loads(json.dumps(crd, default=str))
        except (KeyError, TypeError):
            raise OptionError(f"crds: document {number} is no CustomResourceDefinition") from None
    # Helm 3 puts a chart's files one after the other, and YAML would take the last of each key.
    written = len(_KIND.findall(text))
    if written > len(all_documents):
        raise OptionError(
            f"crds: {written} CustomResourceDefinitions are written in {len(all_documents)} documents: "
            "each file of the chart's folder crds has to begin with ---"
        )
    return found


def versions_of(crd: Json) -> list[str]:
    """The names of its versions."""
    return [version["name"] for version in crd["spec"]["versions"]]
