# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clusters that are on their way out while somebody wants them, and pods that are to stay."""

from __future__ import annotations

import pytest

from tests.integration.modules.room import WAYS, Stage, written
from tests.integration.modules.words import CHECK, manage, wish

SLOW_END = {"lab.kuberay.core/terminates-after": "4"}


@pytest.mark.parametrize("way", WAYS)
def test_a_cluster_that_is_being_deleted_is_waited_for_and_made_again(stage: Stage, way: str) -> None:
    name = f"again-{way.split()[0]}"
    slow = wish(head={"annotations": SLOW_END})
    run = stage.succeed(
        manage("make", name, **slow),
        manage("let go", name, state="absent", wait=False),
        manage("predict", name, CHECK, **slow),
        manage("make again", name, **slow),
        way=way,
    )
    assert written(stage.requests(run, "predict")) == []
    for task in ("predict", "make again"):
        assert (run[task]["action"], run[task]["changed"]) == ("create", True), task
    assert run["make again"]["cluster"]["state"] == "ready"
    assert run["make again"]["cluster"]["uid"] != run["make"]["cluster"]["uid"]


def test_orphaned_pods_stay_and_are_not_waited_for(stage: Stage) -> None:
    run = stage.succeed(
        manage("make", "left-alone", **wish()),
        manage("delete", "left-alone", state="absent", delete_options={"propagation_policy": "Orphan"}),
    )
    assert run["delete"]["action"] == "delete"
    assert stage.room.get("left-alone") is None
    assert len(stage.room.pods("left-alone")) == 1
