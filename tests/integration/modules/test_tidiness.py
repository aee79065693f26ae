# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run leaves behind, shows and costs besides its result."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.integration.modules.room import SHIPPED, WAYS, Stage, written
from tests.integration.modules.words import CHECK, MAY_FAIL, SLOW_START, group, info, manage, wish
from tests.integration.patience import SECONDS
from tests.lab.lab import Lab
from tests.lab.processes import wait_until

Json = dict[str, Any]


@pytest.mark.parametrize("way", WAYS)
def test_no_file_is_left_behind(stage: Stage, lab: Lab, way: str) -> None:
    inline = json.loads(lab.layout.kubeconfig.read_text(encoding="utf-8"))
    assert inline["users"][0]["user"]["client-key-data"]
    by_file = {"kubeconfig": str(lab.layout.kubeconfig), "namespace": stage.room.name}
    by_value = {"kubeconfig": inline, "namespace": stage.room.name}
    play = stage.prepare(
        [
            manage("by file", "tidy", wait=False, **by_file, **wish()),
            manage("by value", "tidy", wait=False, **by_value, **wish()),
            manage("in check mode", "tidy", CHECK, **by_file, **wish(group("new"))),
            manage("waiting", "tidy", {**MAY_FAIL, "timeout": 2}, **by_file, **wish(head={"annotations": SLOW_START})),
            manage("failing", "No_Name", MAY_FAIL, **by_value, **wish()),
            info("looped", {"loop": [1, 2]}, **by_file),
        ],
        way,
        connection={},
    )
    run = play.run()
    assert run.code == 0, str(run)
    assert play.left_behind() == []
    key = inline["users"][0]["user"]["client-key-data"]
    assert key not in str(run)


def test_the_group_of_module_defaults_sets_the_connection_once(stage: Stage) -> None:
    run = stage.succeed(
        info("look"),
        manage("gone", "nobody", state="absent"),
        info("overridden", MAY_FAIL, kubeconfig="/nowhere/config"),
    )
    assert (run["look"]["changed"], run["gone"]["changed"]) == (False, False)
    assert "/nowhere/config" in run["overridden"].message


def test_a_loop_asks_once_an_item_over_one_connection(stage: Stage) -> None:
    run = stage.succeed(info("looped", {"loop": [1, 2, 3, 4, 5]}, name="nobody-{{ item }}"))
    requests = stage.requests(run, "looped")
    assert [one.path.rpartition("/")[2] for one in requests] == [f"nobody-{number}" for number in range(1, 6)]
    assert len({one.client for one in requests}) == 1


def test_no_log_hides_the_progress_and_the_result(stage: Stage) -> None:
    run = stage.succeed(
        manage("hidden", "quiet", {"no_log": True}, **wish()),
        manage("shown", "loud", **wish()),
    )
    assert "quiet" not in run.stdout + run.stderr
    assert "censored" in run["hidden"].result
    assert "loud: head ready, workers 0/0" in run.stderr
    assert "loud: " not in run.stdout


def test_credentials_are_never_shown(stage: Stage) -> None:
    token = stage.room.token()
    options = {"host": stage.wire.url, "namespace": stage.room.name, "api_key": token}
    for way in WAYS:
        run = stage.succeed(
            info("look", MAY_FAIL, **options), way=way, connection={}, verbosity=3, environment={"ANSIBLE_DEBUG": "0"}
        )
        assert run["look"]["error"]["status"] == 403
        assert token not in str(run)


def test_a_run_that_is_killed_leaves_the_object_and_no_process(stage: Stage) -> None:
    slow = wish(head={"annotations": SLOW_START})
    play = stage.prepare([manage("wait", "orphan", **slow)])
    process = play.start()
    try:
        # Three watches: the object's, its pods' and its events'. The task waits by then.
        assert wait_until(lambda: len(watches(stage, "orphan")) >= 3, SECONDS)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert wait_until(lambda: not play.processes(), SECONDS), play.processes()
    assert play.left_behind() == []
    found = stage.succeed(manage("again", "orphan", wait_for="created", **slow))
    assert found["again"]["reasons"] == []
    assert len(written([one for one in stage.wire.requests if "/orphan" in one.path or "orphan" in str(one.body)])) == 1


def watches(stage: Stage, name: str) -> list[str]:
    return [str(one) for one in stage.wire.requests if one.watching and name in str(one.query)]


def test_files_that_the_controller_has_are_found_for_a_shipped_module_too(stage: Stage, tmp_path: Path) -> None:
    play = stage.prepare([info("beside the playbook", kubeconfig="beside/config")], SHIPPED, connection={})
    files = play.folder / "files" / "beside"
    files.mkdir(parents=True)
    (files / "config").write_text(stage.kubeconfig.read_text(encoding="utf-8"), encoding="utf-8")
    run = play.run()
    assert run.code == 0, str(run)
    assert run["beside the playbook"]["clusters"] is not None
