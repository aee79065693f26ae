# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the lint's tests, asked of a real API server: it refuses what the rows say that it refuses, and no more.

Nothing is written: each is a dry run.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.api import Api
from tests.unit.lint.rows import SERVER, Row
from tests.unit.lint.test_rules import ROWS

Json = dict[str, Any]
NAMESPACE = "default"
# What only a server has.
OWN = ("uid", "generation", "resourceVersion")
NEWEST = [row for row in ROWS if row.version == "1.7.0"]
each_row = pytest.mark.parametrize("row", NEWEST, ids=[f"{row.kind}-{row.rule}-{i}" for i, row in enumerate(NEWEST)])


def _create(api: Api, resource: Json) -> tuple[int, bytes]:
    metadata = {key: value for key, value in resource["metadata"].items() if key not in OWN}
    body = {**resource, "metadata": {**metadata, "namespace": NAMESPACE}}
    path = f"/apis/ray.io/v1/namespaces/{NAMESPACE}/{resource['kind'].lower()}s"
    return api.request("POST", path, body, dryRun="All", fieldValidation="Strict")


@each_row
def test_the_api_server_refuses_what_the_row_says(lab_api: Api, row: Row) -> None:
    status, answer = _create(lab_api, row.broken)
    assert (status in (400, 422)) is (row.by == SERVER), answer
    assert row.by == SERVER or status == 201, answer


@each_row
def test_the_api_server_takes_what_is_just_inside(lab_api: Api, row: Row) -> None:
    status, answer = _create(lab_api, row.fine)
    assert status == 201, answer
