# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in the API's words."""

from __future__ import annotations

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import camel_case, env_from, fields


@pytest.mark.parametrize(
    ("option", "field"),
    [
        ("version", "version"),
        ("idle_timeout_seconds", "idleTimeoutSeconds"),
        ("enable_k8s_token_auth", "enableK8sTokenAuth"),
        ("gcs_fault_tolerance_options", "gcsFaultToleranceOptions"),
        ("num_of_hosts", "numOfHosts"),
    ],
)
def test_an_option_is_a_field_in_camel_case(option: str, field: str) -> None:
    assert camel_case(option) == field


def test_only_what_was_set_is_a_field() -> None:
    options = {"redis_address": "r:6379", "backend": None, "storage": "", "min_replicas": 0, "suspend": False}
    assert fields(options) == {"redisAddress": "r:6379", "minReplicas": 0, "suspend": False}
    assert fields(options, "suspend") == {"redisAddress": "r:6379", "minReplicas": 0}
    assert fields(None) == {}


def test_what_stands_below_an_option_is_the_users_own() -> None:
    assert fields({"redis_password": {"valueFrom": {"x_y": 1}}}) == {"redisPassword": {"valueFrom": {"x_y": 1}}}


def test_config_maps_and_secrets_become_environments() -> None:
    sources = [{"config_map": "m", "secret": None, "prefix": "P_"}, {"secret": "s"}]
    assert env_from(sources) == [{"prefix": "P_", "configMapRef": {"name": "m"}}, {"secretRef": {"name": "s"}}]
    assert env_from(None) == []
