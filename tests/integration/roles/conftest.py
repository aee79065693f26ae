# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the roles: a lab without an operator, which the role is to bring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.roles.platform import Platform
from tests.integration.wire import Wire
from tests.lab import helm_charts, services
from tests.lab.api import Api
from tests.lab.lab import Lab, LabOptions
from tests.lab.programs import NONE


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """It has no operator, which would mind when the CRDs go."""
    running = os.environ.get("KUBERAY_LAB_DATA")
    if running:
        yield Lab(LabOptions(data=Path(running)))
        return
    options = LabOptions(data=tmp_path_factory.mktemp("lab"), operator=NONE, tied=True)
    with Lab(options) as own:
        yield own


@pytest.fixture
def platform(lab: Lab, lab_api: Api, wire: Wire, tmp_path_factory: pytest.TempPathFactory, namespace: str) -> Platform:
    """A namespace of the test's own, with nothing in it."""
    return Platform(lab, lab_api, wire, tmp_path_factory.mktemp("r"), namespace)


@pytest.fixture
def apiserver_chart(platform: Platform) -> Path:
    """The lab's chart, whose Service leads to the lab's APIServer."""
    folder = platform.chart(helm_charts.APISERVER)
    template = folder / "templates" / "objects.tpl"
    text = template.read_text(encoding="utf-8")
    assert "  selector: {{ toJson $selector }}\n  ports:" in text
    template.write_text(text.replace("  selector: {{ toJson $selector }}\n  ports:", "  ports:"), encoding="utf-8")
    state = platform.lab.status().state
    assert state is not None
    services.stand_for(platform.api, platform.namespace, services.APISERVER, state.ports["apiserver"])
    return folder
