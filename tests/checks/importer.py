# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Galaxy's own import of the built archive; a warning is a failure, because Galaxy shows it to everyone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.checks import tree

_COMPLAINT = re.compile(r"^(WARNING|ERROR|CRITICAL)\b.*", re.M)


def newest(folder: Path) -> Path:
    """The archive that was built last."""
    archives = sorted(folder.glob("kuberay-core-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    if not archives:
        sys.exit(f"no archive in {folder}: make archive")
    return archives[-1]


def main(folder: Path) -> str:
    """What Galaxy complains of; empty where it does not."""
    command = [sys.executable, "-m", "galaxy_importer.main", newest(folder).name]
    settings = {**os.environ, "GALAXY_IMPORTER_CONFIG": str(tree.ROOT / "tests" / "galaxy-importer.cfg")}
    done = subprocess.run(command, capture_output=True, text=True, env=settings, cwd=folder)
    told = done.stdout + done.stderr
    print(told)
    complaints = "\n".join(match.group() for match in _COMPLAINT.finditer(told))
    return complaints or (f"exit code {done.returncode}" if done.returncode else "")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) or 0)
