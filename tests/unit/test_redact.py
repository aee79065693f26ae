# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What looks secret is not shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._redact import HIDDEN, looks_secret, redact, redact_at

SECRET = "hunter2"
POINTER = {"secretKeyRef": {"name": "db", "key": "password"}}


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "password",
        "apiKey",
        "API_KEY",
        "AWS_ACCESS_KEY_ID",
        "hf-token",
        "redis-password",
        "auth",
        "secret",
    ],
)
def test_a_secret_looking_name_hides_its_value(name: str) -> None:
    assert redact({name: SECRET}) == {name: HIDDEN}
    assert redact({"env": [{"name": name, "value": SECRET}]}) == {"env": [{"name": name, "value": HIDDEN}]}
    assert redact_at(f"spec.x.env[{name}].value", SECRET) == HIDDEN
    assert redact_at(f"spec.headGroupSpec.rayStartParams['{name}']", SECRET) == HIDDEN


@pytest.mark.parametrize("name", ["author", "authOptions", "monkey", "replicas", "rayVersion", "key"])
def test_an_ordinary_name_hides_nothing(name: str) -> None:
    assert not looks_secret(name)
    assert redact({name: "x", "env": [{"name": name, "value": "x"}]}) == {
        name: "x",
        "env": [{"name": name, "value": "x"}],
    }


@pytest.mark.parametrize(
    "shown",
    [
        {"env": [{"name": "DB_PASSWORD", "valueFrom": POINTER}]},
        {"redisPassword": {"valueFrom": POINTER}},
        {"imagePullSecrets": [{"name": "pull"}]},
        {"volumes": [{"name": "s", "secret": {"secretName": "tls"}}]},
        {"automountServiceAccountToken": False},
        {"envFrom": [{"secretRef": {"name": "db"}}]},
    ],
)
def test_what_only_points_to_a_secret_is_shown(shown: Any) -> None:
    assert redact(shown) == shown


def test_a_password_with_a_value_of_its_own_is_hidden() -> None:
    assert redact({"redisPassword": {"value": SECRET}}) == {"redisPassword": {"value": HIDDEN}}
    assert redact_at("spec.gcsFaultToleranceOptions.redisPassword.value", SECRET) == HIDDEN
    assert redact_at("spec.gcsFaultToleranceOptions.redisPassword", {"value": SECRET}) == {"value": HIDDEN}


def test_a_whole_member_at_its_path_is_hidden_inside() -> None:
    member = {"name": "DB_PASSWORD", "value": SECRET}
    assert redact_at("spec.x.env[DB_PASSWORD]", member) == {"name": "DB_PASSWORD", "value": HIDDEN}


def test_the_name_of_a_variable_is_shown() -> None:
    assert redact_at("spec.x.env[DB_PASSWORD].name", "DB_PASSWORD") == "DB_PASSWORD"
    assert redact_at("spec.x.env[DB_PASSWORD].valueFrom.secretKeyRef.name", "db") == "db"


def test_what_kubectl_remembers_is_hidden_whole() -> None:
    key = "kubectl.kubernetes.io/last-applied-configuration"
    assert redact({"annotations": {key: '{"password": "x"}'}}) == {"annotations": {key: HIDDEN}}
    assert redact_at(f"metadata.annotations['{key}']", "{}") == HIDDEN


def test_the_value_that_was_given_is_left_alone() -> None:
    given = {"list": [{"password": SECRET}]}
    assert redact(given) == {"list": [{"password": HIDDEN}]}
    assert given == {"list": [{"password": SECRET}]}


@pytest.mark.parametrize("value", [None, 1, True, "x", ""])
def test_a_value_that_is_no_structure_stays(value: Any) -> None:
    assert redact(value) == value
    assert redact_at("spec.replicas", value) == value
    assert redact_at("$", value) == value
