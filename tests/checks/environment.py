# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-builder's view of the built archive and of our definition of an execution environment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.checks import tree
from tests.checks.importer import newest

META = tree.ROOT / "meta"
DEFINITIONS = tree.ROOT / "extensions" / "patterns" / "run_ray_jobs" / "execution_environments"


def main(archives: Path) -> str:
    """What is not as it has to be; empty where all is."""
    with tempfile.TemporaryDirectory() as folder:
        return "\n".join([*_introspected(newest(archives), Path(folder)), *_created(Path(folder))])


def _introspected(archive: Path, folder: Path) -> list[str]:
    """What would be installed because of the collection is what we say, and nothing beyond Python."""
    collections, pip, bindep = folder / "collections", folder / "pip.txt", folder / "bindep.txt"
    install = ("ansible-galaxy", "collection", "install", "--force", "--offline", "--no-deps")
    _do(*install, "-p", collections, archive.resolve())
    _do("ansible-builder", "introspect", f"--write-pip={pip}", f"--write-bindep={bindep}", collections)
    found = {"python": _lines(pip), "system": _lines(bindep)}
    wanted = {"python": _lines(META / "ee-requirements.txt"), "system": _lines(META / "ee-bindep.txt")}
    return [] if found == wanted else [f"ansible-builder introspect finds {found}, meta/ says {wanted}"]


def _created(folder: Path) -> list[str]:
    """The definition is one, and what it makes has the collection in it."""
    context = folder / "context"
    definition, recipe = DEFINITIONS / "execution-environment.yml", "Containerfile"
    _do("ansible-builder", "create", "-f", definition, "-c", context, "--output-filename", recipe)
    asked = yaml.safe_load((context / "_build" / "requirements.yml").read_text("utf-8"))["collections"]
    left_out = (context / "_build" / "exclude-collections.txt").read_text("utf-8").split()
    if (asked, left_out) != ([{"name": "kuberay.core"}], ["kubernetes.core"]):
        return [f"{definition} has {asked} less what {left_out} ask for"]
    return [] if "ansible-core>=2.16" in (context / recipe).read_text("utf-8") else [f"{recipe} without ansible-core"]


def _lines(file: Path) -> list[str]:
    """What a file of requirements says, without comments; nothing where ansible-builder found no reason for a file."""
    text = file.read_text("utf-8") if file.exists() else ""
    return sorted(line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line)


def _do(*words: str | Path) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    print(done.stdout)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr or done.stdout}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) or 0)
