# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a RayService answers: the endpoints of the cluster that serves, and those of its applications."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._facts.endpoints import (
    endpoints,
    external_endpoints,
    url,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    as_cluster,
    serve_port,
    serve_service,
)

Json = dict[str, Any]


def service_endpoints(service: Json) -> Json:
    """Those of whichever cluster serves; ``serve`` leads to the applications on all its pods."""
    port = serve_port(service)
    host = f"{serve_service(service)}.{service['metadata'].get('namespace', 'default')}.svc"
    return {**endpoints(as_cluster(service)), "serve": None if port is None else url("http", host, port)}


def service_external_endpoints(service: Json, ways_in: Json | None) -> Json:
    """Likewise from outside; ``serve_proxy`` is the path of the applications on the Kubernetes API.

    ``node_ports`` and ``load_balancer`` are those of the serve service.
    """
    cluster, port = as_cluster(service), serve_port(service)
    namespace = service["metadata"].get("namespace", "default")
    proxy = f"/api/v1/namespaces/{namespace}/services/{serve_service(service)}:{port}/proxy/"
    outside = external_endpoints(cluster, ways_in)
    return {**outside, "serve_proxy": None if port is None else proxy}
