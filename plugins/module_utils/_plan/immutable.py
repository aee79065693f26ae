# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the CRDs refuse to change once it is set, whoever asks; also in the cluster or the job inside another object."""

from __future__ import annotations

import re

from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import Change

_INSIDE = r"(?:(?:jobTemplate|rayClusterSpec|rayClusterConfig)\.)*"
_IMMUTABLE = re.compile(rf"spec\.{_INSIDE}(managedBy|gcsFaultToleranceOptions\.backend)$")


def fixed(changes: list[Change]) -> list[str]:
    """What is said about each change of that kind; setting it for the first time, or leaving it out, is none."""
    return [
        f"{change.path} cannot be changed once it is set"
        for change in changes
        if change.op == "replace" and _IMMUTABLE.match(change.path)
    ]
