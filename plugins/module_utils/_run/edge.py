# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge between Ansible and the rooms: errors and results are converted here, once, for both ways of running."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._redact import (
    HIDDEN,
    hidden_texts,
    hide_userinfo,
    redact,
    without,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport import credentials, session

Json = dict[str, Any]
Runner = Callable[[Json, Context], Json]

COLLECTION = "kuberay.core"
# The version of the collection in which what is deprecated today is gone.
REMOVAL = "2.0.0"
# Options that are credentials themselves; a kubeconfig may be one as a whole when it is given as a mapping.
_CREDENTIALS = ("api_key", "apiserver_token", "password", "kubeconfig")
# Options that name files, in whose place the controller gives what was in a vault.
_FILES = ("apiserver_ca_cert", "ca_cert", "client_cert", "client_key")
# Options that are files of many pages.
_LONG = ("crds",)
# Options that may hold a name and a password.
_URLS = ("apiserver_url", "host", "proxy")


def missing_library() -> str | None:
    """One clear sentence about the library that is missing here; None where all is there."""
    problem = credentials.IMPORT_ERROR or session.IMPORT_ERROR
    if problem is None:
        return None
    return (
        f"the Python library kubernetes (28 or later) cannot be imported by {sys.executable} ({problem}): "
        f"install it there, for example with {sys.executable} -m pip install kubernetes"
    )


def call(run: Runner, options: Json, context: Context) -> Json:
    """Run a task; a failure comes back as the result of a failed task.

    Its words may be a server's, or a webhook's, which repeat what they were sent.
    """
    try:
        return run(options, context)
    except KubeRayError as error:
        result = failure(error)
        if not options.get("redact", True):
            return result
        secret = hidden_texts({name: value for name, value in options.items() if name not in _paths(options)})
        return {**result, **without(secret, {key: result[key] for key in ("msg", "error")})}


def failure(error: KubeRayError) -> Json:
    """An error as the result of a failed task."""
    return {"failed": True, "msg": error.message, "changed": False, **error.facts, "error": error.as_result()}


def shown_invocation(options: Json) -> Json:
    """The ``invocation`` of a result: the options, without what proves who we are."""
    hidden = {name: HIDDEN for name in (*_CREDENTIALS, *_FILES) if options.get(name)}
    urls = {name: hide_userinfo(options[name]) for name in _URLS if options.get(name)}
    many = options.get("definition")
    # Hundreds of objects would make up most of a result that tells of each of them anyway, and nobody reads CRDs there.
    counted = {"definition": f"{len(many)} objects"} if isinstance(many, list) else {}
    long = {name: f"{len(options[name])} characters" for name in _LONG if options.get(name)}
    options = {**options, **counted, **long}
    shown = redact(options) if options.get("redact", True) else options
    return {"module_args": {**shown, **hidden, **urls, **_paths(options)}}


def _paths(options: Json) -> Json:
    """The options whose values are paths: no secrets, and messages name them."""
    paths = {name: options[name] for name in _FILES if options.get(name) and "\n" not in str(options[name])}
    if credentials.is_path(options.get("kubeconfig")):
        paths["kubeconfig"] = options["kubeconfig"]
    return paths
