# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lint of whole objects: every kind, live objects and wishes, and objects that make no sense at all."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import KINDS, lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import NEWEST, parse_version
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import cluster, worker
from tests.unit.lint import rows_cluster, rows_cluster_parts
from tests.unit.lint.rows import Row, cron_job, head, job, service, with_metadata
from tests.unit.lint.test_rules import ROWS

Json = dict[str, Any]
PARTS = (rows_cluster.GROUPS, rows_cluster.AUTOSCALER, rows_cluster_parts.NETWORK, rows_cluster_parts.HISTORY)
CLUSTERS = [row for rows in PARTS for row in rows]
EMBEDDED = {
    "RayJob": (lambda spec: job(cluster_spec=spec), "spec.rayClusterSpec"),
    "RayService": (lambda spec: service(cluster_spec=spec), "spec.rayClusterConfig"),
    "RayCronJob": (lambda spec: cron_job(job(cluster_spec=spec)), "spec.jobTemplate.rayClusterSpec"),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=4), below, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize("kind", EMBEDDED)
@pytest.mark.parametrize("row", CLUSTERS, ids=[f"{row.rule}-{i}" for i, row in enumerate(CLUSTERS)])
def test_the_rules_of_a_cluster_hold_wherever_it_stands(row: Row, kind: str) -> None:
    made, at = EMBEDDED[kind]
    version = parse_version(row.version)
    alone = lint(row.broken, version, row.gates)
    inside = [one for one in lint(made(row.broken["spec"]), version, row.gates) if one.path.startswith(at)]
    assert [(one.rule, one.path.replace("spec.", f"{at}.", 1), one.certain) for one in alone] == [
        (one.rule, one.path, one.certain) for one in inside
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_object_breaks_rules_and_no_code(kind: str) -> None:
    for bare in ({}, {"metadata": None, "spec": None}, {"metadata": [], "spec": "x"}):
        found = lint({"kind": kind, **bare}, None)
        assert "name-characters" in [finding.rule for finding in found]


@pytest.mark.parametrize("resource", [{}, {"kind": "Deployment"}, {"kind": None}, {"kind": ["RayCluster"]}])
def test_what_is_no_kind_of_ray_breaks_no_rule(resource: Json) -> None:
    assert lint(resource, None) == []


def test_a_live_object_with_defaults_and_nulls_passes() -> None:
    nulls = dict.fromkeys(("replicas", "resources", "labels", "scaleStrategy"))
    live = cluster(worker("a", **nulls, minReplicas=0, maxReplicas=2147483647), authOptions=None)
    assert lint({**live, "status": {"state": "ready"}}, NEWEST) == []


def test_a_group_may_leave_its_bounds_to_the_defaults() -> None:
    group = {field: value for field, value in worker("a").items() if not field.endswith("eplicas")}
    assert lint(cluster(group), None) == []


@pytest.mark.parametrize("replicas", [0, 9])
def test_the_operator_brings_replicas_into_their_range_itself(replicas: int) -> None:
    assert lint(cluster(worker("a", replicas=replicas, minReplicas=1, maxReplicas=3)), None) == []


def test_a_cluster_gets_the_annotations_of_its_job_and_none_of_its_cron_jobs() -> None:
    spec = {"headGroupSpec": head(env={"RAY_REDIS_ADDRESS": "redis:6379"})}
    annotations = {"ray.io/ft-enabled": "true"}
    assert lint(with_metadata(job(cluster_spec=spec), annotations=annotations), NEWEST) == []
    found = lint(with_metadata(cron_job(job(cluster_spec=spec)), annotations=annotations), NEWEST)
    assert "redis-address-variable" in [finding.rule for finding in found]


def test_several_broken_rules_are_all_told() -> None:
    found = lint(cluster(worker("a", minReplicas=4), worker("a", template={})), None)
    assert [finding.rule for finding in found] == ["container-needed", "group-name-once", "replicas-bounds-order"]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every mapping and list in an object with each of its keys."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


@given(row=st.sampled_from(ROWS), chosen=st.integers(min_value=0), value=ANYTHING)
def test_no_value_anywhere_breaks_the_rules_themselves(row: Row, chosen: int, value: Any) -> None:
    resource = copy.deepcopy(row.broken)
    places = _places(resource["spec"]) + _places(resource["metadata"])
    holder, key = places[chosen % len(places)]
    holder[key] = value
    for finding in lint(resource, NEWEST):
        assert finding.path
        assert "\n" not in finding.message
