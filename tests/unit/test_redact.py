# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What looks secret is not shown."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._redact import (
    HIDDEN,
    hidden_texts,
    hide_userinfo,
    looks_secret,
    redact,
    redact_at,
    without,
)

Json = dict[str, Any]
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
        "DB_PASS",
        "DB_PASS_1",
        "PGPASS",
        "MYSQL_PWD",
        "SSH_KEY",
        "ENCRYPTION_KEY",
        "signing-key",
    ],
)
def test_a_secret_looking_name_hides_its_value(name: str) -> None:
    assert redact({name: SECRET}) == {name: HIDDEN}
    assert redact({"env": [{"name": name, "value": SECRET}]}) == {"env": [{"name": name, "value": HIDDEN}]}
    assert redact_at(f"spec.x.env[{name}].value", SECRET) == HIDDEN
    assert redact_at(f"spec.headGroupSpec.rayStartParams['{name}']", SECRET) == HIDDEN


@pytest.mark.parametrize(
    "name",
    [
        "author",
        "authOptions",
        "monkey",
        "replicas",
        "rayVersion",
        "key",
        "topologyKey",
        "labelKey",
        "publicKey",
        "passThrough",
    ],
)
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


_SCHEMA_FIELDS: list[Json] = [
    {"automountServiceAccountToken": True},
    {"authOptions": {"mode": "token", "enableK8sTokenAuth": True}},
    {"volumes": [{"name": "v", "secret": {"secretName": "tls", "items": [{"key": "k", "path": "p"}]}}]},
    {"sources": [{"secret": {"name": "s"}}, {"serviceAccountToken": {"audience": "a", "expirationSeconds": 60}}]},
    {"sources": [{"podCertificate": {"credentialBundlePath": "bundle.pem", "keyType": "ED25519"}}]},
    {"csi": {"nodePublishSecretRef": {"name": "s"}}, "cephfs": {"secretFile": "/f", "secretRef": {"name": "s"}}},
    {"azureFile": {"secretName": "s", "secretNamespace": "ns", "shareName": "x"}},
    {"windowsOptions": {"gmsaCredentialSpecName": "g"}},
    {"tokenExpirationSeconds": 3600},
    {"topologySpreadConstraints": [{"topologyKey": "zone"}], "tolerations": [{"key": "gpu"}]},
    {"image_pull_secret": "pull", "imagePullPolicy": "Always"},
    {"env": {"DB_PASSWORD": POINTER, "secret": POINTER}},
]


@pytest.mark.parametrize("shown", _SCHEMA_FIELDS)
def test_a_field_of_the_schema_that_only_looks_secret_is_shown(shown: Json) -> None:
    assert redact(shown) == shown
    for field, value in shown.items():
        assert redact_at(f"spec.x.{field}", value) == value


def test_a_reference_is_shown_at_its_path_too() -> None:
    for path in (
        "spec.volumes[v].secret.secretName",
        "spec.volumes[v].projected.sources",
        "spec.imagePullSecrets[pull].name",
        "spec.gcsFaultToleranceOptions.redisPassword.valueFrom.secretKeyRef.key",
        "spec.x.envFrom.secretRef.name",
    ):
        assert redact_at(path, "name") == "name"


@pytest.mark.parametrize("field", ["env", "annotations", "rayStartParams"])
@pytest.mark.parametrize("name", ["secret", "secretName", "DB_PASSWORDS", "credentials"])
@pytest.mark.parametrize("value", [SECRET, [SECRET], {"a": SECRET}, {"a": [{"b": SECRET}]}, 42])
def test_whatever_stands_under_a_users_own_secret_looking_name_is_hidden(field: str, name: str, value: Any) -> None:
    hidden = redact({field: {name: value}})
    assert SECRET not in str(hidden)
    assert "42" not in str(hidden)
    assert HIDDEN in str(hidden)
    assert redact_at(f"spec.{field}.{name}", value) == hidden[field][name]
    assert redact_at(f"spec.{field}['{name}']", value) == hidden[field][name]


@pytest.mark.parametrize("name", ["secret", "imagePullSecrets", "valueFrom", "secretName", "my-token"])
def test_a_members_own_name_neither_hides_nor_shows_what_is_in_it(name: str) -> None:
    member = {"image": "ray", "env": [{"name": "DB_PASSWORD", "value": SECRET}]}
    hidden = {"image": "ray", "env": [{"name": "DB_PASSWORD", "value": HIDDEN}]}
    for place in ("workerGroupSpecs", "containers"):
        assert redact_at(f"spec.{place}[{name}]", member) == hidden
        assert redact_at(f"spec.{place}[{name}].image", "ray") == "ray"
        assert redact_at(f"spec.{place}[{name}].rayStartParams['redis-password']", SECRET) == HIDDEN
    assert redact({"containers": [{"name": name, **member}]}) == {"containers": [{"name": name, **hidden}]}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://me:pw@proxy:3128/", f"http://{HIDDEN}@proxy:3128/"),
        ("me:pw@proxy", f"{HIDDEN}@proxy"),
        ("HTTPS://me:p@w/x@proxy", f"HTTPS://{HIDDEN}@proxy"),
        ("//me@proxy", f"//{HIDDEN}@proxy"),
        ("", ""),
    ],
)
def test_a_proxys_name_and_password_are_hidden(url: str, shown: str) -> None:
    assert hide_userinfo(url) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"env_vars:\n  API_KEY: {SECRET}\n",
        f"env_vars: {{API_KEY: {SECRET}}}",
        f'{{"env_vars": {{"DAY": "1", "API_KEY" : "{SECRET}"}}}}',
        f"env_vars:\n  API_KEY: |\n    {SECRET}\n",
    ],
)
@pytest.mark.parametrize(("field", "option"), [("runtimeEnvYAML", "runtime_env"), ("serveConfigV2", "serve_config")])
def test_a_yaml_text_with_a_secret_in_it_is_hidden_as_a_whole(text: str, field: str, option: str) -> None:
    assert redact({"spec": {field: text}}) == {"spec": {field: HIDDEN}}
    assert redact({option: text}) == {option: HIDDEN}
    assert redact_at(f"spec.{field}", text) == HIDDEN


def test_a_serve_config_that_is_a_mapping_is_hidden_where_it_is_secret() -> None:
    application = {"import_path": "m:app", "runtime_env": {"env_vars": {"API_KEY": SECRET, "DAY": "1"}}}
    hidden = {"import_path": "m:app", "runtime_env": {"env_vars": {"API_KEY": HIDDEN, "DAY": "1"}}}
    assert redact({"serve_config": {"applications": [application]}}) == {"serve_config": {"applications": [hidden]}}


def test_a_runtime_environment_without_a_secret_is_shown() -> None:
    text = "env_vars:\n  DAY: token\npip: [tokenizers==1]\nworking_dir: https://host/secret.zip\n"
    assert redact_at("spec.runtimeEnvYAML", text) == text


def test_what_is_hidden_is_hidden_in_the_words_of_others_too() -> None:
    wish = {
        "env": {"DB_PASSWORD": "correct horse", "PLAIN": "in the open", "A_TOKEN": "short"},
        "worker_groups": [{"env": {"KEY_SECRET": 'has "quotes"'}}],
    }
    texts = hidden_texts(wish)
    assert texts == {"correct horse", 'has "quotes"'}
    said = {
        "msg": 'Invalid value: "correct horse", in the open, short, {"value": "has \\"quotes\\""}',
        "details": [{"causes": ["correct horse battery", 3, None]}],
    }
    assert without(texts, said) == {
        "msg": f'Invalid value: "{HIDDEN}", in the open, short, {{"value": "{HIDDEN}"}}',
        "details": [{"causes": [f"{HIDDEN} battery", 3, None]}],
    }


def test_a_secret_that_begins_with_another_one_is_hidden_whole() -> None:
    assert without({"password", "password-1"}, "password-1 and password") == f"{HIDDEN} and {HIDDEN}"
