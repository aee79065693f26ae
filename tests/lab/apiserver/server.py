# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process as its clients see it: it serves one port, and a panic ends it, whatever else it was doing.

Kubernetes starts such a container again. So does this server start again by itself: all its connections end without a
word, nobody listens for a moment, then it is back.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ..ports import LOOPBACK
from .failures import Panic
from .web import Answer, Dropped, Reply, Request

# From its end to its next start.
AWAY_SECONDS = 0.5
log = logging.getLogger(__name__)


class Server:
    """Serves a port until it is stopped; without a port it takes a free one."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._answer = answer
        self._stopped = threading.Event()
        self._life = _Life((LOOPBACK, port), answer)
        self.port = self._life.server_port

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def run(self) -> None:
        """One life after the other."""
        while True:
            self._life.serve_forever(poll_interval=0.05)
            self._life.end()
            if self._stopped.wait(AWAY_SECONDS):
                return
            self._life = _Life((LOOPBACK, self.port), self._answer)

    def stop(self) -> None:
        """End; not to be called by the thread that runs this."""
        self._stopped.set()
        self._life.shutdown()


@contextlib.contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address of a server in this process, for as long as it is needed."""
    server = Server(answer)
    thread = threading.Thread(target=server.run, name="apiserver", daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(5.0)


class _Life(ThreadingHTTPServer):
    """From one start to the next panic."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Answer) -> None:
        super().__init__(address, _Handler)
        self.answer = answer
        self._clients: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._clients.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._clients.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.info("a connection ended", exc_info=True)

    def end(self) -> None:
        """Close everything, whoever waits for an answer."""
        self.server_close()
        with self._lock:
            clients, self._clients = self._clients, set()
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """The wire: HTTP/1.1 with connections that stay."""

    protocol_version = "HTTP/1.1"
    server: _Life
    disable_nagle_algorithm = True
    wbufsize = -1

    def _handle(self) -> None:
        try:
            request = Request(self.command, self.path, self.headers, self._body())
            self._reply(self.server.answer(request))
        except Dropped:
            self.close_connection = True
        except Panic as panic:
            log.error("panic: %s", panic)
            self.close_connection = True
            self.server.shutdown()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _reply(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if isinstance(reply.body, bytes):
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body if self.command != "HEAD" else b"")
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in reply.body:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        log.info(format, *args)
