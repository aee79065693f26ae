# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recording reverse proxy: plain HTTP in, the lab's API server out, so that tests see what goes over the wire.

A request that brings its own Authorization goes out without a certificate; every other one goes out as the admin.
"""

from __future__ import annotations

import http.client
import json
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.lab.pki import Pki

LOOPBACK = "127.0.0.1"
MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SECONDS = 60
_NOT_PASSED_ON = frozenset({"connection", "host", "accept-encoding", "content-length", "transfer-encoding"})


@dataclass
class Request:
    """One request; ``status`` is 0 until it is answered, ``client`` the port that it came from."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    user_agent: str
    at: float
    client: int
    status: int = 0

    @property
    def mutating(self) -> bool:
        return self.method in MUTATING

    @property
    def dry_run(self) -> bool:
        """As the server takes it: of a DELETE that has a body, the query says nothing."""
        if self.method == "DELETE" and self.body:
            return bool(self.body.get("dryRun") == ["All"])
        return self.query.get("dryRun") == "All"

    @property
    def watching(self) -> bool:
        return "watch" in self.query

    @property
    def kind(self) -> str:
        """The plural of what it is about."""
        parts = self.path.split("/")
        after = parts[parts.index("namespaces") + 2 :] if "namespaces" in parts else parts[4:]
        return after[0] if after else ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.query} -> {self.status}"


class Drop(Exception):
    """Raised by a fault: the connection is closed without an answer."""


# Status, headers, body. A fault gives one in place of the server's (which it may ask itself, to lose or change it);
# None lets the request through.
Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[[Request, Callable[[], Answer]], "Answer | None"]


class Wire:
    """The proxy. ``requests`` is what has gone over it; ``fault`` is asked before each request is passed on."""

    def __init__(self, pki: Pki, port: int) -> None:
        self.requests: list[Request] = []
        self.fault: Fault | None = None
        self.upstream = port
        self.as_admin = ssl.create_default_context(cafile=str(pki.crt("ca")))
        self.as_admin.load_cert_chain(pki.crt("admin"), pki.key("admin"))
        self.as_nobody = ssl.create_default_context(cafile=str(pki.crt("ca")))
        self._server = _Server((LOOPBACK, 0), _Handler, self)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def write_kubeconfig(self, target: Path, namespace: str = "default", **user: str) -> Path:
        """A kubeconfig that leads here (YAML takes JSON)."""
        context = {"cluster": "wire", "user": "wire", "namespace": namespace}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "wire",
            "contexts": [{"name": "wire", "context": context}],
            "clusters": [{"name": "wire", "cluster": {"server": self.url}}],
            "users": [{"name": "wire", "user": user}],
        }
        target.write_text(json.dumps(config), encoding="utf-8")
        return target

    def between(self, began: float, ended: float) -> list[Request]:
        """What was asked in that time (the clock's)."""
        return [request for request in self.requests if began <= request.at <= ended]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _content(body: bytes) -> Any:
    """What is sent, where it is JSON: Helm has protobuf, and an apply may be YAML."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], wire: Wire) -> None:
        super().__init__(address, handler)
        self.wire = wire

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 300

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: requests are recorded."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = self._record(body)
        try:
            fault = self.server.wire.fault
            answer = fault(request, lambda: self._ask(body)) if fault else None
            if answer is not None:
                self._reply(request, answer)
            elif request.watching:
                self._relay(request)
            else:
                self._reply(request, self._ask(body))
        except (Drop, OSError, http.client.HTTPException):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815

    def _record(self, body: bytes) -> Request:
        address = urlsplit(self.path)
        query = {name: found[0] for name, found in parse_qs(address.query).items()}
        agent = self.headers.get("User-Agent", "")
        content = _content(body)
        request = Request(self.command, address.path, query, content, agent, time.time(), self.client_address[1])
        self.server.wire.requests.append(request)
        return request

    def _headers(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON}

    def _tls(self) -> ssl.SSLContext:
        wire = self.server.wire
        return wire.as_nobody if self.headers.get("Authorization") else wire.as_admin

    def _ask(self, body: bytes) -> Answer:
        server = http.client.HTTPSConnection(LOOPBACK, self.server.wire.upstream, timeout=_SECONDS, context=self._tls())
        try:
            server.request(self.command, self.path, body or None, self._headers())
            found = server.getresponse()
            return found.status, dict(found.getheaders()), found.read()
        finally:
            server.close()

    def _reply(self, request: Request, answer: Answer) -> None:
        request.status, headers, body = answer
        self.send_response_only(request.status)
        for name, value in headers.items():
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _relay(self, request: Request) -> None:
        """A watch, byte for byte, until one of the two ends it."""
        self.close_connection = True
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {LOOPBACK}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self._headers().items()]
        plain = socket.create_connection((LOOPBACK, self.server.wire.upstream), timeout=_SECONDS)
        with self._tls().wrap_socket(plain, server_hostname=LOOPBACK) as server:
            server.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            while self._ready(server):
                data = server.recv(65536)
                if not data:
                    return
                request.status = request.status or int(data.split(b" ", 2)[1])
                self.connection.sendall(data)

    def _ready(self, server: ssl.SSLSocket) -> bool:
        """Whether the server has something to say; False when the client has gone (it says nothing more itself)."""
        if server.pending():
            return True
        readable, _, _ = select.select([server, self.connection], [], [], self.timeout)
        return server in readable and self.connection not in readable
