# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of Services, for the programs that run in the room: enough of DNS for `<service>.<namespace>.svc…`."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable

A_RECORD, INTERNET = 1, 1
NO_ERROR, NO_SUCH_NAME = 0, 3
ANSWER, AUTHORITATIVE = 0x8000, 0x0400
PAUSE_SECONDS = 1.0
SUFFIXES = (".svc.cluster.local", ".svc")
# The address of a Service by namespace and name; None where nothing answers.
Resolve = Callable[[str, str], str | None]


def serve(asked: socket.socket, resolve: Resolve, over: threading.Event) -> None:
    """Answer until all is over. The socket holds the room's network: it must not stay open."""
    asked.settimeout(PAUSE_SECONDS)
    with asked:
        while not over.is_set():
            try:
                query, sender = asked.recvfrom(512)
            except TimeoutError:
                continue
            answer = respond(query, resolve)
            if answer:
                asked.sendto(answer, sender)


def respond(query: bytes, resolve: Resolve) -> bytes:
    """The answer to one query; empty for what is none."""
    try:
        labels, end = _name(query)
        kind, _ = struct.unpack_from(">HH", query, end)
    except (IndexError, struct.error):
        return b""
    address = _address(".".join(labels).lower().rstrip("."), resolve)
    code = NO_SUCH_NAME if address is None else NO_ERROR
    records = [_record(address)] if address is not None and kind == A_RECORD else []
    flags = ANSWER | AUTHORITATIVE | (struct.unpack_from(">H", query, 2)[0] & 0x0100) | code
    head = query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0)
    return head + query[12 : end + 4] + b"".join(records)


def _name(query: bytes) -> tuple[list[str], int]:
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    return labels, at + 1


def _address(name: str, resolve: Resolve) -> str | None:
    for suffix in SUFFIXES:
        service, dot, namespace = name.removesuffix(suffix).partition(".")
        if name.endswith(suffix) and dot and "." not in namespace:
            return resolve(namespace, service)
    return None


def _record(address: str) -> bytes:
    """For the name at the beginning of the question, and for no longer than a moment."""
    return struct.pack(">HHHIH", 0xC00C, A_RECORD, INTERNET, 0, 4) + socket.inet_aton(address)
