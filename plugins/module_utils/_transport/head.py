# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Ray head as the Kubernetes API shows it: what leads to it from outside, and whether its dashboard answers."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import ConnectionFailed, NotFound, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.head import (
    dashboard_path,
    has_ingress,
    head_service,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.answers import refusal
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

# What may lead to a head service that wants an Ingress: the operator makes one of them.
_INGRESSES = {
    "ingress": "/apis/networking.k8s.io/v1/namespaces/{0}/ingresses/{1}-head-ingress",
    "route": "/apis/route.openshift.io/v1/namespaces/{0}/routes/{1}-head-route",
}
_NO_SERVICE = b"kuberay service not found"
_FORBIDDEN = 403
_BROKEN = 500


def ways_in(session: Session, ref: Ref, resource: Resource) -> dict[str, Any]:
    """``service``, and where the spec asks for one ``ingress`` or ``route``; None for what is not there."""
    service = f"/api/v1/namespaces/{ref.namespace}/services/{head_service(resource)}"
    return {"service": maybe(session, service), **ingresses(session, ref.namespace, ref.name, resource)}


def ingresses(session: Session, namespace: str, name: str, resource: Resource) -> dict[str, Any]:
    """``ingress`` or ``route`` of the cluster of that name, where its spec asks for one."""
    found: dict[str, Any] = {}
    for sort, path in _INGRESSES.items() if has_ingress(resource) else ():
        found[sort] = None if any(found.values()) else maybe(session, path.format(namespace, name))
    return found


def dashboard_answers(session: Session, ref: Ref, resource: Resource) -> bool:
    """Whether the dashboard says anything at all, be it that it wants a token.

    What the API server says itself is a Status: that the service has no endpoints yet, or that nothing answers there.
    An APIServer between it and us has words of its own for a service that is not there.
    """
    path = dashboard_path(resource)
    if path is None:
        raise OptionError(f"wait_for: the head of {ref} has no port named dashboard to wait for")
    try:
        status, data = session.look(f"{path}api/version")
    except ConnectionFailed:
        return False
    if not _is_status(data):
        return status < _BROKEN and data.strip() != _NO_SERVICE
    if status == _FORBIDDEN:
        raise refusal(status, data)
    return False


def maybe(session: Session, path: str) -> Resource | None:
    """The object at a path, or None where there is none."""
    try:
        return dict(session.request("GET", path).body)
    except NotFound:
        return None


def _is_status(data: bytes) -> bool:
    try:
        body = json.loads(data)
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("kind") == "Status"
