# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
name: collection_version
short_description: The version of a collection that is installed
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Tells which version of another collection Ansible would take, so that a role can say what is missing before it stops
    at a module that is not there.
options:
  _input:
    description: The name of the collection.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Is it there?
  ansible.builtin.debug:
    msg: "{{ 'kubernetes.core' | kuberay.core.collection_version | default('no', true) }}"
"""

RETURN = r"""
_value:
  description: The version; V(0.0.0) if the collection does not tell it, and empty if it is not there.
  type: str
  sample: 6.6.0
"""


def collection_version(name: str) -> str:
    """The filter."""
    try:
        package = import_module(f"ansible_collections.{name}")
    except ImportError:
        return ""
    for folder in package.__path__:
        manifest = Path(folder) / "MANIFEST.json"
        if manifest.is_file():
            return str(json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"])
    return "0.0.0"


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"collection_version": collection_version}
