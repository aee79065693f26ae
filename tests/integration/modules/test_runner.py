# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates as AWX would run them, with its answers and its credentials, one of them cancelled, others killed.

The execution environment is an empty one with the built archive; see awx.py.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checks import pythons
from tests.integration.apiserver_harness import front_of
from tests.integration.modules.awx import Credential, Engine, Job, bearer, of_type
from tests.integration.modules.kills import SLOW
from tests.integration.modules.room import MEMBER, Stage
from tests.integration.modules.words import SIZE, manage, wish
from tests.integration.patience import SECONDS
from tests.lab.apiserver.server import serving
from tests.lab.lab import Lab
from tests.lab.processes import wait_until

Json = dict[str, Any]
PATTERN = Path("extensions") / "patterns" / "run_ray_jobs"
TYPE = Path("playbooks") / "files" / "credential_types" / "apiserver"
TEXT = "{{ 40 + 2 }}"
# What somebody says where the survey's default is not it; all are texts, and what is left out stays empty.
ANSWERS = {
    "kuberay_cluster_name": "shared",
    "kuberay_job_name": "count",
    "kuberay_ray_version": "2.52.0",
    "kuberay_entrypoint": f"python -c 'print(\"{TEXT}\")'",
    "kuberay_runtime_env": "env_vars: {A: alpha}",
}
# Variables besides those of the survey, which the templates take at launch: the lab is a small one.
LAUNCH = {f"kuberay_{whose}_{what}": amount for whose in ("head", "worker") for what, amount in SIZE.items()}
WORKFLOW = ("Ray cluster", "Ray job", "Ray report", "Ray teardown")
TOKENS = {"v1": "planted-proxy-token-3d1c", "wrong": "planted-wrong-token-a60f"}
WAITS = "head not ready"
# A job that is cancelled loses its process group; where memory runs out, ansible-playbook alone may go.
ENDS: dict[str, Callable[[Job], None]] = {
    "cancelled": Job.cancel,
    "killed": lambda job: os.kill(job.child(), signal.SIGKILL),
}


class Controller:
    """What AWX knows: an execution environment, a project, the templates, and credentials."""

    def __init__(self, engine: Engine, stage: Stage, lab: Lab, folder: Path, proxy: str) -> None:
        state = lab.status().state
        assert state is not None
        self.engine, self.folder = engine, folder
        self._namespace = stage.room.name
        self.token = stage.room.token(MEMBER)
        host, authority = f"https://127.0.0.1:{state.ports['kube-apiserver']}", lab.layout.pki.crt("ca")
        ours, files = engine.core / TYPE, folder / "files"
        self.credentials: dict[str, Credential] = {
            "kubernetes": bearer(host, self.token, authority),
            "wrong": bearer(host, TOKENS["wrong"], authority),
            "v1": of_type(ours, files, api="apiserver_v1", url=proxy, token=TOKENS["v1"]),
            "v2": of_type(ours, files, api="apiserver_v2", url=state.apiserver, token=f"Bearer {self.token}"),
        }
        pattern: Json = json.loads((engine.core / PATTERN / "meta" / "pattern.json").read_text("utf-8"))
        self._templates = {one["name"]: one for one in pattern["aap_resources"]["controller_job_templates"]}

    def template(self, name: str, credential: str, before: Json) -> Job:
        """A job of a template, with an answer to each question of its survey and what steps ``before`` it have left."""
        template = self._templates[name]
        asked = [(one["variable"], one.get("default", "")) for one in template["survey"]["spec"]]
        answers = {variable: ANSWERS.get(variable, default) for variable, default in asked}
        playbook = str(PATTERN / "playbooks" / template["playbook"])
        return self._job(playbook, {**LAUNCH, **answers, **before}, credential, self.engine.core)

    def slow(self, name: str, project: Path) -> Job:
        """A job of a project of one's own: a cluster whose head takes its time."""
        task = manage(name, name, namespace="{{ kuberay_namespace }}", **wish(head={"annotations": SLOW}))
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
        (project / f"{name}.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
        return self._job(f"{name}.yml", {}, "kubernetes", project)

    def _job(self, playbook: str, answers: Json, credential: str, project: Path) -> Job:
        folder = self.folder / str(len(list(self.folder.iterdir())))
        given = {**answers, "kuberay_namespace": self._namespace}
        return self.engine.job(folder, playbook, given, self.credentials[credential], project)


@pytest.fixture(scope="module")
def controller(stage: Stage, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    """Its folders have short names: a job makes a socket there, and a socket's path has 107 letters at most."""
    try:
        engine = Engine.made(tmp_path_factory.mktemp("ee"))
    except pythons.Missing as problem:
        pytest.skip(str(problem))
    with serving(front_of(lab, token=TOKENS["v1"]).answer) as proxy:
        yield Controller(engine, stage, lab, tmp_path_factory.mktemp("r"), proxy)


@dataclass(frozen=True)
class Story:
    """A job that was ended while it waited, what ran of it before and after, and the next one, which goes on."""

    first: Job
    ran: dict[int, str]
    left: dict[int, str]
    found: Any
    again: Job


@pytest.fixture(scope="module")
def stories(
    controller: Controller, stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Story]]:
    """Every way to end a job, side by side."""
    project = tmp_path_factory.mktemp("p")
    first, again = ({name: controller.slow(name, project) for name in ENDS} for _ in range(2))
    try:
        yield _told(first, again, stage)
    finally:
        for job in (*first.values(), *again.values()):
            job.cancel()
            job.end()


def _told(first: dict[str, Job], again: dict[str, Job], stage: Stage) -> dict[str, Story]:
    ran, found, left = {}, {}, {}
    for job in first.values():
        job.start()
    for name, job in first.items():
        assert wait_until(lambda job=job: WAITS in job.stdout, SECONDS), str(job)
        ran[name] = job.processes()
        ENDS[name](job)
    for name, job in first.items():
        job.end()
        wait_until(lambda job=job: not job.processes(), SECONDS)
        found[name], left[name] = stage.room.get(name), job.processes()
    for job in again.values():
        job.start()
    return {name: Story(first[name], ran[name], left[name], found[name], again[name]) for name in ENDS}


@pytest.fixture(scope="module")
def jobs(controller: Controller, stories: dict[str, Story]) -> dict[str, Job]:
    """The steps of the workflow, some with other credentials, while the jobs of ``stories`` wait.

    V1 sees only what was made through it.
    """
    steps = [
        ("Ray cluster", "kubernetes", "Ray cluster", []),
        ("again", "kubernetes", "Ray cluster", []),
        ("Ray job", "kubernetes", "Ray job", ["Ray cluster"]),
        ("Ray report", "kubernetes", "Ray report", ["Ray cluster", "Ray job"]),
        ("v2", "v2", "Ray report", []),
        ("wrong", "wrong", "Ray report", []),
        ("Ray teardown", "kubernetes", "Ray teardown", ["Ray cluster", "Ray job", "Ray report"]),
        ("no success", "kubernetes", "Ray teardown", ["Ray cluster", "Ray report"]),
        ("v1", "v1", "Ray teardown", []),
    ]
    done: dict[str, Job] = {}
    for label, credential, name, before in steps:
        left: Json = {}
        for step in before:
            left |= done[step].left_for_later()
        done[label] = controller.template(name, credential, left).run()
    return done


@pytest.mark.parametrize("step", [*WORKFLOW, "again", "v1", "v2"])
def test_a_step_succeeds_by_what_a_survey_and_a_credential_give(jobs: dict[str, Job], step: str) -> None:
    assert jobs[step].status == "successful", str(jobs[step])


def test_events_have_the_facts(jobs: dict[str, Job]) -> None:
    made, again = (jobs[step].results()["The cluster, ready to use"] for step in ("Ray cluster", "again"))
    assert (made["changed"], made["cluster"]["state"], made["cluster"]["workers"]["ready"]) == (True, "ready", 1)
    assert (again["changed"], again["action"]) == (False, "none")
    assert jobs["Ray job"].results()["The job, finished"]["job"]["status"] == "SUCCEEDED"


def test_an_answer_is_no_template(jobs: dict[str, Job]) -> None:
    for door in ("Ray report", "v2"):
        assert jobs[door].results()["The job as it is"]["jobs"][0]["log"].splitlines()[-1] == TEXT


def test_events_are_whole(jobs: dict[str, Job]) -> None:
    for job in jobs.values():
        assert [event["counter"] for event in job.events] == list(range(1, len(job.events) + 1))
        assert job.events[-1]["event"] == "playbook_on_stats"


def test_somebody_who_looks_at_the_job_sees_its_progress(jobs: dict[str, Job]) -> None:
    told = "".join(event["stdout"] for event in jobs["Ray job"].events)
    assert "count: running" in told


def test_a_step_leaves_a_little_for_the_next_ones(jobs: dict[str, Job]) -> None:
    left = {name: jobs[name].left_for_later() for name in WORKFLOW}
    assert left["Ray cluster"]["kuberay_cluster"]["state"] == "ready"
    assert left["Ray job"]["kuberay_job"]["status"] == "SUCCEEDED"
    assert left["Ray report"]["kuberay_report"]["state"] == "succeeded"
    assert left["Ray teardown"]["kuberay_deleted"]["cluster"] is True


def test_a_workflow_whose_job_did_not_succeed_fails_at_its_end(jobs: dict[str, Job]) -> None:
    assert jobs["no success"].status == "failed"
    assert "did not succeed" in jobs["no success"].results()["Its job has to have succeeded"]["msg"]


def test_a_report_through_the_apiserver_is_the_same(jobs: dict[str, Job]) -> None:
    assert jobs["v2"].left_for_later() == jobs["Ray report"].left_for_later()


def test_a_wrong_credential_is_told_and_not_shown(jobs: dict[str, Job]) -> None:
    assert jobs["wrong"].status == "failed"
    assert "Unauthorized" in jobs["wrong"].results()["The job as it is"]["msg"]


def test_no_event_and_no_artifact_shows_a_token(
    jobs: dict[str, Job], stories: dict[str, Story], controller: Controller
) -> None:
    tokens = {"kubernetes": controller.token, **TOKENS}
    for name, job in {**jobs, **{name: story.first for name, story in stories.items()}}.items():
        files = [file for file in job.artifacts.rglob("*") if file.is_file()]
        shown = {token: [file.name for file in files if tokens[token] in file.read_text("utf-8")] for token in tokens}
        # What was started with which environment is ansible-runner's own record, which AWX does not keep.
        own = name if name in TOKENS else "kubernetes"
        assert shown == {token: ["command"] * (token == own) for token in tokens}, name


@pytest.mark.parametrize("end", ENDS)
def test_a_job_that_is_ended_leaves_its_object_and_no_process(stories: dict[str, Story], end: str) -> None:
    story = stories[end]
    # ansible-runner, ansible-playbook, and the worker that waits.
    assert len(story.ran) >= 3, story.ran
    assert story.left == {}
    assert story.found is not None


@pytest.mark.parametrize("end", ENDS)
def test_the_next_job_finds_the_object_and_waits_on(stories: dict[str, Story], end: str) -> None:
    again = stories[end].again.end()
    assert again.status == "successful", str(again)
    result = again.results()[end]
    assert (result["action"], result["cluster"]["state"]) == ("none", "ready")


def test_a_job_that_is_ended_is_told_as_such(stories: dict[str, Story]) -> None:
    told = {name: story.first.status for name, story in stories.items()}
    assert told == {"cancelled": "canceled", "killed": "failed"}
