# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a Kubernetes API that lead nowhere: each task fails by what is wrong with its way, and says what to do."""

from __future__ import annotations

import base64
import json
import shutil
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.integration.modules.room import SHIPPED, Stage
from tests.integration.modules.words import MAY_FAIL, manage, wish
from tests.integration.playbook import Outcome
from tests.lab.lab import Lab
from tests.lab.pki import Pki
from tests.unit.web import Answer, say, web

Json = dict[str, Any]
# What is wrong: the options of the connection, the kind of error, the words that its message has to hold.
Ways = dict[str, tuple[Json, str, list[str]]]
NAME = "refused"
PASSWORD = "planted-password-5c1d"
PAGE = b"<!DOCTYPE html>\n<html><head><title>Welcome to somebody</title></head></html>"
ASKED = "Kubernetes API server"
PROXY = f"http://me:{PASSWORD}@"


def ensure_refused(stage: Stage, ways: Ways, way: str = "in process") -> dict[str, Outcome]:
    """A task for each of these ways: refused as the table says, without a traceback, and without a secret."""
    tasks = [manage(label, NAME, MAY_FAIL, **options, **wish()) for label, (options, *_) in ways.items()]
    run = stage.succeed(*tasks, way=way, connection={})
    for label, (_, kind, words) in ways.items():
        outcome = run[label]
        assert (outcome.status, outcome["changed"], outcome["error"]["kind"]) == ("failed", False, kind), label
        for word in words:
            assert word in outcome.message, label
        assert "Traceback" not in str(outcome.result), label
    assert PASSWORD not in str(run)
    # What a library has printed in place of raising it, ansible-core would warn about.
    assert "errantly" not in run.stderr
    assert stage.room.get(NAME) is None
    return {outcome.name: outcome for outcome in run.outcomes}


def with_user(stage: Stage, user: Json, server: str | None = None, **more: Any) -> Json:
    """The stage's kubeconfig with another user."""
    content: Json = json.loads(stage.kubeconfig.read_text(encoding="utf-8"))
    if server:
        content["clusters"][0]["cluster"]["server"] = server
    return {**content, "users": [{"name": "wire", "user": user}], **more}


@pytest.mark.parametrize("way", ["in process", SHIPPED])
def test_a_kubeconfig_that_is_none(stage: Stage, tmp_path: Path, way: str) -> None:
    def file(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    binary, empty, listed = file("b", bytes(range(256))), file("e", b""), file("l", b"[1, 2]")
    vault = file("v", b"$ANSIBLE_VAULT;1.1;AES256\n3132\n")
    inline = {"client-certificate-data": "bm8=", "client-key-data": "bm8="}
    tls = f"https://127.0.0.1:{stage.wire.upstream}"
    ensure_refused(
        stage,
        {
            "folder": ({"kubeconfig": str(tmp_path)}, "credentials", [str(tmp_path), "folder", "name a file"]),
            "binary": ({"kubeconfig": binary}, "credentials", [binary, "no text"]),
            "empty": ({"kubeconfig": empty}, "credentials", [empty, "is empty"]),
            "list": ({"kubeconfig": listed}, "credentials", [listed, "not a list"]),
            "vault without a password": ({"kubeconfig": vault}, "option", ["kubeconfig", vault, "decrypt"]),
            "mapping of nothing": ({"kubeconfig": {}}, "credentials", ["given as a mapping", "current-context"]),
            "user that is not there": (
                {"kubeconfig": with_user(stage, {}, users=[])},
                "credentials",
                ["no user 'wire'", "context 'wire'"],
            ),
            "inline certificate": (
                {"kubeconfig": with_user(stage, inline, tls)},
                "credentials",
                ["the kubeconfig's client-certificate-data", "the kubeconfig's client-key-data"],
            ),
            "token file": (
                {"kubeconfig": with_user(stage, {"tokenFile": "/nowhere/token"})},
                "credentials",
                ["/nowhere/token"],
            ),
        },
        way,
    )


@pytest.mark.parametrize("way", ["in process", SHIPPED])
def test_a_plugin_for_credentials_that_fails(stage: Stage, tmp_path: Path, way: str) -> None:
    def plugin(script: str) -> Json:
        file = tmp_path / f"plugin-{len(list(tmp_path.iterdir()))}"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        return called(str(file))

    def called(command: str) -> Json:
        variables = [{"name": "PLUGIN_PASSWORD", "value": PASSWORD}]
        version = "client.authentication.k8s.io/v1"
        user = {"exec": {"apiVersion": version, "command": command, "env": variables, "interactiveMode": "Never"}}
        return {"kubeconfig": with_user(stage, user)}

    who = "no credentials for its context 'wire'"
    ensure_refused(
        stage,
        {
            "fails": (plugin("echo 'log in first' >&2; exit 3"), "credentials", [who, "returned 3", "log in first"]),
            "says nothing of use": (plugin("echo junk"), "credentials", [who, "failed to decode process output"]),
            "is not there": (called("no-such-plugin"), "credentials", [who, "No such file", "no-such-plugin"]),
        },
        way,
    )


def test_an_address_or_a_certificate_that_cannot_be(stage: Stage, lab: Lab, tmp_path: Path) -> None:
    pki, tls = lab.layout.pki, f"https://127.0.0.1:{stage.wire.upstream}"
    here = {"namespace": stage.room.name, "api_key": "planted-token-1f7a"}
    trusted = {**here, "ca_cert": str(pki.crt("ca"))}
    (tmp_path / "ca").write_text("no certificate", encoding="utf-8")
    pair = {"client_cert": str(pki.crt("admin")), "client_key": str(pki.key("ca"))}
    proxied = {**here, "host": "http://kubernetes.invalid"}
    outcomes = ensure_refused(
        stage,
        {
            "no scheme": ({**here, "host": "127.0.0.1:6443"}, "credentials", ["host", "'127.0.0.1:6443'", "https://"]),
            "another scheme": ({**here, "host": "ftp://k"}, "credentials", ["host", "'ftp://k'"]),
            "no port": ({**here, "host": "https://k:port"}, "credentials", ["host", "'https://k:port'"]),
            "no such name": ({**here, "host": "https://k.invalid"}, "connection", ["https://k.invalid", "host"]),
            "proxy without a scheme": ({**proxied, "proxy": "127.0.0.1:9"}, "credentials", ["proxy", "127.0.0.1:9"]),
            "no proxy there": (
                {**proxied, "proxy": f"{PROXY}127.0.0.1:9"},
                "connection",
                ["the proxy http://", "refused"],
            ),
            "not trusted": ({**here, "host": tls}, "connection", [tls, "CERTIFICATE_VERIFY_FAILED", "ca_cert"]),
            "plain for TLS": (
                {**here, "host": tls.replace("https", "http")},
                "api",
                ["HTTP request to an HTTPS", "https://"],
            ),
            "TLS for plain": (
                {**here, "host": stage.wire.url.replace("http", "https")},
                "connection",
                ["does not speak TLS", "http://"],
            ),
            "no authority": (
                {**here, "host": tls, "ca_cert": str(tmp_path / "ca")},
                "credentials",
                [f"ca_cert {tmp_path}/ca"],
            ),
            "key of another": (
                {**trusted, "host": tls, **pair},
                "credentials",
                [f"client_cert {pair['client_cert']} with client_key {pair['client_key']}"],
            ),
        },
    )
    # What asking again cannot mend is asked once, unlike where nobody was there: that takes some pauses more.
    seconds = {label: outcome.ended - outcome.began for label, outcome in outcomes.items()}
    for label in ("not trusted", "TLS for plain"):
        assert seconds[label] < seconds["no proxy there"], seconds


ANSWERS: dict[str, tuple[Answer, str, list[str]]] = {
    "page": (say(200, PAGE), "connection", ["not JSON", "'Welcome to somebody'", ASKED]),
    "page that is not there": (say(404, PAGE), "api", ["HTTP 404", "web page", "'Welcome to somebody'", ASKED]),
    "page that wants a login": (say(401, PAGE), "api", ["HTTP 401", "web page", ASKED]),
    "page that forbids": (say(403, PAGE), "api", ["HTTP 403", "web page", ASKED]),
    "redirection": (
        say(302, Location=f"https://me:{PASSWORD}@login.invalid/sso?ticket={PASSWORD}"),
        "api",
        ["HTTP 302", "login.invalid/sso", "not followed", ASKED],
    ),
    "list": (say(200, [1]), "connection", ["not a Kubernetes object", ASKED]),
    "other JSON": (say(200, {"hello": "world"}), "connection", ["not a Kubernetes object", ASKED]),
    "nothing": (say(200), "connection", ["not a Kubernetes object", ASKED]),
}


def test_a_server_that_is_somebody_elses(stage: Stage) -> None:
    with ExitStack() as stack:
        ways: Ways = {}
        for label, (answer, kind, words) in ANSWERS.items():
            host = stack.enter_context(web(answer)).url
            ways[label] = ({"host": host, "api_key": "t-0f2b", "namespace": stage.room.name}, kind, [NAME, *words])
        ensure_refused(stage, ways)


def test_a_certificate_that_has_expired(stage: Stage, lab: Lab, tmp_path: Path) -> None:
    copy = Pki(tmp_path)
    for file in (lab.layout.pki.crt("ca"), lab.layout.pki.key("ca")):
        shutil.copy(file, tmp_path)
    ways: Ways = {}
    for label, days in (("late", "-1"), ("in time", "1")):
        copy.issue(tmp_path / label, "/CN=somebody", "extendedKeyUsage=clientAuth\n", 77, days)
        proof = {"client_cert": str(copy.crt(label)), "client_key": str(copy.key(label))}
        host = {"host": f"https://127.0.0.1:{stage.wire.upstream}", "ca_cert": str(copy.crt("ca"))}
        ways[label] = ({**host, **proof, "namespace": stage.room.name}, "api", [NAME])
    outcomes = ensure_refused(stage, ways)
    # The one that is in time proves that the other was refused for its time: it is known, and may do nothing.
    assert [outcomes[label]["error"]["status"] for label in ways] == [401, 403]
    assert "have not expired" in outcomes["late"].message
    assert "somebody" in outcomes["in time"].message


def test_a_token_that_has_expired(stage: Stage, lab: Lab) -> None:
    """A TokenRequest gives none for less than ten minutes, so this is one of the server's own for another time."""
    claims = json.loads(base64.urlsafe_b64decode(stage.room.token().split(".")[1] + "=="))
    now = int(time.time())
    tokens = {
        "late": signed(lab.layout.pki, {**claims, "nbf": now - 7200, "iat": now - 7200, "exp": now - 3600}),
        "in time": signed(lab.layout.pki, claims),
    }
    here = {"host": stage.wire.url, "namespace": stage.room.name}
    outcomes = ensure_refused(
        stage, {label: ({**here, "api_key": token}, "api", [NAME]) for label, token in tokens.items()}
    )
    assert [outcomes[label]["error"]["status"] for label in tokens] == [401, 403]
    assert "have not expired" in outcomes["late"].message
    for token in tokens.values():
        assert token not in str([outcome.result for outcome in outcomes.values()])


def signed(pki: Pki, claims: Json) -> str:
    """A JSON web token as the API server signs them (RFC 7515, ES256)."""
    key = load_pem_private_key(pki.key("service-account").read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)

    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "ES256"}, claims))
    numbers = decode_dss_signature(key.sign(text.encode(), ECDSA(SHA256())))
    return f"{text}.{encoded(b''.join(number.to_bytes(32, 'big') for number in numbers))}"
