# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a KubeRay APIServer is and how we prove who we are: by its URL, or as a Service behind the Kubernetes API.

Source: contract 4.2 and 7.3; the services/proxy subresource of the Kubernetes API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import OLD_API_VERSION
from ansible_collections.kuberay.core.plugins.module_utils._transport.answers import Server
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import checked_name
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import (
    Credentials,
    load_credentials,
    plain_credentials,
)

# What a port may be: a number, or a name of letters, digits and '-'.
_PORT = re.compile(r"[0-9]{1,5}|(?=[a-z0-9-]{1,15}$)[a-z0-9]+(-[a-z0-9]+)*")
_WHAT = "a KubeRay APIServer"
_WHICH_ONE = (
    "look at apiserver_token: a security proxy wants its own alone, the Kubernetes API behind V2 wants one of its own "
    "after 'Bearer '; where both want one, take V1, which hands none on"
)
_AT_URL = Server(
    _WHAT,
    "apiserver_url",
    "apiserver_ca_cert",
    (
        (401, "", _WHICH_ONE),
        (
            403,
            "system:anonymous",
            f"V2 hands the Authorization header on, which Kubernetes does not know; {_WHICH_ONE}",
        ),
        (403, " cannot ", "V2 acts with the APIServer's own account where no token is sent: its role has to allow it"),
    ),
)
_BEHIND_KUBERNETES = Server(
    _WHAT,
    advice=(
        (403, "services/proxy", "the way to apiserver_service needs this right"),
        (403, " cannot ", "V2 acts with the APIServer's own account: its role has to allow it"),
        (404, "services", "apiserver_service names the Service of the APIServer"),
        (503, "no endpoints available", "the Service that apiserver_service names has no pod that is ready"),
    ),
    is_proxied=True,
)


def load_apiserver_credentials(options: Mapping[str, Any]) -> Credentials:
    """Read the options that say where the APIServer is; OptionError where they do not, or say it twice."""
    url, service = options.get("apiserver_url"), options.get("apiserver_service")
    if options.get("api_version") == OLD_API_VERSION:
        raise OptionError(
            f"api_version: {OLD_API_VERSION} is for api: kubernetes; an APIServer has a version of its own"
        )
    if url and service:
        raise OptionError("apiserver_url and apiserver_service exclude each other: both say where the APIServer is")
    if not url and not service:
        raise OptionError(
            f"api: {options['api']} needs apiserver_url or apiserver_service, to know where the server is"
        )
    return _by_url(options) if url else _by_service(options)


def _by_url(options: Mapping[str, Any]) -> Credentials:
    return plain_credentials(
        {
            "host": options["apiserver_url"],
            "ca_cert": options.get("apiserver_ca_cert"),
            **{name: options.get(name) for name in ("validate_certs", "proxy", "no_proxy")},
        },
        _AT_URL,
        options.get("apiserver_token"),
    )


def _by_service(options: Mapping[str, Any]) -> Credentials:
    """The way through the Kubernetes API, with its credentials."""
    for name in ("apiserver_token", "apiserver_ca_cert"):
        if options.get(name):
            raise OptionError(
                f"{name}: through apiserver_service it would go to the Kubernetes API, which does not hand it on; "
                "reach the APIServer by apiserver_url"
            )
    service = options["apiserver_service"]
    namespace = checked_name("apiserver_service.namespace", service["namespace"])
    name = checked_name("apiserver_service.name", service["name"])
    port = str(service["port"])
    if not _PORT.fullmatch(port):
        raise OptionError(f"apiserver_service.port: {port!r} is neither a number nor the name of a port")
    scheme = "https:" if service["scheme"] == "https" else ""
    reached = load_credentials(dict(options))
    path = f"/api/v1/namespaces/{namespace}/services/{scheme}{name}:{port}/proxy"
    return replace(reached, host=reached.host + path, server=_BEHIND_KUBERNETES)
