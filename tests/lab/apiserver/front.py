# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in front of V1 and V2: the security proxy's token, health, and the cleaning of paths."""

from __future__ import annotations

import posixpath

from .gateway import Gateway
from .kubernetes import Kubernetes
from .proxy import Proxy
from .releases import Release
from .web import Reply, Request, redirect, text

HEALTH = "/healthz"
# Of the answers of V2 that are no success, every fourth got lost where this was tried.
DROPPED = 0.25


class Front:
    """One port for all."""

    def __init__(self, kubernetes: Kubernetes, release: Release, token: str = "", dropped: float = DROPPED) -> None:
        self._token = token
        self._gateway = Gateway(kubernetes, release)
        self._proxy = Proxy(kubernetes, self._gateway.store, release, dropped)

    def answer(self, request: Request) -> Reply:
        """The reply to any request."""
        # The probes of a pod go around the security proxy. Releases before 1.0 had no such path: the lab needs it.
        if request.path == HEALTH:
            return Reply(200)
        # The header as it is: no "Bearer".
        if self._token and request.header("Authorization") != self._token:
            return text(401, "Unauthorized")
        clean = cleaned(request.path)
        if clean != request.path:
            return redirect(request, clean + (f"?{request.query}" if request.query else ""))
        reply = self._proxy.answer(request)
        return self._gateway.answer(request) if reply is None else reply


def cleaned(path: str) -> str:
    """A path without doubled slashes and dots; a slash at its end stays."""
    clean = posixpath.normpath(f"/{path.lstrip('/')}")
    return f"{clean}/" if path.endswith("/") and clean != "/" else clean
