# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kubeconfig or a task's options say of a connection, before anything of it is used."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass

Authorization = Callable[[], "str | None"]


def nobody() -> str | None:
    """The Authorization header of one who says nothing of who he is, or says it by a certificate."""
    return None


@dataclass
class Settings:
    """Named like the options that set the same. ``authorization`` gives the header of the moment; files are paths."""

    host: str | None = None
    ca_cert: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    validate_certs: bool = True
    server_name: str | None = None
    proxy: str | None = None
    authorization: Authorization = nobody


def bearer(token: str) -> Authorization:
    """Whoever has a token."""
    return lambda: f"Bearer {token}"


def basic(username: str, password: str) -> Authorization:
    """Whoever has a name and a password."""
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return lambda: f"Basic {pair}"


def written(folder: str, name: str, content: bytes) -> str:
    """The path of a new file for what ssl reads from files only; nobody else may read it."""
    path = os.path.join(folder, name)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path


def one_line(error: Exception) -> str:
    """An error in one line."""
    return " ".join(str(error).split()) or type(error).__name__
