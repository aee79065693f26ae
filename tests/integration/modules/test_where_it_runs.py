# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a task runs: in the controller's process, or shipped with a reason."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.room import Stage
from tests.integration.modules.words import MAY_FAIL, info, manage, wish
from tests.integration.playbook import Run

Json = dict[str, Any]
# A name that the lint refuses after one read: the message shows the namespace, and why the module was shipped.
BAD = "a" * 54
SHIPPED = r" \(run as a shipped module by \S*python\S* because {}\)$"


def refused(label: str, **keywords: Any) -> Json:
    return manage(label, BAD, {**MAY_FAIL, **keywords}, **wish())


@pytest.fixture(scope="module")
def falls(stage: Stage) -> Run:
    """One play of everything that has a module shipped, and of what has not."""
    known = {"K8S_AUTH_CONTEXT": "wire", "KUBERAY_ANYTHING": "1", "no_proxy": "*", "NO_PROXY": "*"}
    return stage.succeed(
        refused("plain"),
        refused("known names", environment=known),
        refused("switched off", vars={"kuberay_run_in_process": False}),
        refused("switched off by a template", vars={"kuberay_run_in_process": "{{ not wanted }}", "wanted": True}),
        refused("switched on by a text", vars={"kuberay_run_in_process": "yes"}),
        refused("unknown name", environment={"SOMETHING": "else", **known}),
        refused("another connection", vars={"ansible_connection": "elsewhere"}),
        refused("local by delegation", delegate_to="localhost"),
        info("in the background", {"async": 600, "poll": 1}, name="nobody"),
        {"name": "by a short name", "kuberay_cluster_info": {"name": "nobody"}, "collections": ["kuberay.core"]},
    )


@pytest.mark.parametrize(
    ("task", "why"),
    [
        ("switched off", "kuberay_run_in_process is false"),
        ("switched off by a template", "kuberay_run_in_process is false"),
        ("unknown name", "the task's environment sets SOMETHING"),
        ("another connection", "the connection is elsewhere"),
    ],
)
def test_a_module_is_shipped_where_that_makes_a_difference_and_says_why(falls: Run, task: str, why: str) -> None:
    assert re.search(SHIPPED.format(re.escape(why)), falls[task].message)
    assert "has 54 characters" in falls[task].message


@pytest.mark.parametrize("task", ["plain", "known names", "switched on by a text", "local by delegation"])
def test_a_module_runs_in_process_where_it_would_be_the_same(falls: Run, task: str) -> None:
    assert "has 54 characters" in falls[task].message
    assert "shipped" not in falls[task].message


def test_a_task_in_the_background_is_shipped_and_ends_well(falls: Run) -> None:
    assert falls["in the background"]["clusters"] == []
    assert falls["in the background"]["finished"]
    assert "ansible_job_id" in falls["in the background"].result


def test_a_short_name_works_through_the_collections_keyword(falls: Run) -> None:
    assert falls["by a short name"]["clusters"] == []


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("su"), reason="only root becomes root without a password")
def test_becoming_another_user_has_the_module_shipped(stage: Stage) -> None:
    become = {"become": True, "become_method": "ansible.builtin.su", "become_user": "root"}
    run = stage.succeed(
        refused("by keyword", **become),
        refused("by variable", vars={"ansible_become": True, "ansible_become_method": "su"}),
        refused("not at all", become=False),
    )
    for task in ("by keyword", "by variable"):
        assert re.search(SHIPPED.format("become is set"), run[task].message)
    assert "shipped" not in run["not at all"].message


def test_the_environment_names_of_the_connection_are_honoured_for_their_task_only(stage: Stage) -> None:
    for variable in ("K8S_AUTH_KUBECONFIG", "KUBECONFIG"):
        run = stage.succeed(
            refused("with", environment={variable: str(stage.kubeconfig)}),
            refused("without"),
            connection={},
        )
        assert f"RayCluster {stage.room.name}/{BAD}" in run["with"].message
        assert "shipped" not in run["with"].message
        assert run["without"]["error"]["kind"] == "credentials"


def test_a_play_wide_environment_and_that_of_the_controller_are_honoured(stage: Stage) -> None:
    variable = {"K8S_AUTH_KUBECONFIG": str(stage.kubeconfig)}
    by_play = stage.succeed(info("look"), connection={}, keywords={"environment": variable})
    by_controller = stage.succeed(info("look"), connection={}, environment=variable)
    assert by_play["look"]["clusters"] == by_controller["look"]["clusters"] == []


def test_a_missing_library_ends_in_one_clear_sentence_and_the_play_goes_on(stage: Stage, tmp_path: Path) -> None:
    # The library brings it, and every request goes through it.
    package = tmp_path / "urllib3"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('there is no kubernetes here')\n", encoding="utf-8")
    run = stage.succeed(
        {"name": "before", "ansible.builtin.debug": {"msg": "here"}},
        manage("without", "nobody", MAY_FAIL, **wish()),
        info("look without", MAY_FAIL),
        {"name": "after", "ansible.builtin.debug": {"msg": "still here"}},
        environment={"PYTHONPATH": str(tmp_path)},
    )
    assert run["after"].status == "ok"
    for task in ("without", "look without"):
        message = run[task].message
        assert message.startswith("the Python library kubernetes (28 or later) cannot be imported by ")
        assert "there is no kubernetes here" in message
        assert "-m pip install kubernetes" in message
        assert "\n" not in message
        assert message.count("the Python library kubernetes") == 1
    assert "Traceback" not in run.stdout + run.stderr
