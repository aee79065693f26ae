# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind every module: the module's own code run in the controller's process, where that is the same.

Starting a module costs 0.16-0.3 s of Python and packaging. The strategies load the action class in the parent before
they fork, so what this file imports is paid once per playbook. The module is shipped instead wherever its host, its
user or its environment would make a difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.kuberay.core.plugins.module_utils._context import Context, run_lives
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._run.edge import (
    COLLECTION,
    REMOVAL,
    Runner,
    call,
    failure,
    missing_library,
    shown_invocation,
)
from ansible_collections.kuberay.core.plugins.module_utils._run.watch import ended_with_the_run
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import is_path
from ansible_collections.kuberay.core.plugins.plugin_utils._arguments import plain, prepared
from ansible_collections.kuberay.core.plugins.plugin_utils._definition import with_definition

Json = dict[str, Any]

# Imported by those tasks that need it, and so once for each of them if it were not here already when the workers fork.
_ROOMS = (
    "_lint.check",
    "_objects.serve_config",
    "_objects.service_signs",
    "_objects.template",
    "_plan.changes",
    "_plan.cluster_effects",
    "_plan.drain",
    "_run.writer",
    "_transport.around",
    "_transport.gather",
    "_transport.head",
    "_transport.logs",
    "_transport.serve",
    "_transport.together",
    "_wait.waiter",
)
SWITCH = "kuberay_run_in_process"
_LOCAL = "local"
# Environment names that mean the same in this process; any other one has the module shipped.
_KNOWN_PREFIXES = ("K8S_AUTH_", "KUBERAY_")
_KNOWN_NAMES = frozenset(
    {"KUBECONFIG"} | {name for lower in ("http_proxy", "https_proxy", "no_proxy") for name in (lower, lower.upper())}
)


class InProcessAction(ActionBase):
    """Subclasses name their module's ``run`` and ``spec``, how it takes objects, and what to import beforehand."""

    _supports_check_mode = True
    _supports_async = True

    run_task: Runner
    spec: Json
    read_wish = staticmethod(with_definition)
    rooms: tuple[str, ...] = _ROOMS
    # Whether a host that is not local gets the controller's kubeconfig.
    ships_kubeconfig = True

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for room in cls.rooms:
            import_module(f"ansible_collections.kuberay.core.plugins.module_utils.{room}")

    def run(self, tmp: str | None = None, task_vars: Json | None = None) -> Json:
        """Run the task here, or ship it and say why."""
        task_vars = task_vars or {}
        result: Json = super().run(tmp, task_vars)
        del tmp
        is_local = self._connection.transport == _LOCAL
        environment: Json = {}
        self._compute_environment_string(environment)
        why = self._why_shipped(task_vars, environment)
        try:
            # A shipped module hears of the end of the run only by the end of this process, which waits for it.
            with ended_with_the_run(run_lives), _environment({} if why else environment):
                read = partial(type(self).read_wish, self, task_vars=task_vars)
                arguments = prepared(
                    self, self._task.args, self.spec["argument_spec"], is_local, self.ships_kubeconfig, read
                )
                result.update(self._ship(arguments, task_vars, why) if why else self._run_here(arguments))
        except KubeRayError as error:
            result.update(failure(error))
        return result

    def _why_shipped(self, task_vars: Json, environment: Mapping[str, Any]) -> str | None:
        """Why this process would not do; None where it does."""
        if not boolean(self._templar.template(task_vars.get(SWITCH, True)), strict=False):
            return f"{SWITCH} is false"
        if self._connection.transport != _LOCAL:
            return f"the connection is {self._connection.transport}"
        if self._play_context.become:
            return "become is set"
        if self._task.async_val:
            return "async is set"
        unknown = [name for name in environment if not name.startswith(_KNOWN_PREFIXES) and name not in _KNOWN_NAMES]
        if unknown:
            return f"the task's environment sets {', '.join(sorted(unknown))}"
        return "the library kubernetes is missing here" if missing_library() else None

    def _ship(self, arguments: Json, task_vars: Json, why: str) -> Json:
        result: Json = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val)
        if result.get("failed") and result.get("msg"):
            by = f" by {self._used_interpreter.lstrip('#!')}" if self._used_interpreter else ""
            result["msg"] = f"{result['msg']} (run as a shipped module{by} because {why})"
        return result

    def _run_here(self, arguments: Json) -> Json:
        validator = ArgumentSpecValidator(**_validator_arguments(self.spec))
        validated = validator.validate(plain(arguments))
        no_log: set[str] = validated._no_log_values
        if validated.error_messages:
            result: Json = {"failed": True, "msg": "; ".join(validated.error_messages)}
        else:
            options = validated.validated_parameters
            if is_path(options.get("kubeconfig")):
                # A path is no secret, and messages name it.
                no_log = no_log - {options["kubeconfig"]}
            warnings: list[str] = []
            deprecations: list[Json] = []
            context = Context(
                check_mode=bool(self._task.check_mode),
                diff=bool(self._task.diff),
                warn=warnings.append,
                outdated=lambda text: deprecations.append(
                    {"msg": text, "version": REMOVAL, "collection_name": COLLECTION}
                ),
                progress=self._progress,
            )
            result = {**call(type(self).run_task, options, context), "invocation": shown_invocation(options)}
            if warnings:
                result["warnings"] = warnings
            if deprecations:
                result["deprecations"] = deprecations
        told: Json = plain(result)
        # It goes through all of a result, even where there is nothing to hide.
        return dict(remove_values(told, no_log)) if no_log else told

    def _progress(self, line: str) -> None:
        """A line while we wait, on standard error: standard output belongs to the callbacks, which may write JSON."""
        if not self._task.no_log:
            Display().display(line, stderr=True)


def _validator_arguments(spec: Json) -> Json:
    """An AnsibleModule's arguments as the validator takes them."""
    names = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")
    return {"argument_spec": spec["argument_spec"], **{name: spec[name] for name in names if name in spec}}


@contextmanager
def _environment(changed: Mapping[str, Any]) -> Iterator[None]:
    """The task's environment for the time of the task: a worker may run the next loop item with another one."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update({name: str(value) for name, value in changed.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
