# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayService as the Kubernetes API shows it: what Ray says about its applications, and what leads to them."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import ConnectionFailed
from ansible_collections.kuberay.core.plugins.module_utils._objects.head import dashboard_path
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    active_cluster,
    as_cluster,
    serve_service,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource
from ansible_collections.kuberay.core.plugins.module_utils._transport.head import ingresses, maybe
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

_OK = 200


def serve_applications(session: Session, resource: Resource) -> dict[str, Any] | None:
    """Each application with its ``status`` and its ``deployed_app_config``, by name.

    None where Ray does not answer, or not to this account.
    """
    path = dashboard_path(as_cluster(resource))
    if path is None:
        return None
    try:
        status, data = session.look(f"{path}api/serve/applications/")
        body: Any = json.loads(data) if status == _OK else None
    except (ConnectionFailed, ValueError):
        return None
    found = body.get("applications") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else None


def service_ways_in(session: Session, ref: Ref, resource: Resource) -> dict[str, Any]:
    """``service``, which leads to the applications; ``ingress`` or ``route`` of the cluster that serves."""
    service = maybe(session, f"/api/v1/namespaces/{ref.namespace}/services/{serve_service(resource)}")
    active = active_cluster(resource)
    found = ingresses(session, ref.namespace, active, as_cluster(resource)) if active else {}
    return {"service": service, **found}
