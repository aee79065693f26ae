# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worker groups that go, clusters that sleep, and the dry runs before."""

from __future__ import annotations

import pytest

from tests.integration.modules.room import Stage, outside_the_wait, written
from tests.integration.modules.words import CHECK, group, info, manage, wish
from tests.integration.playbook import Run

BOTH = wish(group("stays"), group("goes"))
ONE = wish(group("stays"))


@pytest.fixture(scope="module")
def changes(stage: Stage, way: str) -> Run:
    """One play: keep a group that is not named, purge it, suspend, resume; each predicted before."""
    name = f"changing-{way.replace(' ', '-')}"
    return stage.succeed(
        manage("make", name, **BOTH),
        manage("keep", name, purge_worker_groups=False, **ONE),
        manage("keep again", name, purge_worker_groups=False, **ONE),
        info("kept", name=name, gather=["pods"]),
        manage("predict purge", name, CHECK, **ONE),
        info("not purged", name=name, gather=["pods"]),
        manage("purge", name, **ONE),
        info("purged", name=name, gather=["pods"]),
        manage("purge again", name, **ONE),
        manage("predict suspend", name, CHECK, suspend=True, **ONE),
        info("not suspended", name=name, gather=["pods"]),
        manage("suspend", name, suspend=True, **ONE),
        info("suspended", name=name, gather=["pods"]),
        manage("suspend again", name, suspend=True, **ONE),
        manage("resume", name, suspend=False, **ONE),
        info("resumed", name=name, gather=["pods"]),
        manage("delete", name, state="absent"),
        way=way,
    )


def pods(run: Run, task: str) -> list[str]:
    return sorted(pod["group"] for pod in run[task]["clusters"][0]["pods"])


def test_a_group_that_is_not_named_stays_where_purging_is_off(changes: Run) -> None:
    assert not [reason for reason in changes["keep"]["reasons"] if reason["path"].startswith("spec")]
    assert changes["keep again"]["changed"] is False
    assert pods(changes, "kept") == ["goes", "head", "stays"]


def test_a_purged_group_leaves_no_pod(changes: Run) -> None:
    purged = changes["purge"].result
    assert (purged["action"], [one["path"] for one in purged["reasons"]]) == ("patch", ["spec.workerGroupSpecs[goes]"])
    assert purged["cluster"]["state"] == "ready"
    assert pods(changes, "purged") == ["head", "stays"]
    assert changes["purge again"]["changed"] is False


def test_suspending_takes_the_pods_and_resuming_brings_them_back(changes: Run) -> None:
    assert changes["suspend"]["cluster"]["state"] == "suspended"
    assert pods(changes, "suspended") == []
    assert changes["suspended"]["clusters"][0]["suspended"] is True
    assert changes["suspend again"]["changed"] is False
    assert changes["resume"]["reasons"] == [{"path": "spec.suspend", "from": True, "to": False}]
    assert changes["resume"]["cluster"]["state"] == "ready"
    assert pods(changes, "resumed") == ["head", "stays"]


@pytest.mark.parametrize(("task", "after"), [("purge", "not purged"), ("suspend", "not suspended")])
def test_check_mode_of_a_purge_and_of_a_suspension_sends_dry_runs_only(
    changes: Run, stage: Stage, task: str, after: str
) -> None:
    requests = stage.requests(changes, f"predict {task}")
    assert outside_the_wait(requests) == ["GET rayclusters", "PATCH rayclusters"]
    assert written(requests) == []
    predicted, done = changes[f"predict {task}"].result, changes[task].result
    assert (predicted["action"], predicted["changed"]) == (done["action"], done["changed"]) == ("patch", True)
    assert predicted["reasons"] == done["reasons"]
    assert "head" in pods(changes, after)


def test_a_suspended_cluster_that_is_as_wished_costs_one_read(changes: Run, stage: Stage) -> None:
    for task in ("suspend again", "purge again", "keep again"):
        assert [one.method for one in stage.requests(changes, task)] == ["GET"], task
