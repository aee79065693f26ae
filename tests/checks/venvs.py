# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments under the checkout: made when first needed, kept until their requirements or Python change."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.checks import pythons, report, tables, tree

REQUIREMENTS = tree.ROOT / "tests" / "requirements"
Say = Callable[[str], None]
_NAMED = re.compile(r"^-[rc] (\S+)$", re.M)


class SetupFailed(Exception):
    """An environment could not be made; the text says why, and how to mend it."""


def ensure(environment: tables.Environment, say: Say) -> Path:
    """The environment's folder of programs, made or made anew if that is needed."""
    python = pythons.find(environment.pythons)
    folder = tree.VENVS / environment.name
    requirements = REQUIREMENTS / f"{environment.name}.txt"
    wanted = hashlib.sha256(f"{python} {folder}{_whole(requirements)}".encode()).hexdigest()
    stamp = folder / ".stamp"
    tree.VENVS.mkdir(exist_ok=True)
    with (tree.VENVS / f"{environment.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second finds it made
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            say(f"making .venv/{environment.name} with Python {python.version}")
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python, requirements)
            stamp.write_text(wanted, encoding="utf-8")
    return folder / "bin"


def programs(environment: tables.Environment, say: Say) -> dict[str, str]:
    """The variables that a command needs to run in the environment."""
    folder = ensure(environment, say)
    path = os.pathsep.join([str(folder), *pythons.folders(), os.environ.get("PATH", os.defpath)])
    own = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return {**own, **tree.environment(), "PATH": path, "VIRTUAL_ENV": str(folder.parent)}


def _whole(requirements: Path) -> str:
    """The text of a file of requirements, and of those that it names."""
    text = requirements.read_text(encoding="utf-8")
    return text + "".join(_whole(requirements.parent / name) for name in _NAMED.findall(text))


def _make(folder: Path, python: pythons.Python, requirements: Path) -> None:
    tree.LOGS.mkdir(parents=True, exist_ok=True)
    log = tree.LOGS / f"venv-{folder.name}.log"
    steps = (
        (
            [str(python.path), "-m", "venv", str(folder)],
            "Install the venv module of this Python (Debian: python3-venv).",
        ),
        (
            [str(folder / "bin" / "pip"), "install", "--disable-pip-version-check", "-r", str(requirements)],
            "pip looks where `pip config list` says: mend that, or put the packages there, and run again.",
        ),
    )
    with log.open("w", encoding="utf-8") as output:
        for command, advice in steps:
            if subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL).returncode:
                tail = report.tail(log.read_text(encoding="utf-8", errors="replace"), 12)
                raise SetupFailed(f"{' '.join(command[:4])} … failed:\n{tail}\n{advice} The whole log: {log}")
