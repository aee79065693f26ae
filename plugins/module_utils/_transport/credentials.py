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

IMPORT_ERROR: str | None
try:
    import kubernetes.client
    import kubernetes.config
    import yaml
    from kubernetes.config import kube_config

    IMPORT_ERROR = None
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


def load_credentials(options: dict[str, Any]) -> Credentials:
    """Read the connection options of a task (see doc_fragments/connection.py) and whatever they point to."""
    with _private_folder() as folder:
        configuration = kubernetes.client.Configuration()
        namespace = _read_configuration(options, configuration, folder)
        _apply_options(options, configuration)
        if not configuration.host:
            raise CredentialsError("no Kubernetes API server is known: set kubeconfig, or host with api_key")
        return Credentials(
            host=configuration.host.rstrip("/"),
            tls=_tls_context(configuration) if configuration.host.startswith("https") else None,
            authorization=lambda: _renewed_authorization(configuration, folder),
            server_name=getattr(configuration, "tls_server_name", None),
            verify=configuration.verify_ssl,
            proxy=_proxy(options, configuration),
            headers=_impersonation(options),
            namespace=namespace or "default",
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
    given = _parsed(options.get("kubeconfig"))
    if _host_is_enough(options):
        return None
    try:
        if isinstance(given, dict):
            kubernetes.config.load_kube_config_from_dict(
                given, options.get("context"), configuration, persist_config=False, temp_file_path=folder
            )
            return _context_namespace(given, options.get("context"))
        path = given or os.environ.get("KUBECONFIG")
        if path is None and options.get("context") is None and _load_in_cluster(configuration):
            return _service_account_namespace()
        if path is None and options.get("host") and not os.path.exists(os.path.expanduser(_default_kubeconfig())):
            return None
        return _load_file(path, options.get("context"), configuration, folder)
    except CredentialsError:
        raise
    except Exception as error:
        where = (
            "the kubeconfig given as a mapping" if isinstance(given, dict) else f"the kubeconfig {given or '(default)'}"
        )
        raise CredentialsError(f"{where} cannot be used: {_one_line(error)}") from error


def is_path(kubeconfig: Any) -> bool:
    """Whether a kubeconfig option is a path, and not the content itself."""
    return isinstance(kubeconfig, str) and "\n" not in kubeconfig and not kubeconfig.lstrip().startswith("{")


def _parsed(kubeconfig: Any) -> Any:
    """A kubeconfig's content where it was given as text (a looked up file); a path and a mapping stay as they are."""
    if not isinstance(kubeconfig, str) or is_path(kubeconfig):
        return kubeconfig
    try:
        content = yaml.safe_load(kubeconfig)
    except yaml.YAMLError:
        content = None
    if not isinstance(content, dict):
        # Not a word of it is repeated: it holds keys.
        raise CredentialsError("the kubeconfig that was given as text is not a YAML mapping")
    return content


def _host_is_enough(options: dict[str, Any]) -> bool:
    """Whether the options say all: where, and a proof of who we are; and name no kubeconfig besides."""
    proven = any(options.get(proof) for proof in ("api_key", "username", "client_cert"))
    return bool(options.get("host") and proven and not options.get("kubeconfig") and not options.get("context"))


def _default_kubeconfig() -> str:
    return str(kube_config.KUBE_CONFIG_DEFAULT_LOCATION)


def _load_in_cluster(configuration: Any) -> bool:
    try:
        kubernetes.config.load_incluster_config(client_configuration=configuration)
    except kubernetes.config.ConfigException:
        return False
    return True


def _load_file(path: str | None, context: str | None, configuration: Any, folder: str) -> str | None:
    path = path or _default_kubeconfig()
    if not any(os.path.exists(os.path.expanduser(part)) for part in path.split(os.pathsep)):
        raise CredentialsError(f"there is no kubeconfig at {path}: set kubeconfig, or host with api_key")
    path = os.pathsep.join(os.path.expanduser(part) for part in path.split(os.pathsep))
    kubernetes.config.load_kube_config(path, context, configuration, persist_config=False, temp_file_path=folder)
    # The package's list of contexts wants a current one even where another is named.
    merged = kube_config.KubeConfigMerger(path).config
    contexts = [one.value for one in merged["contexts"].value]
    return _context_namespace({"contexts": contexts, "current-context": merged.safe_get("current-context")}, context)


def _context_namespace(content: dict[str, Any], context: str | None) -> str | None:
    name = context or content.get("current-context")
    chosen: dict[str, Any] = next((one for one in content.get("contexts") or [] if one.get("name") == name), {})
    return (chosen.get("context") or {}).get("namespace")


def _service_account_namespace() -> str | None:
    try:
        with open(_SERVICE_ACCOUNT_NAMESPACE, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return None


def _apply_options(options: dict[str, Any], configuration: Any) -> None:
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
            setattr(configuration, attribute, options[option])
    if options.get("api_key"):
        configuration.refresh_api_key_hook = None
        configuration.api_key = {"authorization": options["api_key"].strip()}
        configuration.api_key_prefix = {"authorization": "Bearer"}


def _renewed_authorization(configuration: Any, folder: str) -> str | None:
    """As below; renewing may write certificates into the folder again, and they do not stay there either."""
    authorization = _authorization(configuration)
    if os.path.exists(folder):
        _forget(folder)
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


def _tls_context(configuration: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # urllib3 compares the certificate's names itself then; before version 2 it gives ssl no name for an IP address.
    context.check_hostname = False
    try:
        if not configuration.verify_ssl:
            context.verify_mode = ssl.CERT_NONE
        elif configuration.ssl_ca_cert:
            context.load_verify_locations(cafile=configuration.ssl_ca_cert)
        else:
            context.load_default_certs()
        if configuration.cert_file:
            context.load_cert_chain(configuration.cert_file, configuration.key_file)
    except (OSError, ssl.SSLError) as error:
        raise CredentialsError(f"a certificate or key file cannot be read: {_one_line(error)}") from error
    return context


def _proxy(options: dict[str, Any], configuration: Any) -> str | None:
    """The proxy to use, unless the host is one of those that go without."""
    proxy = options.get("proxy") or getattr(configuration, "proxy", None)
    without = options.get("no_proxy") or getattr(configuration, "no_proxy", None) or ""
    host = urlsplit(configuration.host).hostname or ""
    names = [name.strip().lstrip(".") for name in without.split(",") if name.strip()]
    if any(name == "*" or host == name or host.endswith("." + name) for name in names):
        return None
    return str(proxy) if proxy else None


def _impersonation(options: dict[str, Any]) -> list[tuple[str, str]]:
    user = options.get("impersonate_user")
    groups = options.get("impersonate_groups") or []
    return [("Impersonate-User", user)] * bool(user) + [("Impersonate-Group", group) for group in groups]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
