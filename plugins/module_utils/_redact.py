# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not be shown: values that look secret in diffs, reasons and returned objects."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "********"
_SECRET_NAME = re.compile(
    r"passw|passphrase|secret|token|api.?key|access.?key|private.?key|credential|^auth$", re.IGNORECASE
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
# Structures that only point to a secret: their texts are names.
_REFERENCES = frozenset({"secretKeyRef", "secretRef", "secret", "valueFrom", "imagePullSecrets"})
_REFERENCE = "secretName"
# The names in a path such as a.b[c]['d.e'].
_NAMES = re.compile(r"\['([^']*)'\]|\[([^\]]*)\]|([^.\[\]]+)")


def redact(value: Any) -> Any:
    """A copy of a JSON value in which what looks secret is hidden."""
    if isinstance(value, list):
        return [redact(member) for member in value]
    if not isinstance(value, dict):
        return value
    if "name" in value and "value" in value and looks_secret(str(value["name"])):
        return {**value, "value": HIDDEN}
    return {key: _redact_member(str(key), below) for key, below in value.items()}


def _redact_member(key: str, value: Any) -> Any:
    if key == _REFERENCE or (key in _REFERENCES and not isinstance(value, str)):
        return value
    if key == _LAST_APPLIED or (isinstance(value, str) and value and looks_secret(key)):
        return HIDDEN
    if isinstance(value, dict) and isinstance(value.get("value"), str) and looks_secret(key):
        return {**value, "value": HIDDEN}
    return redact(value)


def redact_at(path: str, value: Any) -> Any:
    """A value that stands at a path (``…env[DB_PASSWORD].value``), hidden where the path's last names look secret."""
    names = ["".join(found) for found in _NAMES.findall(path)]
    if names[-1:] == ["value"]:
        names.pop()
    return _redact_member(names[-1], value) if names else redact(value)


def looks_secret(name: str) -> bool:
    """Whether a variable's or parameter's name says that its value is secret."""
    return bool(_SECRET_NAME.search(name))
