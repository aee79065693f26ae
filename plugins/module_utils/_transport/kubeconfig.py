# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A kubeconfig, as a path, a mapping or a text. The ``kubernetes`` package reads it.

What the package says of a file that is no kubeconfig are Python's words, and what it says of a plugin that fails goes
to a log: both are told here in ours. Nothing of a kubeconfig's content is ever repeated, since it holds keys.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import CredentialsError

IMPORT_ERROR: str | None
try:
    import kubernetes.config
    import yaml
    from kubernetes.config import kube_config

    IMPORT_ERROR = None
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"

Json = dict[str, Any]


def is_path(kubeconfig: Any) -> bool:
    """Whether a kubeconfig option is a path, and not the content itself."""
    return isinstance(kubeconfig, str) and "\n" not in kubeconfig and not kubeconfig.lstrip().startswith("{")


def default_path() -> str:
    """Where a kubeconfig is looked for in the end."""
    return str(kube_config.KUBE_CONFIG_DEFAULT_LOCATION)


def parsed(kubeconfig: Any) -> Any:
    """A kubeconfig's content where it was given as text (a looked up file); a path and a mapping stay as they are."""
    if kubeconfig is None or isinstance(kubeconfig, dict) or is_path(kubeconfig):
        return kubeconfig
    if not isinstance(kubeconfig, str):
        raise CredentialsError(f"kubeconfig: a path, a mapping or its text is needed, not {type(kubeconfig).__name__}")
    problem, content = _content(kubeconfig)
    if problem:
        raise CredentialsError(f"kubeconfig: the text that was given {problem}")
    return content


def read(kubeconfig: str | Json | None, context: str | None, configuration: Any, folder: str) -> str | None:
    """Fill the package's ``configuration``; the namespace of the context. Files that it makes are in ``folder``."""
    path = None if isinstance(kubeconfig, dict) else kubeconfig or default_path()
    where = f"the kubeconfig {path}" if path else "the kubeconfig given as a mapping"
    try:
        with errors_told() as told:
            content = _load(path or kubeconfig, context, configuration, folder)
    except CredentialsError:
        raise
    except Exception as error:
        problem = (path and _problem(path)) or f"cannot be used: {one_line(error)}"
        raise CredentialsError(f"{where} {problem}") from error
    chosen = _context(content, context)
    user = chosen.get("user")
    if user and not any(one.get("name") == user for one in content["users"]):
        raise CredentialsError(f"{where} has no user {user!r}, which its context {_name(content, context)!r} names")
    if told:
        raise CredentialsError(f"{where} gives no credentials for {user!r}: {'; '.join(told)}")
    return chosen.get("namespace")


@contextmanager
def errors_told() -> Iterator[list[str]]:
    """What the package tells the root logger only, where nobody hears it: why a plugin of the user's has failed."""
    told: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.append(" ".join(record.getMessage().split()))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(handler)


def one_line(error: Exception) -> str:
    """An error in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def _load(kubeconfig: Any, context: str | None, configuration: Any, folder: str) -> Json:
    """Have it loaded; its contexts and users."""
    if isinstance(kubeconfig, dict):
        kubernetes.config.load_kube_config_from_dict(
            kubeconfig, context, configuration, persist_config=False, temp_file_path=folder
        )
        return {**kubeconfig, "users": kubeconfig.get("users") or []}
    if not _files(kubeconfig):
        raise CredentialsError(f"there is no kubeconfig at {kubeconfig}: set kubeconfig, or host with api_key")
    path = os.pathsep.join(os.path.expanduser(part) for part in kubeconfig.split(os.pathsep))
    # The package's list of contexts wants a current one even where another is named.
    merged = kube_config.KubeConfigMerger(path).config
    kubernetes.config.load_kube_config_from_dict(
        merged, context, configuration, persist_config=False, temp_file_path=folder
    )
    lists = {part: [one.value for one in merged.safe_get(part) or []] for part in ("contexts", "users")}
    return {**lists, "current-context": merged.safe_get("current-context")}


def _name(content: Json, context: str | None) -> Any:
    return context or content.get("current-context")


def _context(content: Json, context: str | None) -> Json:
    contexts: list[Json] = content.get("contexts") or []
    return next((one.get("context") or {} for one in contexts if one.get("name") == _name(content, context)), {})


def _files(path: str) -> list[str]:
    parts = (os.path.expanduser(part) for part in path.split(os.pathsep))
    return [part for part in parts if os.path.exists(part)]


def _problem(path: str) -> str | None:
    """What is wrong with the file, or the first of several; None where it is a kubeconfig by its looks."""
    for file in _files(path):
        if os.path.isdir(file):
            return "is a folder: name a file in it"
        try:
            with open(file, encoding="utf-8") as opened:
                problem = _content(opened.read())[0]
        except UnicodeDecodeError:
            problem = "is no kubeconfig: it is no text"
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        if problem:
            return problem
    return None


def _content(text: str) -> tuple[str | None, Any]:
    """What is wrong with a text that should be a kubeconfig, and its content."""
    if text.startswith("$ANSIBLE_VAULT"):
        return "is encrypted with Ansible Vault; the option kubeconfig opens such a file on the controller", None
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        return f"is no kubeconfig: it is not YAML{where}", None
    if content is None:
        return "is empty", None
    if not isinstance(content, dict):
        return f"is no kubeconfig: a mapping with clusters, users and contexts is needed, not {_sort(content)}", None
    return None, content


def _sort(content: Any) -> str:
    return {"str": "a text", "list": "a list"}.get(type(content).__name__, f"a value of type {type(content).__name__}")
