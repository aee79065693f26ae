# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the Kubernetes API is and how we prove who we are.

The order is kubernetes.core's, but that KUBECONFIG goes before the pod: a host with credentials given as options; else
the kubeconfig (option, then KUBECONFIG); else the pod that we run in; else ~/.kube/config.
"""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.kuberay.core.plugins.module_utils._errors import CredentialsError
from ansible_collections.kuberay.core.plugins.module_utils._redact import hide_userinfo
from ansible_collections.kuberay.core.plugins.module_utils._transport import kubeconfig
from ansible_collections.kuberay.core.plugins.module_utils._transport.answers import KUBERNETES, Server
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubeconfig import is_path
from ansible_collections.kuberay.core.plugins.module_utils._transport.settings import (
    Settings,
    basic,
    bearer,
    one_line,
    written,
)

__all__ = ["Credentials", "is_path", "load_credentials"]

# What is missing here, if anything is.
IMPORT_ERROR = kubeconfig.IMPORT_ERROR
# Set in every pod.
_IN_POD = "KUBERNETES_SERVICE_HOST"
_SERVICE_ACCOUNT_NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


@dataclass
class Credentials:
    """How to reach one API server. ``authorization`` is asked before every request, since tokens are renewed."""

    host: str
    tls: ssl.SSLContext | None
    authorization: Callable[[], str | None]
    server_name: str | None = None
    verify: bool = True
    proxy: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    namespace: str = "default"
    server: Server = KUBERNETES


def load_credentials(options: dict[str, Any]) -> Credentials:
    """Read the connection options of a task (see doc_fragments/connection.py) and whatever they point to."""
    with _private_folder() as folder:
        settings, namespace = _found(options, folder)
        _apply_options(options, settings, folder)
        if not settings.host:
            raise CredentialsError("no Kubernetes API server is known: set kubeconfig, or host with api_key")
        host = _url("host, or the server of the kubeconfig", settings.host)
        if "@" in urlsplit(host).netloc:
            raise CredentialsError(f"host: {hide_userinfo(host)!r} says who asks; say that in username and password")
        return Credentials(
            host=host.rstrip("/"),
            tls=_tls_context(settings, folder) if host.lower().startswith("https:") else None,
            authorization=settings.authorization,
            server_name=settings.server_name,
            verify=settings.validate_certs,
            proxy=_proxy(options, settings),
            headers=_impersonation(options),
            namespace=namespace or "default",
        )


def plain_credentials(options: dict[str, Any], server: Server, authorization: str | None) -> Credentials:
    """Those of a server that no kubeconfig knows; ``authorization`` is sent as it is."""
    with _private_folder() as folder:
        settings = Settings()
        _apply_options(options, settings, folder)
        host = _url(server.address, settings.host or "")
        if "@" in urlsplit(host).netloc:
            raise CredentialsError(
                f"{server.address}: {hide_userinfo(host)!r} says who asks, where nobody wants to know"
            )
        return Credentials(
            host=host.rstrip("/"),
            tls=_tls_context(settings, folder, server) if host.lower().startswith("https:") else None,
            authorization=lambda: authorization or None,
            verify=settings.validate_certs,
            proxy=_proxy(options, settings),
            server=server,
        )


@contextmanager
def _private_folder() -> Iterator[str]:
    """A folder for the certificates and keys that a kubeconfig carries inline, gone before anything is sent."""
    folder = tempfile.mkdtemp(prefix="kuberay-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found(options: dict[str, Any], folder: str) -> tuple[Settings, str | None]:
    """What is found first, and the namespace that goes with it."""
    given = kubeconfig.parsed(options.get("kubeconfig"))
    if _host_is_enough(options):
        return Settings(), None
    found = given if isinstance(given, dict) else given or os.environ.get("KUBECONFIG") or None
    if found is None and options.get("context") is None:
        pod = _of_pod()
        if pod:
            return pod, _service_account_namespace()
    if found is None and options.get("host") and not os.path.exists(os.path.expanduser(kubeconfig.DEFAULT_PATH)):
        return Settings(), None
    return kubeconfig.read(found, options.get("context"), folder)


def _host_is_enough(options: dict[str, Any]) -> bool:
    """Whether the options say all: where, and a proof of who we are; and name no kubeconfig besides."""
    proven = any(options.get(proof) for proof in ("api_key", "username", "client_cert"))
    return bool(options.get("host") and proven and not options.get("kubeconfig") and not options.get("context"))


def _of_pod() -> Settings | None:
    if not os.environ.get(_IN_POD):
        return None
    from ansible_collections.kuberay.core.plugins.module_utils._transport.login import in_cluster

    return in_cluster()


def _service_account_namespace() -> str | None:
    try:
        with open(_SERVICE_ACCOUNT_NAMESPACE, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return None


def _apply_options(options: dict[str, Any], settings: Settings, folder: str) -> None:
    """What the task says itself wins over what a kubeconfig says."""
    for option in ("host", "ca_cert", "client_cert", "client_key", "validate_certs"):
        if options.get(option) is not None:
            setattr(settings, option, _filed(option, options[option], folder))
    if options.get("api_key"):
        settings.authorization = bearer(options["api_key"].strip())
    elif options.get("username"):
        settings.authorization = basic(options["username"], options.get("password") or "")


def _filed(option: str, value: Any, folder: str) -> Any:
    """The controller gives the text of a vaulted file in place of its path, and ssl reads files only."""
    if not isinstance(value, str) or "\n" not in value:
        return value
    return written(folder, option, value.encode())


def _tls_context(settings: Settings, folder: str, server: Server = KUBERNETES) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # urllib3 compares the certificate's names itself then; before version 2 it gives ssl no name for an IP address.
    context.check_hostname = False
    if not settings.validate_certs:
        context.verify_mode = ssl.CERT_NONE
    elif settings.ca_cert:
        authority = settings.ca_cert
        with _naming((server.authority, authority, "certificate-authority-data"), folder=folder):
            context.load_verify_locations(cafile=authority)
    else:
        context.load_default_certs()
    if settings.client_cert:
        pair = (settings.client_cert, settings.client_key)
        sorts = (("client_cert", pair[0], "client-certificate-data"), ("client_key", pair[1], "client-key-data"))
        with _naming(*sorts, folder=folder):
            context.load_cert_chain(*pair)
    return context


@contextmanager
def _naming(*files: tuple[str, str | None, str], folder: str) -> Iterator[None]:
    """What cannot be used, by its option and path, or by its field where a kubeconfig carries it inline."""
    try:
        yield
    except (OSError, ValueError) as error:
        names = " with ".join(_name(*file, folder) for file in files)
        raise CredentialsError(f"{names} cannot be used: {one_line(error)}") from error


def _name(option: str, file: str | None, inline: str, folder: str) -> str:
    if file is None:
        return f"{option} (not given)"
    if os.path.dirname(file) != folder:
        return f"{option} {file}"
    return f"{option} (of a vault)" if os.path.basename(file) == option else f"the kubeconfig's {inline}"


def _proxy(options: dict[str, Any], settings: Settings) -> str | None:
    """The proxy to use, unless the host is one of those that go without."""
    parts = urlsplit(settings.host or "")
    proxy = options.get("proxy") or settings.proxy or _environment(f"{parts.scheme}_proxy") or _environment("all_proxy")
    host = parts.hostname or ""
    without = options.get("no_proxy") or _environment("no_proxy") or ""
    names = [name.strip().lstrip(".") for name in without.split(",") if name.strip()]
    if not proxy or any(name == "*" or host == name or host.endswith("." + name) for name in names):
        return None
    return _url("proxy, or the one of the kubeconfig or the environment", proxy)


def _environment(name: str) -> str | None:
    """A variable that is written in small or in large letters."""
    return os.environ.get(name.lower()) or os.environ.get(name.upper())


def _url(what: str, text: str) -> str:
    """``text``, if it is the URL of a server."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme.lower() in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or any(one.isspace() for one in text):
        raise CredentialsError(f"{what}: {hide_userinfo(text)!r} is no URL of the form https://host:port")
    return text


def _impersonation(options: dict[str, Any]) -> list[tuple[str, str]]:
    user = options.get("impersonate_user")
    groups = options.get("impersonate_groups") or []
    return [("Impersonate-User", user)] * bool(user) + [("Impersonate-Group", group) for group in groups]
