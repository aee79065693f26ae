# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say where the Kubernetes API is and who asks: kubernetes.core's names, aliases and variables."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback


def _option(variable: str, sort: str = "str", **more: Any) -> dict[str, Any]:
    return {"type": sort, "fallback": (env_fallback, [f"K8S_AUTH_{variable}"]), **more}


CONNECTION_SPEC: dict[str, Any] = {
    "api_version": {"type": "str", "choices": ["ray.io/v1", "ray.io/v1alpha1"], "default": "ray.io/v1"},
    "kubeconfig": _option("KUBECONFIG", "raw", no_log=True),
    "context": _option("CONTEXT"),
    "host": _option("HOST"),
    "api_key": _option("API_KEY", no_log=True),
    "username": _option("USERNAME"),
    "password": _option("PASSWORD", no_log=True),
    "client_cert": _option("CERT_FILE", "path", aliases=["cert_file"]),
    "client_key": _option("KEY_FILE", "path", aliases=["key_file"], no_log=False),
    "ca_cert": _option("SSL_CA_CERT", "path", aliases=["ssl_ca_cert"]),
    "validate_certs": _option("VERIFY_SSL", "bool", aliases=["verify_ssl"]),
    "proxy": _option("PROXY"),
    "no_proxy": _option("NO_PROXY"),
    "impersonate_user": _option("IMPERSONATE_USER"),
    "impersonate_groups": _option("IMPERSONATE_GROUPS", "list", elements="str"),
}
