# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a rule holds: versions of KubeRay that are known or not, and feature gates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import (
    GATES,
    Gate,
    only_off,
    only_on,
    parse_gates,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Context, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import (
    FIRST,
    NEWEST,
    Version,
    parse_version,
    read_version,
    release,
)

from tests.unit.builders import cluster, worker
from tests.unit.lint.rows import group, head, job, on_cluster, pods, service, small, with_metadata

Json = dict[str, Any]
OLD, NEW = release("1.4"), release("1.6")
ALPHA, BETA = Gate("Alpha"), Gate("Beta", on=release("1.6"))


@pytest.mark.parametrize(
    ("text", "version", "shown"),
    [
        ("1.7.0", Version(1, 7, 0), "1.7.0"),
        ("v1.7.0", Version(1, 7, 0), "1.7.0"),
        (" v1.5.1 ", Version(1, 5, 1), "1.5.1"),
        ("1.7.0-rc.1", Version(1, 7, 0), "1.7.0-rc.1"),
        ("v1.10.0+build", Version(1, 10, 0), "1.10.0+build"),
    ],
)
def test_a_version_is_read_in_every_spelling(text: str, version: Version, shown: str) -> None:
    assert parse_version(text) == version
    assert str(parse_version(text)) == shown


def test_a_version_without_a_patch_release_is_the_newest_of_them() -> None:
    assert release("1.5.2") < parse_version("1.5") < release("1.6")
    assert str(parse_version("1.5")) == "1.5"


def test_versions_are_compared_as_numbers() -> None:
    assert release("1.10") > release("1.9") > release("1.1.1") > release("1.1")
    assert str(release("1.5")) == "1.5.0"


@pytest.mark.parametrize("value", [1.7, 1.10, 1, True])
def test_a_number_is_no_version(value: Any) -> None:
    with pytest.raises(OptionError, match=r"kuberay_version: .* quotes"):
        parse_version(value)
    assert read_version(value) is None


@pytest.mark.parametrize("value", ["", "nightly", "1", "1.x", "1.7.0.1", "a1.7", None, ["1.7"]])
def test_what_is_no_version_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(OptionError, match=r"is no version of KubeRay, such as 1\.7\.0"):
        parse_version(value)
    assert read_version(value) is None


def _rule(**when: Any) -> Rule[Part]:
    return Rule("r", lambda part: iter([(part, "told")]), **when)


@pytest.mark.parametrize(
    ("when", "unknown", "old", "new"),
    [
        ({}, True, True, True),
        ({"since": NEW}, False, None, True),
        ({"since": NEW, "always": True}, True, None, True),
        ({"until": NEW}, None, True, None),
        ({"since": OLD, "until": NEW}, None, True, None),
        ({"warns": True}, False, False, False),
        ({"since": NEW, "warns": True}, False, None, False),
    ],
)
def test_a_rule_holds_for_its_versions(when: Json, unknown: bool | None, old: bool | None, new: bool | None) -> None:
    rule = _rule(**when)
    assert [rule.certainty(Context(version)) for version in (None, OLD, NEW)] == [unknown, old, new]


@pytest.mark.parametrize(
    ("needs", "unknown", "before", "after", "known_on", "known_off"),
    [
        (only_off(ALPHA), False, False, False, None, True),
        (only_off(BETA), None, False, None, None, True),
        (only_on(ALPHA), False, False, False, True, None),
        (only_on(BETA), True, False, True, True, None),
    ],
)
def test_a_gate_counts_as_its_version_has_it_unless_its_state_is_known(
    needs: Any,
    unknown: bool | None,
    before: bool | None,
    after: bool | None,
    known_on: bool | None,
    known_off: bool | None,
) -> None:
    rule = _rule(needs=needs)
    assert [rule.certainty(Context(version)) for version in (None, OLD, NEW)] == [unknown, before, after]
    for state, expected in ((True, known_on), (False, known_off)):
        assert rule.certainty(Context(NEW, {needs.gate.name: state})) is expected


def test_gates_are_told_by_name() -> None:
    assert parse_gates({"RayCronJob": True, "Other": False}) == {"RayCronJob": True, "Other": False}
    assert len({gate.name for gate in GATES}) == len(GATES)


@pytest.mark.parametrize("gates", [["RayCronJob"], "RayCronJob=true", {"RayCronJob": "true"}, {"RayCronJob": 1}])
def test_a_gate_is_on_or_off(gates: Any) -> None:
    with pytest.raises(OptionError, match=r"feature_gates.*true or false"):
        parse_gates(gates)


# What no operator makes anything of: refused without a version.
HOPELESS = [
    small(minReplicas=4),
    small(minReplicas=-1),
    small(replicas="2"),
    small(template={}),
    cluster(group(), group()),
    cluster(worker("")),
    cluster(authOptions={"mode": "token"}, rayVersion="2.50.0"),
    cluster(networkPolicy={"workerGroups": [{"groupName": "other"}]}),
    with_metadata(cluster(), "No_Name"),
    with_metadata(cluster(), "1a"),
    with_metadata(cluster(), "a" * 54),
    job(rayClusterSpec=None),
    job(entrypoint=""),
    job(runtimeEnvYAML="- a"),
    job(deletionStrategy={}),
    service(serveConfigV2="- a"),
    service(upgradeStrategy={"type": "x"}),
]
# What some operators take: told as a warning without a version.
DEPENDS = [
    cluster(headGroupSpec=head({"labels": "a=b"})),
    cluster(headGroupSpec=head(env={"RAY_REDIS_ADDRESS": "redis:6379"})),
    cluster(group(idleTimeoutSeconds=60)),
    job(ttlSecondsAfterFinished=1),
    job(suspend=True),
    on_cluster(backoffLimit=1),
    job(submissionMode="InteractiveMode", backoffLimit=1),
]


def _certainties(resource: Json, version: Version | None) -> set[bool]:
    """How sure the rules are that are not about gates, or about fields that a version does not have."""
    return {
        finding.certain for finding in lint(resource, version) if finding.rule.split("-")[-1] not in ("gate", "version")
    }


@pytest.mark.parametrize("resource", HOPELESS)
def test_what_works_with_no_version_is_certain_without_one(resource: Json) -> None:
    assert _certainties(resource, None) == {True}


@pytest.mark.parametrize("resource", DEPENDS)
def test_what_depends_on_the_version_only_warns_without_one(resource: Json) -> None:
    assert _certainties(resource, None) == {False}
    assert _certainties(resource, NEWEST) == {True}
    assert _certainties(resource, FIRST) == set()


def test_a_version_newer_than_all_here_keeps_the_rules_of_the_newest() -> None:
    assert _certainties(small(minReplicas=4), release("2.0")) == {True}


def test_the_alpha_gates_of_the_newest_version_only_warn() -> None:
    resource = cluster(group(template=pods()), tlsOptions={"enabled": True})
    (finding,) = lint(resource, NEWEST)
    assert (finding.certain, finding.rule) == (False, "tls-gate")
    assert lint(resource, NEWEST, {"RayClusterMTLS": True}) == []
    (finding,) = lint(resource, NEWEST, {"RayClusterMTLS": False})
    assert finding.certain
