# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API server dials pods: a proxy that understands CONNECT and nothing else.

The API server is told to dial everything of the cluster through it (its egress selector). Addresses of pods lead to
the one real Ray, if the pod is the head of a Ray cluster and has come so far; loopback addresses (kwok's kubelets,
webhooks) are dialled as they are, and so are those of a Service whose endpoint is HERE, since no endpoint may have a
loopback address; everything else is refused, so that nothing leaves the machine.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from tests.lab.kubelet.relay import CONNECTED, refusal, relay
from tests.lab.nodes import HERE, POD_RANGE
from tests.lab.ports import LOOPBACK

REQUEST_BYTES = 8192
DIAL_SECONDS = 10.0
PODS = ipaddress.ip_network(POD_RANGE)
log = logging.getLogger(__name__)

# Hands the client of a pod's address and port over, or says why not.
Connect = Callable[[socket.socket, str, int], None]


class Refused(Exception):
    """The status line and the reason of a refusal."""

    def __init__(self, reason: str, status: str = "502 Bad Gateway") -> None:
        super().__init__(reason)
        self.status = status


class Switchboard:
    """Serves a port of the loopback, for whoever asks whether it is ready, and the API server's socket."""

    def __init__(self, port: int, connect: Connect) -> None:
        self._connect = connect
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.bind(_socket_name(port).replace("@", "\0"))
        local.listen(128)
        self._servers = (local, socket.create_server((LOOPBACK, port)))

    def start(self) -> None:
        """A thread for each connection, for ever."""
        for server in self._servers:
            threading.Thread(target=self._serve, args=(server,), name="switchboard", daemon=True).start()

    def _serve(self, server: socket.socket) -> None:
        while True:
            client, _ = server.accept()
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        try:
            self._route(client)
        except (OSError, ValueError) as problem:
            log.info("connection ended: %s", problem)
            client.close()
        except Refused as refused:
            log.info("refused: %s", refused)
            with client, contextlib.suppress(OSError):
                client.sendall(refusal(refused.status, str(refused)))

    def _route(self, client: socket.socket) -> None:
        method, target = _request(client)
        if method == "GET" and target == "/readyz":
            with client:
                client.sendall(refusal("200 OK", "ok"))
            return
        if method != "CONNECT":
            raise Refused(f"{method} is not for this proxy", "405 Method Not Allowed")
        host, _, port = target.rpartition(":")
        host = LOOPBACK if host in ("localhost", HERE) else host.strip("[]")
        address = ipaddress.ip_address(host)
        if address in PODS:
            self._connect(client, host, int(port))
        elif address.is_loopback:
            server = socket.create_connection((host, int(port)), DIAL_SECONDS)
            server.settimeout(None)
            client.sendall(CONNECTED)
            relay(client, server)
        else:
            raise Refused(f"{target} is neither a pod of this lab nor on this machine")


def _request(client: socket.socket) -> tuple[str, str]:
    """Method and target. Byte for byte: what follows the head belongs to the other side."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = client.recv(1)
        if not more or len(head) > REQUEST_BYTES:
            raise ValueError("no request")
        head += more
    method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ", 2)
    return method, target


def _socket_name(port: int) -> str:
    """An abstract socket's, as Go writes it: it needs no file, whose path could be too long for a socket."""
    return f"@kuberay-core-lab-egress-{port}"


def write_egress(file: Path, port: int) -> None:
    """The API server's configuration: dial what belongs to the cluster through this proxy (YAML takes JSON).

    By a Unix socket, since an API server with a plain TCP transport there ends in a panic.
    """
    transport = {"uds": {"udsName": _socket_name(port)}}
    selection = {"name": "cluster", "connection": {"proxyProtocol": "HTTPConnect", "transport": transport}}
    config = {
        "apiVersion": "apiserver.k8s.io/v1beta1",
        "kind": "EgressSelectorConfiguration",
        "egressSelections": [selection],
    }
    file.write_text(json.dumps(config, indent=2), encoding="utf-8")
