# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's files, found as Ansible finds them. A vaulted one is opened in memory."""

from __future__ import annotations

import os

from ansible.errors import AnsibleError
from ansible.parsing.vault import is_encrypted_file
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import lookup_loader
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError


def found(action: ActionBase, path: str) -> str | None:
    """Where a file really is; None where it is none of the controller's."""
    expanded = os.path.expanduser(path)
    try:
        place = expanded if os.path.exists(expanded) else str(action._find_needle("files", path))
    except AnsibleError:
        return None
    return place if os.path.isfile(place) else None


def is_vaulted(path: str) -> bool:
    """Whether a file is encrypted with Ansible Vault."""
    try:
        with open(path, "rb") as file:
            return bool(is_encrypted_file(file))
    except OSError:
        return False


def text_of(action: ActionBase, path: str, option: str) -> str:
    """The text in a file. A vault is opened in memory, by the lookup ``file``: no copy of what is in it is on disk."""
    try:
        if not is_vaulted(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
        lookup = lookup_loader.get("file", loader=action._loader, templar=action._templar)
        return str(lookup.run([path], {}, rstrip=False)[0])
    except (AnsibleError, OSError, UnicodeError) as error:
        # The innermost words: those around them say only that a file was looked up.
        cause: BaseException = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        raise OptionError(f"{option}: {path} cannot be read: {' '.join(str(cause).split())}") from error
