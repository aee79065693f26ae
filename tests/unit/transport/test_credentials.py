# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API is and how we prove who we are."""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._errors import CredentialsError
from ansible_collections.kuberay.core.plugins.module_utils._transport import kubeconfig, login
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials, load_credentials

Json = dict[str, Any]
HOST = "https://one.invalid:6443"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key, made now."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "tls.crt", folder / "tls.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=unit test"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that temporary files are made in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def _kubeconfig(user: Json | None = None, cluster: Json | None = None, **more: Any) -> Json:
    """Two contexts, ``one`` and ``two``, of which ``one`` is the current one."""
    names = ("one", "two")
    contexts = [{"name": n, "context": {"cluster": n, "user": n, "namespace": f"{n}-space"}} for n in names]
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "one",
        "contexts": contexts,
        "clusters": [{"name": n, "cluster": {"server": f"https://{n}.invalid:6443", **(cluster or {})}} for n in names],
        "users": [{"name": n, "user": {"token": f"token-{n}"} if user is None else user} for n in names],
        **more,
    }


def _file(tmp_path: Path, content: Any, name: str = "config") -> str:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return str(path)


def _inline(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def _subjects(loaded: Credentials) -> list[Any]:
    assert loaded.tls is not None
    return [one["subject"] for one in loaded.tls.get_ca_certs()]


def test_a_kubeconfig_file_says_where_and_who(tmp_path: Path) -> None:
    loaded = load_credentials({"kubeconfig": _file(tmp_path, _kubeconfig())})
    assert (loaded.host, loaded.authorization(), loaded.namespace) == (HOST, "Bearer token-one", "one-space")


def test_a_mapping_is_a_kubeconfig_too() -> None:
    loaded = load_credentials({"kubeconfig": _kubeconfig()})
    assert (loaded.host, loaded.authorization(), loaded.namespace) == (HOST, "Bearer token-one", "one-space")


@pytest.mark.parametrize("as_file", [True, False])
@pytest.mark.parametrize("current", [{}, {"current-context": ""}, {"current-context": "two"}])
def test_a_context_is_chosen_by_its_name_whatever_is_current(tmp_path: Path, as_file: bool, current: Json) -> None:
    content = _kubeconfig()
    del content["current-context"]
    content.update(current)
    given = _file(tmp_path, content) if as_file else content
    loaded = load_credentials({"kubeconfig": given, "context": "one"})
    assert (loaded.host, loaded.authorization(), loaded.namespace) == (HOST, "Bearer token-one", "one-space")


def test_the_kubeconfig_variable_is_used_where_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", _file(tmp_path, _kubeconfig()))
    assert load_credentials({}).host == HOST
    assert load_credentials({"context": "two"}).namespace == "two-space"


def test_several_files_of_the_variable_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _kubeconfig(), _kubeconfig()
    for part in ("contexts", "clusters", "users"):
        first[part], second[part] = first[part][:1], second[part][1:]
    monkeypatch.setenv("KUBECONFIG", f"{_file(tmp_path, first, 'a')}:{_file(tmp_path, second, 'b')}")
    assert load_credentials({}).namespace == "one-space"
    assert load_credentials({"context": "two"}).namespace == "two-space"


def test_the_kubeconfig_at_home_comes_last(tmp_path: Path) -> None:
    (tmp_path / "home/.kube").mkdir(parents=True)
    _file(tmp_path, _kubeconfig(), "home/.kube/config")
    assert load_credentials({}).host == HOST
    assert load_credentials({"kubeconfig": "~/.kube/config"}).host == HOST


def test_without_any_the_user_is_told_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(
        CredentialsError,
        match=r"^the kubeconfig .*home/.kube/config is not there: set kubeconfig, or host with api_key$",
    ):
        load_credentials({})
    with pytest.raises(CredentialsError, match=r"^the kubeconfig .*nowhere is not there"):
        load_credentials({"kubeconfig": str(tmp_path / "nowhere")})


NONSENSE = {
    "": "is empty",
    "# nothing": "is empty",
    "just a text": "a mapping with clusters, users and contexts is needed, not a text",
    "[1, 2]": "a mapping with clusters, users and contexts is needed, not a list",
    "3": "a mapping with clusters, users and contexts is needed, not a value of type int",
    "{": "it is not YAML (line 1, column 2)",
    "a: b": "has no current-context: set context",
    "\tx: 'y": "it is not YAML (line 1, column 1)",
    "$ANSIBLE_VAULT;1.1;AES256\n3132\n": "is encrypted with Ansible Vault",
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_file_that_is_no_kubeconfig_is_named_with_what_it_is(tmp_path: Path, nonsense: str) -> None:
    path = _file(tmp_path, nonsense)
    with pytest.raises(CredentialsError) as error:
        load_credentials({"kubeconfig": path})
    assert error.value.message.startswith(f"the kubeconfig {path} ")
    assert NONSENSE[nonsense] in error.value.message
    assert "\n" not in error.value.message


def test_a_folder_and_a_file_that_is_no_text_are_told_apart(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)))
    for path, problem in ((tmp_path, "is a folder: name a file in it"), (binary, "is no kubeconfig: it is no text")):
        with pytest.raises(CredentialsError) as error:
            load_credentials({"kubeconfig": str(path)})
        assert error.value.message == f"the kubeconfig {path} {problem}"


def test_of_several_files_the_broken_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", f"{_file(tmp_path, _kubeconfig(), 'a')}:{_file(tmp_path, '[]', 'b')}")
    with pytest.raises(CredentialsError, match="not a list"):
        load_credentials({})


@pytest.mark.parametrize("value", [[1, 2], 3, True])
def test_an_option_that_can_be_no_kubeconfig_is_refused(value: Any) -> None:
    with pytest.raises(CredentialsError, match=f"^kubeconfig: a path, .* not {type(value).__name__}$"):
        load_credentials({"kubeconfig": value})


@pytest.mark.parametrize("as_file", [True, False])
def test_a_context_whose_user_is_not_there_is_nobody(tmp_path: Path, as_file: bool) -> None:
    content = _kubeconfig(users=[{"name": "other", "user": {"token": "t"}}])
    with pytest.raises(CredentialsError, match=r"has no user 'one', which its context 'one' names$"):
        load_credentials({"kubeconfig": _file(tmp_path, content) if as_file else content})


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'log in first' >&2; exit 3", "exec: process returned 3. log in first"),
        ("echo junk", "exec: failed to decode process output"),
        (None, "No such file or directory"),
    ],
)
def test_a_plugin_that_fails_is_told_and_not_only_logged(
    tmp_path: Path, script: str | None, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    plugin = tmp_path / "plugin"
    if script:
        plugin.write_text(f"#!/bin/sh\n{script}\n")
        plugin.chmod(0o755)
    exec_plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "interactiveMode": "Never"}
    with pytest.raises(CredentialsError, match="gives no credentials for its context 'one': ") as error:
        load_credentials({"kubeconfig": _kubeconfig({"exec": exec_plugin})})
    assert told in error.value.message
    assert "\n" not in error.value.message
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"host": "127.0.0.1:6443"}, "host"),
        ({"host": "ftp://x.invalid"}, "host"),
        ({"host": "https://"}, "host"),
        ({"host": "https://x.invalid:port"}, "host"),
        ({"host": "https://bad host"}, "host"),
        ({"host": "https://me:SECRET@x.invalid"}, "host"),
        ({"host": HOST, "proxy": "127.0.0.1:3128"}, "proxy"),
        ({"host": HOST, "proxy": "http://me:SECRET@:3128"}, "proxy"),
        ({"host": HOST, "proxy": "http://me:SEC RET@x:3128"}, "proxy"),
        ({"host": HOST, "proxy": "socks5://me:SECRET@x:3128"}, "proxy"),
    ],
)
def test_what_is_no_url_is_refused_by_its_option_and_without_a_password(options: Json, told: str) -> None:
    with pytest.raises(CredentialsError) as error:
        load_credentials({"api_key": "t", **options})
    assert error.value.message.startswith(told)
    assert "SEC" not in error.value.message


@pytest.mark.parametrize(
    ("nonsense", "told"),
    [
        ({"a": "b"}, "has no current-context: set context"),
        (_kubeconfig(contexts=[]), "has no context 'one'"),
        (_kubeconfig(clusters=None), "has no cluster 'one', which its context 'one' names"),
        (_kubeconfig(contexts=[{"name": "one"}]), "is no kubeconfig: its context 'one' names no cluster"),
        (_kubeconfig(users=3), "is no kubeconfig: users is no list of mappings with a name"),
        (_kubeconfig(users=[{"user": {}}]), "is no kubeconfig: users is no list of mappings with a name"),
        (_kubeconfig(users=[{"name": "one", "user": "me"}]), "is no kubeconfig: user 'one' is no mapping"),
        (_kubeconfig({"token": ["SECRET"]}), "is no kubeconfig: token is no text"),
        (_kubeconfig({"client-key-data": "SECRET"}), "is no kubeconfig: client-key-data is not base64"),
    ],
)
def test_a_mapping_that_is_no_kubeconfig_is_refused(nonsense: Json, told: str) -> None:
    with pytest.raises(CredentialsError) as error:
        load_credentials({"kubeconfig": nonsense})
    assert error.value.message == f"the kubeconfig given as a mapping {told}"


# Each is read by us, and by the package where a user of the same name logs in by a plugin.
PLAIN: dict[str, tuple[Json, Json]] = {
    "nobody": ({}, {}),
    "token": ({"token": "t"}, {}),
    "name and password": ({"username": "u", "password": "p:w"}, {}),
    "token before a name": ({"token": "t", "username": "u", "password": "p"}, {}),
    "token before a file": ({"token": "t", "tokenFile": "tls.crt"}, {}),
    "certificate": ({"client-certificate": "tls.crt", "client-key": "tls.key"}, {"certificate-authority": "tls.crt"}),
    "another name": ({"token": "t"}, {"tls-server-name": "other", "server": "https://other.invalid/"}),
    "unchecked": ({"token": "t"}, {"insecure-skip-tls-verify": True}),
    "checked": ({"token": "t"}, {"insecure-skip-tls-verify": False}),
    "proxy": ({"token": "t"}, {"proxy-url": "http://proxy.invalid:3128"}),
}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("place", ["file", "second file", "mapping"])
def test_a_plain_kubeconfig_is_read_as_the_package_reads_it(
    name: str, place: str, tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, cluster = PLAIN[name]
    for file in certificate:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    given: Any = _kubeconfig(user, cluster)
    if place == "mapping":
        # What is relative in it is so to where we are.
        monkeypatch.chdir(tmp_path)
    else:
        given = _file(tmp_path, given)
    if place == "second file":
        first = _kubeconfig(contexts=[], clusters=[], users=[])
        (tmp_path / "elsewhere").mkdir()
        given = f"{_file(tmp_path / 'elsewhere', first)}:{given}"
    ours, namespace = kubeconfig.read(given, None, str(tmp_path))
    theirs = login.by_plugin(given, "one", str(tmp_path))
    assert namespace == "one-space"
    assert ours.host is not None
    assert ours.authorization() == theirs.authorization()
    fields = ("ca_cert", "client_cert", "client_key", "validate_certs", "server_name", "proxy")
    same = [(getattr(one, field) for field in fields) for one in (ours, theirs)]
    assert [ours.host.rstrip("/"), *map(_content, same[0])] == [theirs.host, *map(_content, same[1])]


def _content(value: Any) -> Any:
    """What is in a file, whatever its path looks like; other values as they are."""
    return Path(value).read_bytes() if isinstance(value, str) and Path(value).is_file() else value


def test_a_plain_kubeconfig_needs_nothing_of_the_package(tmp_path: Path) -> None:
    program = f"""
import sys
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import load_credentials
load_credentials({{"kubeconfig": {_file(tmp_path, _kubeconfig())!r}}})
sys.exit("kubernetes" in sys.modules)
"""
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, env={**os.environ, **path})


def test_what_the_package_is_needed_for_says_so_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "IMPORT_ERROR", "ImportError: no")
    with pytest.raises(CredentialsError, match=r"^the kubeconfig given .* logs in by a plugin: .*install it with "):
        load_credentials({"kubeconfig": _kubeconfig({"exec": {"command": "x"}})})
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    with pytest.raises(CredentialsError, match=r"^this is a pod, .*install it with "):
        load_credentials({})


def test_a_plugins_token_is_used(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    said = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "run"}}
    plugin.write_text(f"#!/bin/sh\necho '{json.dumps(said)}'\n")
    plugin.chmod(0o755)
    exec_plugin = {"apiVersion": said["apiVersion"], "command": str(plugin), "interactiveMode": "Never"}
    content = _kubeconfig({"exec": exec_plugin})
    for given in (content, _file(tmp_path, content)):
        loaded = load_credentials({"kubeconfig": given})
        assert (loaded.host, loaded.authorization(), loaded.namespace) == (HOST, "Bearer run", "one-space")


def test_a_context_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match="three"):
        load_credentials({"kubeconfig": _file(tmp_path, _kubeconfig()), "context": "three"})


def test_a_token_never_gets_into_a_message(tmp_path: Path) -> None:
    broken = yaml.safe_dump(_kubeconfig()).replace("token: token-one", 'token: "hunter2')
    for given in (_file(tmp_path, broken), {**_kubeconfig({"token": "hunter2"}), "contexts": None}):
        with pytest.raises(CredentialsError) as error:
            load_credentials({"kubeconfig": given})
        assert "hunter2" not in error.value.message


def test_a_host_with_a_token_needs_no_kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nowhere"))
    loaded = load_credentials({"host": "https://x.invalid/", "api_key": "t"})
    assert (loaded.host, loaded.authorization(), loaded.namespace) == ("https://x.invalid", "Bearer t", "default")


def test_a_host_with_a_name_and_a_password_uses_those() -> None:
    loaded = load_credentials({"host": "http://x.invalid", "username": "u", "password": "p"})
    assert loaded.authorization() == "Basic " + base64.b64encode(b"u:p").decode()
    assert loaded.tls is None


def test_what_the_task_says_goes_before_the_kubeconfig(tmp_path: Path) -> None:
    given = {
        "kubeconfig": _file(tmp_path, _kubeconfig()),
        "context": "one",
        "host": "https://x.invalid",
        "api_key": "t",
    }
    loaded = load_credentials(given)
    assert (loaded.host, loaded.authorization(), loaded.namespace) == ("https://x.invalid", "Bearer t", "one-space")


def test_certificates_that_are_written_inline_are_used_and_leave_no_file(
    temporary: Path, certificate: tuple[Path, Path]
) -> None:
    user = {"client-certificate-data": _inline(certificate[0]), "client-key-data": _inline(certificate[1])}
    content = _kubeconfig(user, {"certificate-authority-data": _inline(certificate[0])})
    # Twice, and for another context with the same certificates: the package remembers files by their content.
    for context in (None, "one", "two"):
        loaded = load_credentials({"kubeconfig": content, "context": context})
        assert len(_subjects(loaded)) == 1
        assert list(temporary.iterdir()) == []


def test_no_file_is_left_when_loading_fails(temporary: Path, certificate: tuple[Path, Path]) -> None:
    user = {"client-certificate-data": _inline(certificate[0]), "client-key-data": base64.b64encode(b"no key").decode()}
    with pytest.raises(CredentialsError) as error:
        load_credentials({"kubeconfig": _kubeconfig(user)})
    assert error.value.message.startswith(
        "the kubeconfig's client-certificate-data with the kubeconfig's client-key-data"
    )
    assert list(temporary.iterdir()) == []


def test_certificate_files_of_the_task_are_used(certificate: tuple[Path, Path]) -> None:
    files = {"ca_cert": str(certificate[0]), "client_cert": str(certificate[0]), "client_key": str(certificate[1])}
    loaded = load_credentials({"host": HOST, **files})
    assert len(_subjects(loaded)) == 1
    assert loaded.authorization() is None


@pytest.mark.parametrize("option", ["ca_cert", "client_cert"])
def test_a_certificate_that_cannot_be_read_is_told_by_its_option_and_path(tmp_path: Path, option: str) -> None:
    for path in (str(tmp_path / "nowhere"), _file(tmp_path, "no certificate")):
        with pytest.raises(
            CredentialsError, match=f"^{option} {path} (with client_key \\(not given\\) )?cannot be used: "
        ):
            load_credentials({"host": HOST, "api_key": "t", option: path})


def test_what_was_in_a_vault_is_a_file_for_a_moment_only(temporary: Path, certificate: tuple[Path, Path]) -> None:
    texts = {"client_cert": certificate[0].read_text(), "client_key": certificate[1].read_text()}
    loaded = load_credentials({"host": HOST, "ca_cert": texts["client_cert"], **texts})
    assert len(_subjects(loaded)) == 1
    with pytest.raises(CredentialsError) as error:
        load_credentials({"host": HOST, **texts, "client_key": "no key\n"})
    assert error.value.message.startswith("client_cert (of a vault) with client_key (of a vault) cannot be used: ")
    assert list(temporary.iterdir()) == []


def test_a_key_of_another_certificate_is_told(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    subprocess.run(["openssl", "genrsa", "-out", str(other), "2048"], check=True, capture_output=True)
    with pytest.raises(
        CredentialsError, match=f"^client_cert {certificate[0]} with client_key {other} cannot be used: "
    ):
        load_credentials({"host": HOST, "client_cert": str(certificate[0]), "client_key": str(other)})


@pytest.mark.parametrize(
    ("said", "of_kubeconfig", "verified"),
    [(None, False, True), (None, True, False), (False, False, False), (True, True, True)],
)
def test_the_servers_certificate_is_checked_unless_somebody_says_not_to(
    said: bool | None, of_kubeconfig: bool, verified: bool
) -> None:
    content = _kubeconfig(cluster={"insecure-skip-tls-verify": True} if of_kubeconfig else {})
    loaded = load_credentials({"kubeconfig": content, "validate_certs": said})
    assert loaded.tls is not None
    assert loaded.verify is verified
    assert (loaded.tls.verify_mode == ssl.CERT_REQUIRED) is verified


def test_another_name_of_the_server_is_taken_from_the_kubeconfig() -> None:
    loaded = load_credentials({"kubeconfig": _kubeconfig(cluster={"tls-server-name": "other"})})
    assert loaded.server_name == "other"


def test_impersonation_is_a_header_each() -> None:
    given = {"host": HOST, "api_key": "t", "impersonate_user": "u", "impersonate_groups": ["a", "b"]}
    assert load_credentials(given).headers == [
        ("Impersonate-User", "u"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
    ]


@pytest.mark.parametrize(
    ("without", "used"),
    [(None, True), ("", True), ("other.invalid", True), ("invalid", False), (".invalid", False), ("*", False),
     ("a, one.invalid", False), ("ne.invalid", True)],
)  # fmt: skip
def test_a_proxy_is_used_but_for_hosts_that_go_without(without: str | None, used: bool) -> None:
    proxy = "http://proxy.invalid:3128"
    loaded = load_credentials({"host": HOST, "api_key": "t", "proxy": proxy, "no_proxy": without})
    assert loaded.proxy == (proxy if used else None)


def test_a_token_file_is_read_anew_when_it_was_renewed(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first\n")
    loaded = load_credentials({"kubeconfig": _kubeconfig({"tokenFile": str(token)})})
    assert loaded.authorization() == "Bearer first"
    token.write_text("second\n")
    assert loaded.authorization() == "Bearer second"
    token.unlink()
    with pytest.raises(CredentialsError, match=f"tokenFile {token} cannot be read"):
        loaded.authorization()


@pytest.mark.parametrize(
    ("variable", "used"),
    [("https_proxy", True), ("HTTPS_PROXY", True), ("all_proxy", True), ("http_proxy", False)],
)
def test_a_proxy_of_the_environment_is_that_of_the_servers_scheme(
    variable: str, used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://proxy.invalid:3128")
    given = {"host": HOST, "api_key": "t"}
    assert load_credentials(given).proxy == ("http://proxy.invalid:3128" if used else None)
    monkeypatch.setenv("NO_PROXY", "one.invalid")
    assert load_credentials(given).proxy is None


def test_a_kubeconfig_that_is_given_as_text_is_read_as_one() -> None:
    content = json.dumps(_kubeconfig())
    assert load_credentials({"kubeconfig": content}).host == load_credentials({"kubeconfig": _kubeconfig()}).host


def test_nothing_of_a_kubeconfig_that_cannot_be_read_is_repeated() -> None:
    with pytest.raises(CredentialsError) as refused:
        load_credentials({"kubeconfig": "users:\n  - token: SECRET\n  broken: ["})
    assert "SECRET" not in str(refused.value)


def test_a_tokens_line_end_is_not_part_of_it() -> None:
    assert load_credentials({"host": "https://x.invalid", "api_key": "t\n"}).authorization() == "Bearer t"
