# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be chosen about a lab."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.lab.layout import CHECKOUT
from tests.lab.programs import FEATURE_GATES, STAND_IN

DEFAULT_DATA = CHECKOUT / ".lab"


@dataclass(frozen=True)
class LabOptions:
    """data: folder of the lab. operator, apiserver: "stand-in", "none" or a program. crds: a folder of CRDs in place of
    ours. feature_gates: the operator's. apiserver_args: more arguments of the APIServer.

    tied: the lab ends when the process that started it ends. ephemeral: the data folder vanishes with the lab.
    """

    data: Path = DEFAULT_DATA
    operator: str = STAND_IN
    apiserver: str = STAND_IN
    apiserver_args: str = ""
    crds: Path | None = None
    feature_gates: str = FEATURE_GATES
    tied: bool = False
    ephemeral: bool = False

    def told(self) -> dict[str, Any]:
        """As plain JSON."""
        return {key: str(value) if isinstance(value, Path) else value for key, value in asdict(self).items()}

    def to_json(self) -> str:
        return json.dumps(self.told())

    @classmethod
    def from_json(cls, text: str) -> LabOptions:
        raw = json.loads(text)
        crds = Path(raw["crds"]) if raw["crds"] else None
        return cls(**{**raw, "data": Path(raw["data"]), "crds": crds})
