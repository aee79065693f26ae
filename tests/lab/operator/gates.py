# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The feature gates that make a difference here. All others stand as KubeRay has them by default."""

from __future__ import annotations

import argparse

CRON_JOBS = "RayCronJob"
DEFAULTS = {CRON_JOBS: False}
VALUES = {"true": True, "false": False}


def gates(text: str) -> dict[str, bool]:
    """``FeatureOne=true,FeatureTwo=false``, for argparse."""
    wanted = dict(DEFAULTS)
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        if name not in DEFAULTS or value not in VALUES:
            known = ", ".join(DEFAULTS)
            raise argparse.ArgumentTypeError(f"{part}: the stand-in knows {known}, and of these true and false")
        wanted[name] = VALUES[value]
    return wanted
