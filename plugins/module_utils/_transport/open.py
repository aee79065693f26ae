# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening the door that a task names. Clients are kept for the loop items of a task, in the process that made them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    API_VERSION,
    OLD_API_VERSION,
    TEMPLATE,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import load_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubernetes import KubernetesTransport
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

if TYPE_CHECKING:
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v1 import ApiServerV1
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v2 import ApiServerV2

Options = dict[str, Any]
CONNECTION_OPTIONS = (
    "api",
    "apiserver_url",
    "apiserver_token",
    "apiserver_ca_cert",
    "apiserver_service",
    "apiserver_base_path",
    "api_version",
    "kubeconfig",
    "context",
    "host",
    "api_key",
    "username",
    "password",
    "client_cert",
    "client_key",
    "ca_cert",
    "validate_certs",
    "proxy",
    "no_proxy",
    "impersonate_user",
    "impersonate_groups",
)
KUBERNETES, V1, V2 = "kubernetes", "apiserver_v1", "apiserver_v2"


class _Door(Transport, Protocol):
    """A transport to one server."""

    session: Session


_open: dict[tuple[int, str], _Door] = {}


def open_transport(options: Options, context: Context, kind: Kind | None = None) -> Transport:
    """The transport for these options, to objects of this kind; nothing is sent yet."""
    api = options.get("api") or KUBERNETES
    if api == V2 and kind is TEMPLATE:
        # V2 passes on what is KubeRay's alone, and a template is a ConfigMap; the same server's V1 has it.
        api = V1
    connection = {**{name: options.get(name) for name in CONNECTION_OPTIONS}, "api": api}
    key = (os.getpid(), json.dumps([connection, os.environ.get("KUBECONFIG")], sort_keys=True, default=str))
    transport = _open.get(key)
    if transport is None:
        transport = _open[key] = _DOORS[api](connection, context)
    transport.session.use(context)
    if connection["api_version"] == OLD_API_VERSION:
        context.tell_outdated(
            f"{OLD_API_VERSION} is deprecated; {API_VERSION} is used wherever it is served, since a write through the "
            "older version deletes every field that it does not know"
        )
    return transport


def _kubernetes(connection: Options, context: Context) -> KubernetesTransport:
    return KubernetesTransport(load_credentials(connection), context, connection["api_version"] or API_VERSION)


def _v1(connection: Options, context: Context) -> ApiServerV1:
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver import load_apiserver_credentials
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v1 import ApiServerV1

    return ApiServerV1(load_apiserver_credentials(connection), context, connection["apiserver_base_path"])


def _v2(connection: Options, context: Context) -> ApiServerV2:
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver import load_apiserver_credentials
    from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v2 import ApiServerV2

    return ApiServerV2(load_apiserver_credentials(connection), context, connection["apiserver_base_path"])


_DOORS: dict[str, Callable[[Options, Context], _Door]] = {KUBERNETES: _kubernetes, V1: _v1, V2: _v2}
