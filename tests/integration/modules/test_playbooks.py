# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's playbooks by their names, with answers as a survey gives them: texts, some of them empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checks import tree
from tests.integration.modules.room import Stage
from tests.integration.modules.words import manifest
from tests.integration.playbook import Run

Json = dict[str, Any]
SIZES = {
    f"kuberay_{whose}_{what}": amount
    for whose in ("head", "worker")
    for what, amount in {"cpu": "100m", "memory": "128Mi"}.items()
}
SMALL: Json = {"kuberay_ray_version": "2.52.0", "kuberay_image": "", "kuberay_worker_gpu": "", **SIZES}
# In the order in which they are run; each twice, and the second time nothing changes.
FLOW: dict[str, Json] = {
    "cluster": {
        **SMALL,
        "kuberay_name": "demo",
        "kuberay_workers": "2",
        "kuberay_max_workers": "",
        "kuberay_autoscaling": "",
    },
    "job_on_cluster": {
        "kuberay_name": "report",
        "kuberay_cluster_name": "demo",
        "kuberay_entrypoint": "python -c 'print(40 + 2)'",
        "kuberay_runtime_env": "",
        "kuberay_rerun": "",
        "kuberay_deadline": "600",
    },
    "report": {"kuberay_name": "report"},
    "suspend": {"kuberay_name": "", "kuberay_label_selector": ""},
    "resume": {"kuberay_name": "demo"},
    "job": {
        **SMALL,
        "kuberay_name": "batch",
        "kuberay_workers": "",
        "kuberay_entrypoint": "python -c 'import os; print(os.environ[chr(65)])'",
        "kuberay_runtime_env": "env_vars: {A: alpha}",
        "kuberay_keep_seconds": "600",
    },
    "service": {
        **SMALL,
        "kuberay_name": "shop",
        "kuberay_workers": "0",
        "kuberay_upgrade_type": "",
        "kuberay_serve_config": "applications: [{name: shop, import_path: 'greeting:app', args: {greeting: welcome}}]",
    },
    "cronjob": {
        **SMALL,
        "kuberay_name": "nightly",
        "kuberay_schedule": "30 2 * * *",
        "kuberay_time_zone": "Europe/Zurich",
        "kuberay_paused": "",
        "kuberay_entrypoint": "python -c 'print(7)'",
        "kuberay_workers": "",
    },
    "teardown": {"kuberay_name": "demo"},
    "apply": {"kuberay_namespace": "", "kuberay_state": "", "kuberay_parallel": "2", "kuberay_timeout": "300"},
}

ONLY_READ = {"report"}
# It needs AWX; test_controller.py runs it without.
NOT_RUN = {"controller"}
# They need kubernetes.core: molecule's scenarios and tests/integration/roles run them.
INSTALLING = {"install", "onboard_team", "smoke_test", "uninstall", "upgrade"}


def play(stage: Stage, book: str, answers: Json, **options: Any) -> Run:
    if answers.get("kuberay_name") == "shop":
        path = f"/api/v1/namespaces/{stage.room.name}/services/shop-serve-svc:8000/proxy/"
        answers = {**answers, "kuberay_probe_url": f"{stage.wire.url}{path}"}
    environment = {"K8S_AUTH_KUBECONFIG": str(stage.kubeconfig), "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    prepared = stage.prepare(
        [], books=[f"kuberay.core.{book}"], connection={}, variables=answers, environment=environment, **options
    )
    return prepared.run()


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two clusters."""
    folder = tmp_path_factory.mktemp("fleet")
    for name in ("blue", "green"):
        (folder / f"{name}.json").write_text(json.dumps(manifest(name, "small")), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def runs(stage: Stage, manifests: Path) -> dict[str, tuple[Run, Run]]:
    """Every playbook, twice."""
    flow = {**FLOW, "apply": {**FLOW["apply"], "kuberay_manifests": str(manifests)}}
    return {book: (play(stage, book, answers), play(stage, book, answers)) for book, answers in flow.items()}


def test_every_playbook_is_run() -> None:
    assert set(FLOW) | INSTALLING | NOT_RUN == {file.stem for file in (tree.ROOT / "playbooks").glob("*.yml")}


@pytest.mark.parametrize("book", FLOW)
def test_a_second_run_changes_nothing(runs: dict[str, tuple[Run, Run]], book: str) -> None:
    first, second = runs[book]
    assert (first.code, second.code) == (0, 0), f"{first}{second}"
    assert ("changed=0" in first.stdout) is (book in ONLY_READ)
    assert "changed=0" in second.stdout


def test_each_leaves_a_little_for_later_steps(runs: dict[str, tuple[Run, Run]]) -> None:
    told = {book: run.outcomes[-1]["ansible_stats"]["data"] for book, (run, _) in runs.items()}
    assert told["cluster"]["kuberay_cluster"]["state"] == "ready"
    assert told["cluster"]["kuberay_cluster"]["dashboard"].startswith("http://demo-head-svc.")
    for book in ("job", "job_on_cluster"):
        assert told[book]["kuberay_job"]["status"] == "SUCCEEDED"
    assert told["report"]["kuberay_report"].items() >= {"name": "report", "state": "succeeded"}.items()
    assert told["suspend"]["kuberay_suspended"] == told["resume"]["kuberay_resumed"] == ["demo"]
    assert told["teardown"]["kuberay_deleted"] == {"job": False, "service": False, "cluster": True}
    service = told["service"]["kuberay_service"]
    assert (service["state"], service["rollout"], service["cluster"][:5]) == ("ready", "new_cluster", "shop-")
    assert service["serve"].startswith("http://shop-serve-svc.")
    assert told["cronjob"]["kuberay_cronjob"]["state"] == "scheduled"
    assert (told["apply"]["kuberay_applied"]["create"], told["apply"]["kuberay_applied"]["failed"]) == (2, 0)
    assert all(name.startswith("kuberay_") for data in told.values() for name in data)


def test_the_answers_arrive(runs: dict[str, tuple[Run, Run]]) -> None:
    cluster = runs["cluster"][0]["The cluster, ready to use"]["cluster"]
    assert (cluster["workers"]["ready"], cluster["worker_groups"][0]["max_replicas"]) == (2, 2)
    assert runs["service"][0]["It has to answer"]["content"] == "welcome"
    assert runs["cronjob"][0]["The cron job"]["cronjob"]["time_zone"] == "Europe/Zurich"
    assert runs["report"][0]["What became of it"]["msg"][-1][-1] == "42"
    assert runs["job"][0]["The job, finished"]["job"]["log"].splitlines()[-1] == "alpha"


@pytest.mark.parametrize(
    ("book", "answers", "words"),
    [
        ("cluster", {}, ["kuberay_name"]),
        ("apply", {}, ["kuberay_manifests"]),
        ("apply", {"kuberay_manifests": "nowhere", "kuberay_state": "gone"}, ["kuberay_state"]),
        ("apply", {"kuberay_manifests": "nowhere"}, ["src: nowhere cannot be read"]),
        ("job", {"kuberay_name": "x", "kuberay_entrypoint": "true", "kuberay_rerun": "sometimes"}, ["kuberay_rerun"]),
        ("report", {"kuberay_name": "nobody"}, ["kuberay_name: there is no job nobody"]),
        ("cluster", {**SMALL, "kuberay_name": "x", "kuberay_workers": "two"}, ["worker_groups", "two"]),
    ],
)
def test_a_wrong_answer_is_told_by_its_name(stage: Stage, book: str, answers: Json, words: list[str]) -> None:
    run = play(stage, book, answers)
    assert run.code != 0
    for word in words:
        assert word in run.outcomes[-1].message + str(run.outcomes[-1].result.get("argument_errors"))


def test_check_mode_predicts_and_makes_nothing(stage: Stage) -> None:
    run = play(stage, "cluster", {**SMALL, "kuberay_name": "predicted"}, check=True)
    assert run.code == 0, str(run)
    assert stage.room.get("predicted") is None


def test_what_was_applied_can_be_deleted(stage: Stage, runs: dict[str, tuple[Run, Run]], manifests: Path) -> None:
    assert runs["apply"][1].code == 0
    run = play(stage, "apply", {"kuberay_manifests": str(manifests), "kuberay_state": "absent"})
    assert run.code == 0, str(run)
    assert [stage.room.get(name) for name in ("blue", "green")] == [None, None]
