# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's stand-in in the lab has rules of its own: where ours are certain of a cluster, it refuses too."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import GATES

from tests.lab.operator.rules import complaint, refusal
from tests.unit.lint.rows import OPERATOR, Row
from tests.unit.lint.test_rules import ROWS

Json = dict[str, Any]


def _is_comparable(row: Row) -> bool:
    """The stand-in is 1.7.0 with the gates as they are by default."""
    on = {gate.name for gate in GATES if gate.default(None)}
    return row.kind == "RayCluster" and row.version == "1.7.0" and all(row.gates[name] for name in on)


CLUSTERS = [row for row in ROWS if _is_comparable(row)]
REFUSED = [row for row in CLUSTERS if row.by == OPERATOR]
each_cluster = pytest.mark.parametrize("row", REFUSED, ids=[f"{row.rule}-{i}" for i, row in enumerate(REFUSED)])


@each_cluster
def test_what_is_certain_is_refused(row: Row) -> None:
    assert row.certain
    assert refusal(row.broken) is not None


@each_cluster
def test_what_passes_is_taken_as_far_as_its_gate_is_on(row: Row) -> None:
    refused = refusal(row.fine)
    assert refused is None or "feature gate" in refused.note


@pytest.mark.parametrize("row", [row for row in CLUSTERS if row.rule == "restart-policy-v1"])
def test_what_only_warns_is_only_complained_of(row: Row) -> None:
    assert refusal(row.broken) is None
    assert complaint(row.broken) is not None
    assert complaint(row.fine) is None
