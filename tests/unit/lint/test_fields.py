# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of fields against the CRDs that the lab has, and what they say about each field and version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._lint.fields import Field
from ansible_collections.kuberay.core.plugins.module_utils._lint.known_fields import (
    CLUSTER_SPEC,
    CRON_JOB_SPEC,
    JOB_SPEC,
    SERVICE_SPEC,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.lint import lint
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.shape import ELSEWHEN, UNKNOWN, shape_findings
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import FIRST, NEWEST, Version, release

from tests.lab.crds import condensed
from tests.unit.builders import cluster
from tests.unit.lint.rows import group, job, on_cluster, service

Json = dict[str, Any]
SPECS = {"RayCluster": CLUSTER_SPEC, "RayJob": JOB_SPEC, "RayService": SERVICE_SPEC, "RayCronJob": CRON_JOB_SPEC}
# Specs inside specs, whose fields are looked at where they are at home.
EMBEDDED = ("rayClusterSpec", "rayClusterConfig", "jobTemplate")
ALPHA = "v1alpha1"
TYPES = {
    "text": "string",
    "whole number": "integer",
    "number": "number",
    "true or false": "boolean",
    "mapping": "object",
    "mapping of texts": "object",
    "list": "array",
    "list of texts": "array",
    "anything": None,
}
# What the table names anew: the rules about containers and group names tell of these when they are missing, and the API
# server fills these in.
TOLD_ELSEWHERE = {"headGroupSpec", "template", "groupName", "minReplicas", "maxReplicas"}


class _Opaque:
    """In place of the API server that publishes Kubernetes' types: the table does not look into them either."""

    def type(self, word: str) -> Json:
        return {"type": "object"}


def _schemas(version: str) -> dict[str, Json]:
    """The schema of each kind's spec."""
    crds = condensed(_Opaque())  # type: ignore[arg-type]
    found = {}
    for crd in crds.values():
        for one in crd["spec"]["versions"]:
            if one["name"] == version:
                spec = one["schema"]["openAPIV3Schema"]["properties"]["spec"]
                found[str(crd["spec"]["names"]["kind"])] = spec
    return found


def _kept(field: Field, version: str) -> dict[str, Field]:
    """The children that the newest KubeRay has in this version of the API."""
    return {
        name: below
        for name, below in field.fields.items()
        if below.until is None and (version != ALPHA or below.in_alpha)
    }


def _differences(field: Field, schema: Json, path: str, version: str) -> Iterator[str]:
    if TYPES[field.form] not in (None, schema.get("type")):
        yield f"{path}: {field.form} is {schema.get('type')}"
    if version != ALPHA:
        yield from _limits(field, schema, path)
    if not field.fields:
        return
    inside = schema["items"] if field.form == "list" else schema
    known, there = _kept(field, version), inside.get("properties") or {}
    yield from (f"{path}.{name}: only in one of the two" for name in set(known) ^ set(there))
    needed = {name for name, below in known.items() if below.needed}
    if version != ALPHA and needed - TOLD_ELSEWHERE != set(inside.get("required") or []) - TOLD_ELSEWHERE:
        yield f"{path}: needs {inside.get('required')}"
    for name in set(known) & set(there):
        yield from _differences(known[name], there[name], f"{path}.{name}", version)


def _limits(field: Field, schema: Json, path: str) -> Iterator[str]:
    values = schema.get("enum") or _values_of_rule(schema)
    if set(values) != set(field.values):
        yield f"{path}: takes {values}"
    if schema.get("default") != field.fills:
        yield f"{path}: is filled with {schema.get('default')}"
    if schema.get("minimum") != field.least:
        yield f"{path}: is {schema.get('minimum')} at least"


def _values_of_rule(schema: Json) -> list[str]:
    """What a CEL rule ``self in ['a', 'b']`` names."""
    texts = [rule["rule"] for rule in schema.get("x-kubernetes-validations") or []]
    return [text for rule in texts if rule.startswith("self in") for text in rule.split("'")[1::2]]


@pytest.mark.parametrize("version", ["v1", ALPHA])
@pytest.mark.parametrize("kind", SPECS)
def test_the_table_is_the_crd(kind: str, version: str) -> None:
    schemas = _schemas(version)
    if kind not in schemas:
        assert (kind, version) == ("RayCronJob", ALPHA)
        return
    assert sorted(_differences(SPECS[kind], schemas[kind], "spec", version)) == []


def _walk(field: Field, path: tuple[str, ...], since: Version) -> Iterator[tuple[tuple[str, ...], Field, Version]]:
    for name, below in field.fields.items():
        begins = max(since, below.since)
        yield (*path, name), below, begins
        if name not in EMBEDDED:
            yield from _walk(below, (*path, name), begins)


def _holding(spec: Field, path: tuple[str, ...]) -> Json:
    """A mapping that has nothing but the field at this path, with no value that the API server fills in."""
    name, *rest = path
    field = spec.fields[name]
    if not rest:
        return {name: ([] if field.form == "list" else {}) if field.fields else {"some": "value"}}
    below = _holding(field, tuple(rest))
    return {name: [below] if field.form == "list" else below}


NEW = [
    pytest.param(kind, path, since, id=f"{kind}-{'.'.join(path)}")
    for kind, spec in SPECS.items()
    for path, field, since in _walk(spec, (), FIRST)
    if since > FIRST and field.until is None
]


@pytest.mark.parametrize(("kind", "path", "since"), NEW)
def test_a_field_is_told_to_versions_before_it_and_to_no_other(
    kind: str, path: tuple[str, ...], since: Version
) -> None:
    part = Part(_holding(SPECS[kind], path), "spec")

    def rules(version: Version | None) -> list[tuple[str, bool]]:
        found = shape_findings(part, SPECS[kind], version, alpha=False)
        return [(finding.rule, finding.certain) for finding in found if finding.rule in (ELSEWHEN, UNKNOWN)]

    assert rules(since) == rules(NEWEST) == rules(None) == []
    assert rules(FIRST) == [(ELSEWHEN, True)]


@pytest.mark.parametrize("fields", [{"upgradeStrategy": {"type": "None"}}, {"managedBy": "ray.io/kuberay-operator"}])
def test_v1alpha1_has_none_of_the_new_fields_whatever_the_version(fields: Json) -> None:
    resource = {**cluster(suspend=True, **fields), "apiVersion": "ray.io/v1alpha1"}
    for version in (None, NEWEST):
        (finding,) = lint(resource, version)
        assert (finding.rule, finding.certain, finding.path) == (ELSEWHEN, True, f"spec.{next(iter(fields))}")
        assert "ray.io/v1alpha1" in finding.message


@pytest.mark.parametrize(
    ("resource", "path", "version"),
    [
        (job(runtimeEnv="e30="), "spec.runtimeEnv", "1.1"),
        (on_cluster(deletionPolicy="DeleteSelf"), "spec.deletionPolicy", "1.5"),
        (service(serveConfig={}), "spec.serveConfig", "1.1"),
    ],
)
def test_a_field_that_was_dropped_is_told(resource: Json, path: str, version: str) -> None:
    (certain,) = lint(resource, release(version))
    assert (certain.path, certain.certain, certain.rule) == (path, True, ELSEWHEN)
    (unknown,) = lint(resource, None)
    assert (unknown.path, unknown.certain) == (path, False)


def test_what_the_api_server_fills_in_is_nobodys_wish() -> None:
    assert lint(cluster(group(priority=0)), release("1.6")) == []
    assert [finding.path for finding in lint(cluster(group(priority=1)), release("1.6"))] == [
        "spec.workerGroupSpecs[small].priority"
    ]


def test_an_unknown_field_is_certain_only_where_the_version_is_known_here() -> None:
    resource = {**cluster(), "spec": {**cluster()["spec"], "headGropSpec": {}, "zzz": 1}}
    found = {version: lint(resource, version) for version in (None, NEWEST, release("1.8"))}
    assert [[finding.certain for finding in findings] for findings in found.values()] == [
        [False, False],
        [True, True],
        [False, False],
    ]
    near, far = found[NEWEST]
    assert "is headGroupSpec meant?" in near.message
    assert "1.7.0" in far.message


@pytest.mark.parametrize("place", ["spec", "metadata", "status"])
def test_what_is_kubernetes_own_is_not_looked_into(place: str) -> None:
    resource = cluster(group(template={"spec": {"containers": [{"name": "c", "newField": 1}], "newField": 1}}))
    assert (
        lint({**resource, place: {**resource.get(place, {}), **({"newField": 1} if place != "spec" else {})}}, NEWEST)
        == []
    )
