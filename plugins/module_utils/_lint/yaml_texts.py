# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML inside a text field. Only its outline is looked at, since the two YAML parsers agree on that.

Nothing of the text is repeated: an environment in it may hold secrets.
"""

from __future__ import annotations

import re
from typing import Any

try:
    import yaml
except Exception:  # pylint: disable=broad-except
    # Without the library nothing can be said about such a text.
    yaml = None  # type: ignore[assignment]

# A tab between words is a space to the operator, and an error to the parser here.
_BETWEEN = re.compile(r"(?<=\S)[ \t]+")


def yaml_problem(text: str) -> str | None:
    """Why a text is no YAML mapping; an empty one counts as an empty mapping."""
    if yaml is None:
        return None
    try:
        # Later documents are not read by the operator either.
        outline = next(iter(yaml.compose_all(_BETWEEN.sub(" ", text), Loader=yaml.SafeLoader)), None)
    except yaml.YAMLError as error:
        return f"is not YAML{_place(error)}"
    if outline is None or isinstance(outline, yaml.MappingNode) or outline.tag == "tag:yaml.org,2002:null":
        return None
    return "must be a YAML mapping"


def _place(error: Any) -> str:
    mark = getattr(error, "problem_mark", None)
    return "" if mark is None else f" (line {mark.line + 1}, column {mark.column + 1})"
