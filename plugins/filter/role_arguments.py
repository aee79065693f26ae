# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

DOCUMENTATION = r"""
name: role_arguments
short_description: A role's variables, by its argument spec
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Turns the variables of a role of this collection into what its tasks work with, as a module does with its options.
  - Ansible looks whether a role's variables fit its argument spec, but leaves them as they are, so that V("false") from
    a survey would stay a text; and it does not see a variable whose name is misspelt.
positional: argument_spec, prefix
options:
  _input:
    description:
      - The variables whose names begin with the prefix. What is empty counts as left out.
    type: dict
    required: true
  argument_spec:
    description: The options of the role's argument spec.
    type: dict
    required: true
  prefix:
    description: What the names of the role's variables begin with.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: What a survey has answered
  ansible.builtin.debug:
    msg: "{{ {'my_role_wait': 'false', 'my_role_names': 'a,b'} | kuberay.core.role_arguments(spec, 'my_role_') }}"
  vars:
    spec:
      my_role_wait: {type: bool}
      my_role_names: {type: list, elements: str}
      my_role_timeout: {type: int, default: 300}
"""

RETURN = r"""
_value:
  description: The values in their types and with their defaults, by names without the prefix.
  type: dict
  sample: {names: [a, b], timeout: 300, wait: false}
"""


def role_arguments(variables: Mapping[str, Any], argument_spec: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The filter."""
    unknown = sorted(set(variables) - set(argument_spec))
    if unknown:
        raise AnsibleFilterError("; ".join(_unknown(name, argument_spec) for name in unknown))
    given = {name: value for name, value in variables.items() if value is not None and value != ""}
    result = ArgumentSpecValidator(dict(argument_spec)).validate(given)
    if result.error_messages:
        raise AnsibleFilterError("; ".join(result.error_messages))
    validated = result.validated_parameters
    return {name.removeprefix(prefix): value for name, value in validated.items() if value is not None}


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"{name}: there is no such variable" + (f"; is it {near[0]}?" if near else "")


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"role_arguments": role_arguments}
