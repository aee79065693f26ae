# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a task: the same keys whatever happened, and nothing secret in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import NotFound, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import plan_create, plan_delete
from ansible_collections.kuberay.core.plugins.module_utils._run.edge import call, shown_invocation
from ansible_collections.kuberay.core.plugins.module_utils._run.result import Result
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref

from tests.unit.builders import cluster, desired, stored

Json = dict[str, Any]
REF = Ref(CLUSTER, "ray", "demo")
KEYS = {"changed", "action", "reasons", "cluster", "resource"}
SECRET = {"env": {"DB_PASSWORD": "hunter2"}, "ray_start_params": {"redis-password": "hunter2"}}


def _created(hide: bool = True) -> Result:
    wish = desired(head_group=SECRET, annotations={"my-token": "hunter2"})
    result = Result(CLUSTER, title=str(REF), hide=hide, plan=plan_create(CLUSTER, wish), written=True)
    seen = Observation(stored(wish))
    result.observe(seen, cluster_facts)
    return result


def _changed(hide: bool = True) -> Result:
    live = stored(desired(head_group=SECRET))
    wish = desired(head_group={"env": {"DB_PASSWORD": "hunter2 changed"}, "ray_start_params": {}})
    return Result(CLUSTER, title=str(REF), hide=hide, plan=plan_cluster(live, wish, True), resource=live)


def test_a_result_has_the_same_keys_with_and_without_an_object() -> None:
    assert set(Result(CLUSTER, title=str(REF)).as_dict(False)) == KEYS
    assert set(_created().as_dict(False)) == KEYS
    assert set(Result(CLUSTER, title=str(REF), plan=plan_delete(CLUSTER, cluster())).as_dict(True)) == {*KEYS, "diff"}


def test_nothing_secret_is_shown_unless_it_is_asked_for() -> None:
    for result in (_created(), _changed()):
        assert "hunter2" not in json.dumps(result.as_dict(True))
    for result in (_created(hide=False), _changed(hide=False)):
        assert "hunter2" in json.dumps(result.as_dict(True))


def test_a_hidden_change_is_a_change_all_the_same() -> None:
    shown = _changed().as_dict(True)
    assert "spec.headGroupSpec.template.spec.containers[ray-head].env[DB_PASSWORD].value" in [
        reason["path"] for reason in shown["reasons"]
    ]


def test_a_failed_task_has_changed_only_what_it_wrote() -> None:
    result = _created()
    result.written = False
    assert result.as_dict(False)["changed"] is True
    assert result.as_dict(False, failed=True)["changed"] is False


def test_a_diff_has_a_line_for_each_path() -> None:
    live = stored(desired(suspend=True, labels={"a": "1"}))
    result = Result(CLUSTER, title=str(REF), plan=plan_cluster(live, desired(suspend=False), True))
    diff = result.as_dict(True)["diff"]
    assert diff["before"] == 'metadata.labels: {"a": "1"}\nspec.suspend: true\n'
    assert diff["after"] == "spec.suspend: false\n"
    assert diff["before_header"] == "RayCluster ray/demo"


def test_managed_fields_are_not_returned() -> None:
    resource = cluster()
    resource["metadata"]["managedFields"] = [{}]
    result = Result(CLUSTER, title=str(REF))
    result.observe(Observation(resource), cluster_facts)
    assert "managedFields" not in result.as_dict(False)["resource"]["metadata"]


def test_an_error_becomes_the_result_of_a_failed_task() -> None:
    def run(_options: Json, _context: Context) -> Json:
        error = NotFound("not there", status=404, reason="NotFound", facts={"action": "patch"})
        error.while_doing("Reading it")
        raise error

    assert call(run, {}, Context()) == {
        "failed": True,
        "changed": False,
        "msg": "Reading it failed: not there",
        "action": "patch",
        "error": {"kind": "not_found", "status": 404, "reason": "NotFound", "details": None},
    }
    assert OptionError("x").as_result()["kind"] == "option"


@pytest.mark.parametrize("name", ["api_key", "password"])
def test_credentials_are_not_in_the_invocation(name: str) -> None:
    assert "hunter2" not in str(shown_invocation({name: "hunter2", "name": "demo"}))
    assert shown_invocation({name: None})["module_args"] == {name: None}


@pytest.mark.parametrize("name", ["host", "proxy"])
def test_urls_are_shown_without_a_name_and_a_password(name: str) -> None:
    shown = shown_invocation({name: "https://me:hunter2@x.invalid:1"})["module_args"]
    assert shown == {name: "https://********@x.invalid:1"}


def test_what_came_from_a_vault_in_place_of_a_path_is_not_shown() -> None:
    for name in ("ca_cert", "client_cert", "client_key"):
        assert shown_invocation({name: "~/file.pem"})["module_args"] == {name: "~/file.pem"}
        assert shown_invocation({name: "-----BEGIN\nhunter2\n"})["module_args"] == {name: "********"}


def test_a_kubeconfig_is_shown_as_a_path_only() -> None:
    assert shown_invocation({"kubeconfig": "~/.kube/config"})["module_args"]["kubeconfig"] == "~/.kube/config"
    for content in ({"users": ["hunter2"]}, "users:\n- token: hunter2\n"):
        assert "hunter2" not in str(shown_invocation({"kubeconfig": content}))


def test_a_message_names_the_path_of_a_key() -> None:
    def run(_options: Json, _context: Context) -> Json:
        raise NotFound("client_key /etc/pki/me.key cannot be used")

    assert "/etc/pki/me.key" in call(run, {"client_key": "/etc/pki/me.key"}, Context())["msg"]


@pytest.mark.parametrize("hide", [True, False])
def test_a_server_that_repeats_a_secret_is_not_quoted(hide: bool) -> None:
    def run(_options: Json, _context: Context) -> Json:
        raise NotFound('Invalid value: "hunter2-hunter2"', details={"causes": ["hunter2-hunter2"]})

    options = {"env": {"PASSWORD": "hunter2-hunter2"}, "redact": hide}
    assert ("hunter2" not in str(call(run, options, Context()))) is hide
