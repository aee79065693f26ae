# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked, with which programs, on which versions: the tables that the other files here only carry out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Environment:
    """A virtual environment ``.venv/<name>`` of ``tests/requirements/<name>.txt``; Pythons in order of choice."""

    name: str
    pythons: tuple[str, ...]


@dataclass(frozen=True)
class Core:
    """A supported ansible-core; ``get_pip`` is the version of get-pip that its ansible-test asks for."""

    version: str
    pythons: tuple[str, ...]
    get_pip: str

    @property
    def environment(self) -> Environment:
        return Environment(f"core-{self.version}", self.pythons)


@dataclass(frozen=True)
class Check:
    """One command in one environment; ``{core}`` stands for the version of ansible-core that it is run for.

    ``after`` names a check that must have passed before, ``lane`` what only one check may use at a time, ``limit`` the
    seconds after which it is ended, ``refused`` words that make it fail although its exit code is 0.
    """

    name: str
    group: str
    environment: str
    command: str
    after: str = ""
    lane: str = ""
    limit: int = 600
    folder: str = "."
    refused: str = ""
    is_setup: bool = False

    def on(self, core: str) -> Check:
        fields = {name: getattr(self, name).format(core=core) for name in ("name", "environment", "folder", "lane")}
        return replace(self, **fields)


# Newest first. Where the first choice of Python is missing, the next one that the core supports will do.
CORES = (
    Core("2.21", ("3.12", "3.13", "3.14"), "25_2"),
    Core("2.19", ("3.11", "3.12", "3.13"), "24_2"),
    Core("2.16", ("3.10", "3.11", "3.12"), "23_1_2"),
)
LINT = Environment("lint", ("3.12", "3.13", "3.14", "3.11"))
# What the lab's jobs and applications run on; it makes this itself where no check has done so.
RAY = Environment("ray", ("3.12", "3.11", "3.13", "3.10"))
# An execution environment, but for the collection: the test of it installs the built archive there.
EE = Environment("ee", CORES[0].pythons)
# The newest core again, with kubernetes.core beside it: roles and molecule need it, and `make bench` compares the two.
BENCH = Environment("bench", CORES[0].pythons)
ENVIRONMENTS = {row.name: row for row in (LINT, RAY, EE, BENCH, *(core.environment for core in CORES))}

_LINKED = ".build/ansible_collections/kuberay/core/plugins"
_CORE = "core-{core}"
# Two labs, each with the files of tests that come next: most of a test's time is waiting. Files in their order: by
# number of tests, the longest ones would come last and one lab would have nothing to do.
_LABS = "-n 2 --dist loadfile --no-loadscope-reorder --durations=25"
_INTEGRATION = f"python -m pytest tests/integration --ignore tests/integration/roles {_LABS}"

# Once, on the newest core that can be had here. Long ones come first, so that the short ones fill the gaps.
FULL = (
    Check("ray", "integration", "ray", "ray --version", is_setup=True),
    Check("execution environment", "integration", "ee", "ansible-runner --version", is_setup=True),
    Check("lab programs", "integration", _CORE, "python -m tests.lab.build", limit=3000, is_setup=True),
    Check("integration", "integration", _CORE, _INTEGRATION, "lab programs", "lab", 4500),
    Check(
        "roles",
        "integration",
        "bench",
        # Each test is whole by itself: a lab that has nothing left takes of the other's.
        "python -m pytest tests/integration/roles -n 2 --dist worksteal --durations=25",
        "lab programs",
        "lab",
        3000,
    ),
    Check(
        "molecule",
        "integration",
        "bench",
        "python -m tests.lab run -- molecule test -s default",
        "lab programs",
        "lab",
        1800,
    ),
    Check("unit", "unit", _CORE, "python -m pytest tests/unit"),
    Check("ruff", "lint", "lint", "ruff check ."),
    Check("format", "lint", "lint", "ruff format --check ."),
    Check("yamllint", "lint", "lint", "yamllint --strict ."),
    Check(
        "mypy",
        "lint",
        "lint",
        f"mypy {_LINKED}/module_utils {_LINKED}/plugin_utils tests/lab tests/checks tests/benchmark",
    ),
    Check("ansible-lint", "lint", "lint", "ansible-lint"),
    Check("docs", "docs", "lint", "antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all ."),
    Check("changelog", "docs", "lint", "antsibull-changelog lint"),
    Check("archive", "archive", "lint", "ansible-galaxy collection build --force --output-path .build/archive"),
    Check("importer", "archive", "lint", "python -m tests.checks.importer .build/archive", "archive"),
    Check("builder", "archive", "lint", "python -m tests.checks.environment .build/archive", "archive"),
)
# On every core. One after the other: they share the virtual environments that ansible-test makes for itself.
EVERY = (
    Check(
        "sanity {core}",
        "sanity",
        _CORE,
        "ansible-test sanity --requirements --color no",
        lane="sanity",
        limit=1800,
        folder=".build/{core}/ansible_collections/kuberay/core",
        refused="All targets skipped",
    ),
)
# On the cores that do not get the full suite.
OTHERS = (
    Check("unit {core}", "unit", _CORE, "python -m pytest tests/unit -m 'not thorough'"),
    Check("contract {core}", "integration", _CORE, f"{_INTEGRATION} -m contract", "lab programs", "lab", 1800),
)


def checks(full: str) -> Iterator[Check]:
    """All checks, where ``full`` is the core that gets the full suite."""
    rest = [row for row in FULL if not row.is_setup]
    yield from (row.on(full) for row in FULL if row.is_setup)
    for core in CORES:
        yield from (row.on(core.version) for row in EVERY)
    yield from (row.on(full) for row in rest)
    for core in CORES:
        if core.version != full:
            yield from (row.on(core.version) for row in OTHERS)
