# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wishes as they come: from a survey, and with a chart that is being worked on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.roles.platform import RELEASE, Platform, changed


def test_a_chart_folder_that_changes_under_its_version(platform: Platform) -> None:
    chart = platform.chart()
    wish = {"chart": str(chart), "crds": "ignored"}
    platform.succeed(wish)
    template = chart / "templates" / "objects.tpl"
    before = template.read_text(encoding="utf-8")
    template.write_text(before.replace("$v.operatorCommand", '"/other"'), encoding="utf-8")
    _, done = platform.predict_and_do(wish)
    assert changed(done) == [RELEASE]
    assert platform.container()["command"] == ["/other"]
    template.write_text(before, encoding="utf-8")
    assert changed(platform.succeed(wish)) == [RELEASE]
    assert platform.container()["command"] == ["/manager"]


def test_a_kubeconfig_in_a_vault(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    password = platform.folder / "password"
    password.write_text("open sesame", encoding="utf-8")
    vault = platform.folder / "vaulted"
    program = str(Path(sys.executable).with_name("ansible-vault"))
    words = ["encrypt", "--vault-password-file", password, "--output", vault, platform.kubeconfig]
    subprocess.run([program, *words], check=True)
    monkeypatch.setenv("ANSIBLE_VAULT_PASSWORD_FILE", str(password))
    done, again = platform.succeed_twice({"chart": str(platform.chart()), "kubeconfig": str(vault)})
    assert RELEASE in changed(done)
    assert changed(again) == []


def test_answers_of_a_survey(platform: Platform) -> None:
    answers = {
        "chart": str(platform.chart()),
        "replicas": "2",
        "client_qps": "50",
        "crds": "ignored",
        "namespaced": "false",
        "watch_namespaces": "a,b",
        "feature_gates": "RayCronJob=true, RayJobDeletionPolicy=no",
        "env": '{"ENABLE_PROBES_INJECTION": "false", "TIMES": 3}',
        "image_pull_secrets": "one,two",
        "labels": "team=vision",
        "priority_class": "",
    }
    run = platform.succeed(answers)
    fact = run["fact"]["kuberay_operator"]
    assert fact["watched_namespaces"] == ["a", "b"]
    assert fact["feature_gates"]["RayJobDeletionPolicy"] is False
    assert platform.deployment()["spec"]["replicas"] == 2
    pod = platform.deployment()["spec"]["template"]
    assert pod["metadata"]["labels"]["team"] == "vision"
    assert [secret["name"] for secret in pod["spec"]["imagePullSecrets"]] == ["one", "two"]
    assert platform.container()["env"] == [
        {"name": "ENABLE_PROBES_INJECTION", "value": "false"},
        {"name": "TIMES", "value": "3"},
    ]
    assert {"--watch-namespace=a,b", "--qps=50"} <= set(platform.container()["args"])
