# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Pythons this machine has: on PATH, and in pyenv's folder, whose shims would not say which one runs."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Prints the real folder, so that a shim or a link is seen through; fails where no virtual environment can be made.
_PROBE = "import sys, os, ensurepip, venv; print(os.path.realpath(sys.executable), '%d.%d.%d' % sys.version_info[:3])"
MINORS = ("3.10", "3.11", "3.12", "3.13", "3.14")


class Missing(Exception):
    """Something that a check needs is not on this machine; the text says what, for the table's last column."""


@dataclass(frozen=True)
class Python:
    """A Python program and its full version."""

    path: Path
    version: str


def find(minors: tuple[str, ...]) -> Python:
    """The first of these versions that works here."""
    broken: list[str] = []
    for minor in minors:
        for program in _candidates(minor):
            python = _probe(program)
            if python and python.version.startswith(f"{minor}."):
                return python
            broken.append(str(program))
    wanted = " or ".join(minors)
    if broken:
        raise Missing(
            f"Python {wanted}: found {', '.join(broken)}, but without ensurepip or venv (Debian: python3-venv)"
        )
    raise Missing(f"no Python {wanted} on PATH or in pyenv's versions folder")


def folders() -> list[str]:
    """The folders of all Pythons found, for ansible-test, which looks for them on PATH."""
    found = (_probe(program) for minor in MINORS for program in _candidates(minor)[:1])
    return [str(python.path.parent) for python in found if python]


def _candidates(minor: str) -> list[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    built = sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"), key=_patch, reverse=True)
    on_path = shutil.which(f"python{minor}")
    return [*built, *([Path(on_path)] if on_path and not on_path.startswith(str(root)) else [])]


def _patch(program: Path) -> int:
    digits = program.parts[-3].rsplit(".", 1)[-1]
    return int(digits) if digits.isdigit() else -1


@functools.cache
def _probe(program: Path) -> Python | None:
    try:
        told = subprocess.run([program, "-c", _PROBE], capture_output=True, text=True, check=True, timeout=60, cwd="/")
    except (OSError, subprocess.SubprocessError):
        return None
    path, version = told.stdout.strip().rsplit(" ", 1)
    return Python(Path(path), version)
