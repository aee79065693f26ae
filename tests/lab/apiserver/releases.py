# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KubeRay's releases, as far as its APIServer changed with them."""

from __future__ import annotations

import re
from typing import NamedTuple

PATTERN = re.compile(r"v?(\d+)\.(\d+)(?:\.\d+)?(?:-rc\.(\d+))?")
# After all its candidates.
FINAL = 1000


class Release(NamedTuple):
    """A minor release; without a candidate, from the first one on."""

    major: int
    minor: int
    candidate: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}" + (f".0-rc.{self.candidate}" if self.candidate < FINAL else "")

    @classmethod
    def of(cls, text: str) -> Release:
        """From ``1.7``, ``v1.7.0`` or ``1.0.0-rc.1``; ValueError from anything else."""
        match = PATTERN.fullmatch(text)
        if not match:
            raise ValueError(f"{text} is no release of KubeRay")
        major, minor, candidate = match.groups()
        return cls(int(major), int(minor), FINAL if candidate is None else int(candidate))


LATEST = Release(1, 7, FINAL)

# What came when.
V1_BASE = Release(1, 0, 2)
NAMESPACED_JOBS = Release(1, 0, 1)
SERVE_PORT_ANNOTATION = Release(1, 1)
NIL_CAUGHT = Release(1, 1)
SUBMISSIONS = Release(1, 1)
JOB_VERSION = Release(1, 1)
REPLICAS_TOLD_RIGHT = Release(1, 1)
PULL_POLICY = Release(1, 2)
AUTOSCALER_PULL_POLICY = Release(1, 3)
VERSION_TOLD = Release(1, 4)
V2 = Release(1, 4)
MEMORY_UNIT = Release(1, 5)
V2_TEMPLATES = Release(1, 5)
V2_RETRIES = Release(1, 5)
NEW_EVENTS = Release(1, 7)


def base(release: Release) -> str:
    """Where V1 is served; no release serves both."""
    return "/apis/v1" if release >= V1_BASE else "/apis/v1alpha2"
