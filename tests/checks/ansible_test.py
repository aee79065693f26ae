# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test wants to find before it runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.checks import tables, tree

# ansible-test would download get-pip; every Python brings a pip of its own that does as well.
_GET_PIP = "import ensurepip\n\nensurepip.bootstrap()\n"


def prepare(folder: Path) -> None:
    """A real copy of the collection, and get-pip in ansible-test's cache unless it is there."""
    # What users get, and ansible-test's own settings. The tests are plain Python: ruff and mypy see to them.
    tree.copy(folder, without="tests", but="tests/config.yml")
    # Its own repository: else ansible-test asks that of the checkout, which ignores this folder, and tests nothing.
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    cache = Path.home() / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for core in tables.CORES:
        file = cache / f"get_pip_{core.get_pip}.py"
        if not file.exists():
            file.write_text(_GET_PIP, encoding="utf-8")
