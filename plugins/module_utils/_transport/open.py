# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opening the door that a task names. Clients are kept for the loop items of a task, in the process that made them."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, OLD_API_VERSION
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Transport
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import load_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubernetes import KubernetesTransport

CONNECTION_OPTIONS = (
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
_open: dict[tuple[int, str], KubernetesTransport] = {}


def open_transport(options: dict[str, Any], context: Context) -> Transport:
    """The transport for these options; nothing is sent yet."""
    connection = {name: options.get(name) for name in CONNECTION_OPTIONS}
    key = (os.getpid(), json.dumps([connection, os.environ.get("KUBECONFIG")], sort_keys=True, default=str))
    transport = _open.get(key)
    if transport is None:
        transport = _open[key] = KubernetesTransport(
            load_credentials(connection), context, connection["api_version"] or API_VERSION
        )
    transport.session.use(context)
    if connection["api_version"] == OLD_API_VERSION:
        context.tell_outdated(
            f"{OLD_API_VERSION} is deprecated; {API_VERSION} is used wherever it is served, since a write through the "
            "older version deletes every field that it does not know"
        )
    return transport
