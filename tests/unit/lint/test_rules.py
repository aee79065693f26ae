# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule, by an object that breaks it alone and one that is just inside it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint import shape
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import ALL_JOB_RULES, CLUSTER_RULES, KINDS, lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.services import SERVICE_RULES
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import parse_version

from tests.unit.lint import rows_cluster, rows_cluster_parts, rows_job, rows_service
from tests.unit.lint.rows import Row

ROWS = (*rows_cluster.ROWS, *rows_cluster_parts.ROWS, *rows_job.ROWS, *rows_service.ROWS)
TABLES = (CLUSTER_RULES, ALL_JOB_RULES, SERVICE_RULES)
each_row = pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind}-{row.rule}-{i}" for i, row in enumerate(ROWS)])


def _names() -> set[str]:
    of_kinds = {rule.name for kind in KINDS.values() for rule in kind.rules}
    return {rule.name for table in TABLES for rule in table} | of_kinds | set(shape.NAMES)


def test_every_rule_has_a_row() -> None:
    assert {row.rule for row in ROWS} == _names()


@pytest.mark.parametrize("table", [*TABLES, *(kind.rules for kind in KINDS.values())], ids=lambda table: table[0].name)
def test_no_two_rules_of_a_table_have_one_name(table: tuple[Any, ...]) -> None:
    names = [rule.name for rule in table]
    assert sorted(set(names)) == sorted(names)


@each_row
def test_what_breaks_a_rule_is_found_where_it_is(row: Row) -> None:
    findings = lint(row.broken, parse_version(row.version), row.gates)
    assert [(finding.rule, finding.path, finding.certain) for finding in findings] == [
        (row.rule, row.path, row.certain)
    ]


@each_row
def test_what_is_just_inside_a_rule_passes(row: Row) -> None:
    assert lint(row.fine, parse_version(row.version), row.gates) == []


@each_row
def test_a_message_is_one_line_that_says_what_to_do(row: Row) -> None:
    (finding,) = lint(row.broken, parse_version(row.version), row.gates)
    assert finding.message
    assert "\n" not in finding.message
    assert str(finding) == f"{finding.path}: {finding.message}"
