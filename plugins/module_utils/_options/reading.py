# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every module that reads objects; see doc_fragments/reading.py."""

from __future__ import annotations

from typing import Any

READING_SPEC: dict[str, Any] = {
    "name": {"type": "str"},
    "namespace": {"type": "str"},
    "all_namespaces": {"type": "bool", "default": False},
    "label_selectors": {"type": "list", "elements": "str", "default": []},
    "field_selectors": {"type": "list", "elements": "str", "default": []},
    "redact": {"type": "bool", "default": True},
}
