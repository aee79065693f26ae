# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments on their way to the module's code: what the controller does to them, for both ways of running."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import is_path
from ansible_collections.kuberay.core.plugins.plugin_utils._files import found, is_vaulted, text_of

Json = dict[str, Any]

_PLAIN = (str, int, float, bool, type(None))
# Options that name files that are read where the task runs, with their aliases.
_FILES = ("apiserver_ca_cert", "ca_cert", "ssl_ca_cert", "client_cert", "cert_file", "client_key", "key_file")


def prepared(
    action: ActionBase,
    arguments: Mapping[str, Any],
    spec: Json,
    is_local: bool,
    ships_kubeconfig: bool,
    read_wish: Callable[[Json], None],
) -> Json:
    """The arguments without what is left out, with the controller's files, and the kubeconfig as a path or a text.

    ``spec`` is the argument spec; ``read_wish`` puts what files and texts hold in their place. A host that is not local
    does not have the controller's files: it gets a kubeconfig's content, and looks for the others itself. What is in a
    vault is given as a text, too.
    """
    given = without_empty(arguments, spec)
    read_wish(given)
    if "kubeconfig" in given and (is_local or ships_kubeconfig):
        given["kubeconfig"] = _kubeconfig(action, given["kubeconfig"], is_local)
    for name in _FILES if is_local else ():
        if name in given:
            given[name] = _readable(action, given[name], name)
    return given


def without_empty(arguments: Mapping[str, Any], spec: Json) -> Json:
    """Arguments without ``''``, which an empty survey answer gives and which means left out.

    Only options and suboptions are looked at: an empty text inside a free mapping is somebody's value.
    """
    return {name: _without_empty(value, spec.get(name, {})) for name, value in arguments.items() if value != ""}


def _without_empty(value: Any, option: Json) -> Any:
    suboptions = option.get("options")
    if suboptions and isinstance(value, Mapping):
        return without_empty(value, suboptions)
    if suboptions and isinstance(value, list):
        return [without_empty(one, suboptions) if isinstance(one, Mapping) else one for one in value]
    return value


def plain(values: Mapping[str, Any]) -> Json:
    """What a shipped module would see: tagged texts, dates and integer keys go the way through JSON, vaults opened.

    What is plain already stays as it is: of hundreds of objects that were read from a file, that way is the longest.
    """
    tagged = {name: value for name, value in values.items() if not _is_plain(value)}
    told: Json = json.loads(json.dumps(tagged, cls=AnsibleJSONEncoder, vault_to_text=True))
    return {**{str(name): value for name, value in values.items() if name not in tagged}, **told}


def _is_plain(value: Any) -> bool:
    """Whether a value is of Python's own types alone, and not of Ansible's that are derived from them."""
    sort = type(value)
    if sort is dict:
        return set(map(type, value)) <= {str} and all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if sort is list else sort in _PLAIN


def _kubeconfig(action: ActionBase, kubeconfig: Any, is_local: bool) -> Any:
    """The path where the file can be read as it is; else its content."""
    place = found(action, kubeconfig) if is_path(kubeconfig) else None
    if place is not None and (is_vaulted(place) or not is_local):
        # A text without a line end would be taken for a path.
        return text_of(action, place, "kubeconfig") + "\n"
    if isinstance(kubeconfig, Mapping):
        # One text is one secret to Ansible; of a mapping it would star every value, "v1" and "default" among them.
        return json.dumps(plain(kubeconfig))
    return place or kubeconfig


def _readable(action: ActionBase, path: Any, option: str) -> Any:
    """Where a file is that can be read as it is, or what is in a vaulted one; else the value itself."""
    place = found(action, path) if isinstance(path, str) else None
    return text_of(action, place, option) if place is not None and is_vaulted(place) else place or path
