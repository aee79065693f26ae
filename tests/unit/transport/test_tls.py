# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a server and a client are to each other: real certificates on a real server."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import ConnectionFailed
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import load_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

from tests.unit.web import say, web

Pair = tuple[Path, Path]
GOOD = say(200, {"kind": "Pod"})


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pair]:
    """Makes a certificate for these names, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made: dict[str, Pair] = {}

    def pair(names: str) -> Pair:
        if names not in made:
            certificate, key = folder / f"{len(made)}.crt", folder / f"{len(made)}.key"
            command = [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=unit test",
            ]
            command += ["-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(certificate)]
            subprocess.run(command, check=True, capture_output=True)
            made[names] = certificate, key
        return made[names]

    return pair


def _server(pair: Pair, clients: Path | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _read(url: str, warnings: list[str] | None = None, **options: Any) -> Any:
    context = Context(warn=(warnings if warnings is not None else []).append)
    session = Session(load_credentials({"host": url, "api_key": "t", **options}), context)
    session.deadline = Deadline.after(0.2)
    return session.request("GET", "/x").body


def test_a_server_with_a_certificate_of_the_ca_for_its_address_is_believed(make: Callable[[str], Pair]) -> None:
    pair = make("IP:127.0.0.1")
    with web(GOOD, tls=_server(pair)) as server:
        assert _read(server.url, ca_cert=str(pair[0])) == {"kind": "Pod"}


def test_a_server_with_a_certificate_for_another_name_is_not_believed(make: Callable[[str], Pair]) -> None:
    pair = make("DNS:other.invalid")
    with web(GOOD, tls=_server(pair)) as server:
        with pytest.raises(ConnectionFailed, match=r"127\.0\.0\.1' doesn't match.*; .*ca_cert names") as refused:
            _read(server.url, ca_cert=str(pair[0]))
        assert refused.value.may_heal is False
        assert server.requests == [], "the token was not sent"


def test_a_server_with_a_certificate_of_another_ca_is_not_believed(make: Callable[[str], Pair]) -> None:
    with web(GOOD, tls=_server(make("IP:127.0.0.1"))) as server:
        for options in ({"ca_cert": str(make("DNS:other.invalid")[0])}, {}):
            with pytest.raises(ConnectionFailed, match=r"certificate.*; .*ca_cert names") as refused:
                _read(server.url, **options)
            assert refused.value.may_heal is False
        assert server.requests == []


def test_a_name_that_the_kubeconfig_says_is_the_one_that_is_checked(make: Callable[[str], Pair]) -> None:
    pair = make("DNS:other.invalid")
    with web(GOOD, tls=_server(pair)) as server:
        cluster = {"server": server.url, "certificate-authority": str(pair[0]), "tls-server-name": "other.invalid"}
        content = {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": cluster}],
            "users": [{"name": "u", "user": {"token": "t"}}],
        }
        assert _read("", api_key=None, host=None, kubeconfig=content) == {"kind": "Pod"}


def test_a_server_that_is_not_checked_is_warned_about_once(make: Callable[[str], Pair]) -> None:
    told: list[str] = []
    with web(GOOD, tls=_server(make("DNS:other.invalid"))) as server:
        assert _read(server.url, told, validate_certs=False) == {"kind": "Pod"}
    assert told == [f"the certificate of {server.url} is not verified (validate_certs is false)"]


def test_a_client_shows_its_certificate(make: Callable[[str], Pair]) -> None:
    pair, client = make("IP:127.0.0.1"), make("DNS:client.invalid")
    with web(GOOD, tls=_server(pair, clients=client[0])) as server:
        proof = {"client_cert": str(client[0]), "client_key": str(client[1])}
        assert _read(server.url, ca_cert=str(pair[0]), **proof) == {"kind": "Pod"}
        with pytest.raises(ConnectionFailed):
            _read(server.url, ca_cert=str(pair[0]))
