# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planted secrets, looked for in what runs print and return, on disk, in the process list and on the wire."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.modules.lookout import Lookout, mentioned, on_the_lookout
from tests.integration.modules.room import WAYS, Stage
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, SLOW_START, group, info, manage, manifest, wish
from tests.integration.playbook import Run
from tests.integration.wire import Request
from tests.lab.lab import Lab

pytestmark = pytest.mark.contract
Json = dict[str, Any]
# As much as people use to find out what goes wrong.
VERBOSITY = 4
# What Ansible tells is told into a file as well, which is below the run's folder, and results have their invocation.
TALKATIVE = {"ANSIBLE_LOG_PATH": "log", "ANSIBLE_INJECT_INVOCATION": "true"}
VAULT_PASSWORD = "planted-vault-password-77aa"


def planted(*labels: str) -> dict[str, str]:
    """A secret for each label."""
    return {label: f"planted-{label}-9d4e" for label in labels}


# Secrets in wishes, by where they stand.
WISHED = planted(
    *("variable", "worker-variable", "parameter", "raw-variable", "template-variable", "annotation", "pod-annotation"),
    *("redis", "autoscaler", "applied", "label", "new-variable", "definition", "text", "vaulted", "unread"),
)


def secretive(**changed: str) -> Json:
    """The options of a cluster that has a secret wherever it can have one."""
    value = {**WISHED, **changed}
    raw = [{"name": "ray-head", "env": [{"name": "RAW_TOKEN", "value": value["raw-variable"]}]}]
    inner = [
        {"name": "sidecar", "image": "s", "env": [{"name": "SSH_PRIVATE_KEY", "value": value["template-variable"]}]}
    ]
    applied = "kubectl.kubernetes.io/last-applied-configuration"
    return {
        "annotations": {"example.com/token": value["annotation"], applied: json.dumps({"env": value["applied"]})},
        "autoscaler_options": {"env": {"ACCESS_TOKEN": value["autoscaler"]}},
        "gcs_fault_tolerance_options": {
            "redis_address": "redis:6379",
            "redis_password": {"value": value["redis"]},
        },
        **wish(
            group("small", env={"AWS_SECRET_ACCESS_KEY": value["worker-variable"]}),
            head={
                "env": {"DB_PASSWORD": value["variable"]},
                "ray_start_params": {"dashboard-secret": value["parameter"]},
                "annotations": {"my-credentials": value["pod-annotation"], **SLOW_START},
                "template": {"spec": {"containers": [{"name": "ray-head"}, *inner]}},
            },
            spec={"headGroupSpec": {"template": {"spec": {"containers": raw}}}},
        ),
    }


def defined(name: str, secret: str) -> Json:
    """A whole object with a secret in a variable."""
    made = manifest(name)
    made["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "PASSWD", "value": secret}]
    return made


def wishes(name: str, vaulted: Path) -> list[Json]:
    """One task for each way that a task can end, with secrets in all of them."""
    here, there = secretive(), secretive(variable=WISHED["new-variable"])
    return [
        manage("predicted", name, CHECK, **here),
        manage("made", name, DIFF, wait=False, **here),
        manage("unchanged", name, DIFF, wait=False, **here),
        manage("change predicted", name, CHECK, **there),
        manage("changed", name, DIFF, wait=False, gather=["pods", "events"], **there),
        manage("waited for", name, MAY_FAIL, wait_timeout=2, **there),
        manage("refused by the server", name, MAY_FAIL, labels={"auth-token": f"{WISHED['label']} !"}, **there),
        manage("refused by an option", name, MAY_FAIL, state="bogus", **there),
        manage("refused by a type", name, {**MAY_FAIL}, wait_timeout="soon", **there),
        manage("refused by a rule", "No_Name", MAY_FAIL, **there),
        manage(
            "made by definition", f"{name}-d", DIFF, wait=False, definition=defined(f"{name}-d", WISHED["definition"])
        ),
        manage(
            "made by text",
            f"{name}-t",
            DIFF,
            wait=False,
            definition=yaml.safe_dump(defined(f"{name}-t", WISHED["text"])),
        ),
        manage("text that cannot be read", f"{name}-t", MAY_FAIL, definition=f"a: [\npassword: {WISHED['unread']}"),
        manage("made by file", f"{name}-v", DIFF, wait=False, src=str(vaulted)),
        info("read", name=name, gather=["pods", "events"]),
        manage("deleted", name, DIFF, state="absent", wait=False),
    ]


@dataclass(frozen=True)
class Seen:
    """What a run under a lookout has given, and what went over the wire meanwhile."""

    name: str
    run: Run
    lookout: Lookout
    requests: list[Request]
    live: list[Json]


@pytest.fixture(scope="module")
def seen(stage: Stage, way: str, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """The wishes in one play."""
    name, folder = f"secretive-{way.split()[0]}", tmp_path_factory.mktemp("inputs")
    secret = VaultSecret(VAULT_PASSWORD.encode())
    (folder / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
    text = yaml.safe_dump(defined(f"{name}-v", WISHED["vaulted"])).encode()
    (folder / "vaulted.yml").write_bytes(VaultLib([("default", secret)]).encrypt(text, secret))
    environment = {"ANSIBLE_VAULT_PASSWORD_FILE": str(folder / "password"), **TALKATIVE}
    play = stage.prepare(wishes(name, folder / "vaulted.yml"), way, verbosity=VERBOSITY, environment=environment)
    before = len(stage.wire.requests)
    with on_the_lookout(play, {**WISHED, "vault password": VAULT_PASSWORD}) as lookout:
        run = play.run()
    lookout.told(run)
    return Seen(name, run, lookout, stage.wire.requests[before:], [stage.room.get(f"{name}-{end}") for end in "dtv"])


def test_the_play_went_as_it_should(seen: Seen) -> None:
    assert seen.run.code == 0, str(seen.run)
    refused = {outcome.name for outcome in seen.run.outcomes if outcome.failed}
    assert refused == {
        "waited for",
        "refused by the server",
        "refused by an option",
        "refused by a type",
        "refused by a rule",
        "text that cannot be read",
    }
    assert seen.run["changed"]["reasons"]
    assert "Invalid value" in seen.run["refused by the server"].message
    assert seen.lookout.rounds > 10
    assert any("ansible-playbook" in line for line in seen.lookout.processes)


def test_no_secret_of_a_wish_is_printed_returned_on_disk_or_in_the_process_list(seen: Seen) -> None:
    assert seen.lookout.found == set()


def test_every_secret_went_where_it_belongs_and_nowhere_else(seen: Seen) -> None:
    bodies = [json.dumps(one.body) for one in seen.requests if one.mutating]
    assert mentioned(WISHED, bodies) == set(WISHED) - {"unread"}
    assert mentioned(WISHED, (f"{one} {one.user_agent}" for one in seen.requests)) == set()
    assert mentioned(WISHED, (json.dumps(one.body) for one in seen.requests if not one.mutating)) == set()


def test_the_record_of_a_wish_holds_no_values(seen: Seen) -> None:
    records = [
        one.body["metadata"]["annotations"]["kuberay.core/wish"] for one in seen.requests if one.method == "POST"
    ]
    assert len(records) >= 4
    assert mentioned(WISHED, records) == set()
    assert all("PASSWD" in live["metadata"]["annotations"]["kuberay.core/wish"] for live in seen.live)


def test_what_was_hidden_was_there_to_be_shown(stage: Stage) -> None:
    run = stage.succeed(manage("shown", "secretive-shown", DIFF, wait=False, redact=False, **secretive()))
    shown = mentioned(WISHED, [str(run["shown"].result)])
    assert shown == set(WISHED) - {"label", "new-variable", "definition", "text", "vaulted", "unread"}


# Secrets of connections that nobody takes, by where they stand.
OFFERED = planted(
    "key", "password", "mapped", "text", "in-file", "plugin-variable", "proxy", "vaulted-config", "broken"
)
RIGHTS = {"rayclusters.ray.io": ["*"], "pods.": ["list", "watch"], "events.events.k8s.io": ["list", "watch"]}
# What an exec plugin gets, it gets in its environment: that is what a kubeconfig's ``env`` is for. And ssl reads keys
# from files only: they are in a folder of our own, for as long as that takes.
WHERE_IT_BELONGS = ("plugin-variable: environ of a process", "key's text: tmp/kuberay-")


def kubeconfig(stage: Stage, **user: Any) -> Json:
    content: Json = json.loads(stage.kubeconfig.read_text(encoding="utf-8"))
    return {**content, "users": [{"name": "wire", "user": user}]}


def connections(stage: Stage, lab: Lab, token: str, folder: Path) -> dict[str, Json]:
    """The options of connections with a secret each. Those that begin with "good" are taken."""
    plugin = folder / "plugin"
    given = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}}
    plugin.write_text(f"#!/bin/sh\nsleep 0.3\necho '{json.dumps(given)}'\n", encoding="utf-8")
    plugin.chmod(0o755)
    variables = [{"name": "PLUGIN_PASSWORD", "value": OFFERED["plugin-variable"]}]
    called = {"apiVersion": given["apiVersion"], "command": str(plugin), "env": variables, "interactiveMode": "Never"}
    in_file, vaulted = folder / "in-file", folder / "vaulted"
    in_file.write_text(yaml.safe_dump(kubeconfig(stage, token=OFFERED["in-file"])), encoding="utf-8")
    secret = VaultSecret(VAULT_PASSWORD.encode())
    text = yaml.safe_dump(kubeconfig(stage, token=OFFERED["vaulted-config"])).encode()
    vaulted.write_bytes(VaultLib([("default", secret)]).encrypt(text, secret))
    vaulted_key = folder / "vaulted.key"
    vaulted_key.write_bytes(VaultLib([("default", secret)]).encrypt(lab.layout.pki.key("admin").read_bytes(), secret))
    here: Json = {"host": stage.wire.url, "namespace": stage.room.name}
    tls = {**here, "host": f"https://127.0.0.1:{stage.wire.upstream}", "ca_cert": str(lab.layout.pki.crt("ca"))}
    inline = json.loads(lab.layout.kubeconfig.read_text(encoding="utf-8"))
    return {
        "good token": {**here, "api_key": token},
        "good token in a mapping": {"kubeconfig": kubeconfig(stage, token=token)},
        "good token of a plugin": {"kubeconfig": kubeconfig(stage, exec=called)},
        "good key in a mapping": {"kubeconfig": inline, "namespace": stage.room.name},
        "good key in a vault": {
            **tls,
            "client_cert": str(lab.layout.pki.crt("admin")),
            "client_key": str(vaulted_key),
        },
        "token": {**here, "api_key": OFFERED["key"]},
        "password": {**here, "username": "me", "password": OFFERED["password"]},
        "mapping": {"kubeconfig": kubeconfig(stage, token=OFFERED["mapped"])},
        "text": {"kubeconfig": yaml.safe_dump(kubeconfig(stage, token=OFFERED["text"]))},
        "file": {"kubeconfig": str(in_file)},
        "vault": {"kubeconfig": str(vaulted)},
        "proxy": {**here, "api_key": "t-0f2b", "proxy": f"http://me:{OFFERED['proxy']}@127.0.0.1:9"},
        "header": {**here, "api_key": f"{OFFERED['broken']}\r\nX: y"},
    }


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_of_a_connection_is_anywhere_but_where_it_belongs(
    stage: Stage, lab: Lab, way: str, tmp_path: Path
) -> None:
    end = way.split()[0]
    token = stage.room.account(f"secretive-{end}", RIGHTS)
    (tmp_path / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
    ways = connections(stage, lab, token, tmp_path)
    tasks = []
    for label, options in ways.items():
        tasks += [
            info(f"{label}, read", MAY_FAIL, name="nobody", **options),
            manage(f"{label}, mistaken", "nobody", MAY_FAIL, state="bogus", **options),
        ]
    slow = wish(head={"annotations": SLOW_START})
    waits = {**MAY_FAIL, **DIFF}
    for label in ("good token", "good token of a plugin", "good key in a mapping", "good key in a vault"):
        tasks.append(manage(f"{label}, wait", f"waits-{end}", waits, wait_timeout=1, **slow, **ways[label]))
    key = lab.layout.pki.key("admin").read_bytes()
    lines = {"key's text": key.decode().splitlines()[1], "key inline": base64.b64encode(key).decode()}
    secrets = {**OFFERED, **lines, "token": token, "vault password": VAULT_PASSWORD}
    environment = {"ANSIBLE_VAULT_PASSWORD_FILE": str(tmp_path / "password"), **TALKATIVE}
    play = stage.prepare(tasks, way, connection={}, verbosity=VERBOSITY, environment=environment)
    before = len(stage.wire.requests)
    with on_the_lookout(play, secrets) as lookout:
        run = play.run()
    lookout.told(run)
    assert run.code == 0, str(run)
    for outcome in run.outcomes:
        assert outcome.failed is not (outcome.name.startswith("good") and outcome.name.endswith("read")), outcome
        if outcome.name.endswith("wait"):
            assert outcome["error"]["kind"] == "wait_timeout", outcome
    assert [line for line in lookout.found if not line.startswith(WHERE_IT_BELONGS)] == []
    requests = stage.wire.requests[before:]
    assert mentioned(secrets, (f"{one} {one.user_agent} {json.dumps(one.body)}" for one in requests)) == set()
    assert play.left_behind() == []
