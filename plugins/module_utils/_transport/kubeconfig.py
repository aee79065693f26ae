# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kubeconfig, as a path, a mapping or a text.

Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1. What has to be run or renewed to log in is left
to the ``kubernetes`` package (login.py). Nothing of a kubeconfig's content is ever repeated, since it holds keys.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import CredentialsError
from ansible_collections.kuberay.core.plugins.module_utils._transport.settings import (
    Authorization,
    Settings,
    basic,
    bearer,
    nobody,
    written,
)

IMPORT_ERROR: str | None
try:
    import yaml

    IMPORT_ERROR = None
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"

Json = dict[str, Any]
DEFAULT_PATH = "~/.kube/config"
# A user's fields that mean that something has to be run or asked for.
_PLUGINS = ("exec", "auth-provider")


@dataclass
class _Entry:
    """A context, a cluster or a user; relative paths in it start at ``folder``."""

    content: Json
    folder: str

    def text(self, name: str) -> str | None:
        """A field that is a text; None where it is empty."""
        value = self.content.get(name)
        if value is not None and not isinstance(value, str):
            raise CredentialsError(f"is no kubeconfig: {name} is no text")
        return value or None

    def path(self, name: str) -> str | None:
        """A field that names a file."""
        value = self.text(name)
        return value and os.path.normpath(os.path.join(self.folder, value))

    def file(self, name: str, folder: str) -> str | None:
        """The file that a field names, or one in ``folder`` with what stands in the field ``…-data``."""
        inline = self.text(f"{name}-data")
        if inline is None:
            return self.path(name)
        try:
            return written(folder, f"{name}-data", base64.b64decode(inline))
        except ValueError as error:
            raise CredentialsError(f"is no kubeconfig: {name}-data is not base64") from error


@dataclass
class _Content:
    """What stands in one file or several: of entries with one name the first one counts."""

    current: str | None = None
    contexts: dict[str, _Entry] = field(default_factory=dict)
    clusters: dict[str, _Entry] = field(default_factory=dict)
    users: dict[str, _Entry] = field(default_factory=dict)

    def add(self, content: Json, folder: str) -> None:
        """Take what stands in one of the files."""
        self.current = content.get("current-context") or self.current
        for sort in ("contexts", "clusters", "users"):
            entries = content.get(sort) or []
            singular = sort[:-1]
            if not isinstance(entries, list) or not all(isinstance(one, dict) and "name" in one for one in entries):
                raise CredentialsError(f"is no kubeconfig: {sort} is no list of mappings with a name")
            for one in entries:
                entry = one.get(singular) or {}
                if not isinstance(entry, dict):
                    raise CredentialsError(f"is no kubeconfig: {singular} {one['name']!r} is no mapping")
                getattr(self, sort).setdefault(one["name"], _Entry(entry, folder))


def is_path(kubeconfig: Any) -> bool:
    """Whether a kubeconfig option is a path, and not the content itself."""
    return isinstance(kubeconfig, str) and "\n" not in kubeconfig and not kubeconfig.lstrip().startswith("{")


def parsed(kubeconfig: Any) -> Any:
    """A kubeconfig's content where it was given as text (a looked up file); a path and a mapping stay as they are."""
    if kubeconfig is None or isinstance(kubeconfig, dict) or is_path(kubeconfig):
        return kubeconfig
    if not isinstance(kubeconfig, str):
        raise CredentialsError(f"kubeconfig: a path, a mapping or its text is needed, not {type(kubeconfig).__name__}")
    try:
        return _content(kubeconfig)
    except CredentialsError as error:
        raise CredentialsError(f"kubeconfig: the text that was given {error.message}") from error


def read(kubeconfig: str | Json | None, context: str | None, folder: str) -> tuple[Settings, str | None]:
    """The settings of a context, and its namespace. Files that are made are in ``folder``."""
    path = None if isinstance(kubeconfig, dict) else _expanded(kubeconfig or DEFAULT_PATH)
    where = f"the kubeconfig {path}" if path else "the kubeconfig given as a mapping"
    try:
        content = _Content()
        if isinstance(kubeconfig, dict):
            content.add(kubeconfig, "")
        for file in _files(path) if path else ():
            content.add(_loaded(file), os.path.dirname(os.path.abspath(file)))
        return _chosen(path or kubeconfig, content, context, folder)
    except CredentialsError as error:
        raise CredentialsError(f"{where} {error.message}") from error


def _expanded(path: str) -> str:
    return os.pathsep.join(os.path.expanduser(part) for part in path.split(os.pathsep))


def _files(path: str) -> list[str]:
    found = [part for part in path.split(os.pathsep) if part and os.path.exists(part)]
    if not found:
        raise CredentialsError("is not there: set kubeconfig, or host with api_key")
    return found


def _loaded(file: str) -> Json:
    if os.path.isdir(file):
        raise CredentialsError("is a folder: name a file in it")
    try:
        with open(file, encoding="utf-8") as opened:
            return _content(opened.read())
    except UnicodeDecodeError as error:
        raise CredentialsError("is no kubeconfig: it is no text") from error
    except OSError as error:
        raise CredentialsError(f"cannot be read: {error.strerror}") from error


def _content(text: str) -> Json:
    if text.startswith("$ANSIBLE_VAULT"):
        raise CredentialsError(
            "is encrypted with Ansible Vault; the option kubeconfig opens such a file on the controller"
        )
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise CredentialsError(f"is no kubeconfig: it is not YAML{place}") from error
    if content is None:
        raise CredentialsError("is empty")
    if not isinstance(content, dict):
        raise CredentialsError(
            f"is no kubeconfig: a mapping with clusters, users and contexts is needed, not {_sort(content)}"
        )
    return content


def _sort(content: Any) -> str:
    return {"str": "a text", "list": "a list"}.get(type(content).__name__, f"a value of type {type(content).__name__}")


def _chosen(given: Any, content: _Content, context: str | None, folder: str) -> tuple[Settings, str | None]:
    name = context or content.current
    if not name:
        raise CredentialsError("has no current-context: set context")
    if name not in content.contexts:
        raise CredentialsError(f"has no context {name!r}")
    chosen = content.contexts[name]
    cluster = _named(content.clusters, chosen, "cluster", name)
    if cluster is None:
        raise CredentialsError(f"is no kubeconfig: its context {name!r} names no cluster")
    user = _named(content.users, chosen, "user", name) or _Entry({}, "")
    namespace = chosen.text("namespace")
    if any(user.content.get(plugin) for plugin in _PLUGINS):
        from ansible_collections.kuberay.core.plugins.module_utils._transport.login import by_plugin

        return by_plugin(given, name, folder), namespace
    return _settings(cluster, user, folder), namespace


def _named(entries: dict[str, _Entry], context: _Entry, sort: str, by: str) -> _Entry | None:
    name = context.text(sort)
    if name is None:
        return None
    if name not in entries:
        raise CredentialsError(f"has no {sort} {name!r}, which its context {by!r} names")
    return entries[name]


def _settings(cluster: _Entry, user: _Entry, folder: str) -> Settings:
    return Settings(
        host=cluster.text("server"),
        ca_cert=cluster.file("certificate-authority", folder),
        client_cert=user.file("client-certificate", folder),
        client_key=user.file("client-key", folder),
        validate_certs=not cluster.content.get("insecure-skip-tls-verify"),
        server_name=cluster.text("tls-server-name"),
        proxy=cluster.text("proxy-url"),
        authorization=_authorization(user),
    )


def _authorization(user: _Entry) -> Authorization:
    token, file, username = user.text("token"), user.path("tokenFile"), user.text("username")
    if token:
        return bearer(token)
    if file:
        return lambda: _of_file(file)
    return basic(username, user.text("password") or "") if username else nobody


def _of_file(file: str) -> str:
    """Read each time: whoever writes such a file renews it."""
    try:
        with open(file, encoding="utf-8") as opened:
            return f"Bearer {opened.read().strip()}"
    except (OSError, ValueError) as error:
        raise CredentialsError(f"the kubeconfig's tokenFile {file} cannot be read: {error}") from error
