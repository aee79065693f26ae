# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The APIServer from nothing to nothing, its ways in, its token and its rights."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from tests.integration.roles.platform import APISERVER, RELEASE, Platform, changed, diffs, message

Json = dict[str, Any]
NAME = "kuberay-apiserver"
RIGHTS = "/apis/rbac.authorization.k8s.io/v1"
TOKEN = "a token that nobody is to see"


def _service(platform: Platform) -> Json:
    service: Json = platform.api.get(f"/api/v1/namespaces/{platform.namespace}/services/{NAME}-service")["spec"]
    return service


def test_from_nothing_to_nothing(platform: Platform, apiserver_chart: Path) -> None:
    _, done = platform.predict_and_do({"chart": str(apiserver_chart)}, APISERVER)
    assert changed(done) == [RELEASE, "Have the rights"]
    fact = done["fact"][APISERVER]
    assert fact["apiserver_service"] == {"namespace": platform.namespace, "name": f"{NAME}-service", "port": 8888}
    assert fact["apiserver_url"] == f"http://{NAME}-service.{platform.namespace}.svc:8888"
    containers = platform.deployment(NAME)["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in containers] == [f"{NAME}-container"]

    _, ported = platform.predict_and_do(
        {"chart": str(apiserver_chart), "service_type": "NodePort", "cors_origin": "*"}, APISERVER
    )
    assert changed(ported) == [RELEASE]
    assert [port["nodePort"] for port in _service(platform)["ports"]] == [31888, 31887]
    assert ported["fact"][APISERVER]["apiserver_url"].endswith(":31888")
    assert "--cors-allow-origin=*" in platform.container(NAME)["args"]

    host = {"ingress_host": "ray.example.com", "ingress_path": "/ray/", "ingress_tls_secret": "cert"}
    entered = platform.succeed({"chart": str(apiserver_chart), **host}, APISERVER)
    assert entered["fact"][APISERVER]["apiserver_url"] == "https://ray.example.com/ray"
    assert platform.api.get(f"/apis/networking.k8s.io/v1/namespaces/{platform.namespace}/ingresses/{NAME}")

    check = platform.succeed({"state": "absent"}, APISERVER, check=True)
    assert platform.written(check) == []
    gone, again = platform.succeed_twice({"state": "absent"}, APISERVER)
    assert changed(check) == changed(gone) == ["Remove the release", "Have the rights"]
    assert changed(again) == []
    assert platform.deployment(NAME) is None
    assert platform.api.get(f"{RIGHTS}/clusterroles/{platform.namespace}-{NAME}-more") is None


def test_the_token_is_in_a_secret_and_nowhere_else(platform: Platform, apiserver_chart: Path) -> None:
    wish: Json = {"chart": str(apiserver_chart), "security_proxy": True, "health": False}
    refused = platform.run(wish, APISERVER)
    assert f"There is no Secret {platform.namespace}/kuberay-apiserver-token with the key token" in message(refused)
    assert platform.written(refused) == []

    wish["token"] = TOKEN
    _, done = platform.predict_and_do(wish, APISERVER)
    assert changed(done) == ["Write the Secret", RELEASE, "Have the rights"]
    assert TOKEN not in done.stdout
    place = f"/api/v1/namespaces/{platform.namespace}/secrets"
    secret = platform.api.get(f"{place}/kuberay-apiserver-token")
    assert base64.b64decode(secret["data"]["token"]).decode() == TOKEN
    assert [port["targetPort"] for port in _service(platform)["ports"]] == [8988, 8987]
    proxy = platform.deployment(NAME)["spec"]["template"]["spec"]["containers"][1]
    token = next(entry for entry in proxy["env"] if entry["name"] == "SECURITY_TOKEN")
    assert token["valueFrom"]["secretKeyRef"] == {"name": "kuberay-apiserver-token", "key": "token"}

    _, other = platform.predict_and_do({**wish, "token": f"another, not {TOKEN}"}, APISERVER)
    assert changed(other) == ["Write the Secret", RELEASE]
    assert "kuberay.core/security-revision" in diffs(other)
    del wish["token"]
    assert changed(platform.succeed(wish, APISERVER)) == []


def test_rights_that_the_chart_leaves_out(platform: Platform, apiserver_chart: Path) -> None:
    wish: Json = {"chart": str(apiserver_chart), "wait": False, "job_submission": "true"}
    platform.succeed(wish, APISERVER)
    name = f"{platform.namespace}-{NAME}-more"
    rules = platform.api.get(f"{RIGHTS}/clusterroles/{name}")["rules"]
    assert [rule["resources"] for rule in rules] == [["raycronjobs"], ["services/proxy"]]
    bound = platform.api.get(f"{RIGHTS}/clusterrolebindings/{name}")
    assert bound["subjects"][0]["namespace"] == platform.namespace
    here = f"{RIGHTS}/namespaces/{platform.namespace}"
    narrower = platform.succeed({**wish, "namespaced": True}, APISERVER)
    assert changed(narrower) == [RELEASE, "Have the rights", "Have none of the other kind"]
    assert platform.api.get(f"{here}/roles/{name}")
    for gone in (f"{RIGHTS}/clusterroles/{name}", f"{RIGHTS}/clusterrolebindings/{name}"):
        assert platform.api.get(gone) is None
    less = platform.succeed({**wish, "job_submission": False, "cron_jobs": False}, APISERVER)
    assert changed(less) == [RELEASE, "Have none of the other kind"]
    for gone in (f"{here}/roles/{name}", f"{here}/rolebindings/{name}"):
        assert platform.api.get(gone) is None


def test_an_account_of_one_namespace_is_enough_for_one(platform: Platform, apiserver_chart: Path) -> None:
    rights = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"}
    account = {"kind": "ServiceAccount", "namespace": platform.namespace, "name": "default"}
    binding = {"metadata": {"name": "owner"}, "roleRef": rights, "subjects": [account]}
    code, body = platform.api.request("POST", f"{RIGHTS}/namespaces/{platform.namespace}/rolebindings", binding)
    assert code == 201, body
    tokens = f"/api/v1/namespaces/{platform.namespace}/serviceaccounts/default/token"
    code, body = platform.api.request("POST", tokens, {"spec": {}})
    assert code == 201, body
    who = platform.wire.write_kubeconfig(platform.folder / "who", token=json.loads(body)["status"]["token"])
    wish = {"namespaced": True, "cron_jobs": False, "create_namespace": False, "health": False}
    done, again = platform.succeed_twice({"chart": str(apiserver_chart), "kubeconfig": str(who), **wish}, APISERVER)
    assert changed(done) == [RELEASE]
    assert changed(again) == []


def test_an_apiserver_that_does_not_answer(platform: Platform) -> None:
    run = platform.run({"chart": str(platform.chart(NAME)), "wait_timeout": 20}, APISERVER)
    assert f"{platform.namespace}/{NAME}-service does not answer as it should" in message(run)
    assert "kuberay_apiserver_health" in message(run)
