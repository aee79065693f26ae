# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Free ports on the loopback address that two labs never choose at the same moment."""

from __future__ import annotations

import contextlib
import random
import socket

from tests.lab.errors import LabError

# Below the range from which the kernel takes the ports of outgoing connections.
RANGE = (20000, 32000)
LOOPBACK = "127.0.0.1"


class Ports:
    """Reserves ports for as long as this process lives.

    A port that is merely free now can be taken before its server starts. The reservation is an abstract Unix socket
    named after the port: other labs see it, and the kernel drops it when the process ends.
    """

    def __init__(self) -> None:
        self._reserved: dict[int, socket.socket] = {}

    def take(self, wished: int | None = None) -> int:
        """The wished port if it is free, else some other free one."""
        chances = [random.randrange(*RANGE) for _ in range(200)]
        for port in ([wished] if wished else []) + chances:
            if self._reserve(port):
                return port
        raise LabError(f"no free port on {LOOPBACK} between {RANGE[0]} and {RANGE[1]}")

    def _reserve(self, port: int) -> bool:
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            mark.bind(f"\0kuberay-core-lab-port-{port}")
            with contextlib.closing(socket.socket()) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((LOOPBACK, port))
        except OSError:
            mark.close()
            return False
        self._reserved[port] = mark
        return True
