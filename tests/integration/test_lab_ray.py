# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's real Ray: who reaches it, who does not, what runs on it, and that nothing of it outlives the lab."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.integration.patience import RAY_SECONDS
from tests.integration.patience import SECONDS as PATIENCE
from tests.integration.test_lab import Command
from tests.lab.api import Api
from tests.lab.control import api as api_of
from tests.lab.lab import Lab
from tests.lab.processes import wait_until

HEAD = {"ray.io/node-type": "head"}
SUBMITTER = {"ray.io/originated-from-crd": "RayJob"}
NO_DASHBOARD = {"lab.kuberay.core/fails": "dashboard"}
# What a driver does that uses Ray: tasks on its workers.
DRIVER = """\
import pathlib, sys, ray

ray.init()
square = ray.remote(num_cpus=0)(lambda number: number * number)
pathlib.Path(sys.argv[1]).write_text(str(sum(ray.get([square.remote(number) for number in range(4)]))))
"""


class Place:
    """A namespace with pods in it, and the ways to them."""

    def __init__(self, lab: Lab, namespace: str) -> None:
        state = lab.status().state
        assert state is not None
        self.api = Api(lab.layout.pki, state.ports["kube-apiserver"], RAY_SECONDS)
        self.path = f"/api/v1/namespaces/{namespace}"
        self.jobs = f"/apis/batch/v1/namespaces/{namespace}/jobs"
        self.namespace = namespace

    def create(self, path: str, name: str, spec: dict[str, Any], **metadata: Any) -> None:
        status, body = self.api.request("POST", path, {"metadata": {"name": name, **metadata}, "spec": spec})
        assert status == 201, body

    def pod(self, name: str, labels: dict[str, str], annotations: dict[str, str] | None = None, **more: Any) -> None:
        container = {"name": "ray", "image": "rayproject/ray:2.52.0", **more}
        labels = {**labels, "app": name}
        self.create(f"{self.path}/pods", name, {"containers": [container]}, labels=labels, annotations=annotations)
        assert wait_until(lambda: self.phase(name) == "Running", PATIENCE)

    def service(self, name: str, pod: str, **spec: Any) -> None:
        ports = [{"name": "dashboard", "port": 8265}]
        self.create(f"{self.path}/services", name, {"selector": {"app": pod}, "ports": ports, **spec})

    def annotate(self, pod: str, annotations: Mapping[str, str | None]) -> None:
        body = {"metadata": {"annotations": annotations}}
        path = f"{self.path}/pods/{pod}"
        assert self.api.request("PATCH", path, body, content_type="application/merge-patch+json")[0] == 200

    def phase(self, pod: str) -> str:
        return str(self.api.get(f"{self.path}/pods/{pod}")["status"].get("phase"))

    def asks(self, where: str, path: str = "/api/version") -> int:
        """The status of a request by way of the API server's proxy."""
        return self.api.request("GET", f"{self.path}/{where}/proxy{path}")[0]

    def submits(self, name: str, command: str) -> None:
        """A Job like those of KubeRay: its pod is known by its label and its environment."""
        env = [{"name": "RAY_JOB_SUBMISSION_ID", "value": f"{name}-{self.namespace}"}]
        container = {"name": "c", "image": "ray", "command": ["/bin/bash", "-ce", "--"], "args": [command], "env": env}
        template = {"metadata": {"labels": SUBMITTER}, "spec": {"restartPolicy": "Never", "containers": [container]}}
        self.create(self.jobs, name, {"backoffLimit": 0, "template": template})

    def ends(self, job: str) -> tuple[str, int]:
        """How a Job ended, and the exit code of its pod."""

        def kinds() -> set[str]:
            conditions = self.api.get(f"{self.jobs}/{job}")["status"].get("conditions", [])
            return {condition["type"] for condition in conditions}

        assert wait_until(lambda: bool(kinds() & {"Complete", "Failed"}), RAY_SECONDS, 0.1), f"{job} did not end"
        pods = self.api.get(f"{self.path}/pods")["items"]
        (pod,) = [pod for pod in pods if pod["metadata"]["labels"].get("job-name") == job]
        (container,) = pod["status"]["containerStatuses"]
        assert pod["status"]["phase"] == ("Failed" if container["state"]["terminated"]["exitCode"] else "Succeeded")
        return ("Complete" if "Complete" in kinds() else "Failed"), container["state"]["terminated"]["exitCode"]


@pytest.fixture
def place(lab: Lab, namespace: str) -> Place:
    """A namespace of the test's own."""
    return Place(lab, namespace)


def test_heads_answer_and_others_do_not(place: Place) -> None:
    place.pod("head", HEAD)
    place.service("headless", "head", clusterIP="None", publishNotReadyAddresses=True)
    place.service("plain", "head")
    for where in ("services/headless:8265", "services/plain:dashboard", "pods/head:8265"):
        assert wait_until(lambda where=where: place.asks(where) == 200, RAY_SECONDS), where  # type: ignore[misc]
    place.pod("renamed", HEAD, ports=[{"name": "dashboard", "containerPort": 8270}])
    assert wait_until(lambda: place.asks("pods/renamed:8270") == 200, PATIENCE)
    assert place.asks("pods/head:8270") >= 500, "a port on which nothing listens"

    place.pod("other", {})
    place.pod("mute", HEAD, NO_DASHBOARD)
    place.service("mute", "mute")
    assert place.asks("pods/other:8265") >= 500
    assert place.asks("services/mute:8265") >= 500
    place.annotate("mute", dict.fromkeys(NO_DASHBOARD))
    assert wait_until(lambda: place.asks("services/mute:8265") == 200, PATIENCE)
    # The API server keeps its connections: they must not lead to a head that has become deaf.
    place.annotate("mute", NO_DASHBOARD)
    assert wait_until(lambda: place.asks("services/mute:8265") >= 500, PATIENCE)


def test_serve_has_a_ray_of_its_own(lab: Lab, place: Place) -> None:
    """What a head of a RayService is: Serve, whose proxy its workers seem to have, and which goes with it."""
    cluster = {"ray.io/cluster": "one", "ray.io/serve": "true"}
    place.pod("shared", HEAD)
    place.pod("head", {**HEAD, **cluster})
    place.pod("worker", {"ray.io/node-type": "worker", **cluster}, ports=[{"name": "serve", "containerPort": 8000}])
    assert place.asks("pods/head:8000", "/-/healthz") >= 500, "nothing is served yet"
    config = {"applications": [{"name": "greeting", "import_path": "greeting:app", "route_prefix": "/"}]}
    serve = "/api/serve/applications/"
    assert wait_until(lambda: place.asks("pods/head:8265", serve) == 200, RAY_SECONDS)
    assert place.api.request("PUT", f"{place.path}/pods/head:8265/proxy{serve}", config)[0] == 200

    def answers(pod: str) -> bool:
        return place.api.request("GET", f"{place.path}/pods/{pod}:8000/proxy/") == (200, b"hello")

    assert wait_until(lambda: answers("head") and answers("worker"), RAY_SECONDS, 0.2)
    assert place.asks("pods/worker:8265") >= 500, "a worker has no dashboard"
    assert wait_until(lambda: place.asks("pods/shared:8265", serve) == 200, RAY_SECONDS)
    told = json.loads(place.api.request("GET", f"{place.path}/pods/shared:8265/proxy{serve}")[1])
    assert told["applications"] == {}, "the others share a Ray without applications"

    folder = lab.layout.room / "own" / place.api.get(f"{place.path}/pods/head")["metadata"]["uid"]
    programs = room_of(folder)
    assert len(programs) > 5, "this is not all of Ray"
    assert place.api.request("DELETE", f"{place.path}/pods/head")[0] == 200
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in programs), PATIENCE)
    assert wait_until(lambda: not folder.exists(), PATIENCE)
    assert place.asks("pods/worker:8000") >= 500, "it went with its head"


def test_jobs_really_run(place: Place, tmp_path: Path) -> None:
    place.pod("head", HEAD)
    place.service("head-svc", "head", clusterIP="None")
    where = f"http://head-svc.{place.namespace}.svc.cluster.local:8265"
    wait = f"until python -c \"import urllib.request as u; u.urlopen('{where}/api/gcs_healthz')\"; do sleep 1; done; "
    submit = f"ray job submit --address {where} --submission-id $RAY_JOB_SUBMISSION_ID"
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    place.submits("good", f"{wait}{submit} -- python {tmp_path}/driver.py {tmp_path}/sum")
    place.submits("bad", f"{wait}{submit} -- sh -c 'echo no luck; exit 3'")
    place.submits("broken", "echo no submission; exit 7")
    assert place.ends("broken") == ("Failed", 7)
    assert place.ends("good") == ("Complete", 0)
    assert (tmp_path / "sum").read_text(encoding="utf-8") == "14"
    assert place.ends("bad") == ("Failed", 1)
    answer = place.api.request("GET", f"{place.path}/pods/head:8265/proxy/api/jobs/bad-{place.namespace}")[1]
    told = json.loads(answer)
    assert told["status"] == "FAILED"
    assert told["driver_exit_code"] == 3
    assert "no luck" in told["message"]


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """A lab of the test's own, for what would hurt the others'."""
    it = Command(tmp_path)
    yield it
    it("down")


def test_nothing_of_ray_outlives_the_lab(command: Command) -> None:
    code, output = command("up")
    assert code == 0, output
    state = command.await_ready()
    assert len(room_of(command.data)) == 0, "Ray started though nobody wanted it"
    api = api_of(command.layout, state.ports)
    pod = {"metadata": {"name": "head", "labels": HEAD}, "spec": {"containers": [{"name": "ray", "image": "ray"}]}}
    path = "/api/v1/namespaces/default/pods"
    assert api.request("POST", path, pod)[0] == 201
    assert wait_until(lambda: api.get(f"{path}/head")["status"].get("phase") == "Running", PATIENCE)
    patient = Api(command.layout.pki, state.ports["kube-apiserver"], RAY_SECONDS)
    assert wait_until(lambda: patient.request("GET", f"{path}/head:8265/proxy/api/version")[0] == 200, RAY_SECONDS)

    programs = room_of(command.data)
    assert len(programs) > 5, "this is not all of Ray"
    state.supervisor.signal(signal.SIGKILL)
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in programs), PATIENCE)


def room_of(data: Path) -> set[int]:
    """All processes that share the network of this lab's Ray."""
    walls = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            walls[int(process.name)] = (os.readlink(process / "ns/net"), (process / "cmdline").read_bytes())
        except OSError:
            continue
    outside = os.readlink("/proc/self/ns/net")
    inside = {net for net, words in walls.values() if os.fsencode(data) in words} - {outside}
    return {pid for pid, (net, _) in walls.items() if net in inside}
