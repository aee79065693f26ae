#!/usr/bin/env -S python3 -IS
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``ray`` of submitter pods: Ray's own, run by a process that has imported it already (ray_server.py).

Importing Ray takes more than a second of a core, and a submitter calls the command three times.
"""

from __future__ import annotations

import json
import os
import socket
import sys


def main() -> int:
    """Hand arguments, environment and open files over; the exit code comes back."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.connect(os.environ["RAY_COMMAND_SOCKET"])
        call = {"words": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}
        socket.send_fds(server, [json.dumps(call).encode()], [0, 1, 2])
        answer = server.recv(16)
        return int(answer) if answer else 1


if __name__ == "__main__":
    sys.exit(main())
