# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkout as the tools want to see it: under the name ``ansible_collections.kuberay.core``."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
VENVS = ROOT / ".venv"
LOGS = BUILD / "logs"


def link() -> Path:
    """``.build/ansible_collections/kuberay/core``, a link to the checkout; answers the folder to search."""
    core = BUILD / "ansible_collections" / "kuberay" / "core"
    core.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # of an earlier run, or of one that starts with this one
        core.symlink_to(os.path.relpath(ROOT, core.parent))
    return BUILD


def environment() -> dict[str, str]:
    """What every program started here sees: tests/ansible.cfg, and UTF-8, or Ansible would not start."""
    link()
    return {
        "ANSIBLE_CONFIG": str(ROOT / "tests" / "ansible.cfg"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(BUILD / "hypothesis"),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
    }


def files() -> list[Path]:
    """The files of the project, committed or not: what git does not ignore; relative to the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def copy(target: Path, without: str, but: str) -> None:
    """A real copy of the project's files: ansible-test does not take a link."""
    shutil.rmtree(target, ignore_errors=True)
    for file in files():
        if without in map(str, file.parents) and str(file) != but:
            continue
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, target / file)
