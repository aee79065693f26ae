# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not be shown: values that look secret in diffs, reasons, returned objects and invocations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

HIDDEN = "********"
# What is shorter is hidden where it stands, and not looked for elsewhere.
_SHORTEST = 8
_SECRET_NAME = re.compile(
    r"pass(?![a-z])|passw|passphrase|pwd|secret|token|(?:api|access|private|ssh|encryption|signing).?key|[_-]key$|credential|^auth$",
    re.IGNORECASE,
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# Structures that only point to a secret or say how it is mounted: their texts are names.
_POINTERS = frozenset(
    {
        "imagePullSecrets",
        "nodePublishSecretRef",
        "secret",
        "secretKeyRef",
        "secretRef",
        "serviceAccountToken",
        "valueFrom",
    }
)
# Fields and options that hold a name, a path or a number, and no secret.
_HARMLESS = frozenset(
    {
        "credentialBundlePath",
        "gmsaCredentialSpec",
        "gmsaCredentialSpecName",
        "image_pull_secret",
        "secretFile",
        "secretName",
        "secretNamespace",
        "tokenExpirationSeconds",
    }
)
# Mappings whose keys are the user's own words, and never a field's name.
_FREE = frozenset(
    {
        "annotations",
        "env",
        "headServiceAnnotations",
        "head_service_annotations",
        "labels",
        "nodeSelector",
        "node_selector",
        "rayStartParams",
        "ray_start_params",
    }
)
# Texts that are mappings themselves, in YAML, and what names the keys in them.
_YAML_TEXTS = frozenset({"runtimeEnvYAML", "runtime_env", "serveConfigV2", "serve_config"})
_YAML_KEY = re.compile(r"([\w.-]+)[\"']?\s*:")
# The steps of a path such as a.b[c]['d.e']: a member's key, or a field's name in one of two spellings.
_STEP = re.compile(r"\['(?P<quoted>[^']*)'\]|\[(?P<key>[^\]]*)\]|(?P<field>[^.\[\]]+)")


# What says nothing where it is not secret by its place; texts may be YAML.
_BARE = (int, float, type(None))


class _Place(NamedTuple):
    """A place in a value: below which field it is, whose member it is of, and whether what stands here is secret."""

    secret: bool = False
    field: str = ""
    member: str = ""

    def inside(self, member: str) -> _Place:
        """A list's member of this name ('' where it has none)."""
        return _Place(self.secret, "", member)

    def at(self, field: str, is_structure: bool) -> _Place:
        """A mapping's field."""
        return _below(self, field, is_structure)


@lru_cache(maxsize=8192)
def _below(place: _Place, field: str, is_structure: bool) -> _Place:
    """The place of a mapping's field. Names come again and again, and looking whether one is secret takes its time."""
    below = _Place(place.secret or looks_secret(field), field)
    if place.member and field == "value":
        return below._replace(secret=place.secret or looks_secret(place.member))
    if place.field in _FREE:
        return below
    return below._replace(secret=False) if field in (_POINTERS if is_structure else _HARMLESS) else below


def redact(value: Any) -> Any:
    """A copy of a JSON value in which what looks secret is hidden."""
    return _redact(value, _Place())


def hidden_texts(value: Any) -> set[str]:
    """The texts that are hidden in a JSON value, but for short ones: they are words that stand elsewhere, too."""
    return {text for text in _hidden(value, redact(value)) if len(text) >= _SHORTEST}


def without(texts: set[str], value: Any) -> Any:
    """A copy of a JSON value in which these texts are hidden wherever they stand, such as in a server's message."""
    if isinstance(value, str):
        for text in sorted(texts, key=len, reverse=True):
            value = value.replace(text, HIDDEN).replace(json.dumps(text)[1:-1], HIDDEN)
        return value
    if isinstance(value, list):
        return [without(texts, member) for member in value]
    return {key: without(texts, below) for key, below in value.items()} if isinstance(value, dict) else value


def redact_at(path: str, value: Any) -> Any:
    """A value that stands at a path (``…env[DB_PASSWORD].value``), hidden where the path's names look secret."""
    steps = list(_STEP.finditer(path))
    place = _Place()
    for step in steps:
        if step["key"] is not None:
            place = place.inside(step["key"])
        else:
            place = place.at(step["quoted"] or step["field"] or "", step is not steps[-1] or _is_structure(value))
    return _redact(value, place)


def hide_userinfo(url: str) -> str:
    """A URL (of a proxy) without the name and the password in it."""
    return re.sub(r"^((?:[a-z][a-z0-9+.-]*:)?//)?.*@", rf"\g<1>{HIDDEN}@", url, flags=re.IGNORECASE | re.DOTALL)


def looks_secret(name: str) -> bool:
    """Whether a variable's or parameter's name says that its value is secret."""
    return name == _LAST_APPLIED or bool(_SECRET_NAME.search(name))


def _redact(value: Any, place: _Place) -> Any:
    if isinstance(value, _BARE) and not place.secret:
        return value
    if isinstance(value, list):
        return [_redact(member, place.inside("")) for member in value]
    if isinstance(value, dict):
        here = _Place(place.secret, place.field, value["name"]) if isinstance(value.get("name"), str) else place
        return {key: _redact(below, here.at(str(key), _is_structure(below))) for key, below in value.items()}
    if isinstance(value, str) and place.field in _YAML_TEXTS and any(map(looks_secret, _YAML_KEY.findall(value))):
        return HIDDEN
    return value if not place.secret or value is None or value == "" or isinstance(value, bool) else HIDDEN


def _hidden(value: Any, shown: Any) -> Iterator[str]:
    """The texts of a value that are not in its redacted copy."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _hidden(below, shown[key])
    elif isinstance(value, list):
        for member, beside in zip(value, shown, strict=True):
            yield from _hidden(member, beside)
    elif isinstance(value, str) and value != shown:
        yield value


def _is_structure(value: Any) -> bool:
    return isinstance(value, (dict, list))
