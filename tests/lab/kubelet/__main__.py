# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kwok cannot play: pods that answer and pods that do something. `python -m tests.lab.kubelet PORT DATA`."""

from __future__ import annotations

import logging
import signal
import sys
from concurrent.futures import Future
from pathlib import Path

from tests.lab.kubelet.switchboard import Connect, Switchboard


def main() -> None:
    """Serve the port at once, and learn about pods meanwhile: those imports take longer than that."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    connect: Future[Connect] = Future()
    Switchboard(int(sys.argv[1]), lambda *client: connect.result()(*client)).start()

    from tests.lab.kubelet.kubelet import Kubelet

    kubelet = Kubelet(Path(sys.argv[2]))
    connect.set_result(kubelet.connect)
    kubelet.run()


if __name__ == "__main__":
    main()
