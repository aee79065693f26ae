# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planted secrets, looked for in what runs print, at a high verbosity, and in what they return."""

from __future__ import annotations

import pytest
import yaml

from tests.integration.modules.room import WAYS, Stage
from tests.integration.modules.words import DIFF, MAY_FAIL, manage, wish
from tests.integration.playbook import Run

PASSWORD = "planted-password-7f3a"
TOKEN = "planted-token-91cc"


def told(run: Run) -> str:
    """All that a run printed and returned."""
    return f"{run.stdout}\n{run.stderr}\n{[outcome.result for outcome in run.outcomes]}"


@pytest.mark.parametrize("way", WAYS)
def test_a_password_in_the_environment_is_nowhere(stage: Stage, way: str) -> None:
    head = {"env": {"DB_PASSWORD": PASSWORD, "MYSQL_PWD": PASSWORD}}
    run = stage.run(
        manage("make", f"secretive-{way.replace(' ', '-')}", DIFF, wait=False, **wish(head=head)), way=way, verbosity=3
    )
    assert run["make"]["changed"]
    assert PASSWORD not in told(run)


def test_a_password_is_nowhere_where_the_server_objects_to_a_change(stage: Stage) -> None:
    run = stage.run(
        manage("make", "objected", wait=False, **wish(head={"env": {"DB_PASSWORD": PASSWORD}})),
        manage("change", "objected", MAY_FAIL, state="patched", spec={"typo": 1}),
    )
    assert 'unknown field "spec.typo"' in run["change"].message
    assert PASSWORD not in told(run)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ["mapping", "text"])
def test_a_kubeconfigs_token_is_nowhere(stage: Stage, way: str, form: str) -> None:
    content = yaml.safe_load(stage.kubeconfig.read_text())
    content["users"] = [{"name": one["name"], "user": {"token": TOKEN}} for one in content["users"]]
    kubeconfig = content if form == "mapping" else yaml.safe_dump(content)
    run = stage.run(
        manage("refused", "nobody", MAY_FAIL, kubeconfig=kubeconfig, wait=False, **wish()),
        manage("mistaken", "nobody", MAY_FAIL, kubeconfig=kubeconfig, state="bogus"),
        way=way,
        verbosity=3,
    )
    assert (run["refused"]["error"]["status"], run["mistaken"].failed) == (401, True)
    assert TOKEN not in told(run)


@pytest.mark.parametrize("way", WAYS)
def test_a_token_that_no_header_may_have_is_not_repeated(stage: Stage, way: str) -> None:
    run = stage.run(manage("refused", "nobody", MAY_FAIL, api_key=f"{TOKEN}\r\nX: y", state="absent"), way=way)
    assert run["refused"].failed
    assert TOKEN not in told(run)
