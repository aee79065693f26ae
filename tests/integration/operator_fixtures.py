# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the operator's tests, as a plugin: only they need this world."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.operator_harness import CronJobs, Jobs, Services, World
from tests.lab.operator.api import Api


@pytest.fixture(scope="session")
def operator_api(lab: Any) -> Api:
    """The lab's API server."""
    return Api(str(lab.kubeconfig))


@pytest.fixture
def world(operator_api: Api, namespace: str) -> World:
    """A namespace of the test's own."""
    return World(operator_api, namespace)


@pytest.fixture
def jobs(world: World) -> Jobs:
    """The same namespace, for RayJobs."""
    return Jobs(world.api, world.namespace)


@pytest.fixture
def services(world: World) -> Services:
    """The same namespace, for RayServices."""
    return Services(world.api, world.namespace)


@pytest.fixture
def cron_jobs(world: World) -> CronJobs:
    """The same namespace, for RayCronJobs."""
    return CronJobs(world.api, world.namespace)
