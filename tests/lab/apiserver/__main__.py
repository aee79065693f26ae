# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for KubeRay's APIServer: `python -m tests.lab.apiserver PORT DATA`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from pathlib import Path

from ..layout import Layout, State
from .front import DROPPED, Front
from .kubernetes import Kubernetes
from .releases import LATEST, Release
from .server import Server


def main() -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="apiserver", description=__doc__)
    parser.add_argument("port", type=int, help="where to serve V1 and V2")
    parser.add_argument("data", type=Path, help="the folder of the lab")
    parser.add_argument("--release", type=Release.of, default=LATEST, help="of KubeRay: 1.7, 1.0.0-rc.1 (the latest)")
    parser.add_argument("--dropped", type=float, default=DROPPED, help="share of V2's refusals that get lost")
    parser.add_argument("--token", default="", help="what the security proxy in front of it asks for")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    layout = Layout(options.data)
    state = State.load(layout.state)
    if state is None:
        sys.exit(f"no lab in {options.data}")
    kubernetes = Kubernetes(layout.pki, state.ports["kube-apiserver"])
    front = Front(kubernetes, options.release, options.token, options.dropped)
    Server(front.answer, options.port).run()


if __name__ == "__main__":
    main()
