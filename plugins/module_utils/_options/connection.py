# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say which door is taken, where it is and who asks.

Those of the Kubernetes API have kubernetes.core's names, aliases and variables.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback


def _option(variable: str, sort: str = "str", **more: Any) -> dict[str, Any]:
    return {"type": sort, "fallback": (env_fallback, [f"K8S_AUTH_{variable}"]), **more}


def _ours(variable: str, sort: str = "str", **more: Any) -> dict[str, Any]:
    return {"type": sort, "fallback": (env_fallback, [f"KUBERAY_{variable}"]), **more}


# As KubeRay's chart names and opens the service, where the release has the chart's name.
_SERVICE: dict[str, Any] = {
    "namespace": {"type": "str", "required": True},
    "name": {"type": "str", "default": "kuberay-apiserver-service"},
    "port": {"type": "raw", "default": 8888},
    "scheme": {"type": "str", "choices": ["http", "https"], "default": "http"},
}
KUBERNETES_SPEC: dict[str, Any] = {
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
CONNECTION_SPEC: dict[str, Any] = {
    "api": _ours("API", choices=["kubernetes", "apiserver_v1", "apiserver_v2"], default="kubernetes"),
    "apiserver_url": _ours("APISERVER_URL"),
    "apiserver_token": _ours("APISERVER_TOKEN", no_log=True),
    "apiserver_ca_cert": _ours("APISERVER_CA_CERT", "path"),
    "apiserver_service": _ours("APISERVER_SERVICE", "dict", options=_SERVICE),
    "apiserver_base_path": _ours("APISERVER_BASE_PATH", choices=["auto", "/apis/v1", "/apis/v1alpha2"], default="auto"),
    "api_version": {"type": "str", "choices": ["ray.io/v1", "ray.io/v1alpha1"], "default": "ray.io/v1"},
    **KUBERNETES_SPEC,
}
