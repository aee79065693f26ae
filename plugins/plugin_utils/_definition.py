# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``src`` and a ``definition`` that is a text become the mapping that they hold, here, where the files are."""

from __future__ import annotations

from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.plugin_utils._files import text_of

Json = dict[str, Any]
# The one in C takes a tenth of the time; it is not everywhere.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def documents(text: str, option: str) -> list[Any]:
    """The documents of a YAML or JSON text. Not a word of it is repeated in a message: it may hold secrets."""
    try:
        # As bytes: the loader in C takes no tagged text for a text.
        return [document for document in yaml.load_all(text.encode(), _LOADER) if document is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise OptionError(f"{option}: is not YAML{where}") from None


def _one_object(text: str, option: str) -> Any:
    found = documents(text, option)
    if len(found) != 1:
        raise OptionError(f"{option}: holds {len(found)} documents; this module manages one object")
    return found[0]
