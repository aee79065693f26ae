# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``src`` and a ``definition`` that is a text become the mapping that they hold, here, where the files are."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import documents
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.plugin_utils._files import text_of

Json = dict[str, Any]
# With its alias.
DEFINITIONS = ("definition", "resource_definition")


def with_definition(action: ActionBase, given: Json, task_vars: Json) -> None:
    """Put the one object that is meant in the place of a file or a text.

    Where a file and a definition are both given, both stay: the check of the arguments says that they exclude each
    other.
    """
    del task_vars
    if "src" in given and not any(name in given for name in DEFINITIONS):
        given["definition"] = _one_object(_content(action, str(given.pop("src"))), "src")
    for name in DEFINITIONS:
        if isinstance(given.get(name), str):
            given[name] = _one_object(given[name], name)


def _content(action: ActionBase, path: str) -> str:
    """A file of the controller, found as Ansible finds files."""
    try:
        return text_of(action, str(action._find_needle("files", path)), "src")
    except AnsibleError as error:
        raise OptionError(f"src: {path} cannot be read: {error}") from error


def _one_object(text: str, option: str) -> Any:
    found = documents(text, option)
    if len(found) != 1:
        raise OptionError(f"{option}: holds {len(found)} documents; this module manages one object")
    return found[0]
