# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are in a lab's data folder, and the record of what runs there."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.pki import Pki
from tests.lab.processes import Identity

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The files of one lab."""

    data: Path

    @property
    def kubeconfig(self) -> Path:
        return self.data / "kubeconfig"

    @property
    def state(self) -> Path:
        return self.data / "state.json"

    @property
    def lock(self) -> Path:
        return self.data / "lock"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def store(self) -> Path:
        return self.data / "etcd"

    @property
    def room(self) -> Path:
        """What Ray writes."""
        return self.data / "ray"

    @property
    def egress(self) -> Path:
        return self.data / "egress.json"

    @property
    def pki(self) -> Pki:
        return Pki(self.data / "pki")

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


@dataclass
class Running:
    """One process of the lab; `ended` is how it ended where nobody had asked it to."""

    identity: Identity
    ended: str | None = None


@dataclass
class State:
    """What the supervisor writes down: enough for any other process to look after the lab, or to mend it."""

    supervisor: Identity
    started: float
    options: dict[str, Any]
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, Running] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    ready: bool = False

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.ports.get('kube-apiserver', 0)}"

    @property
    def apiserver(self) -> str:
        """Where KubeRay's APIServer is, if the lab has one."""
        return f"http://127.0.0.1:{self.ports.get('apiserver', 0)}"

    def save(self, file: Path) -> None:
        """Whole or not at all."""
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        os.replace(fresh, file)

    @classmethod
    def load(cls, file: Path) -> State | None:
        """None where there is no record, or none that can be read."""
        try:
            raw = json.loads(file.read_text(encoding="utf-8"))
            processes = {
                name: Running(Identity(**entry["identity"]), entry["ended"]) for name, entry in raw["processes"].items()
            }
            return cls(**{**raw, "supervisor": Identity(**raw["supervisor"]), "processes": processes})
        except (OSError, ValueError, KeyError, TypeError):
            return None
