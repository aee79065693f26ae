# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has to log in first: by a plugin that a kubeconfig names, or as the pod that we run in. Left to ``kubernetes``.

Imported only then: the package needs 0.3 seconds for that, and a task hardly more without it. What it says of a plugin
that fails goes to a log, and is told here.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import CredentialsError
from ansible_collections.kuberay.core.plugins.module_utils._transport.settings import Settings, nobody, one_line

IMPORT_ERROR: str | None
try:
    import kubernetes.client
    import kubernetes.config
    from kubernetes.config import kube_config

    IMPORT_ERROR = None
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"


def by_plugin(kubeconfig: str | dict[str, Any], context: str, folder: str) -> Settings:
    """Those of a context whose user logs in by a plugin; files that are made are in ``folder``.

    The words of an error go on where "the kubeconfig ..." was said.
    """
    _ensure_package("has a user who logs in by a plugin")
    configuration = kubernetes.client.Configuration()
    try:
        with _errors_told() as told:
            merged = kubeconfig if isinstance(kubeconfig, dict) else kube_config.KubeConfigMerger(kubeconfig).config
            kubernetes.config.load_kube_config_from_dict(
                merged, context, configuration, persist_config=False, temp_file_path=folder
            )
    except Exception as error:
        raise CredentialsError(f"cannot be used: {one_line(error)}") from error
    finally:
        _forget_files()
    if told:
        raise CredentialsError(f"gives no credentials for its context {context!r}: {'; '.join(told)}")
    return _settings(configuration, folder)


def in_cluster() -> Settings | None:
    """Those of the pod that we run in; None where it has none."""
    _ensure_package("this is a pod, and its service account is asked for")
    configuration = kubernetes.client.Configuration()
    try:
        kubernetes.config.load_incluster_config(client_configuration=configuration)
    except kubernetes.config.ConfigException:
        return None
    return _settings(configuration, None)


def _ensure_package(why: str) -> None:
    if IMPORT_ERROR:
        raise CredentialsError(
            f"{why}: the Python library kubernetes (28 or later), which does that, cannot be imported by "
            f"{sys.executable} ({IMPORT_ERROR}): install it with {sys.executable} -m pip install kubernetes"
        )


def _settings(configuration: Any, folder: str | None) -> Settings:
    return Settings(
        host=configuration.host,
        ca_cert=configuration.ssl_ca_cert,
        client_cert=configuration.cert_file,
        client_key=configuration.key_file,
        validate_certs=configuration.verify_ssl,
        server_name=getattr(configuration, "tls_server_name", None),
        proxy=getattr(configuration, "proxy", None),
        authorization=(lambda: _renewed(configuration, folder)) if configuration.api_key else nobody,
    )


def _renewed(configuration: Any, folder: str | None) -> str | None:
    """The header of this moment; renewing may write certificates anew, and they do not stay either."""
    with _errors_told() as told:
        # 37 looks a token up under "BearerToken" and falls back to "authorization"; 28 knows the latter only.
        tokens = [configuration.get_api_key_with_prefix(name) for name in ("authorization", "BearerToken")]
    if folder and os.path.exists(folder):
        shutil.rmtree(folder, ignore_errors=True)
        _forget_files()
    if told:
        raise CredentialsError(f"the credentials of the kubeconfig cannot be renewed: {'; '.join(told)}")
    return next((str(token) for token in tokens if token), None)


def _forget_files() -> None:
    """The package remembers by content which files it wrote, and never looks whether they are still there."""
    remembered = getattr(kube_config, "_temp_files", None)
    if isinstance(remembered, dict):
        remembered.clear()


@contextmanager
def _errors_told() -> Iterator[list[str]]:
    """What the package tells the root logger only, where nobody hears it: why a plugin of the user's has failed."""
    told: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.append(" ".join(record.getMessage().split()))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(handler)
