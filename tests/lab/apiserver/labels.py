# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The labels, annotations and times that V1 gives its objects."""

from __future__ import annotations

from datetime import datetime, timezone

from ..operator.objects import Json, labels_of

CLUSTER_NAME = "ray.io/cluster-name"
USER = "ray.io/user"
VERSION = "ray.io/version"
ENVIRONMENT = "ray.io/environment"
CREATED = "ray.io/creation-timestamp"
UPDATED = "ray.io/update-timestamp"
SERVE_SERVICE = "ray.io/enable-serve-service"

MANAGED_BY = "app.kubernetes.io/managed-by"
MANAGER = "kuberay-apiserver"
SELECTOR = f"{MANAGED_BY}={MANAGER}"
COMMON = {"app.kubernetes.io/name": "kuberay", MANAGED_BY: MANAGER}

# What V1 says of a service that is not being deleted: one second before Unix began.
NEVER = "1969-12-31T23:59:59Z"
# What Go makes of a time that was never set.
ZERO_TIME = "0001-01-01T00:00:00Z"


def is_managed(resource: Json) -> bool:
    """Whether V1 has made an object, or its labels were copied from one that it made."""
    return labels_of(resource).get(MANAGED_BY) == MANAGER


def now() -> str:
    """A time as Go prints it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f000 +0000 UTC")


def seconds(stamp: str | None) -> str:
    """A time without its fraction; what is not there is Go's zero."""
    return f"{stamp[:19]}Z" if stamp else ZERO_TIME
