# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must agree between the collection's files."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils import _version

from tests.checks import tree

PLUGINS = tree.ROOT / "plugins"
MODULES = sorted(file.stem for file in (PLUGINS / "modules").glob("kuberay_*.py"))
# A person's home folder (/home/ray is that of Ray's images), this checkout, or a key.
PRIVATE = re.compile(
    rb"/(?:home/(?!ray\b)|root/|Users/)\w|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}|"
    + re.escape(f"{tree.ROOT}/".encode())
)
SHIPPED = ("COPYING", "README.md", "meta/runtime.yml", "meta/execution-environment.yml", "meta/ee-requirements.txt")
KEPT_BACK = ("tests/conftest.py", "Makefile", ".ci/run", ".gitignore", ".build/logs/unit.log", "ruff.toml", "mypy.ini")


def _yaml(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((tree.ROOT / path).read_text(encoding="utf-8"))
    return loaded


def test_there_are_modules() -> None:
    assert "kuberay_cluster" in MODULES


def test_versions_agree() -> None:
    version = _yaml("galaxy.yml")["version"]
    releases = _yaml("changelogs/changelog.yaml")["releases"]
    fragments = list((tree.ROOT / "changelogs" / "fragments").glob("*.yml"))
    assert version == _version.VERSION
    assert version in releases or fragments, "a version that is not released yet has fragments"


def test_the_action_group_lists_every_module() -> None:
    assert _yaml("meta/runtime.yml")["action_groups"]["kuberay"] == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_an_action(module: str) -> None:
    assert (PLUGINS / "action" / f"{module}.py").is_file()


@pytest.mark.parametrize(
    "package", sorted(PLUGINS.rglob("__init__.py")), ids=lambda file: str(file.relative_to(PLUGINS))
)
def test_package_files_are_empty(package: Path) -> None:
    assert package.stat().st_size == 0, "ansible-test and the module packager want it empty to the byte"


@pytest.mark.parametrize("folder", [PLUGINS / "module_utils", PLUGINS / "plugin_utils"], ids=lambda folder: folder.name)
def test_shared_code_is_private(folder: Path) -> None:
    assert [entry.name for entry in folder.iterdir() if not entry.name.startswith("_")] == []


def test_the_archive_holds_what_users_need_and_no_more() -> None:
    ignored = _yaml("galaxy.yml")["build_ignore"]

    def is_ignored(path: str) -> bool:
        above = [path, *(str(parent) for parent in Path(path).parents)]
        return any(fnmatch.fnmatch(part, pattern) for part in above for pattern in ignored if part != ".")

    assert [path for path in SHIPPED if is_ignored(path)] == []
    assert [path for path in KEPT_BACK if not is_ignored(path)] == []


def test_no_file_tells_of_a_machine_or_holds_a_key() -> None:
    told = {str(file): PRIVATE.findall((tree.ROOT / file).read_bytes()) for file in tree.files()}
    assert {file: found for file, found in told.items() if found} == {}


def test_python_files_name_their_licence() -> None:
    files = [file for file in tree.files() if file.suffix == ".py" and (tree.ROOT / file).stat().st_size]
    silent = [
        str(f) for f in files if "SPDX-License-Identifier: GPL-3.0-or-later" not in (tree.ROOT / f).read_text()[:600]
    ]
    assert silent == []
