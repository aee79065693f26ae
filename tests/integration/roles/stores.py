# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where charts are kept: a repository and a registry, each behind a guard that asks for a password."""

from __future__ import annotations

import base64
import functools
import re
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.integration.playbook import PATIENCE
from tests.lab import build
from tests.lab.processes import spawn, tail, wait_until

USER, PASSWORD = "anna", "open sesame"
_SERVING = re.compile(r"serving on port (\d+)")
_LET_IN = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class _Files(SimpleHTTPRequestHandler):
    """The files of a folder."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


class _Guard(BaseHTTPRequestHandler):
    """What is behind it, to read, for those who know the password."""

    def __init__(self, behind: str, *args: Any) -> None:
        self.behind = behind
        super().__init__(*args)

    def do_GET(self) -> None:
        """Fetch it for them."""
        if self.headers.get("Authorization") != _LET_IN:
            self._answer(401, {"WWW-Authenticate": 'Basic realm="charts"'}, b"")
            return
        accept = {"Accept": self.headers.get("Accept", "*/*")}
        asked = urllib.request.Request(self.behind + self.path, headers=accept, method=self.command)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                self._answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as refused:
            self._answer(refused.code, dict(refused.headers), refused.read())

    do_HEAD = do_GET  # noqa: N815

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if name not in ("Connection", "Date", "Server", "Transfer-Encoding"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def repository(folder: Path, archives: list[Path]) -> Iterator[str]:
    """The URL of a guarded repository of these archives, which ``folder`` holds."""
    assert all(archive.parent == folder for archive in archives)
    with _served(functools.partial(_Files, directory=folder)) as files, _guarded(files) as url:
        subprocess.run([build.program("helm"), "repo", "index", folder, "--url", url], check=True)
        yield url


@contextmanager
def registry(folder: Path, archives: list[Path]) -> Iterator[tuple[str, str]]:
    """The addresses (oci://HOST:PORT/charts) of a registry of these archives: open, and guarded."""
    with _own_registry(folder / "registry.log") as url:
        opened = f"oci://{url.partition('//')[2]}/charts"
        for archive in archives:
            subprocess.run([build.program("helm"), "push", archive, opened, "--plain-http"], check=True)
        with _guarded(url) as guard:
            yield opened, f"oci://{guard.partition('//')[2]}/charts"


@contextmanager
def _own_registry(log: Path) -> Iterator[str]:
    process = spawn([build.program("crane"), "registry", "serve", "--address", "127.0.0.1:0"], log)
    try:
        assert wait_until(lambda: _SERVING.search(log.read_text(encoding="utf-8")) is not None, PATIENCE), tail(log)
        yield f"http://127.0.0.1:{_SERVING.findall(log.read_text(encoding='utf-8'))[0]}"
    finally:
        process.kill()
        process.wait()


def _guarded(url: str) -> Any:
    return _served(functools.partial(_Guard, url))


@contextmanager
def _served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
