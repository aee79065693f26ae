# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are YAML texts: to the API (a runtime environment, a Serve config), or to a user who has a file.

No message repeats a word of them, since they may hold secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

IMPORT_ERROR: str | None
try:
    import yaml

    IMPORT_ERROR = None
except Exception as error:  # pylint: disable=broad-except
    IMPORT_ERROR = f"{type(error).__name__}: {error}"


def yaml_text(value: Any, path: str) -> str:
    """The text: a mapping is written out, always the same way; a text stays as it is, if it is YAML of a mapping."""
    if isinstance(value, Mapping):
        return str(yaml.safe_dump(dict(value), default_flow_style=False, allow_unicode=True))
    if not isinstance(value, str):
        raise OptionError(f"{path}: a mapping or a YAML text is needed, not {type(value).__name__}")
    parsed_yaml(value, path)
    return value


def parsed_yaml(text: str, path: str) -> Mapping[str, Any]:
    """The mapping that a YAML text holds."""
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _no_yaml(error, path) from None
    if not isinstance(parsed, Mapping):
        raise OptionError(f"{path}: the YAML text holds no mapping")
    return parsed


def documents(text: str, path: str) -> list[Any]:
    """The documents of a YAML or JSON text, which may be long, without those that are empty."""
    # The one in C takes a tenth of the time; it is not everywhere. It takes no tagged text for a text, but bytes.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return [document for document in yaml.load_all(text.encode(), loader) if document is not None]
    except yaml.YAMLError as error:
        raise _no_yaml(error, path) from None


def _no_yaml(error: Any, path: str) -> OptionError:
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return OptionError(f"{path}: is not YAML{where}")
