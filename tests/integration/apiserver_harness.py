# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small client for KubeRay's APIServer, and messages that are enough for it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.integration.patience import SECONDS
from tests.lab.api import Api
from tests.lab.apiserver.front import Front
from tests.lab.apiserver.kubernetes import Kubernetes
from tests.lab.apiserver.releases import LATEST, Release
from tests.lab.lab import Lab
from tests.lab.processes import wait_until
from tests.lab.programs import NONE, STAND_IN

Json = dict[str, Any]
JSON_TYPE = "application/json"
# Of four answers of V2 that are no success one gets lost: so many in a row do not.
TRIES = 12
# Of a cluster with this no pod runs: no Ray starts for it.
NO_RAY = {"lab.kuberay.core/fails": "image-pull"}


@dataclass(frozen=True)
class Answer:
    """A status, a body and its headers."""

    status: int
    text: str
    headers: Any = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def kind(self) -> str:
        return str(self.headers.get("Content-Type", ""))


class Client:
    """One APIServer, asked over a new connection each time."""

    def __init__(self, url: str, base: str = "/apis/v1") -> None:
        self._host = urlsplit(url).netloc
        self._base = base

    def ask(self, method: str, path: str, body: Any = None, kind: str = JSON_TYPE, **headers: str) -> Answer:
        """One request; an answer that got lost is asked for again."""
        for _ in range(TRIES):
            try:
                return self.ask_once(method, path, body, kind, **headers)
            except http.client.RemoteDisconnected:
                continue
        raise AssertionError(f"{method} {path} was never answered")

    def ask_once(self, method: str, path: str, body: Any = None, kind: str = JSON_TYPE, **headers: str) -> Answer:
        """One request; raises OSError where there is no answer."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        try:
            connection.request(method, path, data, {"Content-Type": kind, **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(), answer.headers)
        finally:
            connection.close()

    def v1(self, method: str, path: str, body: Any = None) -> Answer:
        """One request below V1's base."""
        return self.ask_once(method, f"{self._base}/{path}", body)

    def done(self, method: str, path: str, body: Any = None) -> Json:
        """One request of V1 that must succeed."""
        answer = self.v1(method, path, body)
        assert answer.status == 200, answer
        return dict(answer.json)

    def refused(self, method: str, path: str, body: Any = None) -> tuple[int, int, str]:
        """Status, code and message of a request of V1 that must not."""
        answer = self.v1(method, path, body)
        assert answer.status >= 400, answer
        assert answer.kind.startswith(JSON_TYPE)
        assert set(answer.json) == {"code", "message"}
        return answer.status, answer.json["code"], answer.json["message"]

    def query(self, **query: Any) -> str:
        return "?" + "&".join(f"{key}={quote(str(value))}" for key, value in query.items())


class Place:
    """A namespace with a compute template, seen through V1 and through Kubernetes."""

    def __init__(self, client: Client, api: Api, namespace: str) -> None:
        self.client = client
        self.api = api
        self.namespace = namespace
        self.templates = f"namespaces/{namespace}/compute_templates"
        self.clusters = f"namespaces/{namespace}/clusters"
        self.jobs = f"namespaces/{namespace}/jobs"
        self.services = f"namespaces/{namespace}/services"
        self.submissions = f"namespaces/{namespace}/jobsubmissions"
        self.ray = f"/apis/ray.io/v1/namespaces/{namespace}"
        self.core = f"/api/v1/namespaces/{namespace}"

    def template(self, name: str = "small", **fields: Any) -> Json:
        """A compute template that is there now."""
        return self.client.done("POST", self.templates, self.named(name, cpu=1, memory=2, **fields))

    def named(self, name: str, **fields: Any) -> Json:
        return {"name": name, "namespace": self.namespace, **fields}

    def cluster(self, name: str, head: Json | None = None, *workers: Json, **fields: Any) -> Json:
        """A message for a cluster."""
        return self.named(name, user="me", version="2.52.0", clusterSpec=spec(head, *workers), **fields)

    def service(self, name: str, config: str = "applications: []", **fields: Any) -> Json:
        """A message for a service whose head never runs."""
        cluster = spec({"annotations": NO_RAY})
        return self.named(name, user="me", version="2.52.0", serveConfigV2=config, clusterSpec=cluster, **fields)

    def resource(self, plural: str, name: str) -> Json:
        """A custom resource as Kubernetes has it."""
        found = self.api.get(f"{self.ray}/{plural}/{name}")
        assert found is not None, name
        return dict(found)

    def until(self, look: Callable[[], Any], what: str, seconds: float = SECONDS) -> None:
        assert wait_until(lambda: bool(look()), seconds, 0.05), what


def group(**fields: Any) -> Json:
    """A worker group."""
    counts = {"replicas": 1, "minReplicas": 1, "maxReplicas": 2}
    start = {"rayStartParams": {"metrics-export-port": "8080"}}
    return {"groupName": "small", "computeTemplate": "small", **start, **counts, **fields}


def spec(head: Json | None = None, *workers: Json) -> Json:
    """A clusterSpec."""
    start = {"rayStartParams": {"dashboard-host": "0.0.0.0"}}
    return {"headGroupSpec": {"computeTemplate": "small", **start, **(head or {})}, "workerGroupSpec": list(workers)}


def client_of(lab: Lab) -> Client:
    """The lab's own APIServer."""
    state = lab.status().state
    assert state is not None
    if state.options["apiserver"] == NONE:
        pytest.skip("this lab has no APIServer")
    return Client(state.apiserver)


def has_stand_in(lab: Lab) -> bool:
    """Whether the lab's APIServer is ours."""
    state = lab.status().state
    assert state is not None
    return bool(state.options["apiserver"] == STAND_IN)


def only_stand_in(lab: Lab, reason: str) -> None:
    """What the real program cannot show here."""
    if not has_stand_in(lab):
        pytest.skip(f"only with the stand-in: {reason}")


def front_of(lab: Lab, release: str = "", **options: Any) -> Front:
    """A stand-in of the test's own, of any release."""
    state = lab.status().state
    assert state is not None
    kubernetes = Kubernetes(lab.layout.pki, state.ports["kube-apiserver"])
    return Front(kubernetes, Release.of(release) if release else LATEST, **options)
