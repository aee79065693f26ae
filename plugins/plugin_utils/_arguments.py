# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments on their way to the module's code: what the controller does to them, for both ways of running."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import is_path
from ansible_collections.kuberay.core.plugins.plugin_utils._definition import with_definition

Json = dict[str, Any]

# Options that name files, with their aliases.
_FILES = ("kubeconfig", "ca_cert", "ssl_ca_cert", "client_cert", "cert_file", "client_key", "key_file")


def prepared(action: ActionBase, arguments: Mapping[str, Any], spec: Json, is_local: bool) -> Json:
    """The arguments without what is left out, with the controller's files, and the kubeconfig as a path or a text.

    ``spec`` is the argument spec. A host that is not local does not have the controller's files: it gets a kubeconfig's
    content, and looks for the others itself.
    """
    given = without_empty(arguments, spec)
    with_definition(action, given)
    for name in _FILES if is_local else ("kubeconfig",):
        if name in given:
            given[name] = _found(action, given[name])
    kubeconfig = given.get("kubeconfig")
    if not is_local and isinstance(kubeconfig, str) and os.path.isfile(kubeconfig):
        kubeconfig = action._loader.load_from_file(kubeconfig, unsafe=True)
    if isinstance(kubeconfig, Mapping):
        # One text is one secret to Ansible; of a mapping it would star every value, "v1" and "default" among them.
        given["kubeconfig"] = json.dumps(plain(kubeconfig))
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


def plain(value: Any) -> Any:
    """What a shipped module would see: tagged texts, dates and integer keys go the way through JSON, vaults opened."""
    return json.loads(json.dumps(value, cls=AnsibleJSONEncoder, vault_to_text=True))


def _found(action: ActionBase, path: Any) -> Any:
    """Where a file really is; the value itself where it is none of the controller's: whoever opens it says so."""
    if not is_path(path):
        return path
    expanded = os.path.expanduser(path)
    try:
        found = expanded if os.path.exists(expanded) else action._find_needle("files", path)
        return str(action._loader.get_real_file(found, decrypt=True))
    except AnsibleError:
        return path
