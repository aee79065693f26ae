# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn the condensed notation of ``crds/*.yaml`` into the structural schemas of a CRD.

A type is written as

- a word: ``string boolean number int32 int64 time quantity condition``, ``list<T>``, ``map<T>``, the name of a type of
  the same version in any of the files, or a type of Kubernetes such as ``core.v1.PodTemplateSpec``, which is taken
  from what the API server itself publishes;
- a mapping of property names to types; ``name!`` is required. Keys with ``$`` are words of the schema itself:
  ``$type`` (a word as above), ``$rules`` (CEL), ``$enum``, ``$default`` and any other as OpenAPI spells it.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

QUANTITY = {
    "anyOf": [{"type": "integer"}, {"type": "string"}],
    "pattern": r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|"
    r"(\.[0-9]+))))?$",
    "x-kubernetes-int-or-string": True,
}
INT_OR_STRING = {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True}
TIME = {"type": "string", "format": "date-time"}
# A condition with the limits that its documentation promises; the API server publishes the bare type.
CONDITION: Schema = {
    "type": "object",
    "properties": {
        "type": {
            "type": "string",
            "maxLength": 316,
            "pattern": r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
            r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        },
        "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
        "reason": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1024,
            "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        },
        "message": {"type": "string", "maxLength": 32768},
        "lastTransitionTime": TIME,
        "observedGeneration": {"type": "integer", "format": "int64", "minimum": 0},
    },
    "required": ["lastTransitionTime", "message", "reason", "status", "type"],
}
WORDS: dict[str, Schema] = {
    "condition": CONDITION,
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "number": {"type": "number"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "time": TIME,
    "quantity": QUANTITY,
}
KEYWORDS = {"rules": "x-kubernetes-validations"}

# Types of Kubernetes that a CRD writes in its own way. Of embedded metadata it keeps what a template may set.
_NAMES = {"type": "array", "items": {"type": "string"}}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
SPECIAL: dict[str, Schema] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": QUANTITY,
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": INT_OR_STRING,
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": TIME,
    "io.k8s.apimachinery.pkg.apis.meta.v1.Condition": CONDITION,
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
        "type": "object",
        "properties": {
            "annotations": _TEXTS,
            "finalizers": _NAMES,
            "labels": _TEXTS,
            "name": {"type": "string"},
            "namespace": {"type": "string"},
        },
    },
}
# References to one object, which a CRD replaces as a whole.
ATOMIC = ("ConfigMapEnvSource", "SecretEnvSource", "ConfigMapVolumeSource", "ConfigMapProjection", "SecretProjection")
# {type: published defaults that CRDs do not have}
NO_DEFAULTS = {"AzureDiskVolumeSource": ("cachingMode", "kind")}
# What is kept of a published schema; the rest is prose, or means nothing in a CRD, or is left to the pod's own
# validation (enums).
KEPT = (
    "type",
    "format",
    "nullable",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
)


class Kubernetes:
    """The published types of the API server; `fetch` gives the document of one API group and version."""

    def __init__(self, fetch: Callable[[str], Any]) -> None:
        self._fetch = functools.cache(fetch)

    def type(self, word: str) -> Schema:
        """``core.v1.Service`` as a structural schema."""
        group, version, _ = word.split(".")
        path = f"/openapi/v3/api/{version}" if group == "core" else f"/openapi/v3/apis/{group}.k8s.io/{version}"
        return self._named(f"io.k8s.api.{word}", self._fetch(path)["components"]["schemas"])

    def _named(self, name: str, schemas: Mapping[str, Any]) -> Schema:
        if name in SPECIAL:
            return copy.deepcopy(SPECIAL[name])
        made = self._convert(schemas[name], schemas)
        kind = name.rsplit(".", 1)[-1]
        if kind in ATOMIC:
            made["x-kubernetes-map-type"] = "atomic"
        for field in NO_DEFAULTS.get(kind, ()):
            made["properties"][field].pop("default", None)
        return made

    def _convert(self, given: Schema, schemas: Mapping[str, Any]) -> Schema:
        if "$ref" in given:
            return self._named(given["$ref"].rsplit("/", 1)[-1], schemas)
        if len(given.get("allOf", ())) == 1:
            # A reference that carries a description or a default: only the reference says something.
            whole = self._convert(given["allOf"][0], schemas)
            return {**whole, **{key: given[key] for key in KEPT if key in given}}
        made: Schema = {key: given[key] for key in KEPT if key in given}
        if "properties" in given:
            required = set(given.get("required", ()))
            made["properties"] = {
                name: self._property(name, part, required, schemas) for name, part in given["properties"].items()
            }
            if required:
                made["required"] = sorted(required)
        if "items" in given:
            made["items"] = self._convert(given["items"], schemas)
        if isinstance(given.get("additionalProperties"), dict):
            made["additionalProperties"] = self._convert(given["additionalProperties"], schemas)
        return made

    def _property(self, name: str, given: Schema, required: set[str], schemas: Mapping[str, Any]) -> Schema:
        """A published default of a required or a structured field is Go's zero value, not a default."""
        made = self._convert(given, schemas)
        if name not in required and given.get("default") not in (None, {}):
            made["default"] = given["default"]
        return made


class Types:
    """The types of one version, by name."""

    def __init__(self, written: Mapping[str, Any], kubernetes: Kubernetes) -> None:
        self._written = written
        self._kubernetes = kubernetes

    def schema(self, written: Any) -> Schema:
        """The schema of anything that the notation can write."""
        return self._word(written) if isinstance(written, str) else self._mapping(written)

    def _word(self, word: str) -> Schema:
        if word in WORDS:
            return copy.deepcopy(WORDS[word])
        if word in self._written:
            return self.schema(self._written[word])
        holder = re.fullmatch(r"(list|map)<(.+)>", word)
        if holder:
            inner = self._word(holder.group(2))
            return (
                {"type": "array", "items": inner}
                if holder.group(1) == "list"
                else {"type": "object", "additionalProperties": inner}
            )
        return self._kubernetes.type(word)

    def _mapping(self, written: Mapping[str, Any]) -> Schema:
        own = {key[1:]: value for key, value in written.items() if key.startswith("$")}
        fields = {key: value for key, value in written.items() if not key.startswith("$")}
        word = own.pop("type", "string" if "enum" in own else None)
        made: Schema = self._word(word) if word else {"type": "object"}
        if fields:
            made["properties"] = {key.rstrip("!"): self.schema(value) for key, value in fields.items()}
            required = sorted(key.rstrip("!") for key in fields if key.endswith("!"))
            made.update({"required": required} if required else {})
        made.update({KEYWORDS.get(key, key): value for key, value in own.items()})
        return made
