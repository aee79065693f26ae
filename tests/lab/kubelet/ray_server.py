# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Ray's command line for ray_command.py: a fork of this process, which has imported it, for each call.

Runs on Ray's own Python, which knows nothing of this project.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import traceback

from ray.scripts.scripts import main as ray

CALL_BYTES = 1 << 18


def serve(path: str) -> None:
    """Answer calls for ever."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.bind(path)
    server.listen(64)
    while True:
        client, _ = server.accept()
        if os.fork():
            client.close()
            continue
        server.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os._exit(_call(client))


def _call(client: socket.socket) -> int:
    """One call, in the fork. It ends when its caller does."""
    text, fds, _, _ = socket.recv_fds(client, CALL_BYTES, 3)
    call = json.loads(text)
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["folder"])
    threading.Thread(target=_end_with, args=(client,), daemon=True).start()
    code = _run(call["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    client.send(str(code).encode())
    return code


def _run(words: list[str]) -> int:
    sys.argv = ["ray", *words]
    try:
        ray()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _end_with(client: socket.socket) -> None:
    if not client.recv(1):
        os._exit(1)


if __name__ == "__main__":
    serve(sys.argv[1])
