# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a task as a shipped module."""

from __future__ import annotations

import select
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._run.edge import (
    COLLECTION,
    REMOVAL,
    Runner,
    call,
    missing_library,
    shown_invocation,
)
from ansible_collections.kuberay.core.plugins.module_utils._run.watch import ended_with_the_run
from ansible_collections.kuberay.core.plugins.module_utils._transport import credentials

_STANDARD_OUTPUT = 1


class _Module(AnsibleModule):  # type: ignore[misc]
    """An AnsibleModule that fails without showing what is to be hidden, also before there is a task to run.

    It checks the arguments itself, and adds all of them to the result of a task whose arguments are wrong.
    """

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        result.setdefault("invocation", shown_invocation(self.params))
        super().fail_json(msg, **result)
        raise AssertionError("fail_json ends the module")


def run_module(run: Runner, spec: dict[str, Any]) -> None:
    """Everything that a module's ``main`` does; ``spec`` is what AnsibleModule takes."""
    # no_log keeps the arguments out of the host's system log: environment variables are among them.
    module = _Module(no_log=True, **spec)
    if credentials.is_path(module.params["kubeconfig"]):
        # A path is no secret, and messages name it.
        module.no_log_values.discard(module.params["kubeconfig"])
    problem = missing_library()
    if problem:
        module.fail_json(msg=problem)
    context = Context(
        check_mode=module.check_mode,
        diff=module._diff,
        warn=module.warn,
        outdated=lambda text: module.deprecate(text, version=REMOVAL, collection_name=COLLECTION),
        wanted=_is_heard,
    )
    with ended_with_the_run(_is_heard):
        result = {**call(run, module.params, context), "invocation": shown_invocation(module.params)}
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _is_heard() -> bool:
    """Whether somebody will read the result: a task that has ended, by its ``timeout`` for one, has closed the pipe."""
    output = select.poll()
    output.register(_STANDARD_OUTPUT, 0)
    return not output.poll(0)
