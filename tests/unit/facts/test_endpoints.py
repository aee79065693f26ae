# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cluster answers."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._facts.endpoints import endpoints, external_endpoints
from ansible_collections.kuberay.core.plugins.module_utils._objects.head import head_service

from tests.unit.builders import cluster

Json = dict[str, Any]


def _with_ports(status: Json | None = None, head: Json | None = None, **ports: int) -> Json:
    resource = cluster(status=status)
    container = resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"name": name.replace("_", "-"), "containerPort": port} for name, port in ports.items()]
    resource["spec"]["headGroupSpec"].update(head or {})
    return resource


def test_a_head_without_ports_gets_the_operators() -> None:
    host = "demo-head-svc.ray.svc"
    assert endpoints(cluster()) == {
        "dashboard": f"http://{host}:8265",
        "client": f"ray://{host}:10001",
        "gcs": f"{host}:6379",
        "metrics": f"http://{host}:8080",
        "serve": f"http://{host}:8000",
    }


def test_a_head_with_ports_has_those_and_the_metrics() -> None:
    found = endpoints(_with_ports(dashboard=8266, gcs_server=6380))
    assert (found["dashboard"], found["gcs"]) == (
        "http://demo-head-svc.ray.svc:8266",
        "demo-head-svc.ray.svc:6380",
    )
    assert (found["client"], found["serve"]) == (None, None)
    assert found["metrics"] == "http://demo-head-svc.ray.svc:8080"


def test_ports_answer_to_the_names_that_they_had_before() -> None:
    resource = _with_ports(redis=1)
    container = resource["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]
    container["ports"].append({"name": "head", "containerPort": 2})
    found = endpoints(resource)
    assert (found["gcs"], found["client"]) == ("demo-head-svc.ray.svc:1", "ray://demo-head-svc.ray.svc:2")


def test_the_service_is_the_one_that_the_status_names() -> None:
    own = {"headService": {"metadata": {"name": "mine"}}}
    assert head_service(cluster()) == "demo-head-svc"
    assert head_service(_with_ports(head=own)) == "mine"
    assert head_service(_with_ports({"head": None}, own)) == "mine"
    assert head_service(_with_ports({"head": {"serviceName": "told"}}, own)) == "told"


def test_the_dashboard_can_be_reached_through_the_kubernetes_api() -> None:
    proxy = "/api/v1/namespaces/ray/services/demo-head-svc:8265/proxy/"
    nothing = dict.fromkeys(("node_ports", "load_balancer", "ingress", "route"))
    assert external_endpoints(cluster(), None) == {"service_proxy": proxy, **nothing}
    assert external_endpoints(_with_ports(client=1), None)["service_proxy"] is None


def test_node_ports_are_those_of_a_service_that_has_some() -> None:
    status = {"endpoints": {"dashboard": "30001"}}
    assert external_endpoints(_with_ports(status), None)["node_ports"] is None
    for sort in ("NodePort", "LoadBalancer"):
        found = external_endpoints(_with_ports(status, {"serviceType": sort}), None)
        assert found["node_ports"] == {"dashboard": "30001"}


_PORTS: list[Json] = [
    {"name": "dashboard", "port": 8265, "nodePort": 30001},
    {"name": "client", "port": 10001, "nodePort": 30002},
    {"name": "gcs-server", "port": 6379},
]


def test_a_service_that_was_read_says_its_node_ports_and_its_load_balancer() -> None:
    service: Json = {"spec": {"ports": _PORTS}}
    found = external_endpoints(cluster(), {"service": service})
    assert found["node_ports"] == {"dashboard": "30001", "client": "30002"}
    assert found["load_balancer"] is None
    balanced = {**service, "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}
    assert external_endpoints(cluster(), {"service": balanced})["load_balancer"] == {
        "dashboard": "http://192.0.2.1:8265",
        "client": "ray://192.0.2.1:10001",
        "gcs": "192.0.2.1:6379",
    }


@pytest.mark.parametrize(
    ("spec", "status", "url"),
    [
        ({"rules": [{"host": "ray.example", "http": {"paths": [{"path": "/"}]}}]}, {}, "http://ray.example/"),
        ({"rules": [{"host": "ray.example"}], "tls": [{"secretName": "t"}]}, {}, "https://ray.example/"),
        (
            {"rules": [{"http": {"paths": [{"path": "/demo/(.*)"}]}}]},
            {"loadBalancer": {"ingress": [{"hostname": "lb.example"}]}},
            "http://lb.example/demo/",
        ),
        ({"rules": [{"http": {"paths": [{"path": "/demo"}]}}]}, {}, None),
    ],
)
def test_an_ingress_that_was_read_says_where_the_dashboard_is(spec: Json, status: Json, url: str | None) -> None:
    assert external_endpoints(cluster(), {"ingress": {"spec": spec, "status": status}})["ingress"] == url


def test_a_route_that_was_read_says_where_the_dashboard_is() -> None:
    found = external_endpoints(cluster(), {"route": {"spec": {"host": "ray.example", "tls": {}}}})
    assert found["route"] == "http://ray.example"
    assert external_endpoints(cluster(), {"service": None, "route": None})["route"] is None
