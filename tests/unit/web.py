# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real little HTTP server on the loopback that answers as it is told to, in order."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = Callable[[BaseHTTPRequestHandler], None]
# The longest that an answer that hangs holds its thread.
_HANG_SECONDS = 20.0


@dataclass
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: Any
    body: bytes


@dataclass
class Web:
    """The server: its address, what it got, and what it says. The last answer is said again and again."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def hang(self, handler: BaseHTTPRequestHandler) -> None:
        """No answer at all."""
        self.ended.wait(_HANG_SECONDS)
        handler.close_connection = True

    def watch(self, *events: Any, hold: bool = True) -> Answer:
        """A stream of events, a line each; kept open until the end of the test, or ended at once."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            with suppress(OSError):
                for event in events:
                    line = event if isinstance(event, bytes) else json.dumps(event).encode() + b"\n"
                    handler.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                    handler.wfile.flush()
                if hold:
                    self.ended.wait(_HANG_SECONDS)
                handler.wfile.write(b"0\r\n\r\n")

        return answer


def say(status: int, body: Any = None, **headers: str) -> Answer:
    """A whole answer; ``body`` is JSON, or bytes as they are. ``Retry_After`` is Retry-After."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def cut(handler: BaseHTTPRequestHandler) -> None:
    """A body that ends before it should."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"metadata": {')
    handler.close_connection = True


def drop(handler: BaseHTTPRequestHandler) -> None:
    """The connection is closed instead of an answer."""
    handler.close_connection = True


@contextmanager
def web(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """A server with these answers, stopped when the test is over."""
    told = Web(answers=list(answers))
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _HANG_SECONDS

        def _any(self) -> None:
            split = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                told.requests.append(
                    Request(self.command, split.path, dict(parse_qsl(split.query)), self.headers, body)
                )
                answer = told.answers.pop(0) if len(told.answers) > 1 else told.answers[0]
            with suppress(OSError):
                answer(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815

        def log_message(self, *_words: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    told.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
