# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an APIServer is: by its URL, or as a Service behind the Kubernetes API."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError, KubeRayError, NotFound, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver import load_apiserver_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

from tests.unit.web import say, web

Json = dict[str, Any]
URL: Json = {"api": "apiserver_v1", "apiserver_url": "http://one.invalid:31888/ray/"}
BEHIND: Json = {
    "api": "apiserver_v2",
    "host": "https://kube.invalid:6443/k8s/",
    "api_key": "token",
    "apiserver_service": {"namespace": "kuberay", "name": "apiserver", "port": 8888, "scheme": "http"},
}


def _service(**changed: Any) -> Json:
    return {**BEHIND, "apiserver_service": {**BEHIND["apiserver_service"], **changed}}


def test_a_url_is_taken_with_what_it_has_before_the_api() -> None:
    found = load_apiserver_credentials({**URL, "kubeconfig": "/nowhere", "api_key": "not for this one"})
    assert (found.host, found.authorization(), found.namespace) == ("http://one.invalid:31888/ray", None, "default")


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({}, "apiserver:8888"),
        ({"port": "http"}, "apiserver:http"),
        ({"scheme": "https", "port": "8443"}, "https:apiserver:8443"),
    ],
)
def test_a_service_is_reached_through_the_kubernetes_api(changed: Json, path: str) -> None:
    found = load_apiserver_credentials(_service(**changed))
    assert found.host == f"https://kube.invalid:6443/k8s/api/v1/namespaces/kuberay/services/{path}/proxy"
    assert found.authorization() == "Bearer token"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"api": "apiserver_v2"}, "needs apiserver_url or apiserver_service"),
        ({**BEHIND, **URL}, "exclude each other"),
        (
            {**BEHIND, "apiserver_token": "t"},
            "apiserver_token: through apiserver_service it would go to the Kubernetes",
        ),
        ({**BEHIND, "apiserver_ca_cert": "t"}, "apiserver_ca_cert: through apiserver_service"),
        ({**URL, "api_version": "ray.io/v1alpha1"}, "api_version: ray.io/v1alpha1 is for api: kubernetes"),
        (_service(namespace="../x"), "apiserver_service.namespace: '../x' is no name"),
        (_service(name="A"), "apiserver_service.name: 'A' is no name"),
        (_service(port="80/proxy"), "apiserver_service.port: '80/proxy' is neither a number nor the name"),
        (_service(port=""), "apiserver_service.port: '' is neither"),
        ({**URL, "apiserver_url": "one.invalid:80"}, "apiserver_url: 'one.invalid:80' is no URL"),
        ({**URL, "apiserver_url": "http://me:secret@one.invalid"}, "says who asks"),
        (
            {**URL, "apiserver_url": "https://one", "apiserver_ca_cert": "/nowhere.crt"},
            "apiserver_ca_cert /nowhere.crt",
        ),
    ],
)
def test_what_leads_nowhere_is_named(options: Json, told: str) -> None:
    with pytest.raises(KubeRayError, match=told) as refused:
        load_apiserver_credentials(options)
    assert "secret" not in refused.value.message


def test_a_service_that_is_not_there_is_no_object_that_is_not_there() -> None:
    """Whoever takes it for one would create everything anew."""
    body = {"kind": "Status", "reason": "NotFound", "message": 'services "apiserver" not found'}
    about = {"kind": "services", "name": "apiserver"}
    with web(say(404, {**body, "details": about}), say(404, {"code": 5, "message": "Cluster a not found"})) as server:
        session = Session(load_apiserver_credentials({**BEHIND, "host": server.url}), Context())
        with pytest.raises(ApiError, match="apiserver_service names the Service of the APIServer") as refused:
            session.request("GET", "/apis/v1/clusters")
        assert not isinstance(refused.value, NotFound)
        with pytest.raises(NotFound):
            session.request("GET", "/apis/v1/clusters")


def test_a_token_never_shows_in_an_error() -> None:
    with pytest.raises(OptionError) as refused:
        load_apiserver_credentials({**BEHIND, "apiserver_token": "very-secret"})
    assert "very-secret" not in refused.value.message
