# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be a text: environment variables, labels, annotations, start parameters, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError


def text(value: Any, path: str) -> str:
    """A value as text. Booleans become lower case; floats are refused, since 1.10 is not 1.1.

    No message shows the value, which may be a secret.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        raise OptionError(f"{path}: a number with a fraction, which YAML may have changed; write it in quotes")
    if isinstance(value, (str, int)):
        return str(value)
    raise OptionError(f"{path}: a text is needed, not {type(value).__name__}")


def texts(values: Mapping[str, Any] | None, path: str) -> dict[str, str]:
    """A mapping of texts. Nulls are left out; an empty text is kept, since labels and the like may be empty."""
    return {str(key): text(value, f"{path}.{key}") for key, value in (values or {}).items() if value is not None}
