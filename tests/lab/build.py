# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the lab's programs from their Go modules, into a cache outside the checkout.

Each folder under ``tools/`` is one Go module whose ``tool`` block names the programs; its ``require`` block is the
only place where their versions are written.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab import golang
from tests.lab.errors import LabError
from tests.lab.processes import spawn, tail

TOOLS = Path(__file__).parent / "tools"
Say = Callable[[str], None]

# {module: linker variables that tell its programs their version}
STAMPS = {
    "k8s.io/kubernetes": (
        "k8s.io/component-base/version.gitVersion=v{version}",
        "k8s.io/component-base/version.gitMajor={major}",
        "k8s.io/component-base/version.gitMinor={minor}",
    ),
    "helm.sh/helm/v3": ("helm.sh/helm/v3/internal/version.version=v{version}",),
    "helm.sh/helm/v4": ("helm.sh/helm/v4/internal/version.version=v{version}",),
}
# Programs that are not to have the last part of their path for a name.
NAMES = {"go.etcd.io/etcd/server/v3": "etcd", "helm.sh/helm/v4/cmd/helm": "helm4"}
PROGRESS_SECONDS = 5.0


@dataclass(frozen=True)
class ToolSet:
    """One ``tools/<name>`` folder: what it builds and where the result is kept."""

    name: str
    source: Path

    @property
    def go_mod(self) -> str:
        return (self.source / "go.mod").read_text(encoding="utf-8")

    @property
    def packages(self) -> list[str]:
        block = re.search(r"^tool \((.*?)^\)", self.go_mod, re.S | re.M)
        return block.group(1).split() if block else []

    @property
    def programs(self) -> dict[str, str]:
        """{program name: Go package}"""
        return {NAMES.get(package, package.rsplit("/", 1)[-1]): package for package in self.packages}

    @property
    def go_line(self) -> str:
        found = re.search(r"^go (\S+)", self.go_mod, re.M)
        return found.group(1) if found else "1"

    def version(self, package: str) -> str:
        """The version (without v) of the module that holds the package."""
        modules = re.findall(r"^\s(\S+) v(\S+)", self.go_mod, re.M)
        owners = [(len(path), version) for path, version in modules if f"{package}/".startswith(f"{path}/")]
        return str(max(owners)[1]) if owners else ""

    @property
    def folder(self) -> Path:
        digest = hashlib.sha256()
        for file in ("go.mod", "go.sum"):
            digest.update((self.source / file).read_bytes())
        return cache() / f"{self.name}-{digest.hexdigest()[:16]}-{sys.platform}-{platform.machine()}"

    @property
    def is_built(self) -> bool:
        return all((self.folder / program).exists() for program in self.programs)

    def commands(self, go: Path, target: Path) -> list[list[str]]:
        """One ``go build`` for all programs whose name Go finds by itself, one for each of the others."""
        plain = [package for name, package in self.programs.items() if package.rsplit("/", 1)[-1] == name]
        groups = [([package], target / name) for name, package in self.programs.items() if package not in plain]
        groups.append((plain, target))
        return [
            [str(go), "build", "-trimpath", "-ldflags", self._link_flags(packages), "-o", f"{out}{end}", *packages]
            for packages, out in groups
            if packages
            for end in ("/" if out == target else "",)
        ]

    def _link_flags(self, packages: Sequence[str]) -> str:
        values = [value for package in packages for value in self._stamps(package)]
        return " ".join(["-s", "-w", *dict.fromkeys(values)])

    def _stamps(self, package: str) -> list[str]:
        stamps = next((s for owner, s in STAMPS.items() if package.startswith(f"{owner}/")), ())
        version = self.version(package)
        major, minor = (version.split(".") + ["", ""])[:2]
        return [f"-X {stamp.format(version=version, major=major, minor=minor)}" for stamp in stamps]


def cache() -> Path:
    """The folder of everything that is built or fetched once for all checkouts."""
    named = os.environ.get("KUBERAY_LAB_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(base) / "kuberay-core-lab"


def tool_sets() -> list[ToolSet]:
    return [ToolSet(source.name, source) for source in sorted(TOOLS.iterdir()) if (source / "go.mod").exists()]


def versions() -> dict[str, str]:
    """{program: version}, read from the go.mod files."""
    return {name: tools.version(package) for tools in tool_sets() for name, package in tools.programs.items()}


def folders() -> list[Path]:
    """The folders that hold the built programs, for PATH."""
    return [tools.folder for tools in tool_sets()]


def program(name: str) -> Path:
    """Where a built program is."""
    return next(tools.folder / name for tools in tool_sets() if name in tools.programs)


def build(say: Say) -> list[Path]:
    """Build what is missing; answers at once, without calling Go, when all is there."""
    missing = [tools for tools in tool_sets() if not tools.is_built]
    if missing:
        cache().mkdir(parents=True, exist_ok=True)
        with _one_builder(say):
            for tools in missing:
                if not tools.is_built:
                    _build_set(tools, say)
    return folders()


@contextlib.contextmanager
def _one_builder(say: Say) -> Iterator[None]:
    """Labs that start together wait for one build; the kernel drops the lock of a builder that was killed."""
    with (cache() / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another lab is building the programs: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for rest in cache().glob("*.partial-*"):
            shutil.rmtree(rest, ignore_errors=True)
        yield


def _build_set(tools: ToolSet, say: Say) -> None:
    go = golang.find(tools.go_line, cache(), say)
    target = Path(tempfile.mkdtemp(prefix=f"{tools.folder.name}.partial-", dir=cache()))
    log = cache() / f"build-{tools.name}.log"
    log.unlink(missing_ok=True)
    try:
        for command in tools.commands(go, target):
            _run(command, tools, log, say)
        shutil.rmtree(tools.folder, ignore_errors=True)
        target.chmod(0o755)
        target.rename(tools.folder)
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _run(command: list[str], tools: ToolSet, log: Path, say: Say) -> None:
    """One ``go build`` with a line of progress every few seconds."""
    packages = command[command.index("-o") + 2 :]
    what = ", ".join(f"{n} {tools.version(p)}" for n, p in tools.programs.items() if p in packages)
    say(f"building {what} (cold: some minutes; the log is {log})")
    began = shown = time.monotonic()
    builder = spawn(command, log, _environment(os.environ), tools.source)
    try:
        while builder.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - shown >= PROGRESS_SECONDS:
                shown = time.monotonic()
                say(f"  still building {tools.name}: {shown - began:.0f} s")
    finally:
        if builder.poll() is None:
            builder.kill()
        builder.wait()
    if builder.returncode:
        raise LabError(
            f"go build of {what} failed (exit code {builder.returncode}):\n{tail(log)}\n"
            f"The whole log is {log}. If a module could not be fetched, look at `go env GOPROXY` and your proxy "
            "variables; a cold build needs about 5 GB of disk. Then run the command again: what is compiled is kept."
        )
    say(f"built {what} in {time.monotonic() - began:.0f} s")


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """The caller's own Go settings, but never a workspace that would change the locked versions."""
    return {**own, "GOWORK": "off"}


if __name__ == "__main__":
    try:
        for built in build(lambda line: print(line, flush=True)):
            print(built)
    except LabError as problem:
        sys.exit(f"lab: {problem}")
