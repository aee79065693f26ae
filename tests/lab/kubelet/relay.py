# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes from one socket to another and back, until both sides have had enough."""

from __future__ import annotations

import contextlib
import socket
import threading

CHUNK = 65536
CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def relay(one: socket.socket, other: socket.socket) -> None:
    """Returns when both directions have ended; closes both sockets."""
    with one, other:
        back = threading.Thread(target=_pump, args=(other, one), daemon=True)
        back.start()
        _pump(one, other)
        back.join()


def refusal(status: str, reason: str) -> bytes:
    """An answer to a CONNECT that could not be."""
    body = f"{reason}\n".encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
