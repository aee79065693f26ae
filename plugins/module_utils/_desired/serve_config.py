# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Serve config on its way into a RayService. What Ray would refuse is refused here, by its path, before the write.

The operator stores any text, and tells of what Ray says to it in events only, again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.yaml_text import parsed_yaml, yaml_text
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.serve_config import DEFAULT_NAME

Json = dict[str, Any]
Problems = Iterator[tuple[str, str]]
_NAME, _PREFIX = "name", "route_prefix"
# What stands for a key that an application leaves out.
_DEFAULTS = {_NAME: DEFAULT_NAME, _PREFIX: "/"}


def serve_config(value: Any, path: str) -> str:
    """The text of a Serve config, given as a text or as a mapping; OptionError with the path of what is wrong in it."""
    text = yaml_text(value, path)
    ensure_serve_config(text, path)
    return text


def ensure_serve_config(text: str, path: str) -> None:
    """Refuse what Ray would not take for a config of applications."""
    problem = next(_config_problems(parsed_yaml(text, path)), None)
    if problem is not None:
        where, what = problem
        raise OptionError(f"{path}{where}: {what}")


def _config_problems(config: Mapping[str, Any]) -> Problems:
    applications = config.get("applications")
    if applications is None and "import_path" in config:
        yield "", "is of Serve's older format for one application; it has to stand in a list below applications"
    elif not isinstance(applications, list):
        yield ".applications", "a list of applications is needed"
    else:
        for index, application in enumerate(applications):
            yield from _below(f".applications[{index}]", _application_problems(application))
        for key in (_NAME, _PREFIX):
            yield from _below(".applications", _repeated(applications, key))


def _application_problems(application: Any) -> Problems:
    if not isinstance(application, Mapping):
        yield "", f"a mapping is needed, not {type(application).__name__}"
        return
    if not _is_import_path(application.get("import_path")):
        yield ".import_path", "is needed, such as module:application"
    prefix = application.get(_PREFIX, "/")
    if prefix is not None and not (isinstance(prefix, str) and prefix.startswith("/")):
        yield f".{_PREFIX}", "has to begin with /, or be null for an application without HTTP"
    for field in ("args", "runtime_env"):
        if not isinstance(application.get(field) or {}, Mapping):
            yield f".{field}", f"a mapping is needed, not {type(application[field]).__name__}"
    yield from _below(".deployments", _deployment_problems(application.get("deployments") or []))


def _deployment_problems(deployments: Any) -> Problems:
    if not isinstance(deployments, list):
        yield "", f"a list is needed, not {type(deployments).__name__}"
        return
    for index, deployment in enumerate(deployments):
        if not isinstance(deployment, Mapping) or not isinstance(deployment.get(_NAME), str):
            yield f"[{index}]", "a mapping with the name of a deployment is needed"
    yield from _repeated(deployments, _NAME)


def _repeated(members: list[Any], key: str) -> Problems:
    """Names and route prefixes are there once only."""
    values = [member.get(key, _DEFAULTS[key]) for member in members if isinstance(member, Mapping)]
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            yield f"[{index}].{key}", f"{value!r} is there twice"


def _is_import_path(value: Any) -> bool:
    """Ray's two ways: ``module.sub:name`` and ``module.sub.name``."""
    if not isinstance(value, str):
        return False
    module, _separator, name = value.rpartition(":" if ":" in value else ".")
    return bool(module and name and ":" not in module)


def _below(path: str, problems: Problems) -> Problems:
    for where, what in problems:
        yield f"{path}{where}", what
