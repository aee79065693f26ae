# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong in a request: gRPC's codes and the way KubeRay composes its texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from .kubernetes import Refusal


class Code(IntEnum):
    """gRPC's numbers."""

    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    UNIMPLEMENTED = 12
    INTERNAL = 13


STATUS = {
    Code.UNKNOWN: 500,
    Code.INVALID_ARGUMENT: 400,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
}


class Panic(Exception):
    """What ends the whole server: nothing in it recovers."""


class Failure(Exception):
    """A refused request. ``external`` is the text in front that is meant for users; a plain Go error has none."""

    def __init__(self, code: Code, text: str, external: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.external = external

    @property
    def message(self) -> str:
        return f"{self.external}: {self.text}" if self.external else self.text

    def wrapped(self, text: str) -> Failure:
        """The same, told from further outside."""
        return Failure(self.code, f"{text}: {self.text}", self.external)


def plain(text: str) -> Failure:
    """A Go error of no kind."""
    return Failure(Code.UNKNOWN, text)


def invalid(text: str, cause: object = "") -> Failure:
    """A request that cannot be carried out as it is."""
    inner = f"InvalidInputError: {text}: {cause}" if cause else f"Invalid input error: {text}"
    return Failure(Code.INVALID_ARGUMENT, inner, text)


def not_found(text: str, cause: object) -> Failure:
    return Failure(Code.NOT_FOUND, f"NotFoundError: {text}: {cause}", text)


def exists(text: str) -> Failure:
    return Failure(Code.ALREADY_EXISTS, f"Already exist error: {text}", text)


def internal(text: str, cause: object) -> Failure:
    """Something that should not happen, in KubeRay's eyes: also what Kubernetes refuses."""
    return Failure(Code.INTERNAL, f"InternalServerError: {text}: {cause}", "Internal Server Error")


@contextmanager
def wrapping(text: str) -> Iterator[None]:
    """Put a text in front of what fails inside; what Kubernetes refuses there is a plain error."""
    try:
        yield
    except Failure as failure:
        raise failure.wrapped(text) from failure
    except Refusal as refusal:
        raise plain(f"{text}: {refusal}") from refusal
