# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and replies, as V1 and V2 see them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import responses
from typing import Any
from urllib.parse import urlsplit

# Protocol buffers' JSON has no stable whitespace: that nobody compares bytes.
SEPARATORS = random.choice([(",", ":"), (", ", ":"), (",", ": "), (", ", ": ")])
JSON_TYPE = "application/json"
# As the Go that KubeRay 1.7 is built with says it.
MOVED = 307
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What came; the target is the path with its query."""

    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        """The path as it came, not decoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    def header(self, name: str) -> str:
        """One header; empty where it is not there."""
        return str(self.headers.get(name, ""))


@dataclass(frozen=True)
class Reply:
    """What goes back. A body that is not whole comes piece by piece."""

    status: int
    body: bytes | Iterator[bytes] = b""
    headers: Sequence[tuple[str, str]] = ()


Answer = Callable[[Request], Reply]


class Dropped(Exception):
    """The connection ends without a reply."""


def document(value: Any, status: int = 200) -> Reply:
    """JSON."""
    return Reply(status, json.dumps(value, separators=SEPARATORS).encode(), [("Content-Type", JSON_TYPE)])


def text(status: int, words: str) -> Reply:
    """A line, as Go says errors."""
    return Reply(status, f"{words}\n".encode(), [("Content-Type", TEXT_TYPE), ("X-Content-Type-Options", "nosniff")])


def redirect(request: Request, target: str) -> Reply:
    """To the same thing under its right address."""
    location = ("Location", target)
    if request.method not in ("GET", "HEAD"):
        return Reply(MOVED, b"", [location])
    body = f'<a href="{target}">{responses[MOVED]}</a>.\n\n'
    return Reply(MOVED, body.encode(), [location, ("Content-Type", "text/html; charset=utf-8")])
