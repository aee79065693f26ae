# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's stand-in in the lab has rules of its own: where ours are certain of a refusal, it refuses too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import GATES

from tests.lab.operator import raycronjob_rules, rayjob_rules, rayservice_rules, rules
from tests.unit.lint.rows import OPERATOR, Row
from tests.unit.lint.test_rules import ROWS

Json = dict[str, Any]


REFUSALS: dict[str, Callable[[Json], Any]] = {
    "RayCluster": rules.refusal,
    "RayJob": rayjob_rules.refusal,
    "RayService": rayservice_rules.refusal,
    "RayCronJob": raycronjob_rules.refusal,
}


def _is_comparable(row: Row) -> bool:
    """The stand-in is 1.7.0 with the gates as they are by default."""
    on = {gate.name for gate in GATES if gate.default(None)}
    return row.version == "1.7.0" and all(row.gates[name] for name in on)


# Refused is the RayCluster that is made, not who makes it; and the stand-in reads YAML as Python does.
ELSEWHERE = {("upgrade-strategy-of-cluster", kind) for kind in ("RayJob", "RayService", "RayCronJob")}
GOS_YAML = "runtime-env"

COMPARABLE = [row for row in ROWS if _is_comparable(row) and (row.rule, row.kind) not in ELSEWHERE]
REFUSED = [row for row in COMPARABLE if row.by == OPERATOR and (row.certain or row.kind == "RayCluster")]
each_refused = pytest.mark.parametrize("row", REFUSED, ids=[f"{row.rule}-{i}" for i, row in enumerate(REFUSED)])


@each_refused
def test_what_is_certain_is_refused(row: Row) -> None:
    assert row.certain
    assert REFUSALS[row.kind](row.broken) is not None


@each_refused
def test_what_passes_is_taken_as_far_as_its_gate_is_on(row: Row) -> None:
    refused = REFUSALS[row.kind](row.fine)
    assert refused is None or "feature gate" in str(refused) or row.rule == GOS_YAML


@pytest.mark.parametrize("row", [row for row in COMPARABLE if row.rule == "restart-policy-v1"])
def test_what_only_warns_is_only_complained_of(row: Row) -> None:
    assert rules.refusal(row.broken) is None
    assert rules.complaint(row.broken) is not None
    assert rules.complaint(row.fine) is None
