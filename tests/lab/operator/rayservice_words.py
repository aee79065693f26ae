# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's words about RayServices, and the questions to a RayService that several rooms ask."""

from __future__ import annotations

from .conditions import find, is_true
from .objects import Json, dig

FINALIZER = "ray.io/rayservice-finalizer"
TIMEOUT = "ray.io/initializing-timeout"
# The child's annotations by which its spec is compared with the wish.
CLUSTER_HASH = "ray.io/hash-without-replicas-and-workers-to-delete"
GROUP_COUNT = "ray.io/num-worker-groups"

# spec.upgradeStrategy.type
NEW_CLUSTER, INCREMENTAL, NO_UPGRADE = "NewCluster", "NewClusterWithIncrementalUpgrade", "None"

# status.conditions
READY = "Ready"
UPGRADING = "UpgradeInProgress"
ROLLING_BACK = "RollbackInProgress"
SUSPENDING = "Suspending"
SUSPENDED = "Suspended"

# Their reasons
INITIALIZING = "Initializing"
TIMED_OUT = "InitializingTimeout"
VALIDATION_FAILED = "ValidationFailed"

# In Ray Serve's own words
APPLICATION_RUNNING = "RUNNING"


def active_name(service: Json) -> str:
    """The cluster that serves."""
    return str(dig(service, "status.activeServiceStatus.rayClusterName", ""))


def pending_name(service: Json) -> str:
    """The cluster that is to serve next."""
    return str(dig(service, "status.pendingServiceStatus.rayClusterName", ""))


def upgrade_type(service: Json) -> str:
    """How a change of the cluster's spec is carried out; empty where nothing is said."""
    return str(dig(service, "spec.upgradeStrategy.type", ""))


def has(service: Json, kind: str) -> bool:
    """Whether a condition is there and True."""
    return is_true(dig(service, "status.conditions", []), kind)


def is_timed_out(service: Json) -> bool:
    """Whether it never became ready in time. Nothing heals that."""
    ready = find(dig(service, "status.conditions", []), READY) or {}
    return ready.get("status") == "False" and ready.get("reason") == TIMED_OUT
