# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lint filter in playbooks, without Kubernetes: the examples of its documentation, and what a mistake gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.filter import lint

from tests.integration.playbook import Play
from tests.unit.lint.rows import cron_job, job, small

Json = dict[str, Any]
pytestmark = pytest.mark.contract
MISTAKES = {
    "text": ("{{ 'kind: RayCluster' | kuberay.core.lint }}", "from_yaml"),
    "float": ("{{ {} | kuberay.core.lint(kuberay_version=1.7) }}", "needs quotes"),
}


def _folder(short: Path, *manifests: Json) -> Path:
    """A folder with the manifests in the file that the examples read, each followed by ``---``."""
    text = "".join(f"{yaml.safe_dump(manifest)}---\n" for manifest in manifests)
    (short / "ray.yml").write_text(text, encoding="utf-8")
    return short


def _examples() -> list[Json]:
    return list(yaml.safe_load(lint.EXAMPLES))


def test_the_examples_run(short: Path) -> None:
    run = Play(_folder(short, small(), job(), cron_job()), _examples()).run()
    assert run.code == 0, run
    assert len(run.outcomes) == len(_examples())


def test_the_examples_stop_at_what_would_be_refused(short: Path) -> None:
    warned = small(replicas=-1)
    run = Play(_folder(short, job(), small(minReplicas=4), warned), _examples()).run()
    assert run.code != 0
    *_, last = run.outcomes
    assert last.name == "Stop at what KubeRay would refuse"
    assert "minReplicas 4 is above maxReplicas 3" in last.message
    assert "RayCluster demo: spec.workerGroupSpecs[small].replicas" in run.stdout


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(short: Path, mistake: str) -> None:
    expression, word = MISTAKES[mistake]
    run = Play(short, [{"name": "misuse", "ansible.builtin.debug": {"msg": expression}}]).run()
    assert run["misuse"].failed
    assert word in run["misuse"].message
