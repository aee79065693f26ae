# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Charts from where a site has them: an archive, a repository, a registry; with a password, which is not shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.roles import stores
from tests.integration.roles.platform import HELMS, NEW, OLD, RELEASE, Platform, changed, message

Json = dict[str, Any]
CALM: Json = {"crds": "ignored", "wait": False}
KNOWN: Json = {**CALM, "chart_username": stores.USER, "chart_password": stores.PASSWORD}


@pytest.fixture
def archives(platform: Platform, short: Path) -> list[Path]:
    """The chart in two versions."""
    return [platform.archive(platform.chart(version=version), short) for version in (OLD, NEW)]


def test_an_archive(platform: Platform, archives: list[Path]) -> None:
    run = platform.succeed({"chart": str(archives[1]), **CALM})
    assert changed(run) == [RELEASE]


def test_a_repository_with_a_password(platform: Platform, archives: list[Path], short: Path) -> None:
    with stores.repository(short, archives) as url:
        _fetched_with_a_password(platform, {"chart_repository": url})


@pytest.mark.parametrize("helm", HELMS)
def test_a_registry(platform: Platform, archives: list[Path], short: Path, helm: str) -> None:
    with stores.registry(short, archives) as (opened, guarded):
        plain = {"chart_plain_http": True, "helm": helm}
        run = platform.succeed({**CALM, **plain, "chart": f"{opened}/kuberay-operator"})
        assert changed(run) == [RELEASE]
        assert changed(platform.succeed({**CALM, **plain, "chart": f"{opened}/kuberay-operator"})) == []
        _fetched_with_a_password(platform, {**plain, "chart": f"{guarded}/kuberay-operator"})


def _fetched_with_a_password(platform: Platform, where: Json) -> None:
    refused = platform.run({**KNOWN, **where, "chart_password": "wrong"})
    assert "anna may not fetch the chart" in message(refused)
    assert "wrong" not in refused.stdout
    run = platform.succeed({**KNOWN, **where, "version": f"v{OLD}"}, verbosity=1)
    assert stores.PASSWORD not in run.stdout
    assert run["fact"]["kuberay_operator"]["chart_version"] == OLD
    newest = platform.succeed({**KNOWN, **where})
    assert newest["fact"]["kuberay_operator"]["chart_version"] == NEW
    unknown = platform.run({**KNOWN, **where, "version": "1.6.3"})
    assert "1.6.3 could not be fetched" in message(unknown)
