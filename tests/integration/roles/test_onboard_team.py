# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook onboard_team: a team may do in its namespace what was said, and nothing else."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.integration.playbook import Play, Run
from tests.integration.roles.platform import Platform, changed, message

Json = dict[str, Any]
ACCOUNT, PASSWORD = "pipeline", "not-to-be-seen"
RIGHTS = "/apis/rbac.authorization.k8s.io/v1"
# As a survey gives them.
ANSWERS: Json = {
    "kuberay_group": "vision-team",
    "kuberay_user": "",
    "kuberay_service_account": ACCOUNT,
    "kuberay_access": "",
    "kuberay_quota_cpu": "64",
    "kuberay_quota_memory": "256Gi",
    "kuberay_quota_gpu": "",
    "kuberay_templates": "[{name: small, cpu: 1, memory: 2}, {name: gpu, cpu: 8, memory: 32, gpu: 1}]",
    "kuberay_registry": "registry.example.com",
    "kuberay_registry_username": "puller",
    "kuberay_registry_password": PASSWORD,
}


def _play(platform: Platform, answers: Json, **options: Any) -> Run:
    given = {"kuberay_namespace": f"{platform.namespace}-team", **ANSWERS, **answers}
    environment = {"K8S_AUTH_KUBECONFIG": str(platform.kubeconfig), "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    folder = platform.folder / f"team-{len(list(platform.folder.iterdir()))}"
    books = ["kuberay.core.onboard_team"]
    return Play(folder, [], books=books, connection={}, variables=given, environment=environment, **options).run()


def _there(platform: Platform, plural: str, name: str, base: str = "/api/v1") -> Any:
    return platform.api.get(f"{base}/namespaces/{platform.namespace}-team/{plural}/{name}")


def test_check_mode_makes_nothing(platform: Platform) -> None:
    run = _play(platform, {}, check=True)
    assert run.code == 0, str(run)
    assert "The namespace" in changed(run)
    assert platform.api.get(f"/api/v1/namespaces/{platform.namespace}-team") is None


def test_a_team_from_its_first_day_on(platform: Platform) -> None:
    onboarded = _play(platform, {})
    assert onboarded.code == 0, str(onboarded)
    _has_all(platform, onboarded)
    again = _play(platform, {}, verbosity=3)
    assert (again.code, changed(again)) == (0, []), str(again)
    for run in (onboarded, again):
        assert PASSWORD not in run.stdout + run.stderr + json.dumps([one.result for one in run.outcomes])
    _works_in_the_namespace_and_nowhere_else(platform)
    assert changed(_play(platform, {"kuberay_quota_memory": ""})) == ["How much of it"]
    assert _there(platform, "resourcequotas", "kuberay")["spec"]["hard"] == {"requests.cpu": "64"}
    fewer = _play(platform, {"kuberay_access": "reader", "kuberay_quota_cpu": "", "kuberay_quota_memory": ""})
    assert fewer.code == 0, str(fewer)
    _has_fewer_rights(platform, fewer)


def _has_all(platform: Platform, onboarded: Run) -> None:
    told = onboarded.outcomes[-1]["ansible_stats"]["data"]["kuberay_onboarded"]
    assert told == {"namespace": f"{platform.namespace}-team", "access": "editor", "templates": ["small", "gpu"]}
    assert _there(platform, "resourcequotas", "kuberay")["spec"]["hard"] == {
        "requests.cpu": "64",
        "requests.memory": "256Gi",
    }
    assert _there(platform, "rolebindings", "kuberay-core-editor", RIGHTS) is not None
    secret = _there(platform, "secrets", "registry")
    login = json.loads(base64.b64decode(secret["data"][".dockerconfigjson"]))["auths"]["registry.example.com"]
    assert base64.b64decode(login["auth"]).decode() == f"puller:{PASSWORD}"
    assert _there(platform, "configmaps", "gpu")["data"]["gpu"] == "1"


def _works_in_the_namespace_and_nowhere_else(platform: Platform) -> None:
    asked = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "spec": {}}
    path = f"/api/v1/namespaces/{platform.namespace}-team/serviceaccounts/{ACCOUNT}/token"
    code, body = platform.api.request("POST", path, asked)
    assert code == 201, body
    who = platform.wire.write_kubeconfig(platform.folder / "who", token=json.loads(body)["status"]["token"])
    size = {"name": "mine", "cpu": 1, "memory": 1, "kubeconfig": str(who)}
    tasks = [
        {
            "name": where,
            "kuberay.core.kuberay_template": {**size, "namespace": namespace},
            "ignore_errors": True,
        }
        for where, namespace in {"here": f"{platform.namespace}-team", "there": platform.namespace}.items()
    ]
    run = Play(platform.folder / "as-account", tasks, connection={}).run()
    assert run["here"]["changed"] is True
    assert run["there"].status == "failed"
    assert "cannot" in run["there"].message


def _has_fewer_rights(platform: Platform, fewer: Run) -> None:
    assert changed(fewer) == ["Who may do what", "How much of it"]
    assert _there(platform, "rolebindings", "kuberay-core-editor", RIGHTS) is None
    assert _there(platform, "rolebindings", "kuberay-core-reader", RIGHTS)["subjects"][0]["name"] == "vision-team"
    assert _there(platform, "resourcequotas", "kuberay") is None


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"kuberay_group": "", "kuberay_service_account": ""},
            "set kuberay_group, kuberay_user or kuberay_service_account",
        ),
        ({"kuberay_registry_password": ""}, "kuberay_registry goes with kuberay_registry_username and"),
        ({"kuberay_templates": "[{name: small, cpu: 1}]"}, "needs name, cpu and memory"),
    ],
)
def test_half_an_answer_is_told_before_anything_is_made(platform: Platform, answers: Json, told: str) -> None:
    run = _play(platform, answers)
    assert told in message(run)
    assert platform.api.get(f"/api/v1/namespaces/{platform.namespace}-team") is None
