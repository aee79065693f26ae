# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long each sign of trouble may stand before a wait ends on it.

The graces are for what does heal now and then: a busy registry, a node that is being added, a quota that frees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import (
    FAILED,
    NOT_REACHED,
    NOT_SUBMITTED,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    DEPLOY_FAILED,
    NOT_VALID,
    TIMED_OUT,
    UNHEALTHY,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import CRASHED, NO_CLUSTER, REFUSED, signs

GRACE_SECONDS: dict[str, float] = {
    REFUSED: 0.0,
    TIMED_OUT: 0.0,
    "InvalidImageName": 0.0,
    "ErrImageNeverPull": 0.0,
    "ImagePullBackOff": 10.0,
    # The status may be that of a spec before, for as long as the operator takes to look.
    NOT_VALID: 5.0,
    # Ray tries again and again where a replica does not start.
    DEPLOY_FAILED: 5.0,
    UNHEALTHY: 30.0,
    NOT_SUBMITTED: 5.0,
    # The dashboard starts after its pod is ready, on a busy node long after.
    NOT_REACHED: 180.0,
    FAILED: 30.0,
    NO_CLUSTER: 10.0,
    "CreateContainerConfigError": 20.0,
    CRASHED: 20.0,
    "ReplicaFailure": 30.0,
    "Unschedulable": 180.0,
}


def graces(options: Mapping[str, Any]) -> dict[str, float]:
    """The graces of a task: only its user knows how long a node takes to be added."""
    seconds = options.get("wait_unschedulable")
    return GRACE_SECONDS if seconds is None else {**GRACE_SECONDS, "Unschedulable": float(seconds)}


def fatal(seen: Observation, concerns: Callable[[Sign], bool], grace: Mapping[str, float] | None = None) -> Sign | None:
    """The first sign that concerns us and has stood for longer than its grace.

    ``seen.since`` says since when each has stood.
    """
    grace = GRACE_SECONDS if grace is None else grace
    for sign in filter(concerns, signs(seen)):
        since = seen.since.get(sign.about, seen.waited)
        if sign.sort in grace and seen.waited - since >= grace[sign.sort]:
            return sign
    return None
