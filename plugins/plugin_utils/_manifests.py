# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, folders, templates and texts with many objects become the list that they hold, here, where the files are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import documents
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.plugin_utils._definition import DEFINITIONS
from ansible_collections.kuberay.core.plugins.plugin_utils._files import text_of

try:
    from ansible.template import trust_as_template
except ImportError:
    # Before ansible-core 2.19 every text is a template.
    trust_as_template = None

Json = dict[str, Any]
_SUFFIXES = (".yml", ".yaml", ".json")
_MARKS = ("variable_start_string", "variable_end_string", "block_start_string", "block_end_string")
_SWITCHES = {"trim_blocks": True, "lstrip_blocks": False}
_NEWLINES = {"\\n": "\n", "\\r": "\r", "\\r\\n": "\r\n", "\n": "\n", "\r": "\r", "\r\n": "\r\n"}


def with_manifests(action: ActionBase, given: Json, task_vars: Json) -> None:
    """Put the objects that are meant in the place of files, templates and texts.

    Where more than one of them is given, all stay: the check of the arguments says that they exclude each other.
    """
    sources = [name for name in (*DEFINITIONS, "src", "template") if name in given]
    if len(sources) != 1:
        return
    option = sources[0]
    value = given.pop(option)
    if option == "src":
        given["definition"] = list(_files(action, value))
    elif option == "template":
        given["definition"] = list(_templates(action, value, task_vars))
    else:
        given["definition"] = _texts_read(value, option)


def _texts_read(value: Any, option: str) -> Any:
    """A definition in which texts are taken for what they hold."""
    if isinstance(value, str):
        return documents(value, option)
    if isinstance(value, list):
        return [
            documents(one, f"{option}[{index}]") if isinstance(one, str) else one for index, one in enumerate(value)
        ]
    return value


def _files(action: ActionBase, value: Any) -> Iterator[Any]:
    for path in value if isinstance(value, list) else [value]:
        place = _found(action, "files", path, "src")
        for file in _in_folder(place) if os.path.isdir(place) else [place]:
            yield from documents(text_of(action, file, "src"), f"src: {file}")


def _in_folder(folder: str) -> list[str]:
    """The manifests in a folder, in the order of their names."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(_SUFFIXES) and not name.startswith("."))
    if not names:
        raise OptionError(f"src: there is no file named *{', *'.join(_SUFFIXES)} in {folder}")
    return [os.path.join(folder, name) for name in names]


def _templates(action: ActionBase, value: Any, task_vars: Json) -> Iterator[Any]:
    for template in value if isinstance(value, list) else [value]:
        told = template if isinstance(template, Mapping) else {"path": template}
        place = _found(action, "templates", told.get("path"), "template")
        text = _rendered(action, place, _overrides(told), task_vars)
        if isinstance(text, str):
            yield from documents(text, f"template: {place}, as it is rendered,")
        elif text is not None:
            # A template that is one expression gives its value.
            yield text


def _overrides(told: Mapping[str, Any]) -> Json:
    """What a template says about its own syntax, in the words of kubernetes.core and ansible.builtin.template."""
    unknown = set(told) - {"path", "newline_sequence", *_MARKS, *_SWITCHES}
    if unknown:
        raise OptionError(f"template.{sorted(unknown)[0]}: a template has no such option")
    newline = told.get("newline_sequence", "\n")
    if newline not in _NEWLINES:
        raise OptionError(f"template.newline_sequence: {newline!r} is no end of a line")
    marks = {name: str(told[name]) for name in _MARKS if told.get(name)}
    switches = {name: boolean(told.get(name, usual), strict=False) for name, usual in _SWITCHES.items()}
    return {**marks, **switches, "newline_sequence": _NEWLINES[newline]}


def _rendered(action: ActionBase, place: str, overrides: Json, task_vars: Json) -> Any:
    """The template as Ansible's own module of that name renders it."""
    text = text_of(action, place, "template")
    bases = [*task_vars.get("ansible_search_path", []), action._loader.get_basedir(), os.path.dirname(place)]
    path = [folder for base in bases for folder in (os.path.join(base, "templates"), base)]
    templar = action._templar.copy_with_new_env(searchpath=path, available_variables=task_vars)
    try:
        if trust_as_template is None:
            return templar.do_template(text, escape_backslashes=False, overrides=overrides)
        return templar.template(trust_as_template(text), escape_backslashes=False, overrides=overrides)
    except AnsibleError as error:
        raise OptionError(f"template: {place} cannot be rendered: {' '.join(str(error).split())}") from error


def _found(action: ActionBase, folder: str, path: Any, option: str) -> str:
    if not isinstance(path, str) or not path:
        raise OptionError(f"{option}: a path is needed, not {type(path).__name__}")
    try:
        return str(action._find_needle(folder, path))
    except AnsibleError as error:
        raise OptionError(f"{option}: {path} cannot be read: {error}") from error
