# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few requests to the lab's API server, without waiting for a client library to be imported."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlencode

from tests.lab.errors import LabError
from tests.lab.pki import Pki
from tests.lab.ports import LOOPBACK

FIELD_MANAGER = "kuberay-lab"
APPLY = "application/apply-patch+yaml"


class Api:
    """Requests with the admin's certificate; one connection each, so that a restarted server is no surprise."""

    def __init__(self, pki: Pki, port: int, timeout: float = 60.0) -> None:
        self._tls = ssl.create_default_context(cafile=str(pki.crt("ca")))
        self._tls.load_cert_chain(pki.crt("admin"), pki.key("admin"))
        self._port = port
        self._timeout = timeout

    def request(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **query: str
    ) -> tuple[int, bytes]:
        """Status and body; raises OSError where nothing answers."""
        server = http.client.HTTPSConnection(LOOPBACK, self._port, timeout=self._timeout, context=self._tls)
        try:
            target = f"{path}?{urlencode(query)}" if query else path
            text = body if body is None or isinstance(body, str) else json.dumps(body)
            server.request(method, target, text and text.encode(), {"Content-Type": content_type})
            answer = server.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as problem:
            raise OSError(f"{type(problem).__name__}: {problem}") from problem
        finally:
            server.close()

    def get(self, path: str) -> Any:
        """A JSON document, or None where there is none."""
        status, body = self.request("GET", path)
        if status == 404:
            return None
        if status != 200:
            raise LabError(f"GET {path}: {status} {body[:500]!r}")
        return json.loads(body)

    def ready(self) -> bool:
        try:
            return self.request("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def apply(self, path: str, thing: dict[str, Any] | str) -> dict[str, Any]:
        """Server-side apply of an object or of a YAML document."""
        status, body = self.request("PATCH", path, thing, APPLY, fieldManager=FIELD_MANAGER, force="true")
        if status not in (200, 201):
            raise LabError(f"apply {path}: {status} {_message(body)}")
        applied: dict[str, Any] = json.loads(body)
        return applied


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body[:1000].decode("utf-8", "replace")
