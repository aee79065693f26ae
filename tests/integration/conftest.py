# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of every integration test: one lab for the session, one namespace for each test.

pytest tests/integration                                  a lab of its own, in a temporary folder
pytest tests/integration --operator PATH --crds DIR       with KubeRay's own operator and CRDs
pytest tests/integration --apiserver PATH                 with KubeRay's own APIServer
KUBERAY_LAB_DATA=DIR pytest tests/integration             the lab that runs there
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.patience import SECONDS
from tests.integration.wire import Wire
from tests.lab.api import Api
from tests.lab.control import api as api_of
from tests.lab.lab import Lab, LabOptions
from tests.lab.processes import wait_until
from tests.lab.programs import NONE, STAND_IN


def pytest_addoption(parser: pytest.Parser) -> None:
    """The words of the lab's own command."""
    group = parser.getgroup("lab")
    group.addoption("--operator", default=STAND_IN, help="stand-in, none, or a KubeRay operator binary")
    group.addoption("--apiserver", default=STAND_IN, help="stand-in, none, or a KubeRay APIServer binary")
    group.addoption("--crds", type=Path, default=None, help="a folder of CRDs in place of the condensed ones")


@pytest.fixture(scope="session")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A healthy lab. It ends with the session, even if that is killed; one that ran before is left running."""
    running = os.environ.get("KUBERAY_LAB_DATA")
    if running:
        found = Lab(LabOptions(data=Path(running)))
        problems = found.status().problems
        if problems:
            pytest.exit(f"KUBERAY_LAB_DATA names {running}, but that lab is not healthy: {problems[0]}", returncode=3)
        yield found
        return
    crds = request.config.getoption("--crds")
    options = LabOptions(
        data=tmp_path_factory.mktemp("lab"),
        operator=_program(request.config.getoption("--operator")),
        apiserver=_program(request.config.getoption("--apiserver")),
        crds=crds.resolve() if crds else None,
        tied=True,
    )
    with Lab(options, say=lambda line: print(f"lab: {line}")) as own:
        yield own


def _program(choice: str) -> str:
    return choice if choice in (STAND_IN, NONE) else str(Path(choice).resolve())


@pytest.fixture(scope="session")
def lab_api(lab: Lab) -> Api:
    """Plain requests to the lab's API server, as its admin."""
    state = lab.status().state
    assert state is not None
    return api_of(lab.layout, state.ports)


@pytest.fixture(scope="session")
def wire(lab: Lab) -> Iterator[Wire]:
    """The recorded way to the lab's API server."""
    state = lab.status().state
    assert state is not None
    proxy = Wire(lab.layout.pki, state.ports["kube-apiserver"])
    yield proxy
    proxy.close()


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of few letters: ansible-playbook makes a socket in it, and a socket's path has 107 at most."""
    return tmp_path_factory.mktemp("g")


@pytest.fixture
def namespace(lab_api: Api) -> Iterator[str]:
    """A namespace of the test's own."""
    yield from _namespace(lab_api)


@pytest.fixture(scope="module")
def module_namespace(lab_api: Api) -> Iterator[str]:
    """A namespace for the tests of one file."""
    yield from _namespace(lab_api)


def _namespace(lab_api: Api) -> Iterator[str]:
    """Its end is asked for and not awaited: Kubernetes takes its time."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    status, body = lab_api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    assert status == 201, body
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    assert wait_until(lambda: lab_api.get(account) is not None, SECONDS), f"no service account in {name}"
    yield name
    lab_api.request("DELETE", f"/api/v1/namespaces/{name}")
