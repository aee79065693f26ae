# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wish that comes as a whole object: ``definition``, in the API's own words, instead of typed options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.text import texts
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import clean, left_out
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, OLD_API_VERSION, Kind

Json = dict[str, Any]
_VERSIONS = (API_VERSION, OLD_API_VERSION)
_TEXTS = ("labels", "annotations")
# What the server keeps about an object. It is ignored: so what ``kubectl get -o yaml`` shows can be used.
_SERVERS_METADATA = frozenset(
    ["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation"]
    + ["managedFields", "resourceVersion", "selfLink", "uid"]
)
_KNOWN = frozenset(["apiVersion", "kind", "metadata", "spec", "status"])


def given_object(options: Json, kind: Kind) -> Json:
    """The options with the ``definition`` checked, and the name and namespace that it gives."""
    definition = options.get("definition")
    if definition is None:
        return options
    if not isinstance(definition, Mapping):
        raise OptionError(f"definition: a mapping is needed, not {type(definition).__name__}")
    _ensure_of(kind, definition)
    metadata = _metadata(definition)
    found = {**options, "api_version": definition.get("apiVersion", options.get("api_version"))}
    for field in ("name", "namespace"):
        said, given = metadata.get(field), options.get(field)
        if not left_out(said) and not left_out(given) and said != given:
            raise OptionError(f"{field}: {given!r} is not the {said!r} of definition.metadata.{field}")
        found[field] = given if left_out(said) else str(said)
    if left_out(found["name"]):
        raise OptionError("definition.metadata.name: a name is needed, there or in the option name")
    return found


def wished_object(definition: Mapping[str, Any], kind: Kind, name: str, namespace: str) -> Json:
    """The object that a definition wishes for; every value of the type that the CRD has for it."""
    metadata = object_metadata({**_metadata(definition), "name": name}, namespace, "definition.metadata.")
    spec = clean(definition.get("spec") or {}, kind.schema.child("spec"), "definition.spec")
    return {"apiVersion": API_VERSION, "kind": kind.name, "metadata": metadata, "spec": spec}


def object_metadata(given: Mapping[str, Any], namespace: str, path: str = "") -> Json:
    """The metadata of a wished object: its name and namespace, and the labels and annotations that were given."""
    metadata: Json = {"name": given["name"], "namespace": namespace}
    for field in _TEXTS:
        values = texts(given.get(field), f"{path}{field}")
        if values:
            metadata[field] = values
    return metadata


def _ensure_of(kind: Kind, definition: Mapping[str, Any]) -> None:
    if definition.get("kind", kind.name) != kind.name:
        raise OptionError(f"definition.kind: this module manages {kind.name}, not {definition['kind']!r}")
    version = definition.get("apiVersion", API_VERSION)
    if version not in _VERSIONS:
        raise OptionError(f"definition.apiVersion: {version!r} is none of {', '.join(_VERSIONS)}")
    for field in definition:
        if field not in _KNOWN:
            raise OptionError(f"definition.{field}: a {kind.name} has no such field")


def _metadata(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = definition.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        raise OptionError(f"definition.metadata: a mapping is needed, not {type(metadata).__name__}")
    for field in metadata:
        if field not in _SERVERS_METADATA and field not in ("name", "namespace", *_TEXTS):
            raise OptionError(f"definition.metadata.{field}: cannot be set by this module")
    return metadata
