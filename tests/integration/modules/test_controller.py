# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook for AWX would write there: modules of the names of awx.awx tell what they were given.

Whether AWX would take it is held against its rules; see tests/unit/awx_rules.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checks import tree
from tests.integration.guides import FOLDER
from tests.integration.playbook import Play, Run
from tests.unit import awx_rules

Json = dict[str, Any]
TELLS = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        return {"changed": True, "given": self._task.args}
"""
MODULES = ["credential_type", "execution_environment", "host", "inventory", "job_template", "label", "project"]
MODULES += ["workflow_job_template"]
IMAGE = "registry.example.com/ray-ee:1"


def play(folder: Path, **variables: str) -> Run:
    actions = folder / "collections" / "ansible_collections" / "awx" / "awx" / "plugins" / "action"
    actions.mkdir(parents=True)
    for name in MODULES:
        (actions / f"{name}.py").write_text(TELLS, encoding="utf-8")
    paths = {"ANSIBLE_COLLECTIONS_PATH": f"{folder / 'collections'}:{tree.link()}"}
    run = Play(folder / "run", [], books=["kuberay.core.controller"], variables=variables, environment=paths).run()
    assert run.code == 0, str(run)
    return run


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Templates that ask for a credential."""
    return play(tmp_path_factory.mktemp("a"), kuberay_ee_image=IMAGE, kuberay_credentials="")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Templates that have theirs."""
    mine = {"kuberay_project_url": "https://git.example.com/ray", "kuberay_project_folder": "books"}
    credentials = {"kuberay_credentials": "Ray, Registry", "kuberay_organization": "Vision"}
    return play(tmp_path_factory.mktemp("b"), kuberay_ee_image=IMAGE, **credentials, **mine)


def given(run: Run, task: str) -> Json:
    found: Json = run[task]["given"]
    return found


def templates(run: Run) -> dict[str, Json]:
    return {one["given"]["name"]: one["given"] for one in run["The job templates"]["results"]}


def test_awx_would_take_the_credential_type(run: Run) -> None:
    written = given(run, "A credential type for KubeRay's APIServer")
    assert awx_rules.credential_type(written["inputs"], written["injectors"]) == []
    assert written["kind"] == "cloud"


def test_each_template_has_its_playbook_and_a_survey_that_awx_would_take(asking: Run) -> None:
    assert given(asking, "The project")["scm_url"] in (tree.ROOT / "galaxy.yml").read_text("utf-8")
    for one in templates(asking).values():
        assert (tree.ROOT / one["playbook"]).is_file()
        assert awx_rules.survey(one["survey_spec"]) == []
        assert one["survey_enabled"] is True


def test_what_is_named_is_made_before(run: Run) -> None:
    project, inventory = given(run, "The project"), given(run, "The inventory")["name"]
    environment = given(run, "The execution environment")
    assert (environment["image"], project["default_environment"]) == (IMAGE, environment["name"])
    labels = [one["given"]["name"] for one in run["The labels"]["results"]]
    for one in templates(run).values():
        assert (one["project"], one["inventory"], one["labels"]) == (project["name"], inventory, labels)
        assert one["execution_environment"] == environment["name"]
    host = given(run, "The host in it, which is the execution environment itself")
    assert (host["inventory"], host["variables"]["ansible_connection"]) == (inventory, "local")
    assert host["variables"]["ansible_python_interpreter"] == "{{ ansible_playbook_python }}"


def test_answers_of_ones_own_arrive(run: Run) -> None:
    assert given(run, "The project")["scm_url"] == "https://git.example.com/ray"
    for one in templates(run).values():
        assert (one["organization"], one["playbook"].partition("/")[0]) == ("Vision", "books")
        assert (one["credentials"], one["ask_credential_on_launch"]) == (["Ray", "Registry"], False)


def test_without_credentials_jobs_ask_and_there_is_no_workflow(asking: Run) -> None:
    assert {(*one["credentials"], one["ask_credential_on_launch"]) for one in templates(asking).values()} == {(True,)}
    assert asking["The workflow, from a cluster to its end"].status == "skipped"


def test_the_workflow_goes_from_a_cluster_to_its_end(run: Run) -> None:
    written = given(run, "The workflow, from a cluster to its end")
    nodes = {one["identifier"]: one for one in written["workflow_nodes"]}
    assert {one["unified_job_template"]["name"] for one in nodes.values()} == set(templates(run))
    assert {one["unified_job_template"]["organization"]["name"] for one in nodes.values()} == {"Vision"}
    ways = {
        name: {when: [after["identifier"] for after in several] for when, several in one.get("related", {}).items()}
        for name, one in nodes.items()
    }
    assert ways == {
        "cluster": {"success_nodes": ["job"]},
        "job": {"always_nodes": ["report"]},
        "report": {"always_nodes": ["teardown"]},
        "teardown": {},
    }


def test_the_workflow_asks_all_that_its_jobs_need_once(run: Run) -> None:
    survey = given(run, "The workflow, from a cluster to its end")["survey_spec"]
    assert awx_rules.survey(survey) == []
    questions = [question for one in templates(run).values() for question in one["survey_spec"]["spec"]]
    assert {question["variable"] for question in survey["spec"]} == {question["variable"] for question in questions}
    must = {question["variable"] for question in questions if question["required"]}
    assert {question["variable"] for question in survey["spec"] if question["required"]} == must


def test_the_guide_names_every_variable_and_every_step(run: Run) -> None:
    guide = (FOLDER / "guide_awx.rst").read_text("utf-8")
    (play,) = yaml.safe_load((tree.ROOT / "playbooks" / "controller.yml").read_text("utf-8"))
    options = play["tasks"][0]["ansible.builtin.validate_argument_spec"]["argument_spec"]
    assert [name for name in options if f"``{name}``" not in guide] == []
    written = given(run, "A credential type for KubeRay's APIServer")
    assert [one["label"] for one in written["inputs"]["fields"] if f"*{one['label']}*" not in guide] == []
    assert [name for name in written["injectors"]["env"] if f"``{name}``" not in guide] == []
    for name, one in templates(run).items():
        assert f"*{name}*" in guide
        assert Path(one["playbook"]).name in guide
