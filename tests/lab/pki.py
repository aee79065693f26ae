# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's certificates (by openssl) and its admin kubeconfig."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab.errors import LabError

DAYS = "3650"
KEY = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
SERVICE_ADDRESS = "10.96.0.1"
# The extensions are those that strict clients (Python 3.13) insist on.
AUTHORITY = """\
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = kuberay-lab-ca
[extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier = hash
"""
LEAF = """\
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
# {name: (subject, extensions)}
LEAVES = {
    "server": (
        "/CN=kuberay-lab-server",
        "extendedKeyUsage=serverAuth\n"
        f"subjectAltName=IP:127.0.0.1,IP:{SERVICE_ADDRESS},DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,"
        "DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local\n",
    ),
    "admin": ("/O=system:masters/CN=kuberay-lab-admin", "extendedKeyUsage=clientAuth\n"),
}


@dataclass(frozen=True)
class Pki:
    """A folder of PEM files: ca, server, admin (.crt and .key), service-account (.key and .pub)."""

    folder: Path

    def crt(self, name: str) -> Path:
        return self.folder / f"{name}.crt"

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def create(self) -> None:
        """Make what is missing; a lab that is repaired keeps its certificates, so that old kubeconfigs still work."""
        if (self.folder / "complete").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for name in ("ca", "service-account"):
            _openssl(*KEY, "-out", self.key(name))
        _openssl("pkey", "-in", self.key("service-account"), "-pubout", "-out", self.folder / "service-account.pub")
        config = self.folder / "ca.cnf"
        config.write_text(AUTHORITY, encoding="utf-8")
        _openssl(
            *("req", "-x509", "-new", "-key", self.key("ca"), "-out", self.crt("ca"), "-days", DAYS),
            *("-config", config),
        )
        for serial, (name, (subject, extensions)) in enumerate(LEAVES.items(), start=2):
            self.issue(self.folder / name, subject, extensions, serial)
        (self.folder / "complete").touch()

    def issue(self, target: Path, subject: str, extensions: str, serial: int, days: str = DAYS) -> None:
        """A new key and its certificate, ``target`` with .key and .crt; after days below zero it has expired now."""
        key, crt, request, wanted = (target.with_name(f"{target.name}.{end}") for end in ("key", "crt", "csr", "ext"))
        wanted.write_text(LEAF + extensions, encoding="utf-8")
        _openssl(*KEY, "-out", key)
        _openssl("req", "-new", "-key", key, "-subj", subject, "-out", request)
        _openssl(
            *("x509", "-req", "-in", request, "-CA", self.crt("ca"), "-CAkey", self.key("ca"), "-days", days),
            *("-set_serial", str(serial), "-extfile", wanted, "-out", crt),
        )

    def write_kubeconfig(self, target: Path, url: str) -> None:
        """An admin kubeconfig that needs no other file (YAML takes JSON)."""

        def inline(file: Path) -> str:
            return base64.b64encode(file.read_bytes()).decode("ascii")

        user = {"client-certificate-data": inline(self.crt("admin")), "client-key-data": inline(self.key("admin"))}
        name = "kuberay-lab"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "contexts": [{"name": name, "context": {"cluster": name, "user": "admin", "namespace": "default"}}],
            "clusters": [
                {"name": name, "cluster": {"server": url, "certificate-authority-data": inline(self.crt("ca"))}}
            ],
            "users": [{"name": "admin", "user": user}],
        }
        fresh = target.with_name(f".{target.name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(config, file, indent=2)
        fresh.replace(target)


def _openssl(*arguments: str | Path) -> None:
    try:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    except OSError as problem:
        raise LabError(f"openssl is needed for the lab's certificates: {problem}. Install it.") from problem
    if done.returncode:
        raise LabError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
