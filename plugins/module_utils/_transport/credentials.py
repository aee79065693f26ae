# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the Kubernetes API is and how we prove who we are. Read by the ``kubernetes`` package, used by our own pool.

The order is kubernetes.core's: a host with credentials given as options; else the kubeconfig (option, then KUBECONFIG);
else the pod that we run in; else ~/.kube/config.
"""

from __future__ import annotations

import base64
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
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubeconfig import is_path, one_line

__all__ = ["Credentials", "is_path", "load_credentials"]

IMPORT_ERROR: str | None
try:
    import kubernetes.client
    import kubernetes.config
    from kubernetes.config import kube_config

    IMPORT_ERROR = kubeconfig.IMPORT_ERROR
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"

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
        configuration = kubernetes.client.Configuration()
        namespace = _read_configuration(options, configuration, folder)
        _apply_options(options, configuration, folder)
        if not configuration.host:
            raise CredentialsError("no Kubernetes API server is known: set kubeconfig, or host with api_key")
        host = _url("host, or the server of the kubeconfig", configuration.host)
        if "@" in urlsplit(host).netloc:
            raise CredentialsError(f"host: {hide_userinfo(host)!r} says who asks; say that in username and password")
        return Credentials(
            host=host.rstrip("/"),
            tls=_tls_context(configuration, folder) if host.lower().startswith("https:") else None,
            authorization=lambda: _renewed_authorization(configuration, folder),
            server_name=getattr(configuration, "tls_server_name", None),
            verify=configuration.verify_ssl,
            proxy=_proxy(options, configuration),
            headers=_impersonation(options),
            namespace=namespace or "default",
        )


def plain_credentials(options: dict[str, Any], server: Server, authorization: str | None) -> Credentials:
    """Those of a server that no kubeconfig knows; ``authorization`` is sent as it is."""
    with _private_folder() as folder:
        configuration = kubernetes.client.Configuration()
        _apply_options(options, configuration, folder)
        host = _url(server.address, configuration.host)
        if "@" in urlsplit(host).netloc:
            raise CredentialsError(
                f"{server.address}: {hide_userinfo(host)!r} says who asks, where nobody wants to know"
            )
        return Credentials(
            host=host.rstrip("/"),
            tls=_tls_context(configuration, folder, server) if host.lower().startswith("https:") else None,
            authorization=lambda: authorization or None,
            verify=configuration.verify_ssl,
            proxy=_proxy(options, configuration),
            server=server,
        )


@contextmanager
def _private_folder() -> Iterator[str]:
    """A folder for the certificates and keys that a kubeconfig carries inline, gone before anything is sent.

    The package remembers by content which files it wrote and never looks whether they are still there, so its memory is
    cleared with the folder.
    """
    folder = tempfile.mkdtemp(prefix="kuberay-")
    try:
        yield folder
    finally:
        _forget(folder)


def _forget(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    remembered = getattr(kube_config, "_temp_files", None)
    if isinstance(remembered, dict):
        remembered.clear()


def _read_configuration(options: dict[str, Any], configuration: Any, folder: str) -> str | None:
    """Fill the configuration from what is found first; the namespace that goes with it."""
    given = kubeconfig.parsed(options.get("kubeconfig"))
    if _host_is_enough(options):
        return None
    found = given if isinstance(given, dict) else given or os.environ.get("KUBECONFIG") or None
    if found is None and options.get("context") is None and _load_in_cluster(configuration):
        return _service_account_namespace()
    if found is None and options.get("host") and not os.path.exists(os.path.expanduser(kubeconfig.default_path())):
        return None
    return kubeconfig.read(found, options.get("context"), configuration, folder)


def _host_is_enough(options: dict[str, Any]) -> bool:
    """Whether the options say all: where, and a proof of who we are; and name no kubeconfig besides."""
    proven = any(options.get(proof) for proof in ("api_key", "username", "client_cert"))
    return bool(options.get("host") and proven and not options.get("kubeconfig") and not options.get("context"))


def _load_in_cluster(configuration: Any) -> bool:
    try:
        kubernetes.config.load_incluster_config(client_configuration=configuration)
    except kubernetes.config.ConfigException:
        return False
    return True


def _service_account_namespace() -> str | None:
    try:
        with open(_SERVICE_ACCOUNT_NAMESPACE, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return None


def _apply_options(options: dict[str, Any], configuration: Any, folder: str) -> None:
    """What the task says itself wins over what a kubeconfig says."""
    table = {
        "host": "host",
        "username": "username",
        "password": "password",
        "client_cert": "cert_file",
        "client_key": "key_file",
        "ca_cert": "ssl_ca_cert",
        "validate_certs": "verify_ssl",
    }
    for option, attribute in table.items():
        if options.get(option) is not None:
            setattr(configuration, attribute, _filed(option, options[option], folder))
    if options.get("api_key"):
        configuration.refresh_api_key_hook = None
        configuration.api_key = {"authorization": options["api_key"].strip()}
        configuration.api_key_prefix = {"authorization": "Bearer"}


def _filed(option: str, value: Any, folder: str) -> Any:
    """The controller gives the text of a vaulted file in place of its path, and ssl reads files only."""
    if not isinstance(value, str) or "\n" not in value:
        return value
    path = os.path.join(folder, option)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(value)
    return path


def _renewed_authorization(configuration: Any, folder: str) -> str | None:
    """As below; renewing may write certificates into the folder again, and they do not stay there either."""
    with kubeconfig.errors_told() as told:
        authorization = _authorization(configuration)
    if os.path.exists(folder):
        _forget(folder)
    if told:
        raise CredentialsError(f"the credentials of the kubeconfig cannot be renewed: {'; '.join(told)}")
    return authorization


def _authorization(configuration: Any) -> str | None:
    """The Authorization header of this moment; the package renews what it got from an exec plugin or a file."""
    # 37 looks a token up under "BearerToken" and falls back to "authorization"; 28 knows the latter only.
    for identifier in ("authorization", "BearerToken"):
        token = configuration.get_api_key_with_prefix(identifier)
        if token:
            return str(token)
    if configuration.username:
        pair = f"{configuration.username}:{configuration.password or ''}"
        return "Basic " + base64.b64encode(pair.encode()).decode()
    return None


def _tls_context(configuration: Any, folder: str, server: Server = KUBERNETES) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # urllib3 compares the certificate's names itself then; before version 2 it gives ssl no name for an IP address.
    context.check_hostname = False
    if not configuration.verify_ssl:
        context.verify_mode = ssl.CERT_NONE
    elif configuration.ssl_ca_cert:
        authority = configuration.ssl_ca_cert
        with _naming((server.authority, authority, "certificate-authority-data"), folder=folder):
            context.load_verify_locations(cafile=authority)
    else:
        context.load_default_certs()
    if configuration.cert_file:
        pair = (configuration.cert_file, configuration.key_file)
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


def _proxy(options: dict[str, Any], configuration: Any) -> str | None:
    """The proxy to use, unless the host is one of those that go without."""
    proxy = options.get("proxy") or getattr(configuration, "proxy", None)
    without = options.get("no_proxy") or getattr(configuration, "no_proxy", None) or ""
    host = urlsplit(configuration.host).hostname or ""
    names = [name.strip().lstrip(".") for name in without.split(",") if name.strip()]
    if not proxy or any(name == "*" or host == name or host.endswith("." + name) for name in names):
        return None
    return _url("proxy, or the one of the kubeconfig or the environment", str(proxy))


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
