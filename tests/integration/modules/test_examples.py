# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the modules' documentation, run as they stand there."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.modules.room import Stage
from tests.integration.patience import SECONDS
from tests.lab.processes import wait_until

pytestmark = pytest.mark.usefixtures("everywhere")

MODULES = Path(__file__).resolve().parents[3] / "plugins" / "modules"
NAMESPACE = "ray"


def examples(module: str) -> list[dict[str, Any]]:
    """The tasks in a module's EXAMPLES."""
    tree = ast.parse((MODULES / f"{module}.py").read_text())
    texts = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}  # type: ignore[attr-defined]
    tasks = yaml.safe_load(ast.literal_eval(texts["EXAMPLES"]))
    assert tasks
    return list(tasks)


@pytest.mark.parametrize("module", sorted(path.stem for path in MODULES.glob("kuberay_*.py")))
def test_the_examples_run(stage: Stage, module: str) -> None:
    stage.room.api.request("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    account = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default"
    assert wait_until(lambda: stage.room.api.get(account), SECONDS), f"no service account in {NAMESPACE}"
    run = stage.succeed(*examples(module))
    assert [outcome.status for outcome in run.outcomes] == ["ok"] * len(examples(module))
